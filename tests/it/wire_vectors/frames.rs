//! Frames as bytes and as JSON: named ones that show each field, random ones that show the rest, and bytes that are no frame.

use serde_json::Value;
use serde_json::json;
use waka::game::event::EventKind;
use waka::game::grid::Direction;
use waka::game::grid::Point;
use waka::game::scene::Clocks;
use waka::game::scene::Condition;
use waka::game::scene::Ghost;
use waka::game::scene::Mood;
use waka::game::scene::Pac;
use waka::game::scene::Pellets;
use waka::game::scene::Phase;
use waka::game::scene::Place;
use waka::game::scene::SEATS;
use waka::game::scene::Scene;
use waka::game::scene::Score;
use waka::game::scene::Seat;
use waka::wire::Epoch;
use waka::wire::frame::EVENT_POINTS;
use waka::wire::frame::EVENTS_MAX;
use waka::wire::frame::Event;
use waka::wire::frame::Frame;
use waka::wire::frame::SectionKind;
use waka::wire::frame::Sections;
use waka::wire::frame::to_json;

use super::Dice;
use super::golden;
use super::hex;
use super::unhex;

/// One pac and four ghosts at the start of a game, everything else empty.
pub(super) fn start() -> Frame {
    let clocks = Clocks {
        level: 1,
        sheets_done: 0,
        sheets_needed: 1,
        phase_ticks_left: 0,
        lock_ticks_left: 0,
        fruit_ticks_left: 0,
        power_owner: None,
        chain: 0,
    };
    let mut pacs = [None; SEATS];
    pacs[0] = Some(pac(127, 187, Direction::Left));
    Frame {
        epoch: Epoch::new(1, 0x2A),
        carried: false,
        roster_version: 1,
        numbers: [0; SEATS],
        events: Vec::new(),
        scene: Scene {
            tick: 1000,
            phase: Phase::Play,
            speed_row: 0,
            elroy: 0,
            power_ticks_left: 0,
            dormant: false,
            fruit: false,
            pacs,
            ghosts: vec![outside(127, 91, Direction::Left), waiting(127, 115), waiting(111, 115), waiting(143, 115)],
            pellets: Pellets::ALL,
            scores: [Score::default(); SEATS],
            clocks,
        },
        sections: Sections::NONE,
    }
}

pub(super) fn pac(x: u8, y: u8, direction: Direction) -> Pac {
    Pac { point: Point { x, y }, direction, wish: direction, condition: Condition::Alive(0) }
}

pub(super) fn outside(x: u8, y: u8, way: Direction) -> Ghost {
    let point = Point { x, y };
    Ghost { point, direction: way, mood: Mood::Normal, place: Place::Outside, exit: way, next_exit: way, reversal_pending: false }
}

pub(super) fn waiting(x: u8, y: u8) -> Ghost {
    Ghost { place: Place::Waiting, exit: Direction::Up, next_exit: Direction::Left, ..outside(x, y, Direction::Up) }
}

fn named() -> Vec<(&'static str, Frame)> {
    let mut all = vec![("the start, core only", start()), ("the start, complete", Frame { sections: Sections::ALL, ..start() })];
    for (kind, name) in [
        (SectionKind::Pellets(2), "one quarter of the pellets"),
        (SectionKind::Scores(0), "one pair of scores"),
        (SectionKind::Clocks, "clocks"),
    ] {
        let mut frame = Frame { sections: Sections::of(kind), ..start() };
        frame.scene.pellets.set(122, false);
        frame.scene.pellets.set(182, false);
        frame.scene.scores[1] = Score { points: 12_340, lives: 2 };
        frame.scene.clocks.power_owner = Some(Seat(0));
        all.push((name, frame));
    }
    all.push(("carried by a gateway", Frame { carried: true, sections: Sections::ALL, ..start() }));
    all.push(("every field of the maze", every_field()));
    all.push(("a pac in each condition", every_condition()));
    all.push(("ghosts in each mood and place", every_place()));
    all.extend([("events, first half", 0), ("events, second half", 7)].map(|(name, first)| {
        let kinds = EventKind::ALL.into_iter().skip(first).take(EVENTS_MAX).zip(0..);
        let event =
            |(kind, age): (EventKind, u8)| Event { kind, who: age, whom: 15 - age, age, points: EVENT_POINTS[first + age as usize] };
        (name, Frame { events: kinds.map(event).collect(), ..start() })
    }));
    all
}

