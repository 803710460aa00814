//! Who sits where, for people: names, colours, symbols, bots, input numbers, silence, idleness, ends of runs. Pure; time is the maze's tick.
//!
//! The world knows seats and numbers only; the desk turns rosters and inputs into its commands, and its outcomes into the seating that
//! gateways hear. What has to outlive a leader is in the record ([`record::Desk`]); the rest comes back with the next rosters. The order in which
//! messages of one tick arrived does not matter (K1).

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

mod naming;
mod seating;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::game::grid::Direction;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::game::seating::Command;
use crate::game::world::World;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::between_nodes::RosterRow;
use crate::wire::record;
use crate::wire::record::DeskRow;
use crate::worker::inbox;
use crate::worker::inbox::Intake;
use naming::Namings;

const SECOND: u32 = 60;
/// A player whom no roster has named for so long is parked, and later dropped.
pub(crate) const SILENT_TICKS: u32 = 3 * SECOND;
pub(crate) const DROP_TICKS: u32 = 30 * SECOND;
/// One who is named but presses nothing is parked, and much later dropped.
pub(crate) const IDLE_TICKS: u32 = 30 * SECOND;
pub(crate) const IDLE_DROP_TICKS: u32 = 600 * SECOND;
/// A hidden page is parked after so long in company, and at once alone.
pub(crate) const AWAY_TICKS: u32 = 2 * SECOND;
/// Bots by themselves leave after so long: they do not keep a maze awake.
pub(crate) const BOTS_ALONE_TICKS: u32 = 30 * SECOND;
/// The end of a run is told for so long after its player was last named with that run.
pub(crate) const OVER_TICKS: u32 = 10 * SECOND;
/// Who found no seat is told so until his gateway has not named him for so long.
pub(crate) const FULL_TICKS: u32 = 90;
/// Players without a seat who are told of a neighbour; the others wait.
pub(crate) const FULL_MAX: usize = 64;

const _: () = assert!(SILENT_TICKS < DROP_TICKS && IDLE_TICKS < IDLE_DROP_TICKS);

pub(crate) struct Desk {
    pub(crate) roll: record::Desk,
    gateways: BTreeMap<NodeId, Gateway>,
    /// Of those who are named by several gateways, who has him.
    namings: Namings,
    /// What those whose join is under way asked for.
    asked: BTreeMap<PlayerId, RosterRow>,
    full: BTreeMap<PlayerId, u32>,
    /// Since when a hidden page has been hidden, as far as this leader knows.
    away_since: BTreeMap<PlayerId, u32>,
    /// When a person was last here, seated or looking on; and whether one is.
    person_tick: u32,
    has_persons: bool,
    /// The tick up to which nothing happens here unless somebody says something or the world answers. `None`: at every tick something may.
    calm_until: Option<u32>,
    /// The seating has changed since it was last told.
    pub(crate) is_news: bool,
    /// Somebody is here who may know nothing of the maze yet: a gateway, a player, a run. The next frame is complete, so that nobody is drawn with
    /// an old sheet or score until the sections have come round.
    pub(crate) has_newcomers: bool,
}

struct Gateway {
    serial: u64,
    spectators: u32,
    tick: u32,
}

impl Desk {
    /// Takes up a maze at `tick`: what counts silence starts anew, and roll and world are made to agree.
    pub(crate) fn open(mut roll: record::Desk, world: &World) -> Self {
        let tick = world.tick();
        roll.rows.retain(|sitting| world.player(sitting.seat).is_some_and(|player| player.id == sitting.player.0));
        for sitting in &mut roll.rows {
            (sitting.last_named_tick, sitting.last_input_tick) = (tick, tick);
        }
        let away_since = roll.rows.iter().filter(|sitting| sitting.away).map(|sitting| (sitting.player, tick)).collect();
        for over in &mut roll.over {
            over.tick = tick;
        }
        let (gateways, namings, asked, full) = (BTreeMap::new(), Namings::new(tick), BTreeMap::new(), BTreeMap::new());
        let (person_tick, has_persons, calm_until) = (tick, false, None);
        Self { roll, gateways, namings, asked, full, away_since, person_tick, has_persons, calm_until, is_news: true, has_newcomers: true }
    }

    /// Spectators, people only, over all gateways.
    pub(crate) fn spectators(&self) -> u32 {
        self.gateways.values().fold(0, |sum, gateway| sum.saturating_add(gateway.spectators))
    }

    /// Nobody is here whom a sleeping maze would keep waiting.
    pub(crate) fn is_deserted(&self) -> bool {
        self.roll.rows.is_empty() && self.asked.is_empty() && self.spectators() == 0
    }

