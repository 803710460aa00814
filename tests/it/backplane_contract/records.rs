//! What a record promises: claim, commit, yield and read, to the letter of the table in ARCHITECTURE.md (R1, R2).

use bytes::Bytes;
use waka::backplane::Ancestry;
use waka::backplane::Backplane;
use waka::backplane::Claim;
use waka::backplane::Memory;
use waka::backplane::Record;
use waka::backplane::SET_ASIDE_MAX;
use waka::backplane::SETTLED_TICKS;
use waka::backplane::Topic;
use waka::backplane::Verdict;
use waka::wire::MazeId;

use super::at;
use super::claim;
use super::come;
use super::commit;
use super::maze;
use super::node;
use super::show;
use super::world;

async fn granted(backplane: &Backplane, asked: Claim) -> Record {
    match backplane.claim(&maze(), asked).await.unwrap() {
        Verdict::Granted(record) => record,
        Verdict::Refused { at } => panic!("refused: the record is at {at:?}"),
    }
}

fn memory(number: u32, tick: u32, before: &Ancestry) -> Memory {
    Memory { tick, ancestry: before.and(at(number, tick)), world: world(number, tick), show: show(number, tick) }
}

pub(super) async fn an_absent_maze_is_claimed_once(backplane: Backplane) {
    assert_eq!(backplane.read(&maze()).await, Ok(None));
    assert_eq!(backplane.position(&maze()).await, Ok(None));
    assert_eq!(backplane.commit(&maze(), commit(1, 1)).await, Ok(Verdict::Refused { at: None }), "nobody has claimed it");
    let record = granted(&backplane, claim(None, 1)).await;
    assert_eq!((record.position, record.base_tick, record.vacant), (at(1, 0), 0, false));
    assert!(record.world.is_empty());
    assert_eq!(record.owner, node("someone"));
    assert_eq!(backplane.claim(&maze(), claim(None, 2)).await, Ok(Verdict::Refused { at: Some(at(1, 0)) }));
}

pub(super) async fn a_claim_needs_exactly_what_was_seen(backplane: Backplane) {
    granted(&backplane, claim(None, 1)).await;
    backplane.commit(&maze(), commit(1, 5)).await.unwrap();
    for seen in [None, Some(at(1, 4)), Some(at(1, 6)), Some(at(2, 5))] {
        assert_eq!(backplane.claim(&maze(), claim(seen, 9)).await, Ok(Verdict::Refused { at: Some(at(1, 5)) }), "seen {seen:?}");
    }
    let record = granted(&backplane, claim(Some(at(1, 5)), 9)).await;
    assert_eq!((record.position, record.base_tick, record.world), (at(9, 5), 5, world(1, 5)), "the world goes on from what was stored");
    assert_eq!(backplane.commit(&maze(), commit(1, 6)).await, Ok(Verdict::Refused { at: Some(at(9, 5)) }), "the deposed cannot store");
}

pub(super) async fn a_claim_needs_a_higher_epoch(backplane: Backplane) {
    granted(&backplane, claim(None, 3)).await;
    let lower = backplane.claim(&maze(), claim(Some(at(3, 0)), 2)).await;
    assert_eq!(lower, Ok(Verdict::Refused { at: Some(at(3, 0)) }));
}

pub(super) async fn a_claim_again_is_the_same_claim(backplane: Backplane) {
    granted(&backplane, claim(None, 3)).await;
    backplane.commit(&maze(), commit(3, 7)).await.unwrap();
    let again = granted(&backplane, claim(None, 3)).await;
    assert_eq!((again.position, again.world), (at(3, 7), world(3, 7)), "its answer was lost, and nothing is changed by it");
    let record = backplane.read(&maze()).await.unwrap().unwrap();
    assert_eq!(record.base_tick, 0);
}

pub(super) async fn memory_displaces_only_the_unsettled(backplane: Backplane) {
    let memory = |number, tick| Some(memory(number, tick, &Ancestry::default()));
    let mut shows = backplane.subscribe(&[Topic::Down(maze())]).await.unwrap();
    let absent = granted(&backplane, Claim { memory: memory(1, 40), ..claim(None, 2) }).await;
    assert_eq!((absent.position, absent.base_tick, absent.world), (at(2, 40), 40, world(1, 40)));
    let down = Topic::Down(maze());
    assert_eq!(come(&backplane, &mut shows, down.clone()).await, [(down, show(1, 40))], "R2: what displaces is shown");

    let last_unsettled = 40 + SETTLED_TICKS - 1;
    backplane.commit(&maze(), commit(2, last_unsettled)).await.unwrap();
    let before = backplane.read(&maze()).await.unwrap();
    let wins = granted(&backplane, Claim { memory: memory(1, 900), ..claim(Some(at(2, last_unsettled)), 3) }).await;
    assert_eq!((wins.position, wins.base_tick, wins.keyframe), (at(3, 900), 900, show(1, 900)));

    backplane.fault_record(&maze(), before).await.unwrap();
    backplane.commit(&maze(), commit(2, last_unsettled + 1)).await.unwrap();
    let loses = granted(&backplane, Claim { memory: memory(1, 900), ..claim(Some(at(2, last_unsettled + 1)), 4) }).await;
    assert_eq!((loses.position, loses.world), (at(4, last_unsettled + 1), world(2, last_unsettled + 1)), "a settled world stays");
}

