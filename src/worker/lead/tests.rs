//! What a leader commits, and what the next one makes of it.

use super::*;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::between_nodes::Roster;
use crate::wire::between_nodes::RosterRow;

const EPOCH: Epoch = Epoch(4_097);

fn roster(serial: u64, players: std::ops::Range<u64>) -> Intake {
    let row = |player: u64| RosterRow {
        player: PlayerId(player),
        name: format!("player {player}"),
        colour: None,
        symbol: None,
        bot: false,
        away: false,
        leaving: false,
        run: 1,
        wish: None,
        n: 0,
        connection: 0,
    };
    let gateway = NodeId("gateway".to_owned());
    Intake {
        rosters: vec![Roster { gateway, serial, shown: None, players: players.map(row).collect(), spectators: 1 }],
        ..Intake::default()
    }
}

fn tick(lead: &mut Lead, intake: &Intake) -> Option<Commit> {
    let commands = lead.commands(intake);
    let outcomes = lead.world.step(&commands);
    lead.hear(&outcomes);
    lead.due_commit(1, || MazeId::open(2))
}

fn opened(commit: &Commit) -> (Frame, Option<crate::wire::between_nodes::Seating>, Stored) {
    let show = Show::decode(&commit.show).unwrap();
    (Frame::decode(&show.frame).unwrap(), show.seating, Stored::decode(&commit.world).unwrap())
}

#[test]
fn a_commit_shows_what_it_stores_r2() {
    let mut lead = Lead::fresh(EPOCH, 5, 0);
    let mut serial = 0;
    let mut commits = 0;
    for n in 0..1_200_u32 {
        let intake = if n.is_multiple_of(30) {
            serial += 1;
            roster(serial, 0..3)
        } else {
            Intake::default()
        };
        let Some(commit) = tick(&mut lead, &intake) else { continue };
        commits += 1;
        let (frame, seating, stored) = opened(&commit);
        assert_eq!((frame.position(), stored.world.tick()), (commit.position, commit.position.tick));
        assert_eq!(stored.world, lead.world);
        let scene = stored.world.scene();
        assert_eq!((&frame.scene.pacs, &frame.scene.ghosts, frame.scene.phase), (&scene.pacs, &scene.ghosts, scene.phase), "R2");
        if commits == 1 {
            assert!(frame.is_complete() && seating.is_some(), "the first one needs nothing that came before");
        }
        if let Some(seating) = seating {
            assert_eq!(seating.at, commit.position);
            assert_eq!(seating.seats.len(), stored.desk.rows.len());
        }
    }
    assert!((200..1_000).contains(&commits), "{commits} commits in twenty seconds");
}

#[test]
fn the_next_leader_goes_on_with_world_and_desk_and_first_tells_all() {
    let mut lead = Lead::fresh(EPOCH, 5, 0);
    let commit = tick(&mut lead, &roster(1, 0..4)).unwrap();
    let next_epoch = Epoch(EPOCH.0 + 5_000);
    let mut next = Lead::resume(next_epoch, Stored::decode(&commit.world).unwrap());
    let (frame, seating, _) = opened(&tick(&mut next, &Intake::default()).unwrap());
    assert_eq!(frame.position(), Position { epoch: next_epoch, tick: commit.position.tick + 1 });
    assert!(frame.is_complete());
    assert_eq!(seating.unwrap().seats.len(), 4);
}

#[test]
fn a_fresh_world_goes_on_beyond_the_record_r1() {
    let mut lead = Lead::fresh(EPOCH, 5, 900);
    assert_eq!(tick(&mut lead, &Intake::default()).unwrap().position, Position { epoch: EPOCH, tick: 901 });
}

#[test]
fn the_seating_is_told_when_it_changed_and_twice_a_second() {
    let mut lead = Lead::fresh(EPOCH, 5, 0);
    tick(&mut lead, &roster(1, 0..1));
    let mut told = Vec::new();
    for n in 0..120_u32 {
        let intake = if n == 40 { roster(2, 0..2) } else { Intake::default() };
        if let Some(commit) = tick(&mut lead, &intake)
            && opened(&commit).1.is_some()
        {
            told.push(n);
        }
    }
    assert!(told.iter().any(|n| (40..46).contains(n)), "with the next frame after the change: {told:?}");
    assert!(told.windows(2).all(|pair| pair[1] - pair[0] <= 36) && told.len() <= 6, "{told:?}");
}

#[test]
fn the_show_of_a_memory_is_complete_and_in_the_claimed_epoch() {
    let mut lead = Lead::fresh(EPOCH, 5, 0);
    let commit = tick(&mut lead, &roster(1, 0..2)).unwrap();
    let claimed = Epoch(90_000);
    let show = Show::decode(&show_of_record(claimed, &commit.world).unwrap()).unwrap();
    let frame = Frame::decode(&show.frame).unwrap();
    assert_eq!(frame.position(), Position { epoch: claimed, tick: commit.position.tick });
    assert!(frame.is_complete());
    assert_eq!(show.seating.unwrap().seats.len(), 2);
    assert_eq!(show_of_record(claimed, &Bytes::from_static(b"no record")), None);
}

#[test]
fn a_last_commit_is_complete_whether_a_frame_is_due_or_not() {
    let mut lead = Lead::fresh(EPOCH, 5, 0);
    tick(&mut lead, &roster(1, 0..2));
    let commands = lead.commands(&Intake::default());
    let outcomes = lead.world.step(&commands);
    lead.hear(&outcomes);
    let (frame, ..) = opened(&lead.last_commit(|| MazeId::open(2)));
    assert!(frame.is_complete());
    assert_eq!(frame.scene.tick, 2);
}

#[test]
fn only_a_deserted_maze_that_was_empty_for_long_may_sleep() {
    let mut lead = Lead::fresh(EPOCH, 5, 0);
    tick(&mut lead, &roster(1, 0..0));
    for n in 0..2_000_u64 {
        let intake = if n < 1_900 && n.is_multiple_of(30) { roster(2 + n, 0..0) } else { Intake::default() };
        tick(&mut lead, &intake);
        assert!(!lead.may_sleep(), "a spectator is there");
    }
    for _ in 0..100 {
        tick(&mut lead, &Intake::default());
    }
    assert!(lead.may_sleep());
}

#[test]
fn a_newcomer_is_shown_everything_at_once() {
    let mut lead = Lead::fresh(EPOCH, 5, 0);
    let mut complete = Vec::new();
    let mut from_other = roster(1, 0..1);
    from_other.rosters[0].gateway = NodeId("another gateway".to_owned());
    from_other.rosters[0].players.clear();
    for n in 0..300_u32 {
        let intake = match n {
            0 => roster(1, 0..1),
            100 => roster(2, 0..2),
            200 => from_other.clone(),
            _ => Intake::default(),
        };
        if tick(&mut lead, &intake).is_some_and(|commit| opened(&commit).0.is_complete()) {
            complete.push(n);
        }
    }
    let soon_after = |n: u32| complete.iter().any(|&at| (n..n + 8).contains(&at));
    assert!(soon_after(0) && soon_after(100) && soon_after(200) && complete.len() <= 4, "{complete:?}");
}
