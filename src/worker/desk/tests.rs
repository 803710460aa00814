//! Seats, silence, idleness and ends of runs, on a real world.

mod calm;

use super::*;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::Position;
use crate::wire::between_nodes::Roster;
use crate::wire::between_nodes::Seating;

/// A desk, its world, and one gateway that names whom it is told to.
struct Maze {
    world: World,
    desk: Desk,
    serial: u64,
    named: Vec<RosterRow>,
    spectators: u32,
}

fn row(player: u64) -> RosterRow {
    let name = format!("player {player}");
    RosterRow {
        player: PlayerId(player),
        name,
        colour: None,
        symbol: None,
        bot: false,
        away: false,
        leaving: false,
        run: 1,
        wish: None,
        n: 0,
        connection: 0,
    }
}

impl Maze {
    fn new(players: impl IntoIterator<Item = u64>) -> Self {
        let world = World::new(7);
        let desk = Desk::open(record::Desk::default(), &world);
        let mut maze = Self { world, desk, serial: 0, named: players.into_iter().map(row).collect(), spectators: 0 };
        maze.run(1);
        maze
    }

    /// Ticks with a roster every half second, the first at once.
    fn run(&mut self, ticks: u32) -> Vec<Command> {
        let mut all = Vec::new();
        for tick in 0..ticks {
            let rosters = if tick % 30 == 0 { vec![self.roster()] } else { vec![] };
            all.extend(self.tick(&Intake { rosters, ..Intake::default() }));
        }
        all
    }

    fn roster(&mut self) -> Roster {
        self.serial += 1;
        let players = self.named.clone();
        Roster { gateway: NodeId("gateway".to_owned()), serial: self.serial, shown: None, players, spectators: self.spectators }
    }

    fn tick(&mut self, intake: &Intake) -> Vec<Command> {
        let commands = self.desk.take(intake, &self.world);
        let outcomes = self.world.step(&commands);
        self.desk.hear(self.world.tick(), &outcomes);
        commands
    }

    fn press(&mut self, player: u64, n: u32, direction: Direction) -> Vec<Command> {
        self.tick(&Intake { inputs: vec![(PlayerId(player), n, direction)], ..Intake::default() })
    }

    fn seating(&self) -> Seating {
        let at = Position { epoch: Epoch::new(1, 1), tick: self.world.tick() };
        self.desk.seating(at, Some(&MazeId::open(2)))
    }

    fn seat(&self, player: u64) -> Option<Seat> {
        self.seating().seats.iter().find(|row| row.player == PlayerId(player)).map(|row| row.seat)
    }

    fn is_playing(&self, player: u64) -> bool {
        self.seat(player).is_some_and(|seat| self.world.is_playing(seat))
    }
}

#[test]
fn a_roster_seats_its_players_once() {
    let mut maze = Maze::new([1, 2]);
    assert_eq!((maze.seat(1), maze.seat(2)), (Some(Seat(0)), Some(Seat(1))));
    assert_eq!(maze.world.player(Seat(1)).unwrap().id, 2);
    let version = maze.seating().version;
    let commands = maze.run(100);
    assert_eq!(commands, [], "named again and again, and nothing comes of it");
    assert_eq!(maze.seating().version, version);
}

#[test]
fn colours_are_as_wished_where_possible_and_never_shared() {
    let mut maze = Maze::new([]);
    maze.named = (0..SEATS as u64).map(|player| RosterRow { colour: Some(5), ..row(player) }).collect();
    maze.named[3].colour = Some(200);
    maze.run(1);
    let seating = maze.seating();
    assert_eq!(seating.seats[0].colour, 5);
    let colours: std::collections::BTreeSet<_> = seating.seats.iter().map(|row| row.colour).collect();
    assert_eq!(colours.len(), SEATS);
}

#[test]
fn symbols_are_as_wished_else_as_the_colour_has_them_and_never_shared() {
    let mut maze = Maze::new([]);
    maze.named = vec![
        RosterRow { colour: Some(5), symbol: Some(9), ..row(1) },
        RosterRow { colour: Some(7), ..row(2) },
        RosterRow { colour: Some(9), ..row(3) },
        RosterRow { colour: Some(1), symbol: Some(9), ..row(4) },
        RosterRow { colour: Some(2), symbol: Some(200), ..row(5) },
    ];
    maze.run(1);
    let looks: Vec<_> = maze.seating().seats.iter().map(|row| (row.colour, row.symbol)).collect();
    assert_eq!(looks, [(5, 9), (7, 7), (9, 0), (1, 1), (2, 2)]);
}

