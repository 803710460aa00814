//! G1 to G4 under any commands, and the agreement of world and rails.

use proptest::prelude::*;

use super::*;
use crate::game::scene::Clocks;
use crate::game::scene::Scene;

/// So many quiet ticks, then a command.
fn moves() -> impl Strategy<Value = Vec<(u8, Command)>> {
    let seat = || (0..SEATS as u8).prop_map(Seat);
    let command = prop_oneof![
        6 => (0..20_u64).prop_map(|player| Command::Join { player }),
        30 => (seat(), 0..4_u8).prop_map(|(seat, bits)| Command::Wish { seat, direction: Direction::from_bits(bits) }),
        2 => seat().prop_map(|seat| Command::Park { seat }),
        2 => seat().prop_map(|seat| Command::Unpark { seat }),
        1 => seat().prop_map(|seat| Command::Leave { seat }),
    ];
    prop::collection::vec((0..25_u8, command), 1..150)
}

/// Few players, many lives: the arcade's phases and the passages between one and two.
fn lonely_moves() -> impl Strategy<Value = Vec<(u8, Command)>> {
    let seat = || (0..3_u8).prop_map(Seat);
    let command = prop_oneof![
        2 => (0..3_u64).prop_map(|player| Command::Join { player }),
        20 => (seat(), 0..4_u8).prop_map(|(seat, bits)| Command::Wish { seat, direction: Direction::from_bits(bits) }),
        1 => seat().prop_map(|seat| Command::Park { seat }),
        2 => seat().prop_map(|seat| Command::Unpark { seat }),
        1 => seat().prop_map(|seat| Command::Leave { seat }),
    ];
    prop::collection::vec((0..60_u8, command), 1..150)
}

/// Plays the moves; `look(before, commands, after, outcomes)` is shown every tick.
fn play(seed: u64, moves: &[(u8, Command)], mut look: impl FnMut(&World, &[Command], &World, &[Outcome])) -> World {
    let mut world = World::new(seed);
    for &(quiet, command) in moves {
        for tick in 0..=quiet {
            let commands: &[Command] = if tick == quiet { &[command] } else { &[] };
            let before = world.clone();
            let outcomes = world.step(commands);
            look(&before, commands, &world, &outcomes);
        }
    }
    world
}

/// G2 and G4: whatever is commanded, every state is one that `validate` knows; it says floor for pacs and ghosts outside.
fn holds_g2_g4(world: &World) {
    assert_eq!(world.validate(), Ok(()), "G2, G4 at tick {}: {world:?}", world.tick);
}

/// G3: eaten + left = laid, and points come from what was eaten and nothing else.
fn holds_g3(before: &World, after: &World, outcomes: &[Outcome]) {
    let left = |world: &World| world.sheet.pellets.left();
    assert_eq!(u32::from(after.sheet.laid), left(after) + u32::from(after.sheet.eaten), "G3: pellets at tick {}", after.tick);
    let new_sheet = after.sheet.refill_ticks == Some(0) || before.level != after.level || before.phase == Phase::Empty;
    if new_sheet || !outcomes.is_empty() {
        return;
    }
    let now: Vec<_> = after.events().iter().filter(|event| event.tick == after.tick).collect();
    let energizers = now.iter().filter(|event| event.kind == EventKind::EnergizerEaten).count() as u32;
    let dots = u32::from(after.sheet.eaten - before.sheet.eaten) - energizers;
    let earned: u32 = now.iter().map(|event| u32::from(event.points)).sum::<u32>() + 10 * dots;
    let total = |world: &World| world.seats.iter().flatten().map(|player| player.points).sum::<u32>();
    assert_eq!(total(after), total(before) + earned, "G3: points at tick {}", after.tick);
}

/// Why a scene may differ from what the rails make of the one before it.
fn causes(before: &World, commands: &[Command], after: &World) -> Vec<&'static str> {
    let places = |world: &World| world.ghosts.iter().map(|hunter| hunter.ghost.place == Place::Leaving).collect::<Vec<_>>();
    let scene = |world: &World| (world.elroy(), world.is_dormant(world.players()), world.fruit_ticks_left > 0);
    let over = |was: &Player, is: &Player| {
        let shield = was.shield_ticks_left > 0 && is.shield_ticks_left == 0;
        let window = was.power_ticks_left > 0 && is.power_ticks_left == 0;
        shield || window
    };
    let pairs = || before.seats.iter().flatten().zip(after.seats.iter().flatten());
    let ready = |seat: Seat| before.player(seat).is_some_and(|player| player.pac.condition == Condition::Ready);
    let contested = pairs().any(|(was, _)| pairs().any(|(other, _)| other.id != was.id && touching_tiles(was, other)));
    [
        ("a command", commands.iter().any(|command| !matches!(command, Command::Wish { seat, .. } if !ready(*seat)))),
        ("an event", after.events().iter().any(|event| event.tick == after.tick)),
        ("a phase", before.phase != after.phase),
        ("the reset of an empty maze", before.may_sleep() != after.may_sleep()),
        ("the scatter clock", before.schedule.stage != after.schedule.stage),
        ("the house", places(before) != places(after)),
        ("Elroy, sleep of energizers, fruit", scene(before) != scene(after)),
        ("a shield or a window", pairs().any(|(was, is)| over(was, is))),
        ("a surplus ghost", before.ghosts.len() != after.ghosts.len()),
        ("the idle end of a fright", before.power.blue_ticks_left > 1 && after.power.blue_ticks_left == 0),
        ("a contested dot", contested),
        ("a refill", after.sheet.refill_ticks.is_some() || before.sheet.refill_ticks.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, holds)| holds.then_some(name))
    .collect()
}