    /// What the world is to do at its next tick boundary, the one after `world.tick()`.
    pub(crate) fn take(&mut self, intake: &Intake, world: &World) -> Vec<Command> {
        let tick = world.tick().wrapping_add(1);
        let is_calm = self.calm_until.is_some_and(|until| until.wrapping_sub(tick).cast_signed() > 0);
        if is_calm && intake.rosters.is_empty() && intake.inputs.is_empty() {
            if self.has_persons {
                self.person_tick = tick;
            }
            return Vec::new();
        }
        self.asked.clear();
        let mut commands = Vec::new();
        let mut rosters: Vec<_> = intake.rosters.iter().filter(|roster| self.hear_gateway(tick, roster)).cloned().collect();
        for roster in &rosters {
            self.namings.hear(tick, roster);
        }
        self.is_news |= !rosters.is_empty() && self.namings.settle(tick);
        for roster in &mut rosters {
            let (namings, gateway) = (&self.namings, &roster.gateway);
            roster.players.retain(|row| namings.has(gateway, row));
        }
        retain(&mut self.gateways, |gateway| tick.wrapping_sub(gateway.tick) < SILENT_TICKS);
        if !rosters.is_empty() {
            for row in inbox::newest_rows(&rosters).into_values() {
                self.hear_row(tick, row, world, &mut commands);
            }
        }
        for &(player, n, direction) in &intake.inputs {
            if let Some(sitting) = self.sitting_mut(player) {
                press(sitting, tick, n, Some(direction), &mut commands);
            }
        }
        self.watch(tick, world, &mut commands);
        self.dismiss_unknown(world, &mut commands);
        self.roll.over.retain(|over| tick.wrapping_sub(over.tick) < OVER_TICKS);
        let full = self.full.len();
        retain(&mut self.full, |asked| tick.wrapping_sub(*asked) < FULL_TICKS);
        self.is_news |= self.full.len() != full;
        self.calm_until = self.calm_ticks(tick).map(|ticks| tick.wrapping_add(ticks));
        commands
    }

    /// For how many ticks time alone changes nothing here; `None` when somebody is on his way in, away or late already, who has to be looked after.
    fn calm_ticks(&self, tick: u32) -> Option<u32> {
        let left = |since: u32, ticks: u32| ticks.checked_sub(tick.wrapping_sub(since)).filter(|left| *left > 0);
        let mut calm = Some(IDLE_TICKS).filter(|_| self.asked.is_empty())?;
        for sitting in &self.roll.rows {
            let unheard = left(sitting.last_named_tick, SILENT_TICKS)?.min(left(sitting.last_input_tick, IDLE_TICKS)?);
            calm = calm.min(Some(unheard).filter(|_| !sitting.away)?);
        }
        let gateways = self.gateways.values().map(|gateway| (gateway.tick, SILENT_TICKS));
        let over = self.roll.over.iter().map(|over| (over.tick, OVER_TICKS));
        let full = self.full.values().map(|asked| (*asked, FULL_TICKS));
        for (since, ticks) in gateways.chain(over).chain(full) {
            calm = calm.min(left(since, ticks)?);
        }
        if !self.has_persons && self.roll.rows.iter().any(|sitting| sitting.bot) {
            calm = calm.min(left(self.person_tick, BOTS_ALONE_TICKS)?);
        }
        Some(calm)
    }

    /// Whether this roster is newer than what its gateway has said before.
    fn hear_gateway(&mut self, tick: u32, roster: &crate::wire::between_nodes::Roster) -> bool {
        if self.gateways.get(&roster.gateway).is_some_and(|known| roster.serial <= known.serial) {
            return false;
        }
        if self.gateways.len() >= inbox::GATEWAYS_MAX && !self.gateways.contains_key(&roster.gateway) {
            return false;
        }
        let said = Gateway { serial: roster.serial, spectators: roster.spectators, tick };
        let before = self.gateways.insert(roster.gateway.clone(), said);
        self.has_newcomers |= before.is_none();
        self.is_news |= before.map_or(0, |before| before.spectators) != roster.spectators;
        true
    }

