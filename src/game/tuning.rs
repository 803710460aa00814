//! Every number of the rules that is not geometry: speeds, level table, times, limits, points.
//!
//! Lives here: rules 1.4, 1.5, 1.10, 1.11 and 3.2 as constants and small lookups. Does not live here: tiles and spawn places (`maze`), what the
//! numbers do (everybody else). A speed is `k`, pixels per sixteen ticks: percent of the arcade's top speed divided by five.

/// Ticks of a second.
pub const TICKS_PER_SECOND: u32 = 60;
/// The level after which nothing gets harder; levels count on, 256 and beyond play as this one.
pub const HARDEST_LEVEL: u16 = 21;
/// Levels count up to here and stay; nobody gets there.
pub const LEVEL_MAX: u16 = 9999;

/// Speeds in pixels per sixteen ticks, by the speed row of the level.
#[derive(Clone, Copy, Debug)]
pub struct Speeds {
    pub pac: u8,
    /// The lone pac while ghosts are blue.
    pub pac_fright: u8,
    /// Whoever has opened a power window, with two players or more.
    pub pac_powered: u8,
    pub ghost: u8,
    pub ghost_fright: u8,
    pub ghost_tunnel: u8,
    pub elroy: [u8; 2],
}

/// Rows for levels 1, 2 to 4, 5 to 20, and 21 and above. The last has no blue ghosts for one player; for more it borrows row 2's.
pub const SPEEDS: [Speeds; 4] = [
    Speeds { pac: 16, pac_fright: 18, pac_powered: 20, ghost: 15, ghost_fright: 10, ghost_tunnel: 8, elroy: [16, 17] },
    Speeds { pac: 18, pac_fright: 19, pac_powered: 22, ghost: 17, ghost_fright: 11, ghost_tunnel: 9, elroy: [18, 19] },
    Speeds { pac: 20, pac_fright: 20, pac_powered: 23, ghost: 19, ghost_fright: 12, ghost_tunnel: 10, elroy: [20, 21] },
    Speeds { pac: 18, pac_fright: 18, pac_powered: 22, ghost: 19, ghost_fright: 12, ghost_tunnel: 10, elroy: [20, 21] },
];
/// Eyes: two pixels a tick.
pub const EYES_K: u8 = 32;
/// Ghosts inside the house, bobbing or leaving: half a pixel a tick.
pub const HOUSE_K: u8 = 8;
/// A bumped pac while he is pushed: 16 pixels in 8 ticks.
pub const PUSH_K: u8 = 32;

/// Which row of [`SPEEDS`] a level plays by.
#[must_use]
pub const fn speed_row(level: u16) -> u8 {
    match level {
        0..=1 => 0,
        2..=4 => 1,
        5..=20 => 2,
        _ => 3,
    }
}

/// What a level has of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    pub fruit_points: u16,
    /// Dots left on the sheet at which Blinky becomes Elroy, first and second degree.
    pub elroy_dots_left: [u16; 2],
    pub fright_seconds: u8,
    pub flashes: u8,
}

const fn level(fruit_points: u16, elroy: u16, fright_seconds: u8, flashes: u8) -> Level {
    Level { fruit_points, elroy_dots_left: [elroy, elroy / 2], fright_seconds, flashes }
}

const LEVELS: [Level; HARDEST_LEVEL as usize] = [
    level(100, 20, 6, 5),
    level(300, 30, 5, 5),
    level(500, 40, 4, 5),
    level(500, 40, 3, 5),
    level(700, 40, 2, 5),
    level(700, 50, 5, 5),
    level(1000, 50, 2, 5),
    level(1000, 50, 2, 5),
    level(2000, 60, 1, 3),
    level(2000, 60, 5, 5),
    level(3000, 60, 2, 5),
    level(3000, 80, 1, 3),
    level(5000, 80, 1, 3),
    level(5000, 80, 3, 5),
    level(5000, 100, 1, 3),
    level(5000, 100, 1, 3),
    level(5000, 100, 0, 0),
    level(5000, 100, 1, 3),
    level(5000, 120, 0, 0),
    level(5000, 120, 0, 0),
    level(5000, 120, 0, 0),
];

