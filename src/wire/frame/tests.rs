//! W1 and W2 of the frame, its budgets, and what gateways do with its bytes.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::game::event::EventKind;
use crate::game::grid::Direction;
use crate::game::grid::Point;
use crate::game::scene::Condition;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Pac;
use crate::game::scene::Place;
use crate::game::scene::Seat;

/// The header of a short unmasked WebSocket message.
const WEBSOCKET_HEADER_BYTES: usize = 2;

fn direction() -> impl Strategy<Value = Direction> {
    (0..4_u8).prop_map(Direction::from_bits)
}

fn point() -> impl Strategy<Value = Point> {
    (any::<u8>(), 0..248_u8).prop_map(|(x, y)| Point { x, y })
}

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        (0..=3_u8).prop_map(Condition::Alive),
        (0..=3_u8).prop_map(Condition::Powered),
        (0..=3_u8).prop_map(Condition::Shielded),
        Just(Condition::Ready),
        Just(Condition::Dead),
        Just(Condition::Parked),
        (1..=14_u8).prop_map(Condition::Bumped),
        (1..=8_u8).prop_map(Condition::PoweredBumped),
    ]
}

fn pac() -> impl Strategy<Value = Pac> {
    (point(), direction(), direction(), condition()).prop_map(|(point, direction, wish, condition)| Pac {
        point,
        direction,
        wish,
        condition,
    })
}

