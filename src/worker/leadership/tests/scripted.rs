//! One rule each, by name.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::cluster::Cluster;
use super::trouble::Trouble;
use crate::backplane::Ancestry;
use crate::backplane::Commit;
use crate::backplane::Record;
use crate::backplane::Unanswered;
use crate::backplane::Verdict;
use crate::wire::Epoch;
use crate::wire::NodeId;
use crate::wire::Position;
use crate::worker::leadership::ANSWER_SLOW;
use crate::worker::leadership::Ask;
use crate::worker::leadership::Claimed;
use crate::worker::leadership::GRACE;
use crate::worker::leadership::HAND_OVER_WAIT_MIN;
use crate::worker::leadership::LOOK_EVERY;
use crate::worker::leadership::Leadership;
use crate::worker::leadership::PATIENCE;
use crate::worker::leadership::RESEND_AFTER;
use crate::worker::leadership::Turn;
use crate::worker::leadership::UNANSWERED_MAX;
use crate::worker::ranking::Rank;

const BEST: Rank = Rank { above: 0, heirs_above: 0, best_heard: None, has_rivals: true };
const SECOND: Rank = Rank { above: 1, heirs_above: 1, best_heard: None, has_rivals: true };
const THIRD: Rank = Rank { above: 2, heirs_above: 2, best_heard: None, has_rivals: true };
const MS: Duration = Duration::from_millis(1);

fn at(number: u32, tick: u32) -> Position {
    Position { epoch: Epoch::new(number, 0), tick }
}

fn commit(number: u32, tick: u32) -> Commit {
    let bytes = Bytes::from(format!("{number}/{tick}"));
    Commit { position: at(number, tick), world: bytes.clone(), show: bytes }
}

fn record(position: Position) -> Record {
    let world = Bytes::from_static(b"stored");
    Record {
        position,
        base_tick: position.tick,
        vacant: false,
        owner: NodeId("x".to_owned()),
        world: world.clone(),
        keyframe: world,
        ancestry: Ancestry::default(),
    }
}

/// Looks as often as it asks to, until it claims; the moment and the claim.
fn claims_at(leadership: &mut Leadership, from: Instant, rank: Rank, seen: Option<(Position, bool)>) -> Option<(Duration, Ask)> {
    for ms in 0..5_000 {
        let now = from + ms * MS;
        if ms % 400 == 0 {
            leadership.on_wanted(now);
        }
        match leadership.decide(now, rank, false, || 7) {
            Some(Ask::Look) => leadership.on_look(now, &Ok(seen)),
            Some(claim) => return Some((ms * MS, claim)),
            None => {}
        }
    }
    None
}

/// A leader in epoch 1 (nonce 0) with tick 10 acknowledged.
fn leader(now: Instant) -> Leadership {
    let mut leadership = Leadership::new(now, None);
    leadership.on_wanted(now);
    leadership.decide(now, BEST, false, || 0);
    leadership.on_look(now, &Ok(Some((at(0, 10), true))));
    let Some(Ask::Claim { epoch, .. }) = leadership.decide(now, BEST, false, || 0) else { panic!("a vacant record is claimed at once") };
    assert!(leadership.on_claimed(now, epoch, Claimed::Answered(Verdict::Granted(record(at(1, 10))))).is_some());
    leadership
}

#[test]
fn a_leader_that_stands_still_is_replaced_after_patience() {
    let start = Instant::now();
    for rank in [BEST, SECOND] {
        let (after, claim) = claims_at(&mut Leadership::new(start, None), start, rank, Some((at(4, 10), false))).unwrap();
        assert!(after >= PATIENCE && after <= PATIENCE + LOOK_EVERY, "after {after:?}");
        assert_eq!(claim, Ask::Claim { seen: Some(at(4, 10)), epoch: Epoch::new(5, 7), memory: None });
    }
    assert_eq!(claims_at(&mut Leadership::new(start, None), start, THIRD, Some((at(4, 10), false))), None, "the third stays out of it");
}

#[test]
fn a_leader_whose_ticks_advance_is_left_alone() {
    let start = Instant::now();
    let mut leadership = Leadership::new(start, None);
    for ms in 0..5_000 {
        let now = start + ms * MS;
        leadership.on_wanted(now);
        match leadership.decide(now, BEST, false, || 7) {
            Some(Ask::Look) => leadership.on_look(now, &Ok(Some((at(4, ms / 290), false)))),
            Some(other) => panic!("{other:?} after {ms} ms"),
            None => {}
        }
    }
}

