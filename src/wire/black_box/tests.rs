//! W1 and W2 of black boxes: what comes back is what went, and nothing altered is believed, or can do harm.

use proptest::prelude::*;

use super::*;
use crate::game::grid::Direction;
use crate::game::scene::Seat;

/// A box of `strips` strips of a maze in which players press keys at random; every other strip begins with a whole world.
fn recorded(seed: u64, strips: u32) -> BlackBox {
    let mut world = World::new(seed);
    let mut scratch = Vec::new();
    let strips = (0..strips).map(|index| {
        let mut strip = Strip {
            epoch: Epoch::new(3, 7),
            after_tick: world.tick(),
            start: index.is_multiple_of(2).then(|| Start::of(&world)),
            ticks: 0,
            commands: vec![],
            fingerprints: vec![],
        };
        for at in 1..=STRIP_TICKS_MAX {
            let dice = seed.wrapping_add(u64::from(world.tick())).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
            let seat = Seat((dice % 16) as u8);
            let command = match dice >> 4 & 15 {
                0 => Command::Join { player: dice >> 9 },
                1 => Command::Park { seat },
                _ => Command::Wish { seat, direction: Direction::from_bits((dice >> 9) as u8) },
            };
            let _ = world.step(&[command]);
            strip.ticks = at;
            strip.commands.push((at, command));
            strip.fingerprints.push((at, fingerprint(&world, &mut scratch)));
        }
        strip
    });
    BlackBox::of(MazeId::open(1), Some(Position { epoch: Epoch::new(3, 7), tick: 60 }), strips.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn w2_a_black_box_comes_back_as_it_went(seed in any::<u64>(), strips in 0..8_u32) {
        let black_box = recorded(seed, strips);
        prop_assert_eq!(BlackBox::decode(&black_box.encode()), Ok(black_box.clone()));
        for strip in black_box.strips {
            prop_assert_eq!(Strip::decode(&strip.encode()), Ok(strip));
        }
    }

    #[test]
    fn w1_an_altered_black_box_with_a_right_checksum_is_refused_or_can_be_stepped(
        seed in any::<u64>(), flips in prop::collection::vec((any::<prop::sample::Index>(), 1..=255_u8), 1..4)
    ) {
        let mut bytes = recorded(seed, 3).encode();
        let head = MAGIC.len() + sealed::HEAD_BYTES;
        for (at, flip) in flips {
            let at = head + at.index(bytes.len() - head);
            bytes[at] ^= flip;
        }
        sealed::put_head(FORMAT, &mut bytes[MAGIC.len()..]);
        let Ok(altered) = BlackBox::decode(&bytes) else { return Ok(()) };
        for strip in altered.strips {
            let Some(Start { mut world, .. }) = strip.start.clone() else { continue };
            for tick in 1..=strip.ticks {
                let commands: Vec<Command> = strip.commands_at(tick).collect();
                let _ = world.step(&commands);
            }
        }
    }

    #[test]
    fn w1_bytes_that_nobody_wrote_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        prop_assert!(Strip::decode(&bytes).is_err());
        prop_assert_eq!(BlackBox::decode(&bytes), Err(BlackBoxError::NoBlackBox));
        let mut posing = [&MAGIC[..], &FORMAT.to_le_bytes(), &[0; 4], &bytes].concat();
        sealed::put_head(FORMAT, &mut posing[MAGIC.len()..]);
        prop_assert!(BlackBox::decode(&posing).is_err());
    }
}

#[test]
fn w1_a_truncated_or_flipped_black_box_is_an_error() {
    let mut bytes = recorded(5, 2).encode();
    for at in 0..bytes.len() {
        assert!(BlackBox::decode(&bytes[..at]).is_err(), "cut at {at}");
        bytes[at] ^= 1;
        assert!(BlackBox::decode(&bytes).is_err(), "flipped at {at}");
        bytes[at] ^= 1;
    }
}

#[test]
fn w1_what_is_out_of_bounds_is_refused() {
    let good = recorded(9, 1).strips.remove(0);
    let wish = |seat: u8| Command::Wish { seat: Seat(seat), direction: Direction::Up };
    let bad = [
        Strip { ticks: STRIP_TICKS_MAX + 1, ..good.clone() },
        Strip { after_tick: 1, ..good.clone() },
        Strip { after_tick: u32::MAX, start: None, ..good.clone() },
        Strip { commands: vec![(1, wish(16))], ..good.clone() },
        Strip { commands: vec![(0, wish(1))], ..good.clone() },
        Strip { commands: vec![(2, wish(1)), (1, wish(1))], ..good.clone() },
        Strip { commands: vec![(1, wish(1)); 2 * STRIP_COMMANDS_MAX + 1], ..good.clone() },
        Strip { fingerprints: vec![(STRIP_TICKS_MAX + 1, 0)], ..good.clone() },
    ];
    assert_eq!(Strip::decode(&good.encode()), Ok(good.clone()));
    for strip in bad {
        assert_eq!(Strip::decode(&strip.encode()), Err(BlackBoxError::OutOfBounds), "{:?}", strip.commands.first());
    }
    let (whole, good_again) = (recorded(9, 1), good.clone());
    let many = BlackBox { strips: vec![Strip { start: None, ..good.clone() }; STRIPS_MAX + 1], ..whole.clone() };
    let shouted = good.start.map(|start| Start { program: "\x1b[2J".to_owned(), ..start });
    let shouting = BlackBox { strips: vec![Strip { start: shouted, ..good_again }], ..whole.clone() };
    for black_box in [many, shouting] {
        assert_eq!(BlackBox::decode(&black_box.encode()), Err(BlackBoxError::OutOfBounds));
    }
    let mut later = whole.encode();
    sealed::put_head(9, &mut later[MAGIC.len()..]);
    assert_eq!(BlackBox::decode(&later), Err(BlackBoxError::UnknownVersion(9)));
}

#[test]
fn strips_are_put_in_order_and_the_longer_of_two_stays() {
    let whole = recorded(2, 5);
    let mut strips = whole.strips.clone();
    let short = Strip { ticks: 20, commands: vec![], fingerprints: vec![], ..strips[4].clone() };
    strips.push(short);
    strips.rotate_left(2);
    strips.push(strips[0].clone());
    assert_eq!(BlackBox::of(whole.maze.clone(), whole.panicked, strips), whole);
    let many: Vec<Strip> = (0..STRIPS_MAX as u32 + 3).map(|at| Strip { after_tick: at, start: None, ..whole.strips[0].clone() }).collect();
    let kept = BlackBox::of(whole.maze, None, many).strips;
    assert_eq!((kept.len(), kept[0].after_tick), (STRIPS_MAX, 3));
}