fn ghost() -> impl Strategy<Value = Ghost> {
    let house = (104..=151_u8, 92..=127_u8).prop_map(|(x, y)| Point { x, y });
    let ways = (direction(), direction(), direction());
    (prop_oneof![point(), house], ways, 0..3_usize, 0..3_usize, any::<bool>()).prop_map(
        |(point, (direction, exit, next_exit), mood, place, reversal_pending)| {
            let inside = actor::in_house(point);
            Ghost {
                point,
                direction,
                mood: [Mood::Normal, Mood::Frightened, Mood::Eyes][mood],
                place: if inside { [Place::Waiting, Place::Leaving, Place::Entering][place] } else { Place::Outside },
                exit: if inside { Direction::Up } else { exit },
                next_exit,
                reversal_pending,
            }
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    (0..EventKind::ALL.len(), 0..16_u8, 0..16_u8, 0..16_u8, 0..16_usize).prop_map(|(kind, who, whom, age, points)| Event {
        kind: EventKind::ALL[kind],
        who,
        whom,
        age,
        points: EVENT_POINTS[points],
    })
}

fn clocks() -> impl Strategy<Value = Clocks> {
    (any::<u16>(), (0..8_u8, 0..8_u8), [0..1024_u16, 0..1024, 0..1024], proptest::option::of(0..16_u8), 0..=4_u8).prop_map(
        |(level, (sheets_done, sheets_needed), [phase_ticks_left, lock_ticks_left, fruit_ticks_left], owner, chain)| Clocks {
            level,
            sheets_done,
            sheets_needed,
            phase_ticks_left,
            lock_ticks_left,
            fruit_ticks_left,
            power_owner: owner.map(Seat),
            chain,
        },
    )
}

prop_compose! {
    fn scene()(
        tick in any::<u32>(), phase in 0..7_u32, speed_row in 0..4_u8, elroy in 0..3_u8, power_ticks_left in 0..512_u16,
        (dormant, fruit) in any::<(bool, bool)>(), pacs in vec(proptest::option::of(pac()), SEATS), ghosts in vec(ghost(), GHOSTS_MIN..=GHOSTS_MAX),
        quarters in any::<[u64; 4]>(), scores in vec((0..1_u32 << 21, 0..8_u8), SEATS), clocks in clocks(),
    ) -> Scene {
        Scene {
            tick, phase: phase_of(phase).unwrap(), speed_row, elroy, power_ticks_left, dormant, fruit,
            pacs: pacs.try_into().unwrap(), ghosts, pellets: Pellets(quarters.map(|bits| bits & Pellets::ALL.0[0])),
            scores: std::array::from_fn(|seat| Score { points: scores[seat].0 * 10, lives: scores[seat].1 }), clocks,
        }
    }
}

prop_compose! {
    /// Any frame as decoding would leave it: what does not travel is blank.
    fn frame()(
        epoch in any::<u32>(), carried in any::<bool>(), roster_version in 0..16_u8, numbers in vec(0..8_u8, SEATS),
        events in vec(event(), 0..=EVENTS_MAX), full in scene(), picked in vec(any::<bool>(), SectionKind::COUNT),
    ) -> Frame {
        let mut scene = Scene { pellets: Pellets::NONE, scores: [Score::default(); SEATS], clocks: blank(0).clocks, ..full.clone() };
        let mut sections = Sections::NONE;
        for (kind, _) in SectionKind::ALL.into_iter().zip(picked).filter(|(_, picked)| *picked) {
            sections = sections.with(kind);
            kind.copy(&full, &mut scene);
        }
        let numbers = std::array::from_fn(|seat| if scene.pacs[seat].is_some() { numbers[seat] } else { 0 });
        Frame { epoch: Epoch(epoch), carried, roster_version, numbers, events, scene, sections }
    }
}

proptest! {
    #[test]
    fn w2_a_frame_comes_back_as_it_went(frame in frame()) {
        let bytes = frame.encode();
        prop_assert!(bytes.len() <= FRAME_BYTES_MAX);
        prop_assert_eq!(position(&bytes), Some(frame.position()));
        prop_assert_eq!(Frame::decode(&bytes), Ok(frame));
    }

    #[test]
    fn w1_a_cut_frame_is_an_error_or_has_fewer_sections(frame in frame(), cut in any::<prop::sample::Index>()) {
        let bytes = frame.encode();
        let cut = cut.index(bytes.len());
        match Frame::decode(&bytes[..cut]) {
            Ok(shorter) => prop_assert!(shorter.sections.count() < frame.sections.count()),
            Err(error) => prop_assert_eq!(error, FrameError::Truncated),
        }
    }

    #[test]
    fn w1_trailing_bytes_are_rejected(frame in frame(), tail in vec(any::<u8>(), 1..7)) {
        let bytes = [&frame.encode()[..], &tail].concat();
        prop_assert!(Frame::decode(&bytes).is_err());
        prop_assert!(split(&bytes).is_none());
    }

    #[test]
    fn w1_any_bytes_are_an_error_or_the_one_spelling_of_a_frame(mut bytes in vec(any::<u8>(), 0..200), head in any::<bool>()) {
        if let (Some(first), true) = (bytes.first_mut(), head) {
            *first = HEAD;
        }
        prop_assert!(split(&bytes).is_none_or(|split| split.core.len() <= bytes.len()));
        if let Ok(frame) = Frame::decode(&bytes) {
            prop_assert_eq!(&frame.encode()[..], &bytes[..]);
        }
    }

    #[test]
    fn w1_a_flipped_bit_is_an_error_or_another_frame(frame in frame(), flip in any::<prop::sample::Index>()) {
        let mut bytes = frame.encode().to_vec();
        let flip = flip.index(bytes.len() * 8);
        bytes[flip / 8] ^= 0x80 >> (flip % 8);
        if let Ok(other) = Frame::decode(&bytes) {
            prop_assert_ne!(&other, &frame);
            prop_assert_eq!(&other.encode()[..], &bytes[..]);
        }
    }

    #[test]
    fn w1_whatever_decodes_can_be_moved_on(frame in frame()) {
        let mut scene = Frame::decode(&frame.encode()).unwrap().scene;
        (0..80).for_each(|_| scene.advance());
        let mut again = Frame { scene, ..frame };
        again.scene.tick = 0;
        prop_assert!(again.encode().len() <= FRAME_BYTES_MAX);
    }

    #[test]
    fn a_gateway_cuts_and_joins_without_understanding(frame in frame(), newest in scene()) {
        let whole = Frame { scene: newest, sections: Sections::ALL, carried: false, ..frame.clone() };
        let mut kept = Kept::default();
        kept.keep(&split(&whole.encode()).unwrap());
        prop_assert!(kept.is_complete());

        let bytes = frame.encode();
        let cut = split(&bytes).unwrap();
        prop_assert_eq!(cut.sections().map(|(kind, _)| kind).collect::<Vec<_>>(), frame.sections.iter().collect::<Vec<_>>());
        kept.keep(&cut);
        let joined = Frame::decode(&with_sections(cut.core, &kept)).unwrap();

        let mut expected = frame.scene.clone();
        for kind in SectionKind::ALL.into_iter().filter(|&kind| !frame.sections.has(kind)) {
            kind.copy(&whole.scene, &mut expected);
        }
        prop_assert_eq!(joined, Frame { scene: expected, sections: Sections::ALL, carried: true, ..frame });
    }
}

#[test]
fn a_new_epoch_forgets_the_sections_of_the_old() {
    let mut frame = full_maze(6, 4, Sections::ALL);
    let mut kept = Kept::default();
    kept.keep(&split(&frame.encode()).unwrap());
    frame.epoch = Epoch::new(2, 0);
    frame.sections = Sections::of(SectionKind::Clocks);
    kept.keep(&split(&frame.encode()).unwrap());
    assert!(!kept.is_complete());
    let joined = Frame::decode(&with_sections(split(&frame.encode()).unwrap().core, &kept)).unwrap();
    assert_eq!(joined.sections, frame.sections);
}

#[test]
fn carried_pellets_only_take_away() {
    let mut base = full_maze(1, 4, Sections::ALL).scene;
    base.pellets.set(0, false);
    let mut older = full_maze(1, 4, Sections::ALL);
    older.scene.pellets.set(1, false);
    older.carried = true;
    older.apply_to(&mut base);
    assert!(!base.pellets.has(0) && !base.pellets.has(1) && base.pellets.has(2));

    older.carried = false;
    older.apply_to(&mut base);
    assert!(base.pellets.has(0) && !base.pellets.has(1));
}

#[test]
fn budgets_hold_with_one_section_one_event_and_the_websocket_header() {
    for (players, ghosts, budget) in [(6, 4, 62), (10, 6, 82), (16, 8, 114)] {
        let largest = SectionKind::ALL
            .into_iter()
            .map(|kind| WEBSOCKET_HEADER_BYTES + full_maze(players, ghosts, Sections::of(kind)).encode().len())
            .max();
        assert!(largest <= Some(budget), "{players} players and {ghosts} ghosts take {largest:?} of {budget} bytes");
    }
}

#[test]
fn the_largest_frame_is_as_large_as_said() {
    let mut frame = full_maze(16, 8, Sections::ALL);
    frame.events = vec![frame.events[0]; 9];
    assert_eq!(frame.encode().len(), FRAME_BYTES_MAX);
}

#[test]
fn the_event_kinds_are_in_the_order_of_their_codes() {
    assert!(EventKind::ALL.into_iter().enumerate().all(|(code, kind)| kind as usize == code));
    assert!(SectionKind::ALL.into_iter().enumerate().all(|(index, kind)| kind.index() == index));
    assert!(EVENT_POINTS.is_sorted());
}

fn full_maze(players: usize, ghosts: usize, sections: Sections) -> Frame {
    let point = Point { x: 127, y: 187 };
    let pac = Pac { point, direction: Direction::Left, wish: Direction::Up, condition: Condition::Alive(1) };
    let ghost = Ghost {
        point: Point { x: 127, y: 91 },
        direction: Direction::Left,
        mood: Mood::Normal,
        place: Place::Outside,
        exit: Direction::Left,
        next_exit: Direction::Left,
        reversal_pending: false,
    };
    Frame {
        epoch: Epoch::new(1, 5),
        carried: false,
        roster_version: 3,
        numbers: [5; SEATS],
        events: vec![Event { kind: EventKind::GhostEaten, who: 1, whom: 2, age: 3, points: 200 }],
        scene: Scene {
            phase: Phase::Play,
            pacs: std::array::from_fn(|seat| (seat < players).then_some(pac)),
            ghosts: vec![ghost; ghosts],
            pellets: Pellets::ALL,
            ..blank(12_345)
        },
        sections,
    }
}
