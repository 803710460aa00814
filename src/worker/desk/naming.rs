//! Of a player whom several gateways name, which connection he plays over: the one that came last. The others are told to close. Pure.
//!
//! "Last" is by when this leader heard of a connection first, so that it does not rest on two machines' clocks. Only what a new leader hears in its
//! first second came in an order that means nothing; there the later ask for a run decides. Bounded by the rosters that the inbox lets in.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::SECOND;
use super::SILENT_TICKS;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::between_nodes::ReplacedRow;
use crate::wire::between_nodes::Roster;
use crate::wire::between_nodes::RosterRow;

/// Every gateway repeats its roster twice in this time.
const BLIND_TICKS: u32 = SECOND;

pub(super) struct Namings {
    /// Until when the order of arrival means nothing.
    blind_until: u32,
    /// In the order of arrival.
    players: BTreeMap<PlayerId, Vec<Naming>>,
    replaced: Vec<ReplacedRow>,
}

struct Naming {
    gateway: NodeId,
    connection: u64,
    run: u64,
    last_tick: u32,
}

impl Namings {
    pub(super) fn new(tick: u32) -> Self {
        Self { blind_until: tick.wrapping_add(BLIND_TICKS), players: BTreeMap::new(), replaced: Vec::new() }
    }

    /// Takes in the whole list of one gateway.
    pub(super) fn hear(&mut self, tick: u32, roster: &Roster) {
        let named: BTreeSet<(PlayerId, u64)> = roster.players.iter().map(|row| (row.player, row.connection)).collect();
        for (player, namings) in &mut self.players {
            namings.retain(|naming| naming.gateway != roster.gateway || named.contains(&(*player, naming.connection)));
        }
        let blind = self.blind_until.wrapping_sub(tick) <= BLIND_TICKS;
        for row in &roster.players {
            let namings = self.players.entry(row.player).or_default();
            if let Some(known) = namings.iter_mut().find(|naming| is_of(naming, &roster.gateway, row)) {
                (known.last_tick, known.run) = (tick, row.run);
                continue;
            }
            namings.push(Naming { gateway: roster.gateway.clone(), connection: row.connection, run: row.run, last_tick: tick });
            if blind {
                namings.sort_by_key(|naming| naming.run);
            }
        }
    }

    /// Forgets the silent. Says whether the list of the replaced has changed.
    pub(super) fn settle(&mut self, tick: u32) -> bool {
        self.players.retain(|_, namings| {
            namings.retain(|naming| tick.wrapping_sub(naming.last_tick) < SILENT_TICKS);
            !namings.is_empty()
        });
        let older = self.players.values().flat_map(|namings| namings.iter().rev().skip(1));
        let row = |naming: &Naming| ReplacedRow { gateway: naming.gateway.clone(), connection: naming.connection };
        let mut replaced: Vec<ReplacedRow> = older.map(row).collect();
        replaced.sort();
        let changed = replaced != self.replaced;
        self.replaced = replaced;
        changed
    }

    /// Whether what this gateway says of a player counts.
    pub(super) fn has(&self, gateway: &NodeId, row: &RosterRow) -> bool {
        let last = self.players.get(&row.player).and_then(|namings| namings.last());
        last.is_none_or(|last| is_of(last, gateway, row))
    }

    pub(super) fn replaced(&self) -> Vec<ReplacedRow> {
        self.replaced.clone()
    }
}

fn is_of(naming: &Naming, gateway: &NodeId, row: &RosterRow) -> bool {
    naming.gateway == *gateway && naming.connection == row.connection
}