#[test]
fn a_vacant_maze_is_claimed_at_once_by_the_best_and_with_patience_by_the_second() {
    let start = Instant::now();
    let after = |rank| claims_at(&mut Leadership::new(start, None), start, rank, Some((at(4, 10), true))).unwrap().0;
    assert!(after(BEST) <= MS);
    assert!(after(SECOND) >= PATIENCE);
}

#[test]
fn a_new_maze_is_claimed_at_once_when_a_roster_says_that_it_is_new() {
    let start = Instant::now();
    let mut told = Leadership::new(start, None);
    told.on_roster(None);
    assert!(claims_at(&mut told, start, BEST, None).unwrap().0 <= MS);
    assert!(claims_at(&mut Leadership::new(start, None), start, BEST, None).unwrap().0 >= PATIENCE);
}

#[test]
fn an_unwanted_maze_is_left_asleep_and_patience_counts_from_the_first_call() {
    let start = Instant::now();
    let mut leadership = Leadership::new(start, None);
    let asleep = Some((at(4, 10), false));
    for ms in 0..3_000 {
        if leadership.decide(start + ms * MS, BEST, false, || 7) == Some(Ask::Look) {
            leadership.on_look(start + ms * MS, &Ok(asleep));
        }
        assert!(matches!(leadership.state, super::super::State::Standing(_)));
    }
    let (after, _) = claims_at(&mut leadership, start + 3_000 * MS, BEST, Some((at(4, 10), false))).unwrap();
    assert!(after >= PATIENCE && after <= PATIENCE + LOOK_EVERY, "after {after:?}");
}

#[test]
fn whoever_may_hold_more_than_the_record_goes_first() {
    let start = Instant::now();
    for seen in [None, Some((at(2, 10), false)), Some((at(2, 10), true))] {
        let mut leadership = Leadership::new(start, None);
        leadership.on_roster(Some(at(3, 500)));
        let (after, claim) = claims_at(&mut leadership, start, BEST, seen).unwrap();
        assert!(after >= GRACE, "{seen:?}: after {after:?}");
        let Ask::Claim { epoch, .. } = claim else { panic!("{claim:?}") };
        assert!(epoch > at(3, 500).epoch, "above all that was heard of");
    }
}

#[test]
fn without_answers_the_clock_stands_and_the_newest_commit_is_sent_again() {
    let start = Instant::now();
    let mut leadership = leader(start);
    leadership.on_sent(start, commit(1, 12), false);
    leadership.on_sent(start + 100 * MS, commit(1, 18), false);
    assert!(leadership.may_tick(start + UNANSWERED_MAX - MS));
    assert!(!leadership.may_tick(start + UNANSWERED_MAX));
    let again = leadership.decide(start + 100 * MS + RESEND_AFTER, BEST, false, || 7);
    assert_eq!(again, Some(Ask::Resend { commit: commit(1, 18), yields: false }), "byte for byte");
    assert_eq!(leadership.decide(start + 101 * MS + RESEND_AFTER, BEST, false, || 7), None, "and not at every turn");
    let later = start + 10_000 * MS;
    leadership.on_committed(later, at(1, 12), &Err(Unanswered("late".to_owned())));
    assert!(!leadership.may_tick(later), "no answer is no answer");
    leadership.on_committed(later, at(1, 18), &Ok(Verdict::Granted(())));
    assert!(leadership.may_tick(later) && leadership.is_answered(), "the newest answers for all before it");
}

#[test]
fn late_answers_are_noticed_by_the_oldest_commit_and_over_with_the_newest_answer() {
    let start = Instant::now();
    let mut leadership = leader(start);
    assert!(!leadership.is_slow(start + 10_000 * MS), "nothing is under way");
    leadership.on_sent(start, commit(1, 12), false);
    leadership.on_sent(start + 40 * MS, commit(1, 15), false);
    assert!(!leadership.is_slow(start + ANSWER_SLOW - MS));
    assert!(leadership.is_slow(start + ANSWER_SLOW));
    leadership.on_committed(start + ANSWER_SLOW, at(1, 12), &Ok(Verdict::Granted(())));
    assert!(!leadership.is_slow(start + ANSWER_SLOW), "the other is young");
    leadership.on_committed(start + 95 * MS, at(1, 15), &Ok(Verdict::Granted(())));
    assert!(!leadership.is_slow(start + 10_000 * MS));
}

#[test]
fn a_refusal_in_its_own_epoch_deposes_nobody() {
    let start = Instant::now();
    let mut leadership = leader(start);
    leadership.on_sent(start, commit(1, 12), false);
    leadership.on_sent(start, commit(1, 18), false);
    assert_eq!(leadership.on_committed(start, at(1, 12), &Ok(Verdict::Refused { at: Some(at(1, 18)) })), Turn::Same);
    assert!(leadership.is_answered() && leadership.leads().is_some());
}