/// After a roll-back over a takeover: however old the epoch that is left, nobody has played in it what the memory does not hold.
pub(super) async fn memory_displaces_what_it_descends_from(backplane: Backplane) {
    granted(&backplane, claim(None, 1)).await;
    let settled = SETTLED_TICKS + 50;
    backplane.commit(&maze(), commit(1, settled)).await.unwrap();
    let lost = backplane.read(&maze()).await.unwrap();
    backplane.commit(&maze(), commit(1, settled + 20)).await.unwrap();
    let second = granted(&backplane, claim(Some(at(1, settled + 20)), 2)).await;
    assert_eq!(second.ancestry, Ancestry::default().and(at(1, settled + 20)));
    backplane.commit(&maze(), commit(2, settled + 30)).await.unwrap();
    let third = granted(&backplane, claim(Some(at(2, settled + 30)), 3)).await;
    backplane.commit(&maze(), commit(3, settled + 40)).await.unwrap();

    backplane.fault_record(&maze(), lost.clone()).await.unwrap();
    let of_third = memory(3, settled + 40, &third.ancestry);
    let wins = granted(&backplane, Claim { memory: Some(of_third.clone()), ..claim(Some(at(1, settled)), 4) }).await;
    assert_eq!((wins.position, wins.world), (at(4, settled + 40), world(3, settled + 40)), "over two takeovers");
    assert_eq!(wins.ancestry, third.ancestry.and(at(3, settled + 40)), "it is the memory's world now");

    // Somebody has played on from what was left: for as long as that is not settled, the longer of both wins, then the younger.
    for (played, wins) in [(SETTLED_TICKS - 1, true), (SETTLED_TICKS, false)] {
        backplane.fault_record(&maze(), lost.clone()).await.unwrap();
        let at_tick = settled + 20 + played;
        backplane.commit(&maze(), commit(1, at_tick)).await.unwrap();
        let longer = Memory { tick: at_tick + 1, ..of_third.clone() };
        let record = granted(&backplane, Claim { memory: Some(longer), ..claim(Some(at(1, at_tick)), 4) }).await;
        assert_eq!(record.position.tick, if wins { at_tick + 1 } else { at_tick }, "{played} ticks");
    }
    // A stranger to the memory, settled: a zombie that was frozen before the fault does not undo what was played since.
    backplane.fault_record(&maze(), lost).await.unwrap();
    granted(&backplane, claim(Some(at(1, settled)), 2)).await;
    backplane.commit(&maze(), commit(2, 2 * settled)).await.unwrap();
    let zombie = memory(9, 3 * settled, &Ancestry::default().and(at(1, settled + 20)));
    let stays = granted(&backplane, Claim { memory: Some(zombie), ..claim(Some(at(2, 2 * settled)), 10) }).await;
    assert_eq!((stays.position, stays.world), (at(10, 2 * settled), world(2, 2 * settled)));
}

/// What is settled stays so when the maze changes hands again.
pub(super) async fn play_is_settled_over_takeovers(backplane: Backplane) {
    for (played, wins) in [(SETTLED_TICKS - 1, true), (SETTLED_TICKS, false)] {
        backplane.fault_record(&maze(), None).await.unwrap();
        granted(&backplane, claim(None, 1)).await;
        backplane.commit(&maze(), commit(1, 10)).await.unwrap();
        let zombie = memory(9, 10_000, &Ancestry::default().and(at(1, 5)));
        granted(&backplane, claim(Some(at(1, 10)), 2)).await;
        backplane.commit(&maze(), commit(2, 200)).await.unwrap();
        granted(&backplane, claim(Some(at(2, 200)), 3)).await;
        backplane.commit(&maze(), commit(3, 5 + played)).await.unwrap();
        let record = granted(&backplane, Claim { memory: Some(zombie), ..claim(Some(at(3, 5 + played)), 10) }).await;
        assert_eq!(record.position.tick, if wins { 10_000 } else { 5 + played }, "{played} ticks in three epochs");
    }
}

pub(super) async fn the_last_changes_of_hands_are_remembered(backplane: Backplane) {
    let mut record = granted(&backplane, claim(None, 1)).await;
    let mut expected = Ancestry::default();
    for number in 2..=u32::try_from(Ancestry::LEN_MAX).unwrap() + 3 {
        expected = expected.and(record.position);
        record = granted(&backplane, claim(Some(record.position), number)).await;
        assert_eq!(record.ancestry, expected);
    }
    assert_eq!((expected.shares(at(2, 0).epoch), expected.shares(at(4, 0).epoch)), (None, Some(0)), "the oldest made room");
    assert_eq!(backplane.read(&maze()).await.unwrap().unwrap().ancestry, expected);
}

