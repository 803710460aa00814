//! The mirror as stories: frames in the order of their arrival, some late, some lost, some twice, and what is drawn after them.
//!
//! A leader made of the rails tells frames; a story is what one client hears of them. Node hears the same with `static/mirror.js`.

use serde_json::Value;
use serde_json::json;
use waka::client::mirror::Mirror;
use waka::game::grid::Direction;
use waka::game::maze;
use waka::game::scene::Scene;
use waka::wire::Epoch;
use waka::wire::frame::Frame;
use waka::wire::frame::SectionKind;
use waka::wire::frame::Sections;

use super::Dice;
use super::frames::pac;
use super::frames::start;
use super::golden;
use super::hex;

struct Leader {
    frame: Frame,
    dice: Dice,
    round: usize,
}

impl Leader {
    fn new(number: u32, seed: u64) -> Self {
        let mut frame = start();
        frame.epoch = Epoch::new(number, 7);
        frame.scene.pacs[3] = Some(pac(67, 43, Direction::Right));
        Self { frame, dice: Dice(seed), round: 0 }
    }

    /// A few ticks on; at the last of them a key is pressed. The answer is the frame that tells it, with one section.
    fn next(&mut self) -> Vec<u8> {
        let ticks = 1 + self.dice.below(6);
        for left in (0..ticks).rev() {
            if left == 0 && self.dice.coin() {
                self.press();
            }
            self.frame.scene.advance();
        }
        self.round += 1;
        self.tell(Sections::of(SectionKind::ALL[self.round % SectionKind::COUNT]), false)
    }

    fn press(&mut self) {
        let seat = [0, 3][self.dice.below(2) as usize];
        let wish = Direction::from_bits(self.dice.below(4) as u8);
        if let Some(pac) = self.frame.scene.pacs[seat].as_mut().filter(|pac| maze::is_open(pac.point.tile(), wish)) {
            pac.wish = wish;
            self.frame.numbers[seat] = (self.frame.numbers[seat] + 1) % 8;
        }
    }

    fn tell(&self, sections: Sections, carried: bool) -> Vec<u8> {
        Frame { sections, carried, ..self.frame.clone() }.encode().to_vec()
    }

    fn whole(&self) -> Vec<u8> {
        self.tell(Sections::ALL, false)
    }
}

/// One client and what it lives through.
struct Story {
    mirror: Mirror,
    steps: Vec<Value>,
}

impl Story {
    fn new() -> Self {
        Self { mirror: Mirror::new(), steps: Vec::new() }
    }

    /// A frame arrives, and the maze is drawn at its tick or a little later.
    fn hear(&mut self, frame: &[u8], drawn_after_ticks: u32) {
        let newer = self.mirror.receive(frame).unwrap();
        let at = self.mirror.position().unwrap().tick + drawn_after_ticks;
        let shows = hex(&complete(self.mirror.at(at).unwrap()));
        self.steps.push(json!({"receive": hex(frame), "newer": newer, "at": at, "shows": shows}));
    }

    fn told(self, name: &str) -> Value {
        json!({"name": name, "steps": self.steps})
    }
}

fn complete(scene: &Scene) -> Vec<u8> {
    Frame { scene: scene.clone(), sections: Sections::ALL, ..start() }.encode().to_vec()
}

#[test]
fn w2_stories_of_mirrors() {
    golden("mirror.json", &[every_frame_in_order(), frames_late_lost_and_twice(), a_new_leader(), sections_that_were_carried()]);
}

fn every_frame_in_order() -> Value {
    let (mut leader, mut story) = (Leader::new(1, 1), Story::new());
    story.hear(&leader.whole(), 0);
    for index in 0..40 {
        story.hear(&leader.next(), index % 4);
    }
    story.told("every frame in order")
}

fn frames_late_lost_and_twice() -> Value {
    let (mut leader, mut story, mut dice) = (Leader::new(1, 2), Story::new(), Dice(3));
    let mut late: Vec<Vec<u8>> = Vec::new();
    story.hear(&leader.whole(), 0);
    for _ in 0..60 {
        let frame = leader.next();
        match dice.below(4) {
            0 => late.push(frame),
            1 => {}
            2 => [&frame, &frame].into_iter().for_each(|frame| story.hear(frame, 3)),
            _ => story.hear(&frame, 9),
        }
        if dice.below(5) == 0 {
            late.drain(..).for_each(|frame| story.hear(&frame, 0));
        }
    }
    story.told("frames late, lost and twice")
}

fn a_new_leader() -> Value {
    let (mut old, mut new, mut story) = (Leader::new(1, 4), Leader::new(2, 5), Story::new());
    story.hear(&old.whole(), 0);
    story.hear(&old.next(), 2);
    new.frame.scene.tick = 990;
    new.frame.scene.scores[3].points = 500;
    new.frame.scene.pellets.0[1] = 1;
    story.hear(&new.whole(), 5);
    story.hear(&old.next(), 5);
    story.hear(&new.next(), 200);
    let mut newer = Leader::new(3, 6);
    newer.frame.scene.pellets.0[1] |= 6;
    story.hear(&newer.tell(Sections::ALL, true), 0);
    story.told("a new leader, whose clock stands earlier")
}

fn sections_that_were_carried() -> Value {
    let (mut leader, mut story) = (Leader::new(1, 8), Story::new());
    story.hear(&leader.whole(), 0);
    let full = leader.frame.scene.pellets;
    for _ in 0..20 {
        story.hear(&leader.next(), 1);
    }
    leader.next();
    let eaten = std::mem::replace(&mut leader.frame.scene.pellets, full);
    leader.frame.scene.pellets.set(200, false);
    story.hear(&leader.tell(Sections::ALL, true), 1);
    leader.frame.scene.pellets = eaten;
    story.hear(&leader.next(), 300);
    story.told("sections that a gateway has carried")
}