#[test]
fn a_deposed_leader_stands_by_with_patience() {
    let start = Instant::now();
    let mut leadership = leader(start);
    leadership.on_sent(start, commit(1, 12), false);
    assert_eq!(leadership.on_committed(start, at(1, 12), &Ok(Verdict::Refused { at: Some(at(2, 10)) })), Turn::StoodDown);
    let (after, claim) = claims_at(&mut leadership, start, SECOND, Some((at(2, 10), false))).unwrap();
    assert!(after >= PATIENCE);
    assert!(
        matches!(claim, Ask::Claim { memory: Some(known), .. } if known.tick == 10),
        "with what was acknowledged, not with what was not"
    );
}

#[test]
fn who_holds_what_the_store_lost_claims_at_once_with_memory() {
    let start = Instant::now();
    for lost in [None, Some(at(1, 4)), Some(at(0, 9))] {
        let mut leadership = leader(start);
        leadership.on_sent(start, commit(1, 12), false);
        leadership.on_committed(start, at(1, 12), &Ok(Verdict::Granted(())));
        leadership.on_sent(start, commit(1, 18), false);
        let turn = leadership.on_committed(start, at(1, 18), &Ok(Verdict::Refused { at: lost }));
        if lost.is_some_and(|lost| lost.epoch == at(1, 0).epoch) {
            assert_eq!(turn, Turn::Same, "its next commit will simply be stored");
            continue;
        }
        assert_eq!(turn, Turn::StoodDown);
        let ask = leadership.decide(start, THIRD, false, || 7);
        let Some(Ask::Claim { seen, memory: Some(memory), .. }) = ask else { panic!("{ask:?}") };
        assert_eq!((seen, memory.tick, memory.world), (lost, 12, commit(1, 12).world));
    }
}

#[test]
fn a_leader_that_hears_of_a_later_epoch_claims_over_itself() {
    let start = Instant::now();
    let mut leadership = leader(start);
    leadership.on_roster(Some(at(9, 4_000)));
    let ask = leadership.decide(start, BEST, false, || 7);
    let Some(Ask::Claim { seen, epoch, memory: Some(memory) }) = ask else { panic!("{ask:?}") };
    assert_eq!((seen, epoch, memory.tick), (Some(at(1, 10)), Epoch::new(10, 7), 10));
    // A commit that was under way has moved the record: refused, and claimed again at once.
    leadership.on_claimed(start, epoch, Claimed::Answered(Verdict::Refused { at: Some(at(1, 12)) }));
    let ask = leadership.decide(start, BEST, false, || 8);
    assert!(matches!(ask, Some(Ask::Claim { seen: Some(seen), epoch, .. }) if seen == at(1, 12) && epoch == Epoch::new(11, 8)));
}

#[test]
fn a_record_that_comes_back_to_its_own_epoch_is_left_to_whoever_led_since() {
    let start = Instant::now();
    let mut leadership = leader(start);
    leadership.on_roster(Some(at(9, 14)));
    let Some(Ask::Claim { epoch, .. }) = leadership.decide(start, BEST, false, || 7) else { panic!("no claim over itself") };
    leadership.on_claimed(start, epoch, Claimed::Answered(Verdict::Refused { at: Some(at(9, 14)) }));
    // Redis has lost what the other has played; he lives, and goes first.
    let (after, _) = claims_at(&mut leadership, start, BEST, Some((at(1, 8), false))).unwrap();
    assert!(after >= GRACE, "after {after:?}");
}

#[test]
fn a_claim_whose_answer_was_lost_is_taken_up_again_in_the_same_epoch() {
    let start = Instant::now();
    let mut leadership = Leadership::new(start, None);
    let (after, claim) = claims_at(&mut leadership, start, BEST, Some((at(4, 10), true))).unwrap();
    let Ask::Claim { epoch, .. } = claim else { panic!("{claim:?}") };
    leadership.on_claimed(start + after, epoch, Claimed::Unanswered);
    let granted = Position { epoch, tick: 10 };
    let (_, again) = claims_at(&mut leadership, start + after + LOOK_EVERY, BEST, Some((granted, false))).unwrap();
    assert_eq!(again, Ask::Claim { seen: Some(granted), epoch, memory: None });
}