#[test]
fn inputs_act_by_number_and_rosters_bring_those_that_were_lost_k1() {
    let mut maze = Maze::new([1, 2]);
    assert_eq!(maze.press(1, 3, Direction::Up), [Command::Wish { seat: Seat(0), direction: Direction::Up }]);
    assert_eq!(maze.press(1, 3, Direction::Down), [], "an old number");
    assert_eq!(maze.press(9, 1, Direction::Down), [], "nobody sits there");
    maze.named[0].n = 5;
    maze.named[0].wish = Some(Direction::Left);
    let roster = maze.roster();
    let both = Intake { rosters: vec![roster], inputs: vec![(PlayerId(1), 4, Direction::Down)], overflowed: 0 };
    assert_eq!(maze.tick(&both), [Command::Wish { seat: Seat(0), direction: Direction::Left }], "the higher number wins");
    assert_eq!(maze.desk.numbers()[..2], [5, 0]);
    let roster = maze.roster();
    let both = Intake { rosters: vec![roster], inputs: vec![(PlayerId(1), 14, Direction::Down)], overflowed: 0 };
    assert_eq!(maze.tick(&both), [Command::Wish { seat: Seat(0), direction: Direction::Down }]);
    assert_eq!(maze.desk.numbers()[0], 14 % 8);
    assert_eq!(maze.seating().seats[0].n, 14);
}

#[test]
fn the_unnamed_is_parked_after_three_seconds_and_dropped_after_thirty() {
    let mut maze = Maze::new([1, 2]);
    maze.named.remove(0);
    maze.run(SILENT_TICKS - 1);
    assert!(maze.is_playing(1));
    maze.run(1);
    assert!(!maze.is_playing(1) && maze.seat(1).is_some());
    maze.run(DROP_TICKS - SILENT_TICKS - 1);
    assert!(maze.seat(1).is_some());
    maze.run(1);
    assert_eq!(maze.seat(1), None);
    assert!(maze.seat(2).is_some(), "the one who was named");
}

#[test]
fn who_comes_back_in_time_has_his_seat_and_run() {
    let mut maze = Maze::new([1, 2]);
    let gone = maze.named.remove(0);
    maze.run(SILENT_TICKS + 60);
    maze.named.push(RosterRow { run: 7, ..gone });
    maze.run(2);
    assert!(maze.is_playing(1));
    assert_eq!(maze.seat(1), Some(Seat(0)));
}

#[test]
fn the_idle_is_parked_and_a_key_wakes_him() {
    let mut maze = Maze::new([1, 2]);
    for n in 1..12 {
        maze.run(IDLE_TICKS / 10);
        maze.press(2, n, Direction::Up);
    }
    assert!(!maze.is_playing(1) && maze.is_playing(2));
    maze.press(1, 1, Direction::Up);
    assert!(maze.is_playing(1));
}

#[test]
fn the_idle_keeps_his_run_for_ten_minutes() {
    let mut maze = Maze::new([1]);
    maze.run(IDLE_DROP_TICKS - 1);
    assert!(maze.seat(1).is_some());
    maze.run(1);
    assert_eq!(maze.seat(1), None);
}

#[test]
fn a_hidden_page_is_parked_after_two_seconds_in_company_and_at_once_alone() {
    let mut maze = Maze::new([1, 2]);
    maze.named[0].away = true;
    maze.run(AWAY_TICKS);
    assert!(maze.is_playing(1));
    maze.run(1);
    assert!(!maze.is_playing(1));
    maze.named[0].away = false;
    maze.run(1);
    assert!(maze.is_playing(1));

    let mut alone = Maze::new([1]);
    alone.named[0].away = true;
    alone.run(2);
    assert_eq!(alone.world.phase(), crate::game::scene::Phase::Paused);
}

#[test]
fn leaving_gives_up_seat_and_run_and_a_repeated_roster_begins_none() {
    let mut maze = Maze::new([1, 2]);
    maze.named[0].leaving = true;
    maze.run(90);
    assert_eq!(maze.seat(1), None);
    let over = maze.seating().over;
    assert_eq!((over.len(), over[0].player, over[0].run), (1, PlayerId(1), 1));
    maze.named[0].leaving = false;
    maze.run(OVER_TICKS * 2);
    assert_eq!(maze.seat(1), None, "the same run again is an echo, however long it is repeated");
    maze.named[0].run = 2;
    maze.run(1);
    assert!(maze.seat(1).is_some());
    assert_eq!(maze.seating().over, [], "he plays again");
}

#[test]
fn ends_of_runs_are_told_for_a_while() {
    let mut maze = Maze::new([1, 2]);
    maze.named[0].leaving = true;
    maze.run(1);
    maze.named.remove(0);
    maze.run(OVER_TICKS - 60);
    assert_eq!(maze.seating().over.len(), 1);
    maze.run(60);
    assert_eq!(maze.seating().over, []);
}

#[test]
fn a_full_maze_names_a_neighbour_until_he_goes() {
    let mut maze = Maze::new(0..=SEATS as u64);
    assert!(maze.desk.has_refused());
    let full = maze.seating().full;
    assert_eq!(full.iter().map(|row| (row.player, row.neighbour.clone())).collect::<Vec<_>>(), [(PlayerId(16), MazeId::open(2))]);
    maze.run(200);
    assert_eq!(maze.seating().full.len(), 1, "as long as he is named");
    maze.named.pop();
    maze.run(FULL_TICKS + 30);
    assert!(!maze.desk.has_refused());
}

