//! A mirror against a leader made of the rails: what it shows after frames that come late, twice, or not at all.

use super::*;
use crate::client::bot::Bot;
use crate::client::bot::Style;
use crate::client::dice::Dice;
use crate::client::tests::calm;
use crate::client::tests::pac_at;
use crate::game::grid::Direction;
use crate::game::scene::Seat;
use crate::wire::frame::SectionKind;

/// A maze on the rails in which two bots press keys: every key is a frame, and every sixth tick.
struct Leader {
    epoch: Epoch,
    scene: Scene,
    bots: [Bot; 2],
    round: usize,
}

impl Leader {
    fn new(epoch: u32) -> Self {
        let mut scene = calm();
        scene.pacs[0] = Some(pac_at(13, 23, Direction::Left));
        scene.pacs[5] = Some(pac_at(6, 5, Direction::Right));
        Self { epoch: Epoch::new(epoch, 9), scene, bots: [1, 2].map(|seed| Bot::new(seed, Style::Metronome)), round: 0 }
    }

    /// One tick; a frame if the future has changed, with one section.
    fn step(&mut self) -> Option<Vec<u8>> {
        let mut changed = self.scene.tick.is_multiple_of(6);
        for (bot, seat) in self.bots.iter_mut().zip([0, 5]) {
            if let Some(wish) = bot.decide(&self.scene, Seat(seat)) {
                self.scene.pacs[usize::from(seat)].as_mut().unwrap().wish = wish;
                changed = true;
            }
        }
        self.scene.advance();
        self.round += usize::from(changed);
        changed.then(|| self.frame(Sections::of(SectionKind::ALL[self.round % SectionKind::COUNT]), false))
    }

    fn frame(&self, sections: Sections, carried: bool) -> Vec<u8> {
        let frame = Frame {
            epoch: self.epoch,
            carried,
            roster_version: 3,
            numbers: [0; SEATS],
            events: vec![],
            scene: self.scene.clone(),
            sections,
        };
        frame.encode().to_vec()
    }

    fn keyframe(&self) -> Vec<u8> {
        self.frame(Sections::ALL, false)
    }
}

#[test]
fn y3_an_older_frame_and_a_frame_again_change_nothing() {
    let mut leader = Leader::new(1);
    let (mut mirror, old) = (Mirror::new(), leader.keyframe());
    for _ in 0..6 {
        leader.step();
    }
    let new = leader.keyframe();
    assert_eq!(mirror.receive(&new), Ok(true));
    let seen = mirror.at(0).unwrap().clone();
    assert_eq!(mirror.receive(&old), Ok(false));
    assert_eq!(mirror.receive(&new), Ok(false));
    assert_eq!(mirror.at(0), Some(&seen));
    assert_eq!(seen, leader.scene);
}

#[test]
fn without_a_loss_the_mirror_is_never_wrong_not_even_by_a_dot() {
    let mut leader = Leader::new(1);
    let mut mirror = Mirror::new();
    mirror.receive(&leader.keyframe()).unwrap();
    for _ in 0..1200 {
        if let Some(frame) = leader.step() {
            assert_eq!(mirror.receive(&frame), Ok(true));
        }
        assert_eq!(mirror.at(leader.scene.tick), Some(&leader.scene));
    }
}

#[test]
fn after_losses_positions_heal_with_the_next_frame_and_the_rest_with_a_round_of_sections() {
    let mut leader = Leader::new(1);
    let mut mirror = Mirror::new();
    let mut dice = Dice::new(5);
    let mut late = Vec::new();
    let mut was_wrong = false;
    mirror.receive(&leader.keyframe()).unwrap();
    for _ in 0..1200 {
        match leader.step() {
            Some(frame) if dice.one_in(2) => {
                assert_eq!(mirror.receive(&frame), Ok(true));
                assert_eq!(mirror.at(0).unwrap().pacs, leader.scene.pacs);
            }
            Some(frame) => late.push(frame),
            None => {}
        }
        was_wrong |= mirror.at(leader.scene.tick).unwrap().pacs != leader.scene.pacs;
        if dice.one_in(20) {
            for frame in late.drain(..) {
                mirror.receive(&frame).unwrap();
            }
        }
    }
    assert!(was_wrong, "losses must have been felt");
    let mut frames = 0;
    while frames < SectionKind::COUNT {
        if let Some(frame) = leader.step() {
            mirror.receive(&frame).unwrap();
            frames += 1;
        }
    }
    assert_eq!(mirror.at(leader.scene.tick), Some(&leader.scene));
}