/// The table's line for a level; 0 reads as 1, everything above 21 as 21.
#[must_use]
pub const fn level_of(level: u16) -> Level {
    let index = if level == 0 { 0 } else { level as usize - 1 };
    LEVELS[if index < LEVELS.len() { index } else { LEVELS.len() - 1 }]
}

/// How long an energizer's power lasts, in ticks: by the table for one player, at least three seconds for more.
#[must_use]
pub const fn power_ticks(level: u16, players: u8) -> u16 {
    let table = level_of(level).fright_seconds as u16 * TICKS_PER_SECOND as u16;
    if players >= 2 && table < POWER_TICKS_MIN { POWER_TICKS_MIN } else { table }
}

/// Dots at which Pinky, Inky and Clyde leave the house.
#[must_use]
pub const fn house_limits(level: u16) -> [u16; 3] {
    match level {
        0..=1 => [0, 30, 60],
        2 => [0, 0, 50],
        _ => [0, 0, 0],
    }
}

/// Ticks without a dot after which the first in the house leaves.
#[must_use]
pub const fn no_dot_ticks(level: u16) -> u16 {
    if level <= 4 { 240 } else { 180 }
}

/// The global counter's values that release Pinky, Inky and Clyde after a death of the lone player.
pub const GLOBAL_LIMITS: [u16; 3] = [7, 17, 32];

/// Ticks of each stage of the scatter clock, scatter first, in turns; after the last it is chase for good.
#[must_use]
pub const fn stages(level: u16) -> [u32; 7] {
    match level {
        0..=1 => [420, 1200, 420, 1200, 300, 1200, 300],
        2..=4 => [420, 1200, 420, 1200, 300, 61_994, 1],
        _ => [300, 1200, 300, 1200, 300, 62_234, 1],
    }
}

// Phases of the lone player's game, in ticks.
pub const READY_FIRST_TICKS: u16 = 245;
pub const READY_TICKS: u16 = 120;
pub const EATEN_TICKS: u16 = 60;
/// Freeze 1.0 s, 0.5 s, nine pictures of 0.125 s, 0.25 s, 0.8 s.
pub const DYING_TICKS: u16 = 220;
/// Of these, while ghosts are still to be seen.
pub const DYING_SEEN_TICKS: u16 = 60;
/// Freeze 2.0 s, eight flashes of 0.2 s, 0.3 s.
pub const CLEARED_TICKS: u16 = 234;

// Eating.
pub const DOT_POINTS: u32 = 10;
pub const ENERGIZER_POINTS: u32 = 50;
pub const DOT_PAUSE_TICKS: u8 = 1;
pub const ENERGIZER_PAUSE_TICKS: u8 = 3;
pub const CHAIN_POINTS: [u16; 4] = [200, 400, 800, 1600];
/// What the same victim brings the same eater for the second time within [`FARMING_TICKS`].
pub const FARMED_POINTS: u16 = 50;
pub const FARMING_TICKS: u32 = 1800;
pub const FRUIT_AT: [u16; 2] = [70, 170];
pub const FRUIT_TICKS: u16 = 570;

// Runs.
/// Lives beside the one being played, at the start of a run.
pub const SPARE_LIVES: u8 = 2;
pub const SPARE_LIVES_MAX: u8 = 7;
pub const EXTRA_LIFE_POINTS: u32 = 10_000;