#[test]
fn who_was_refused_gets_a_seat_that_falls_free() {
    let mut maze = Maze::new(0..=SEATS as u64);
    maze.named[3].leaving = true;
    maze.run(31);
    maze.run(31);
    assert_eq!(maze.seat(16), Some(Seat(3)));
    assert!(!maze.desk.has_refused());
}

#[test]
fn an_older_roster_is_dropped() {
    let mut maze = Maze::new([1]);
    let old = maze.roster();
    maze.named.push(row(2));
    let new = maze.roster();
    maze.tick(&Intake { rosters: vec![new], ..Intake::default() });
    maze.tick(&Intake { rosters: vec![Roster { spectators: 9, ..old }], ..Intake::default() });
    assert_eq!(maze.desk.spectators(), 0);
}

#[test]
fn bots_by_themselves_leave_and_with_a_spectator_stay() {
    let mut maze = Maze::new([]);
    maze.named = (0..3).map(|player| RosterRow { bot: true, ..row(player) }).collect();
    maze.spectators = 1;
    maze.run(BOTS_ALONE_TICKS - 100);
    maze.spectators = 0;
    maze.run(100 + 60);
    assert_eq!(maze.seating().seats.len(), 3);
    maze.run(BOTS_ALONE_TICKS);
    assert_eq!(maze.seating().seats.len(), 0);
}

#[test]
fn silence_counts_anew_at_a_takeover_and_ghost_seats_are_freed() {
    let mut maze = Maze::new([1, 2]);
    maze.named.clear();
    maze.run(SILENT_TICKS - 10);
    let mut roll = maze.desk.roll.clone();
    roll.rows.remove(0);
    roll.rows.push(DeskRow { player: PlayerId(99), seat: Seat(9), ..roll.rows[0].clone() });
    maze.desk = Desk::open(roll, &maze.world);
    maze.run(100);
    assert!(maze.is_playing(2), "the new leader has not listened for three seconds yet");
    assert_eq!(maze.seat(99), None, "the world knows no such player");
    assert_eq!(maze.world.seat_of(1), None, "the roll knows no such player");
}

/// What a gateway says of player 1 alone.
fn says(gateway: &str, serial: u64, rows: Vec<RosterRow>) -> Intake {
    let roster = Roster { gateway: NodeId(gateway.to_owned()), serial, shown: None, players: rows, spectators: 0 };
    Intake { rosters: vec![roster], ..Intake::default() }
}

fn over(connection: u64, run: u64) -> RosterRow {
    RosterRow { run, connection, ..row(1) }
}

#[test]
fn of_two_gateways_the_one_that_a_player_came_to_last_has_him() {
    let mut maze = Maze::new([]);
    maze.run(60);
    let replaced =
        |maze: &Maze| -> Vec<(String, u64)> { maze.seating().replaced.into_iter().map(|row| (row.gateway.0, row.connection)).collect() };
    maze.tick(&says("a", 1, vec![over(5, 900)]));
    maze.run(2);
    assert_eq!(replaced(&maze), []);
    // The clock of the second gateway is behind; it counts all the same that he came to it later.
    maze.desk.is_news = false;
    maze.tick(&says("b", 1, vec![over(7, 800)]));
    assert_eq!(replaced(&maze), [("a".to_owned(), 5)]);
    assert!(maze.desk.is_news, "told at once");
    maze.tick(&says("a", 2, vec![RosterRow { leaving: true, name: "old page".to_owned(), ..over(5, 900) }]));
    maze.run(2);
    let sitting = &maze.seating().seats[0];
    assert_eq!((sitting.player, sitting.name.as_str()), (PlayerId(1), "player 1"), "the older one steers nobody and ends no run");
    maze.tick(&says("a", 3, vec![]));
    assert_eq!(replaced(&maze), [], "it has closed him");
    maze.tick(&says("a", 4, vec![over(6, 1000)]));
    assert_eq!(replaced(&maze), [("b".to_owned(), 7)], "back again over another connection");
}

#[test]
fn a_new_leader_asks_who_joined_last_and_not_whom_it_heard_last() {
    let mut maze = Maze::new([]);
    maze.tick(&says("b", 1, vec![over(7, 800)]));
    maze.tick(&says("a", 1, vec![over(5, 700)]));
    let replaced = maze.seating().replaced;
    assert_eq!(replaced.iter().map(|row| row.gateway.0.as_str()).collect::<Vec<_>>(), ["a"]);
    // A gateway that died with him is forgotten.
    for serial in 2..12 {
        maze.tick(&says("b", serial, vec![over(7, 800)]));
        maze.run(20);
    }
    assert_eq!(maze.seating().replaced, []);
}