fn every_field() -> Frame {
    let mut frame = start();
    frame.epoch = Epoch(u32::MAX);
    frame.roster_version = 15;
    frame.numbers[0] = 7;
    frame.scene = Scene {
        tick: u32::MAX,
        phase: Phase::Empty,
        speed_row: 3,
        elroy: 2,
        power_ticks_left: 511,
        dormant: true,
        fruit: true,
        ghosts: vec![outside(255, 115, Direction::Right); 8],
        ..frame.scene
    };
    frame
}

fn every_condition() -> Frame {
    let mut frame = start();
    let conditions = [
        Condition::Alive(0),
        Condition::Alive(3),
        Condition::Powered(0),
        Condition::Powered(3),
        Condition::Shielded(0),
        Condition::Shielded(3),
        Condition::Ready,
        Condition::Dead,
        Condition::Parked,
        Condition::Bumped(1),
        Condition::Bumped(14),
        Condition::PoweredBumped(1),
        Condition::PoweredBumped(8),
    ];
    for (condition, seat) in conditions.into_iter().zip(0..) {
        let way = Direction::from_bits(seat);
        frame.scene.pacs[seat as usize] = Some(Pac { condition, wish: way.opposite(), ..pac(seat * 16, 43, way) });
        frame.numbers[seat as usize] = seat % 8;
    }
    frame
}

fn every_place() -> Frame {
    let mut frame = start();
    let at = |place, x, y, mood, direction| Ghost { place, mood, direction, ..waiting(x, y) };
    frame.scene.ghosts = vec![
        Ghost { exit: Direction::Up, next_exit: Direction::Right, reversal_pending: true, ..outside(123, 91, Direction::Left) },
        at(Place::Waiting, 104, 119, Mood::Frightened, Direction::Down),
        at(Place::Leaving, 127, 92, Mood::Normal, Direction::Up),
        at(Place::Entering, 127, 100, Mood::Eyes, Direction::Down),
        at(Place::Entering, 151, 127, Mood::Eyes, Direction::Right),
        Ghost { mood: Mood::Frightened, ..outside(103, 115, Direction::Down) },
        Ghost { mood: Mood::Eyes, ..outside(152, 115, Direction::Up) },
    ];
    frame
}

fn random(dice: &mut Dice) -> Frame {
    let mut frame = start();
    let scene = &mut frame.scene;
    scene.tick = dice.below(1 << 31);
    scene.phase = [Phase::Play, Phase::Ready, Phase::Eaten, Phase::Dying, Phase::Cleared, Phase::Paused][dice.below(6) as usize];
    scene.speed_row = dice.below(4) as u8;
    scene.power_ticks_left = dice.below(512) as u16;
    for seat in 0..SEATS {
        let condition = [Condition::Alive(1), Condition::Powered(2), Condition::Shielded(0), Condition::Bumped(9)][dice.below(4) as usize];
        let way = Direction::from_bits(dice.below(4) as u8);
        let seated = Pac { condition, ..pac(dice.below(256) as u8, dice.below(248) as u8, way) };
        scene.pacs[seat] = dice.coin().then_some(seated);
        scene.scores[seat] = Score { points: dice.below(1 << 21) * 10, lives: dice.below(8) as u8 };
        frame.numbers[seat] = if scene.pacs[seat].is_some() { dice.below(8) as u8 } else { 0 };
    }
    scene.ghosts = (0..4 + dice.below(5))
        .map(|_| Ghost {
            reversal_pending: dice.coin(),
            ..outside(dice.below(104) as u8, dice.below(248) as u8, Direction::from_bits(dice.below(4) as u8))
        })
        .collect();
    (0..244).for_each(|pellet| scene.pellets.set(pellet, dice.coin()));
    scene.clocks = Clocks {
        level: dice.below(1 << 16) as u16,
        sheets_done: dice.below(8) as u8,
        sheets_needed: dice.below(8) as u8,
        phase_ticks_left: dice.below(1024) as u16,
        lock_ticks_left: dice.below(1024) as u16,
        fruit_ticks_left: dice.below(1024) as u16,
        power_owner: dice.coin().then(|| Seat(dice.below(16) as u8)),
        chain: dice.below(5) as u8,
    };
    frame.sections = SectionKind::ALL.into_iter().filter(|_| dice.coin()).fold(Sections::NONE, Sections::with);
    frame
}