    fn hear_row(&mut self, tick: u32, row: &RosterRow, world: &World, commands: &mut Vec<Command>) {
        let over = self.roll.over.iter_mut().find(|over| over.player == row.player && over.run >= row.run);
        let is_over = over.map(|over| over.tick = tick).is_some();
        let Some(sitting) = self.sitting_mut(row.player) else {
            if !row.leaving && !is_over {
                self.ask(tick, row, world, commands);
            }
            return;
        };
        if row.leaving {
            if row.run >= sitting.run {
                commands.push(Command::Leave { seat: sitting.seat });
            }
            return;
        }
        // He is back, or asked again: that is as good as a key.
        let came_back = row.run > sitting.run || tick.wrapping_sub(sitting.last_named_tick) >= SILENT_TICKS || (sitting.away && !row.away);
        if came_back {
            sitting.last_input_tick = tick;
        }
        sitting.last_named_tick = tick;
        sitting.run = sitting.run.max(row.run);
        sitting.away = row.away;
        press(sitting, tick, row.n, row.wish, commands);
        if (sitting.name.as_str(), sitting.bot) != (row.name.as_str(), row.bot) {
            (sitting.name, sitting.bot) = (row.name.clone(), row.bot);
            self.changed();
        }
    }

    fn ask(&mut self, tick: u32, row: &RosterRow, world: &World, commands: &mut Vec<Command>) {
        if self.asked.len() < usize::from(world.free_seats()) {
            self.full.remove(&row.player);
            self.asked.insert(row.player, row.clone());
            commands.push(Command::Join { player: row.player.0 });
        } else if self.full.len() < FULL_MAX || self.full.contains_key(&row.player) {
            self.is_news |= self.full.insert(row.player, tick).is_none();
        }
    }

    /// Parks, wakes and drops.
    fn watch(&mut self, tick: u32, world: &World, commands: &mut Vec<Command>) {
        let alone = world.players() <= 1;
        let persons = self.roll.rows.iter().any(|sitting| !sitting.bot) || self.asked.values().any(|row| !row.bot);
        self.has_persons = persons || self.spectators() > 0;
        if self.has_persons {
            self.person_tick = tick;
        }
        self.away_since.retain(|player, _| self.roll.rows.iter().any(|sitting| sitting.player == *player && sitting.away));
        for sitting in self.roll.rows.iter().filter(|sitting| sitting.away) {
            self.away_since.entry(sitting.player).or_insert(tick);
        }
        let only_bots = tick.wrapping_sub(self.person_tick) >= BOTS_ALONE_TICKS;
        for sitting in &self.roll.rows {
            let seat = sitting.seat;
            let silent = tick.wrapping_sub(sitting.last_named_tick);
            let idle = tick.wrapping_sub(sitting.last_input_tick);
            let away_since = self.away_since.get(&sitting.player);
            let away = away_since.is_some_and(|since| alone || tick.wrapping_sub(*since) >= AWAY_TICKS);
            if silent >= DROP_TICKS || idle >= IDLE_DROP_TICKS || (only_bots && sitting.bot) {
                commands.push(Command::Leave { seat });
            } else if silent >= SILENT_TICKS || idle >= IDLE_TICKS || away {
                if world.is_playing(seat) {
                    commands.push(Command::Park { seat });
                }
            } else if world.is_parked(seat) {
                commands.push(Command::Unpark { seat });
            }
        }
    }

    /// A seat that nobody on the roll holds (the roll was lost, the world was not) would never be freed.
    fn dismiss_unknown(&self, world: &World, commands: &mut Vec<Command>) {
        let known = self.roll.rows.iter().fold(0_u32, |known, sitting| known | 1 << sitting.seat.0);
        let unknown = (0..SEATS as u8).filter(|seat| known & 1 << seat == 0).map(Seat);
        commands.extend(unknown.filter(|seat| world.player(*seat).is_some()).map(|seat| Command::Leave { seat }));
    }

    fn sitting_mut(&mut self, player: PlayerId) -> Option<&mut DeskRow> {
        self.roll.rows.iter_mut().find(|sitting| sitting.player == player)
    }

    fn changed(&mut self) {
        self.roll.roster_version = self.roll.roster_version.wrapping_add(1);
        self.is_news = true;
        self.has_newcomers = true;
    }
}

/// Most ticks have nothing to take off, and to look is cheaper than to sift.
fn retain<K: Ord, V>(map: &mut BTreeMap<K, V>, stays: impl Fn(&V) -> bool) {
    if !map.values().all(&stays) {
        map.retain(|_, value| stays(value));
    }
}

/// A key, unless it is an old one.
fn press(sitting: &mut DeskRow, tick: u32, n: u32, direction: Option<Direction>, commands: &mut Vec<Command>) {
    let Some(direction) = direction.filter(|_| n > sitting.n) else { return };
    sitting.n = n;
    sitting.last_input_tick = tick;
    sitting.last_named_tick = tick;
    let seat = sitting.seat;
    // The newest key of a tick is the one that counts.
    commands.retain(|command| !matches!(command, Command::Wish { seat: other, .. } if *other == seat));
    commands.push(Command::Wish { seat, direction });
}