fn touching_tiles(one: &Player, other: &Player) -> bool {
    let near = |a: u16, b: u16| a.abs_diff(b) <= 2;
    let (one, other) = (one.pac.point.tile(), other.pac.point.tile());
    near(one.column(), other.column()) && near(one.row(), other.row())
}

fn on_the_rails(before: &World, commands: &[Command]) -> Scene {
    let mut scene = before.scene();
    for command in commands {
        if let Command::Wish { seat, direction } = *command
            && let Some(pac) = &mut scene.pacs[seat.0 as usize]
        {
            pac.wish = direction;
        }
    }
    scene.advance();
    scene
}

fn agrees_with_the_rails(before: &World, commands: &[Command], after: &World) {
    let shadow = on_the_rails(before, commands);
    let truth = after.scene();
    let causes = causes(before, commands, after);
    assert!(!shadow.departs_from(&truth) || !causes.is_empty(), "tick {}:\n{shadow:?}\n{truth:?}", after.tick);
    if causes.is_empty() {
        // Whose window it was is for the display; it ends there with the next frame.
        let clocks = |scene: &Scene| Clocks { power_owner: None, chain: 0, ..scene.clocks };
        assert_eq!((shadow.pellets, shadow.scores, clocks(&shadow)), (truth.pellets, truth.scores, clocks(&truth)), "tick {}", after.tick);
    }
}

/// Departures a minute of a shadow that is renewed every beat and whenever it departs, with everybody's wishes announced; and how often that had no
/// cause within the beat. Eyes pass a tile faster than a beat, and who turns back enters two tiles at once: their exits may have been guesses.
fn departures(players: u64) -> (u32, u32) {
    const BEAT_TICKS: u32 = 6;
    let mut world = World::new(5);
    let joins: Vec<Command> = (0..players).map(|player| Command::Join { player }).collect();
    let _ = world.step(&joins);
    let mut random = Random::new(players);
    let (mut shadow, mut all, mut uncaused) = (world.scene(), 0, 0);
    let mut caused = false;
    let quick = |hunter: &Hunter| hunter.ghost.mood == Mood::Eyes || hunter.ghost.reversal_pending;
    for _ in 0..60 * tuning::TICKS_PER_SECOND {
        let wishes = (0..players as u8).filter(|_| random.next().is_multiple_of(30)).collect::<Vec<_>>();
        let commands: Vec<Command> = wishes.into_iter().map(|seat| wish(seat, Direction::from_bits(random.next() as u8))).collect();
        let before = world.clone();
        let _ = world.step(&commands);
        caused |= !causes(&before, &commands, &world).is_empty() || before.ghosts.iter().any(quick);
        for command in &commands {
            if let Command::Wish { seat, direction } = *command
                && let Some(pac) = &mut shadow.pacs[seat.0 as usize]
            {
                pac.wish = direction;
            }
        }
        shadow.advance();
        let departed = shadow.departs_from(&world.scene());
        all += u32::from(departed);
        uncaused += u32::from(departed && !caused);
        if departed || world.tick.is_multiple_of(BEAT_TICKS) {
            shadow = world.scene();
            caused = false;
        }
    }
    (all, uncaused)
}

#[test]
fn a_shadow_of_one_beat_departs_by_hidden_events_only() {
    for (players, a_minute_max) in [(1, 30), (2, 60), (10, 300), (16, 500)] {
        let (a_minute, uncaused) = departures(players);
        assert_eq!(uncaused, 0, "{players} players");
        assert!(a_minute <= a_minute_max, "{players} players: {a_minute} departures a minute");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn g1_same_seed_and_commands_same_world_at_every_tick(seed: u64, moves in moves()) {
        let mut once = Vec::new();
        play(seed, &moves, |_, _, after, _| once.push(after.clone()));
        let mut again = once.iter();
        play(seed, &moves, |_, _, after, _| assert_eq!(again.next(), Some(after), "G1"));
    }

    #[test]
    fn g2_g3_g4_hold_for_any_commands(seed: u64, moves in prop_oneof![moves(), lonely_moves()]) {
        play(seed, &moves, |before, _, after, outcomes| {
            holds_g2_g4(after);
            holds_g3(before, after, outcomes);
        });
    }

    #[test]
    fn world_and_rails_agree_unless_something_hidden_happened(seed: u64, moves in prop_oneof![moves(), lonely_moves()]) {
        play(seed, &moves, |before, commands, after, _| agrees_with_the_rails(before, commands, after));
    }

    #[test]
    fn a_stored_world_steps_on_identically(seed: u64, moves in moves(), more in moves()) {
        let mut world = play(seed, &moves, |_, _, _, _| {});
        let bytes = postcard::to_allocvec(&world).unwrap();
        let mut back: World = postcard::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&back, &world);
        for (_, command) in more {
            prop_assert_eq!(back.step(&[command]), world.step(&[command]));
            prop_assert_eq!(&back, &world);
        }
    }

    #[test]
    fn g2_whatever_passes_validation_can_be_stepped(seed: u64, moves in moves(), at: prop::sample::Index, bits in 1..=255_u8, more in moves()) {
        let world = play(seed, &moves, |_, _, _, _| {});
        let mut bytes = postcard::to_allocvec(&world).unwrap();
        let index = at.index(bytes.len());
        bytes[index] ^= bits;
        if let Ok(mut altered) = postcard::from_bytes::<World>(&bytes) && altered.validate().is_ok() {
            for (_, command) in more {
                let _ = altered.step(&[command]);
            }
        }
    }
}
