//! What is wrong in what an observer has seen. Pure: logs in, findings out.

use std::time::Duration;

use waka::game::grid::Point;
use waka::game::scene::Condition;
use waka::game::scene::PELLETS;
use waka::game::scene::Pac;
use waka::game::scene::SEATS;
use waka::game::scene::Scene;

use crate::observer::Log;
use crate::observer::Shot;

/// A frame is due so often at least.
const BEAT_TICKS: u32 = 6;
/// A pac is pushed by two pixels and cuts a corner by a third; eyes are as fast.
const PX_PER_TICK_MAX: u32 = 3;
/// A refill lays pellets for no longer than this after the sheet before it was done.
pub(crate) const REFILL_TICKS_MAX: u32 = 480;
/// A client foretells a dot wrongly until its section comes again: not more than this at once, unless it has missed frames.
const DOTS_GUESSED: usize = 2;
const POINTS_GUESSED: u32 = 10;
/// Within this even one that has missed frames, as on a busy machine, has been sent every section anew: thirteen, one each tenth of a second.
const CORRECTED_TICKS: u32 = 90;

#[derive(Default)]
pub(crate) struct Findings {
    /// Beats of the maze's clock that no frame has shown.
    pub(crate) frames_lost: u32,
    pub(crate) seats_lost: u32,
    pub(crate) scores_changed: u32,
    pub(crate) lines_lost: u32,
    pub(crate) wrong: Vec<String>,
}

/// The longest time without a frame; `shots` begins with one from before the fault.
pub(crate) fn pause(shots: &[Shot]) -> Duration {
    shots.windows(2).map(|pair| pair[1].at - pair[0].at).max().unwrap_or_default()
}

/// Frame by frame, and above all from one epoch to the next: what was shown goes on. From `mark` on; what came before says what was so.
pub(crate) fn continuity(log: &Log, mark: usize) -> Findings {
    let shots = &log.shots;
    let mut findings = Findings::default();
    for at in mark.max(1)..shots.len() {
        let (before, after) = (&shots[at - 1].position, &shots[at].position);
        if after.tick < before.tick {
            findings.wrong.push(format!("the maze went back: {after:?} after {before:?}"));
        }
        findings.frames_lost += after.tick.saturating_sub(before.tick).saturating_sub(1) / BEAT_TICKS;
    }
    let whole: Vec<&Scene> = shots.iter().filter_map(|shot| shot.scene.as_ref()).collect();
    let from = shots[..mark].iter().filter(|shot| shot.scene.is_some()).count();
    for at in from.max(1)..whole.len() {
        let (earlier, old, new) = (&whole[..at - 1], whole[at - 1], whole[at]);
        for seat in 0..SEATS {
            compare_seat(seat, old, new, &mut findings);
        }
        let is_refilled = is_refilled(&log.refills, earlier, old, new);
        compare_gains(earlier, old, new, is_refilled, &mut findings);
        compare_ghosts(old, new, is_refilled, &mut findings);
    }
    findings
}

/// What was eaten stays eaten, and what was earned stays earned. `old` alone may hold what was only foretold.
fn compare_gains(earlier: &[&Scene], old: &Scene, new: &Scene, is_refilled: bool, findings: &mut Findings) {
    let Some(settled) = earlier.iter().rev().find(|scene| scene.tick + CORRECTED_TICKS <= old.tick) else { return };
    let is_back = |pellet: &usize| new.pellets.has(*pellet) && !old.pellets.has(*pellet) && !settled.pellets.has(*pellet);
    let back = (0..PELLETS).filter(is_back).count();
    if back > DOTS_GUESSED && !is_refilled {
        findings.wrong.push(format!("{back} pellets came back at tick {}", new.tick));
    }
    let is_one_run = |seat: usize| old.scores[seat].lives > 0 || new.scores[seat].lives == 0;
    let is_seated = |seat: usize| [settled, old, new].iter().all(|scene| scene.pacs[seat].is_some());
    for seat in (0..SEATS).filter(|seat| is_seated(*seat) && is_one_run(*seat)) {
        let [earlier, before, after] = [settled, old, new].map(|scene| scene.scores[seat].points);
        if after + POINTS_GUESSED < earlier.min(before) {
            findings.scores_changed += 1;
            findings.wrong.push(format!("seat {seat}: a score fell from {before} to {after} at tick {}", new.tick));
        }
    }
}

/// A sheet is being laid anew, or was, or another level begins.
fn is_refilled(refills: &[u32], earlier: &[&Scene], old: &Scene, new: &Scene) -> bool {
    let sheet = |scene: &Scene| (scene.clocks.level, scene.clocks.sheets_done);
    let mut recent = earlier.iter().rev().take_while(|scene| scene.tick + REFILL_TICKS_MAX >= new.tick);
    let lately = |tick: &u32| *tick <= new.tick && tick + REFILL_TICKS_MAX >= new.tick;
    sheet(old) != sheet(new) || recent.any(|scene| sheet(scene) != sheet(new)) || refills.iter().any(lately)
}

fn compare_ghosts(old: &Scene, new: &Scene, is_refilled: bool, findings: &mut Findings) {
    let ticks = new.tick.saturating_sub(old.tick);
    if is_refilled || old.ghosts.len() != new.ghosts.len() || old.phase != new.phase {
        return;
    }
    for (number, (was, is)) in old.ghosts.iter().zip(&new.ghosts).enumerate() {
        if away_px(was.point, is.point) > PX_PER_TICK_MAX * (ticks + 1) {
            findings.wrong.push(format!("ghost {number} jumped from {:?} to {:?} in {ticks} ticks", was.point, is.point));
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
    // Nobody gains one but by points; who had none left may have begun another run.
    if score.lives > 0 && next.lives > score.lives && next.points <= score.points {
        findings.wrong.push(format!("seat {seat} has {} lives after {} at tick {}", next.lives, score.lives, new.tick));
    }
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
