//! What is wrong in what an observer has seen. Pure: logs in, findings out.

use std::time::Duration;

use waka::game::grid::Point;
use waka::game::scene::Condition;
use waka::game::scene::PELLETS;
use waka::game::scene::Pac;
use waka::game::scene::SEATS;
use waka::game::scene::Scene;

use crate::observer::Shot;

/// A pac is pushed by two pixels and cuts a corner by a third.
const PX_PER_TICK_MAX: u32 = 3;
/// A refill lays pellets for no longer than this after the sheet before it was done.
pub(crate) const REFILL_TICKS_MAX: u32 = 480;
/// Within this a leader has corrected whatever his clients foretold wrongly: a dot that a pac turned away from, and its ten points.
const CORRECTED_TICKS: u32 = 30;

#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) seats_lost: u32,
    pub(crate) scores_fallen: u32,
    pub(crate) wrong: Vec<String>,
}

/// The longest time without a frame; `shots` begins with one from before the fault.
pub(crate) fn pause(shots: &[Shot]) -> Duration {
    shots.windows(2).map(|pair| pair[1].at - pair[0].at).max().unwrap_or_default()
}

/// Frame by frame, and above all from one epoch to the next: what was shown goes on. From `mark` on; what came before says what was so.
pub(crate) fn continuity(shots: &[Shot], mark: usize) -> Findings {
    let mut findings = Findings::default();
    for at in mark.max(1)..shots.len() {
        let (before, after) = (&shots[at - 1].position, &shots[at].position);
        if after.tick < before.tick {
            findings.wrong.push(format!("the maze went back: {after:?} after {before:?}"));
        }
    }
    let whole: Vec<&Scene> = shots.iter().filter_map(|shot| shot.scene.as_ref()).collect();
    let from = shots[..mark].iter().filter(|shot| shot.scene.is_some()).count();
    for at in from.max(1)..whole.len() {
        let (earlier, old, new) = (&whole[..at - 1], whole[at - 1], whole[at]);
        for seat in 0..SEATS {
            compare_seat(seat, old, new, &mut findings);
        }
        compare_gains(earlier, old, new, &mut findings);
    }
    findings
}

/// What was eaten stays eaten, and what was earned stays earned. `old` alone may hold what was only foretold.
fn compare_gains(earlier: &[&Scene], old: &Scene, new: &Scene, findings: &mut Findings) {
    let Some(settled) = earlier.iter().rev().find(|scene| scene.tick + CORRECTED_TICKS <= old.tick) else { return };
    let sheet = |scene: &Scene| (scene.clocks.level, scene.clocks.sheets_done);
    let recent = earlier.iter().rev().take_while(|scene| scene.tick + REFILL_TICKS_MAX >= new.tick);
    let is_refilled = sheet(old) != sheet(new) || recent.into_iter().any(|scene| sheet(scene) != sheet(new));
    let is_back = |pellet: &usize| new.pellets.has(*pellet) && !old.pellets.has(*pellet) && !settled.pellets.has(*pellet);
    let back = (0..PELLETS).filter(is_back).count();
    if back > 0 && !is_refilled {
        findings.wrong.push(format!("{back} pellets came back at tick {}", new.tick));
    }
    for seat in (0..SEATS).filter(|seat| [settled, old, new].iter().all(|scene| scene.pacs[*seat].is_some())) {
        let [earlier, before, after] = [settled, old, new].map(|scene| scene.scores[seat].points);
        if after < earlier.min(before) {
            findings.scores_fallen += 1;
            findings.wrong.push(format!("seat {seat}: a score fell from {before} to {after} at tick {}", new.tick));
        }
    }
}

fn compare_seat(seat: usize, old: &Scene, new: &Scene, findings: &mut Findings) {
    let Some(was) = old.pacs[seat] else { return };
    let (score, next) = (old.scores[seat], new.scores[seat]);
    let Some(is) = new.pacs[seat] else {
        // His last life may have ended in these very ticks.
        if score.lives > 0 {
            findings.seats_lost += 1;
            findings.wrong.push(format!("seat {seat} was lost at tick {} with {score:?}, {was:?}", new.tick));
        }
        return;
    };
    let ticks = new.tick.saturating_sub(old.tick);
    let reach = PX_PER_TICK_MAX * (ticks + 1);
    if moves(was) && moves(is) && next.lives == score.lives && away_px(was.point, is.point) > reach {
        findings.wrong.push(format!("seat {seat} jumped from {:?} to {:?} in {ticks} ticks", was.point, is.point));
    }
}

/// Stands in the maze and is not about to be put elsewhere.
fn moves(pac: Pac) -> bool {
    !matches!(pac.condition, Condition::Dead | Condition::Ready | Condition::Parked)
}

fn away_px(from: Point, to: Point) -> u32 {
    let across = from.x.wrapping_sub(to.x).min(to.x.wrapping_sub(from.x));
    u32::from(across) + u32::from(from.y.abs_diff(to.y))
}

/// One fault's rounds, for the table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) pauses: Vec<Duration>,
    pub(crate) seats_lost: u32,
    pub(crate) scores_fallen: u32,
    pub(crate) lines_lost: u32,
    /// The maze is promised to go on from what was shown.
    pub(crate) goes_on: bool,
}

impl Row {
    pub(crate) fn new(name: &'static str, goes_on: bool) -> Self {
        Self { name, pauses: Vec::new(), seats_lost: 0, scores_fallen: 0, lines_lost: 0, goes_on }
    }

    /// The smallest pause that so many per cent do not exceed.
    fn percentile(&self, percent: usize) -> u128 {
        let mut pauses = self.pauses.clone();
        pauses.sort();
        let rank = (pauses.len() * percent).div_ceil(100).max(1) - 1;
        pauses.get(rank).map_or(0, Duration::as_millis)
    }

    pub(crate) fn line(&self) -> String {
        let Self { name, pauses, seats_lost, scores_fallen, lines_lost, goes_on } = self;
        let [p50, p99, max] = [50, 99, 100].map(|percent| self.percentile(percent));
        let kept = if *goes_on { format!("{seats_lost} | {scores_fallen}") } else { "a new maze | a new maze".to_owned() };
        format!("| {name} | {} | {p50} | {p99} | {max} | {kept} | {lines_lost} |", pauses.len())
    }
}