// Two players and more.
pub const POWER_TICKS_MIN: u16 = 180;
/// Energizers sleep for so long after the last power window.
pub const LOCK_TICKS: u16 = 240;
pub const DEAD_TICKS: u16 = 120;
/// The spawn shield, counted from the first wish.
pub const SHIELD_TICKS: u16 = 180;
/// The spawn shield at most, counted from the spawn.
pub const SHIELD_TICKS_MAX: u16 = 360;
pub const PUSH_TICKS: u8 = 8;
pub const STUN_TICKS: u8 = 6;
pub const BUMP_IMMUNITY_TICKS: u8 = 60;
/// Closer than this on both axes is a touch.
pub const TOUCH_PX: u8 = 4;
/// Blinky keeps his victim for at least so long...
pub const VICTIM_TICKS_MIN: u32 = 120;
/// ... and after that changes it for one who is nearer by this many tiles.
pub const VICTIM_GAIN_TILES: u8 = 4;
pub const SPAWN_TILES_FROM_PAC: u8 = 4;
pub const SPAWN_TILES_FROM_GHOST: u8 = 8;
/// Clyde shies from a victim nearer than this.
pub const CLYDE_TILES: i32 = 8;
/// Nobody is seated for so long: the maze starts over at level 1.
pub const EMPTY_TICKS: u16 = 1800;

// The refill of a sheet, from two players on.
pub const FLASH_TICKS: u16 = 96;
/// Dots appear during so many ticks, from the house outward.
pub const LAYING_TICKS: u16 = 60;
/// Missing energizers appear so long after the last dot.
pub const ENERGIZERS_AFTER_TICKS: u16 = 120;

/// Ghosts for so many players.
#[must_use]
pub const fn pack_size(players: u8) -> u8 {
    match players {
        0..=6 => 4,
        7..=11 => 6,
        _ => 8,
    }
}

/// Sheets that end a level for so many players.
#[must_use]
pub const fn sheets_needed(players: u8) -> u8 {
    if players == 0 { 1 } else { players.div_ceil(4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fright_times_go_as_in_the_table_1_12_14() {
        let seconds: Vec<u8> = (1..=21).map(|level| level_of(level).fright_seconds).collect();
        assert_eq!(seconds, [6, 5, 4, 3, 2, 5, 2, 2, 1, 5, 2, 1, 1, 3, 1, 1, 0, 1, 0, 0, 0]);
    }

    #[test]
    fn scatter_clock_switches_where_the_rom_does_1_5() {
        let switches = |level| {
            let mut sum = 0;
            stages(level).map(|ticks| {
                sum += ticks;
                sum
            })
        };
        assert_eq!(switches(1), [0x1A4, 0x654, 0x7F8, 0xCA8, 0xDD4, 0x1284, 0x13B0]);
        assert_eq!(switches(2), [0x1A4, 0x654, 0x7F8, 0xCA8, 0xDD4, 0xFFFE, 0xFFFF]);
        assert_eq!(switches(5), [0x12C, 0x5DC, 0x708, 0xBB8, 0xCE4, 0xFFFE, 0xFFFF]);
    }

    #[test]
    fn speeds_are_percent_by_five_1_4() {
        let percents = |row: usize| {
            let s = SPEEDS[row];
            [s.pac, s.pac_fright, s.ghost, s.ghost_fright, s.ghost_tunnel, s.elroy[0], s.elroy[1]].map(|k| u32::from(k) * 5)
        };
        assert_eq!(percents(0), [80, 90, 75, 50, 40, 80, 85]);
        assert_eq!(percents(1), [90, 95, 85, 55, 45, 90, 95]);
        assert_eq!(percents(2), [100, 100, 95, 60, 50, 100, 105]);
        assert_eq!(percents(3)[0], 90);
        assert_eq!([1, 2, 4, 5, 20, 21, 256].map(speed_row), [0, 1, 1, 2, 2, 3, 3]);
    }

    #[test]
    fn power_lasts_at_least_three_seconds_in_company_3_2() {
        assert_eq!(power_ticks(1, 1), 360);
        assert_eq!(power_ticks(17, 1), 0);
        assert_eq!(power_ticks(17, 2), 180);
        assert_eq!(power_ticks(1, 2), 360);
    }

    #[test]
    fn packs_and_sheets_grow_with_players_3_2() {
        assert_eq!([1, 6, 7, 11, 12, 16].map(pack_size), [4, 4, 6, 6, 8, 8]);
        assert_eq!([1, 4, 5, 8, 9, 12, 13, 16].map(sheets_needed), [1, 1, 2, 2, 3, 3, 4, 4]);
    }
}