#[test]
fn an_unreadable_record_is_left_to_others() {
    let start = Instant::now();
    let mut leadership = Leadership::new(start, None);
    let (_, claim) = claims_at(&mut leadership, start, BEST, Some((at(4, 10), true))).unwrap();
    let Ask::Claim { epoch, .. } = claim else { panic!("{claim:?}") };
    leadership.on_claimed(start, epoch, Claimed::Unreadable);
    assert!(claims_at(&mut leadership, start, BEST, Some((at(4, 10), true))).is_none_or(|(after, _)| after >= 4_900 * MS));
}

#[test]
fn a_hand_over_goes_to_a_living_better_one_and_is_tried_half_as_often_when_not_taken() {
    let start = Instant::now();
    let mut leadership = leader(start);
    let better = |heard: Instant| Rank { above: 1, heirs_above: 1, best_heard: Some(heard), has_rivals: true };
    let mut wait = HAND_OVER_WAIT_MIN;
    let mut now = start;
    for number in 1..4 {
        assert!(!leadership.should_yield(now + 2 * wait, better(now)), "its heartbeat is older than the claim");
        assert!(!leadership.should_yield(now + 2 * wait, BEST));
        assert!(!leadership.should_yield(now + wait - MS, better(now + wait - MS)), "{number}: too early");
        now += wait;
        assert!(leadership.should_yield(now, better(now)), "{number}");
        let yields = commit(number, 10 + number);
        leadership.on_sent(now, yields.clone(), true);
        assert!(!leadership.may_tick(now), "not a tick after the last");
        assert_eq!(leadership.on_committed(now, yields.position, &Ok(Verdict::Granted(()))), Turn::Yielded);
        let (after, claim) = claims_at(&mut leadership, now, SECOND, Some((yields.position, true))).unwrap();
        assert!(after >= PATIENCE);
        let Ask::Claim { epoch, .. } = claim else { panic!("{claim:?}") };
        let granted = Record { position: Position { epoch: Epoch::new(number + 1, 0), tick: 10 + number }, ..record(at(1, 10)) };
        now += after;
        assert!(leadership.on_claimed(now, epoch, Claimed::Answered(Verdict::Granted(granted))).is_some());
        // The record of this script is of nonce 0, the claim's of nonce 7.
        leadership.state = super::super::State::Leading(super::super::Leading::new(now, &record(at(number + 1, 10 + number))));
        wait *= 2;
    }
}

#[test]
fn a_draining_worker_takes_nothing() {
    let start = Instant::now();
    let mut leadership = Leadership::new(start, None);
    leadership.on_wanted(start);
    leadership.decide(start, BEST, true, || 7);
    leadership.on_look(start, &Ok(Some((at(4, 10), true))));
    assert_eq!(leadership.decide(start, BEST, true, || 7), None);
}

#[test]
fn after_its_own_panic_a_worker_takes_the_maze_back_at_once_in_a_new_epoch() {
    let start = Instant::now();
    let mut leadership = Leadership::new(start, Some(Epoch::new(4, 3)));
    let stored = Position { epoch: Epoch::new(4, 3), tick: 10 };
    let (after, claim) = claims_at(&mut leadership, start, BEST, Some((stored, false))).unwrap();
    assert!(after <= MS);
    assert_eq!(claim, Ask::Claim { seen: Some(stored), epoch: Epoch::new(5, 7), memory: None });
}

#[test]
fn an_empty_restart_costs_nothing_while_the_leader_lives() {
    for seed in 1..=20 {
        let mut cluster = Cluster::new(3, seed);
        cluster.run(10_000, &Trouble::NONE);
        let (_, before) = cluster.shown.clone().unwrap();
        cluster.fail_store(None, false);
        cluster.run(8_000, &Trouble::NONE);
        let (_, after) = cluster.shown.clone().unwrap();
        assert!(before.begins(&after), "seed {seed}: players saw {before:?} and then {after:?}");
        cluster.check_healed();
        assert_eq!(cluster.violation, None, "seed {seed}");
    }
}

#[test]
fn a_killed_leader_is_replaced_within_half_a_second() {
    for seed in 1..=20 {
        let mut cluster = Cluster::new(3, seed);
        cluster.run(10_000, &Trouble::NONE);
        let dead = (0..3).find(|n| cluster.workers[*n].leadership.leads().is_some()).unwrap();
        cluster.workers[dead].frozen_until = u64::MAX;
        cluster.run(32, &Trouble::NONE);
        let (last, before) = cluster.shown.clone().unwrap();
        cluster.run(500, &Trouble::NONE);
        let (next, after) = cluster.shown.clone().unwrap();
        assert!(next.epoch > last.epoch, "seed {seed}: nobody has taken over");
        assert!(before.begins(&after), "seed {seed}: the same maze goes on");
    }
}
