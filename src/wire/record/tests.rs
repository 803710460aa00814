//! W1, W2 and G1 of records: what comes back is what went, steps on alike, and nothing altered is believed.

use proptest::prelude::*;

use super::*;
use crate::game::grid::Direction;
use crate::game::seating::Command;
use crate::wire::sealed::HEAD_BYTES;

/// A world that has been played in for `ticks` by players who press keys at random, with the desk of its leader.
fn played(seed: u64, ticks: u32) -> Stored {
    let mut world = World::new(seed);
    for tick in 0..ticks {
        let dice = seed.wrapping_add(u64::from(tick)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let seat = Seat((dice % 16) as u8);
        let command = match dice >> 4 & 31 {
            0 => Command::Join { player: dice >> 9 & 31 },
            1 => Command::Leave { seat },
            2 => Command::Park { seat },
            3 => Command::Unpark { seat },
            _ => Command::Wish { seat, direction: Direction::from_bits((dice >> 9) as u8) },
        };
        let _ = world.step(&[command]);
    }
    let rows = (0..SEATS as u8).map(Seat).filter_map(|seat| {
        let player = PlayerId(world.player(seat)?.id);
        let name = format!("pip {}", seat.0);
        let (last_named_tick, last_input_tick) = (ticks, ticks / 2);
        Some(DeskRow {
            player,
            seat,
            name,
            colour: seat.0,
            symbol: 15 - seat.0,
            bot: false,
            away: false,
            run: 1,
            n: ticks,
            last_named_tick,
            last_input_tick,
        })
    });
    let over = vec![Over { player: PlayerId(99), run: 3, points: 1230, level: 2, tick: ticks }];
    let desk = Desk { roster_version: 7, rows: rows.collect(), over };
    Stored { world, desk }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn w2_a_record_comes_back_as_it_went_and_steps_on_alike(seed in any::<u64>(), ticks in 0..2_000_u32) {
        let stored = played(seed, ticks);
        let mut back = Stored::decode(&stored.encode()).unwrap();
        prop_assert_eq!(&back, &stored);
        let mut world = stored.world;
        for tick in 0..120 {
            let wish = Command::Wish { seat: Seat(tick % 16), direction: Direction::from_bits(tick) };
            prop_assert_eq!(world.step(&[wish]), back.world.step(&[wish]));
        }
        prop_assert_eq!(fingerprint(&world), fingerprint(&back.world));
    }

    #[test]
    fn w1_a_record_with_a_right_checksum_is_refused_or_can_be_stepped(seed in any::<u64>(), ticks in 0..600_u32, at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let mut bytes = played(seed, ticks).encode().to_vec();
        let at = HEAD_BYTES + at.index(bytes.len() - HEAD_BYTES);
        bytes[at] ^= flip;
        sealed::put_head(FORMAT, &mut bytes);
        if let Ok(mut altered) = Stored::decode(&bytes) {
            for _ in 0..600 {
                let _ = altered.world.step(&[]);
            }
        }
    }
}

proptest! {
    // Each case tries every byte.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn w1_a_truncated_record_is_an_error(seed in any::<u64>(), ticks in 0..600_u32) {
        let bytes = played(seed, ticks).encode();
        for cut in 0..bytes.len() {
            prop_assert!(Stored::decode(&bytes[..cut]).is_err(), "cut at {}", cut);
        }
    }

    #[test]
    fn w1_a_record_with_a_flipped_byte_is_an_error(seed in any::<u64>(), ticks in 0..600_u32, flip in 1..=255_u8) {
        let mut bytes = played(seed, ticks).encode().to_vec();
        for at in 0..bytes.len() {
            bytes[at] ^= flip;
            prop_assert!(Stored::decode(&bytes).is_err(), "flipped at {}", at);
            bytes[at] ^= flip;
        }
    }
}

#[test]
fn each_error_has_its_name() {
    let whole = played(1, 300).encode().to_vec();
    assert_eq!(Stored::decode(&[]), Err(RecordError::Truncated));
    assert_eq!(Stored::decode(&whole[..5]), Err(RecordError::Truncated));
    assert_eq!(Stored::decode(&as_format(u16::MAX, &whole)), Err(RecordError::UnknownVersion(u16::MAX)));
    assert_eq!(Stored::decode(&[&u16::MAX.to_le_bytes(), &whole[2..]].concat()), Err(RecordError::Checksum), "a flipped version");
    assert_eq!(Stored::decode(b"no record at all"), Err(RecordError::Checksum), "not left to another release for ever");
    assert_eq!(Stored::decode(&whole[..whole.len() - 1]), Err(RecordError::Checksum));

    let with_body = |body: &[u8]| as_format(FORMAT, &[&[0; HEAD_BYTES], body].concat());
    assert_eq!(Stored::decode(&with_body(&[0xFF; 40])), Err(RecordError::Malformed));
    assert_eq!(Stored::decode(&with_body(&[&whole[HEAD_BYTES..], &[0]].concat())), Err(RecordError::Malformed));

    for rows in [
        vec![DeskRow { seat: Seat(16), ..row(7) }],
        vec![row(7), row(8)],
        vec![DeskRow { colour: 16, ..row(7) }],
        vec![DeskRow { symbol: 16, ..row(7) }],
    ] {
        let mut impossible = played(1, 300);
        impossible.desk.rows = rows;
        assert_eq!(Stored::decode(&impossible.encode()), Err(RecordError::ImpossibleDesk));
    }
}

fn row(player: u64) -> DeskRow {
    DeskRow {
        player: PlayerId(player),
        seat: Seat(0),
        name: "pip".to_owned(),
        colour: 0,
        symbol: 0,
        bot: false,
        away: false,
        run: 1,
        n: 0,
        last_named_tick: 0,
        last_input_tick: 0,
    }
}
