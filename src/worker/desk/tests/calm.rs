//! A desk that rests while nothing can happen says what one says that looks at every tick.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Act {
    /// The gateway repeats its roster, for so many ticks.
    Heard(u32),
    /// The gateway says nothing, for so many ticks.
    Unheard(u32),
    Named(u64, RosterRow),
    Unnamed(u64),
    Spectators(u32),
    Pressed(u64, u32),
}

const PLAYERS: u64 = 3;

fn act() -> impl Strategy<Value = Act> {
    let asked = (0..PLAYERS, 1..4_u64, any::<bool>(), any::<bool>(), any::<bool>());
    let named =
        asked.prop_map(|(player, run, bot, away, leaving)| Act::Named(player, RosterRow { bot, away, leaving, run, ..row(player) }));
    prop_oneof![
        (1..200_u32).prop_map(Act::Heard),
        (1..400_u32).prop_map(Act::Unheard),
        // Long enough for the idle, and for bots by themselves.
        (1..IDLE_TICKS + 600).prop_map(Act::Heard),
        (1..BOTS_ALONE_TICKS + 600).prop_map(Act::Unheard),
        named.clone(),
        named,
        (0..PLAYERS).prop_map(Act::Unnamed),
        (0..2_u32).prop_map(Act::Spectators),
        (0..PLAYERS, 1..9_u32).prop_map(|(player, n)| Act::Pressed(player, n)),
    ]
}

/// One that rests and one that does not, which are told the same.
struct Pair {
    resting: Maze,
    restless: Maze,
    rested: u32,
}

impl Pair {
    fn tick(&mut self, intake: &Intake) -> Result<(), TestCaseError> {
        self.restless.desk.calm_until = None;
        self.rested += u32::from(self.resting.desk.calm_until.is_some());
        let said = self.resting.tick(intake);
        prop_assert_eq!(said, self.restless.tick(intake), "at tick {}", self.resting.world.tick());
        prop_assert_eq!(self.resting.seating(), self.restless.seating());
        let told = |maze: &mut Maze| {
            (std::mem::take(&mut maze.desk.is_news), std::mem::take(&mut maze.desk.has_newcomers), maze.desk.is_deserted())
        };
        prop_assert_eq!(told(&mut self.resting), told(&mut self.restless));
        prop_assert_eq!(&self.resting.desk.roll, &self.restless.desk.roll);
        Ok(())
    }

    fn run(&mut self, ticks: u32, is_heard: bool) -> Result<(), TestCaseError> {
        for tick in 0..ticks {
            let rosters = if is_heard && tick % 30 == 0 { vec![self.resting.roster()] } else { vec![] };
            self.tick(&Intake { rosters, ..Intake::default() })?;
        }
        Ok(())
    }
}

#[test]
fn rest_changes_nothing() {
    let rested = std::cell::Cell::new(0);
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(acts in vec(act(), 1..30))| {
        let mut pair = Pair { resting: Maze::new([0]), restless: Maze::new([0]), rested: 0 };
        for act in acts {
            match act {
                Act::Heard(ticks) => pair.run(ticks, true)?,
                Act::Unheard(ticks) => pair.run(ticks, false)?,
                Act::Named(player, row) => {
                    pair.resting.named.retain(|known| known.player != PlayerId(player));
                    pair.resting.named.push(row);
                }
                Act::Unnamed(player) => pair.resting.named.retain(|known| known.player != PlayerId(player)),
                Act::Spectators(spectators) => pair.resting.spectators = spectators,
                Act::Pressed(player, n) => pair.tick(&Intake { inputs: vec![(PlayerId(player), n, Direction::Left)], ..Intake::default() })?,
            }
        }
        rested.set(rested.get() + pair.rested);
    });
    assert!(rested.get() > 1000, "they hardly rested: {} ticks", rested.get());
}

/// Bots who play are neither idle nor unheard, so nothing but their being alone ends it, to the tick.
#[test]
fn bots_are_alone_from_the_tick_at_which_the_last_person_goes() {
    let mut pair = Pair { resting: Maze::new([]), restless: Maze::new([]), rested: 0 };
    pair.resting.named = vec![RosterRow { bot: true, ..row(1) }];
    for n in 0..80 {
        // Somebody looks on at first, and goes at a moment of his own.
        pair.resting.spectators = u32::from(n < 20);
        let rosters = if n == 20 { vec![pair.resting.roster()] } else { vec![] };
        let said = pair.tick(&Intake { rosters, inputs: vec![(PlayerId(1), n, Direction::Left)], ..Intake::default() });
        said.and_then(|()| pair.run(47, true)).expect("the same");
    }
    assert_eq!(pair.resting.seat(1), None, "he has left");
}