#[test]
fn w2_frames() {
    let mut dice = Dice(7);
    let shuffled = (0..24).map(|_| ("random", random(&mut dice)));
    let entries: Vec<Value> = named()
        .into_iter()
        .chain(shuffled)
        .map(|(name, frame)| {
            let bytes = frame.encode();
            assert_eq!(Frame::decode(&bytes).unwrap().encode(), bytes, "{name}");
            let readable: Value = serde_json::from_str(&to_json(&bytes).unwrap()).unwrap();
            json!({ "name": name, "hex": hex(&bytes), "frame": readable })
        })
        .collect();
    golden("frames.json", &entries);
}

#[test]
fn w1_bytes_that_are_no_frame() {
    let whole = Frame { sections: Sections::ALL, ..start() }.encode().to_vec();
    let core = start().encode().len();
    let altered = |at: usize, set: u8, clear: u8| {
        let mut bytes = whole.clone();
        bytes[at] = bytes[at] & !clear | set;
        bytes
    };
    let swapped = [&whole[..core], &whole[core + 8..core + 16], &whole[core..core + 8]].concat();
    let bad = [
        ("nothing", vec![]),
        ("a lone head", vec![0x11]),
        ("another kind", altered(0, 0x30, 0xF0)),
        ("another format", altered(0, 0x02, 0x0F)),
        ("a core cut short", whole[..core - 1].to_vec()),
        ("a section cut short", whole[..core + 5].to_vec()),
        ("a trailing byte", [&whole[..], &[0]].concat()),
        ("an eighth phase", altered(11, 0x0E, 0x0E)),
        ("a third elroy", altered(12, 0x60, 0x60)),
        ("nine ghosts", altered(12, 0x14, 0x1C)),
        (
            "a pac below the plane",
            altered(15, 0x0F, 0).iter().enumerate().map(|(at, &byte)| if at == 16 { byte | 0xF0 } else { byte }).collect(),
        ),
        ("padding that is not zero", altered(core - 1, 1, 0)),
        ("sections out of order", swapped.clone()),
        ("a section twice", [&whole[..core + 8], &whole[core..core + 8]].concat()),
        ("a section of no known tag", [&whole[..core], &[0xC0; 8]].concat()),
    ];
    let entries: Vec<Value> = bad
        .into_iter()
        .map(|(name, bytes)| {
            let error = Frame::decode(&bytes).map(|_| name).unwrap_err();
            json!({ "name": name, "hex": hex(&bytes), "error": error.to_string() })
        })
        .collect();
    golden("bad_frames.json", &entries);
}

#[test]
fn the_golden_frames_are_read_as_they_were_written() {
    let text = std::fs::read_to_string(super::golden_path("frames.json")).unwrap();
    for vector in serde_json::from_str::<Vec<Value>>(&text).unwrap() {
        let bytes = unhex(vector["hex"].as_str().unwrap());
        let readable: Value = serde_json::from_str(&to_json(&bytes).unwrap()).unwrap();
        assert_eq!(readable, vector["frame"], "{}", vector["name"]);
    }
}