#[test]
fn a_new_epoch_discards_everything_and_an_old_one_is_not_heard() {
    let (old, mut new) = (Leader::new(1), Leader::new(2));
    let mut mirror = Mirror::new();
    mirror.receive(&old.keyframe()).unwrap();
    new.scene.tick = 10;
    new.scene.scores[0].points = 500;
    assert_eq!(mirror.receive(&new.frame(Sections::of(SectionKind::Clocks), false)), Ok(true));
    assert_eq!(mirror.at(10), None, "what belongs to the old epoch must not be shown as the new one's");
    assert_eq!(mirror.receive(&old.frame(Sections::ALL, false)), Ok(false));
    new.step();
    mirror.receive(&new.keyframe()).unwrap();
    assert_eq!(mirror.at(0), Some(&new.scene));
}

#[test]
fn sections_that_were_carried_never_bring_back_an_eaten_dot() {
    let mut leader = Leader::new(1);
    let mut mirror = Mirror::new();
    mirror.receive(&leader.keyframe()).unwrap();
    let full = leader.scene.pellets;
    let frame = (0..60).filter_map(|_| leader.step()).last().unwrap();
    mirror.receive(&frame).unwrap();
    let eaten = mirror.at(0).unwrap().pellets;
    assert!(eaten.left() < full.left());
    let late = Scene { pellets: full, ..leader.scene.clone() };
    let carrying = Leader { scene: Scene { tick: leader.scene.tick + 1, ..late }, ..Leader::new(1) };
    assert_eq!(mirror.receive(&carrying.frame(Sections::ALL, true)), Ok(true));
    assert!(mirror.at(0).unwrap().pellets.left() <= eaten.left());

    let mut joiner = Mirror::new();
    joiner.receive(&carrying.frame(Sections::ALL, true)).unwrap();
    let wrong = joiner.at(0).unwrap().pellets.left().abs_diff(full.left());
    assert!(wrong <= 2, "a joiner takes what is carried, but for what the pacs eat: {wrong} are missing");

    let mut early = Mirror::new();
    early.receive(&leader.frame(Sections::NONE, true)).unwrap();
    early.receive(&carrying.frame(Sections::ALL, true)).unwrap();
    let wrong = early.at(0).unwrap().pellets.left().abs_diff(full.left());
    assert!(wrong <= 2, "also when his first frame brought no pellets: {wrong} are missing");
}

#[test]
fn w1_a_frame_that_cannot_be_read_changes_nothing() {
    let leader = Leader::new(1);
    let mut mirror = Mirror::new();
    let frame = leader.keyframe();
    mirror.receive(&frame).unwrap();
    for bytes in [&frame[..20], &[], &[0xff; 60]] {
        assert!(mirror.receive(bytes).is_err());
    }
    assert_eq!(mirror.at(0), Some(&leader.scene));
}

#[test]
fn nobody_runs_on_for_ever_in_a_maze_that_is_not_heard() {
    let leader = Leader::new(1);
    let mut mirror = Mirror::new();
    mirror.receive(&leader.keyframe()).unwrap();
    assert_eq!(mirror.at(u32::MAX).unwrap().tick, leader.scene.tick + ADVANCE_TICKS_MAX);
    let mut later = Leader::new(1);
    later.scene.tick = u32::MAX;
    assert_eq!(mirror.receive(&later.keyframe()), Ok(true), "a gap of years is one leap");
    assert_eq!(mirror.at(0), Some(&later.scene));
}

/// Three who share a gallery, one of them late and one who misses frames, show at any moment what each of them would show alone.
#[test]
fn whoever_shares_a_gallery_is_shown_what_he_would_be_shown_alone() {
    let mut leader = Leader::new(1);
    let gallery = Gallery::default();
    let mut dice = Dice::new(5);
    let mut sharing = [(); 3].map(|()| Mirror::among(gallery.clone()));
    let mut alone = [(); 3].map(|()| Mirror::new());
    for tick in 0..2000 {
        let old = leader.frame(Sections::of(SectionKind::ALL[0]), true);
        let frame = leader.step().map(|frame| if tick % 500 == 0 || tick == 77 { leader.keyframe() } else { frame });
        for (index, (shared, own)) in sharing.iter_mut().zip(&mut alone).enumerate() {
            let hears = (index != 1 || tick >= 77) && (index != 2 || !dice.one_in(5));
            if let Some(frame) = frame.as_ref().filter(|_| hears) {
                assert_eq!(shared.receive(frame), own.receive(frame));
                assert_eq!(shared.receive(&old), own.receive(&old));
            }
            assert_eq!((shared.position(), shared.newest(), shared.numbers()), (own.position(), own.newest(), own.numbers()));
            let at = leader.scene.tick + dice.below(9);
            assert_eq!(shared.at(at), own.at(at), "mirror {index} at {at}");
        }
        if tick == 1999 {
            assert!(Arc::ptr_eq(sharing[0].picture.as_ref().unwrap(), sharing[1].picture.as_ref().unwrap()), "the late one shares, too");
        }
    }
}