pub(super) async fn memory_of_the_same_tick_displaces_nothing(backplane: Backplane) {
    granted(&backplane, claim(None, 1)).await;
    backplane.commit(&maze(), commit(1, 5)).await.unwrap();
    let mut shows = backplane.subscribe(&[Topic::Down(maze())]).await.unwrap();
    let memory = Some(Memory { world: world(7, 7), show: show(7, 7), ..memory(7, 5, &Ancestry::default()) });
    let record = granted(&backplane, Claim { memory, ..claim(Some(at(1, 5)), 2) }).await;
    assert_eq!((record.world, record.keyframe), (world(1, 5), show(1, 5)));
    assert_eq!(come(&backplane, &mut shows, Topic::Down(maze())).await, []);
}

pub(super) async fn a_commit_moves_forward_in_its_own_epoch(backplane: Backplane) {
    granted(&backplane, claim(None, 2)).await;
    assert_eq!(backplane.commit(&maze(), commit(2, 5)).await, Ok(Verdict::Granted(())));
    assert_eq!(backplane.commit(&maze(), commit(2, 5)).await, Ok(Verdict::Granted(())), "the same again: its answer was lost");
    assert_eq!(backplane.commit(&maze(), commit(2, 4)).await, Ok(Verdict::Refused { at: Some(at(2, 5)) }), "an old duplicate");
    for number in [1, 3] {
        assert_eq!(backplane.commit(&maze(), commit(number, 6)).await, Ok(Verdict::Refused { at: Some(at(2, 5)) }), "not its epoch");
    }
    let record = backplane.read(&maze()).await.unwrap().unwrap();
    assert_eq!((record.position, record.world, record.keyframe), (at(2, 5), world(2, 5), show(2, 5)));
}

pub(super) async fn a_commit_publishes_what_it_stores(backplane: Backplane) {
    let down = Topic::Down(maze());
    let mut shows = backplane.subscribe(std::slice::from_ref(&down)).await.unwrap();
    granted(&backplane, claim(None, 2)).await;
    assert_eq!(come(&backplane, &mut shows, down.clone()).await, [], "a claim without memory shows nothing");
    backplane.commit(&maze(), commit(2, 5)).await.unwrap();
    backplane.commit(&maze(), commit(2, 5)).await.unwrap();
    backplane.commit(&maze(), commit(2, 3)).await.unwrap();
    backplane.commit(&maze(), commit(1, 9)).await.unwrap();
    backplane.commit(&maze(), commit(2, 8)).await.unwrap();
    let told = come(&backplane, &mut shows, down.clone()).await;
    assert_eq!(told, [(down.clone(), show(2, 5)), (down, show(2, 8))], "R2: nothing between them was stored");
}

pub(super) async fn a_yield_makes_vacant_and_says_so(backplane: Backplane) {
    let down = Topic::Down(maze());
    let mut shows = backplane.subscribe(std::slice::from_ref(&down)).await.unwrap();
    let mut ups = backplane.subscribe(&[Topic::Up(maze())]).await.unwrap();
    granted(&backplane, claim(None, 2)).await;
    assert_eq!(backplane.yield_to_vacant(&maze(), commit(2, 5)).await, Ok(Verdict::Granted(())));
    assert_eq!(backplane.yield_to_vacant(&maze(), commit(2, 5)).await, Ok(Verdict::Granted(())), "again");
    assert_eq!(backplane.position(&maze()).await, Ok(Some((at(2, 5), true))));
    let told = come(&backplane, &mut shows, down.clone()).await;
    assert_eq!(told, [(down.clone(), show(2, 5)), (down, Bytes::new())], "told once");
    let up = Topic::Up(maze());
    assert_eq!(come(&backplane, &mut ups, up.clone()).await, [(up, Bytes::new())], "to who stands by as well");
    let taken = granted(&backplane, claim(Some(at(2, 5)), 3)).await;
    assert!(!taken.vacant);
    assert_eq!(backplane.yield_to_vacant(&maze(), commit(2, 6)).await, Ok(Verdict::Refused { at: Some(at(3, 5)) }));
}

pub(super) async fn mazes_do_not_touch_each_other(backplane: Backplane) {
    granted(&backplane, claim(None, 2)).await;
    backplane.commit(&maze(), commit(2, 5)).await.unwrap();
    let other = MazeId::open(2);
    assert_eq!(backplane.read(&other).await, Ok(None));
    assert_eq!(backplane.commit(&other, commit(2, 6)).await, Ok(Verdict::Refused { at: None }));
}

pub(super) async fn the_poisoned_is_set_aside(backplane: Backplane) {
    granted(&backplane, claim(None, 2)).await;
    for n in 0..=SET_ASIDE_MAX {
        backplane.set_aside(&maze(), format!("poison {n}").into()).await.unwrap();
    }
    let kept = backplane.aside(&maze()).await.unwrap();
    assert_eq!(kept.len(), SET_ASIDE_MAX);
    assert_eq!(kept[0], Bytes::from_static(b"poison 1"), "the oldest made room");
    assert_eq!(backplane.position(&maze()).await, Ok(Some((at(2, 0), false))), "the record itself stays");
}
