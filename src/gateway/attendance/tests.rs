//! Tests of what a maze's leader hears: promptly, repeatedly, and no longer than needed.

use super::*;
use crate::wire::Epoch;
use crate::wire::between_nodes::SeatRow;

fn player(id: u64, run: u64) -> Member {
    let part = Part::Player { name: format!("p{id}"), colour: None, symbol: None, run };
    Member { player: PlayerId(id), bot: false, away: false, part }
}

fn spectator(id: u64) -> Member {
    Member { player: PlayerId(id), bot: false, away: false, part: Part::Spectator }
}

fn seating(players: &[u64]) -> Seating {
    let row = |(seat, id): (usize, &u64)| SeatRow {
        seat: Seat(seat as u8),
        player: PlayerId(*id),
        name: String::new(),
        colour: 0,
        symbol: 0,
        bot: false,
        n: 0,
    };
    let seats = players.iter().enumerate().map(row).collect();
    Seating { at: Position::default(), version: 1, spectators: 0, seats, over: Vec::new(), full: Vec::new(), replaced: Vec::new() }
}

fn at(epoch: u32, tick: u32) -> Position {
    Position { epoch: Epoch::new(epoch, 0), tick }
}

struct Desk {
    attendance: Attendance,
    now: Instant,
    serial: u64,
}

impl Desk {
    fn new() -> Self {
        let now = Instant::now();
        Self { attendance: Attendance::new(NodeId("g".to_owned()), now), now, serial: 0 }
    }

    fn pass(&mut self, ms: u64) {
        self.now += Duration::from_millis(ms);
    }

    fn outgoing(&mut self) -> Vec<Outgoing> {
        self.serial += 1;
        let serial = self.serial;
        self.attendance.outgoing(self.now, || serial)
    }

    fn roster(&mut self) -> Option<Roster> {
        self.outgoing().into_iter().find_map(|outgoing| match outgoing {
            Outgoing::Up(Up::Roster(roster)) => Some(roster),
            _ => None,
        })
    }

    fn inputs(&mut self) -> Vec<u32> {
        let inputs = self.outgoing().into_iter().filter_map(|outgoing| match outgoing {
            Outgoing::Up(Up::Input { n, .. }) => Some(n),
            _ => None,
        });
        inputs.collect()
    }

    fn knocks(&mut self) -> bool {
        self.outgoing().contains(&Outgoing::Knock)
    }
}

/// By seat the numbers of inputs that a frame holds, of the first two.
fn numbers(first: u8, second: u8) -> [u8; 16] {
    let mut numbers = [0; 16];
    (numbers[0], numbers[1]) = (first, second);
    numbers
}

#[test]
fn a_roster_comes_at_once_when_players_change_and_every_half_second() {
    let mut desk = Desk::new();
    desk.attendance.enter(1, player(1, 10), None, desk.now);
    assert_eq!(desk.roster().map(|roster| roster.players.len()), Some(1));
    assert_eq!(desk.roster(), None);
    desk.pass(100);
    desk.attendance.enter(2, player(2, 11), None, desk.now);
    assert_eq!(desk.roster().map(|roster| roster.players.len()), Some(2));
    desk.pass(499);
    assert_eq!(desk.roster(), None);
    desk.pass(1);
    assert!(desk.roster().is_some());
    desk.attendance.exit(2, desk.now);
    let roster = desk.roster().expect("a change");
    assert_eq!((roster.players.len(), roster.players[0].leaving), (1, false), "who lost his connection is not leaving");
}

#[test]
fn spectators_are_counted_and_only_the_first_is_urgent() {
    let mut desk = Desk::new();
    desk.attendance.enter(1, spectator(1), None, desk.now);
    assert_eq!(desk.roster().map(|roster| roster.spectators), Some(1));
    desk.attendance.enter(2, spectator(2), None, desk.now);
    desk.attendance.enter(3, Member { bot: true, ..spectator(3) }, None, desk.now);
    assert_eq!(desk.roster(), None);
    desk.pass(500);
    assert_eq!(desk.roster().map(|roster| roster.spectators), Some(2), "a bot keeps no maze awake");
    assert_eq!((desk.attendance.people(), desk.attendance.players()), (2, 0));
}

#[test]
fn a_new_epoch_calls_for_a_roster_that_names_the_newest_position() {
    let mut desk = Desk::new();
    desk.attendance.enter(1, player(1, 1), Some(at(2, 50)), desk.now);
    assert_eq!(desk.roster().and_then(|roster| roster.shown), Some(at(2, 50)));
    desk.attendance.shown(at(1, 900), false, || [0; 16], desk.now);
    assert_eq!(desk.roster(), None);
    desk.attendance.shown(at(3, 7), true, || [0; 16], desk.now);
    assert_eq!(desk.roster().and_then(|roster| roster.shown), Some(at(3, 7)));
}

#[test]
fn an_input_repeats_until_a_frame_holds_its_number() {
    let mut desk = Desk::new();
    desk.attendance.enter(1, player(1, 1), None, desk.now);
    desk.attendance.seated(&seating(&[9, 1]));
    desk.attendance.input(1, 12, Direction::Left, desk.now);
    assert_eq!(desk.inputs(), [12]);
    for wait in [150, 300, 600, 600] {
        desk.pass(wait - 1);
        assert_eq!(desk.inputs(), [0; 0]);
        desk.pass(1);
        assert_eq!(desk.inputs(), [12]);
    }
    desk.attendance.shown(at(1, 1), false, || numbers(4, 3), desk.now);
    desk.pass(600);
    assert_eq!(desk.inputs(), [12], "another seat's number is not his");
    desk.attendance.input(1, 13, Direction::Up, desk.now);
    assert_eq!(desk.inputs(), [13]);
    desk.pass(150);
    assert_eq!(desk.inputs(), [13], "the next key begins anew");
    desk.attendance.shown(at(1, 2), false, || numbers(0, 5), desk.now);
    desk.pass(600);
    assert_eq!(desk.inputs(), [0; 0]);
    desk.attendance.input(1, 11, Direction::Up, desk.now);
    assert_eq!(desk.inputs(), [0; 0], "an older number is an echo");
    desk.pass(500);
    let roster = desk.roster().expect("half a second has passed");
    assert_eq!((roster.players[0].n, roster.players[0].wish), (13, Some(Direction::Up)));
}

#[test]
fn a_silent_leader_is_knocked_for_until_it_is_heard() {
    let mut desk = Desk::new();
    assert!(!desk.knocks(), "nobody waits");
    desk.attendance.enter(1, spectator(1), None, desk.now);
    assert!(desk.knocks());
    assert!(!desk.knocks());
    desk.pass(500);
    assert!(desk.knocks());
    desk.attendance.heard(desk.now);
    desk.pass(499);
    assert!(!desk.knocks());
    desk.pass(1);
    assert!(desk.knocks(), "it has fallen silent again");
}

#[test]
fn who_gives_up_is_named_until_he_has_no_seat() {
    let mut desk = Desk::new();
    desk.attendance.enter(1, player(1, 1), None, desk.now);
    desk.attendance.seated(&seating(&[1]));
    desk.attendance.give_up(1, desk.now);
    desk.attendance.enter(1, spectator(1), None, desk.now);
    let leaving = |roster: Option<Roster>| roster.expect("due").players.iter().map(|row| row.leaving).collect::<Vec<_>>();
    assert_eq!(leaving(desk.roster()), [true]);
    desk.attendance.exit(1, desk.now);
    assert!(!desk.attendance.is_over(), "he is still to be named");
    desk.pass(500);
    assert_eq!(leaving(desk.roster()), [true]);
    assert!(desk.attendance.due() > desk.now, "nobody is left to knock for, so it must not spin");
    desk.attendance.seated(&seating(&[]));
    assert!(desk.attendance.is_over());
}

#[test]
fn a_leader_that_never_answers_is_not_told_for_ever() {
    let mut desk = Desk::new();
    desk.attendance.enter(1, player(1, 1), None, desk.now);
    desk.attendance.give_up(1, desk.now);
    desk.attendance.exit(1, desk.now);
    desk.pass(3000);
    desk.outgoing();
    assert!(desk.attendance.is_over());
}

#[test]
fn who_comes_back_is_not_leaving_any_more() {
    let mut desk = Desk::new();
    desk.attendance.enter(1, player(1, 1), None, desk.now);
    desk.attendance.give_up(1, desk.now);
    desk.attendance.enter(1, player(1, 2), None, desk.now);
    let roster = desk.roster().expect("due");
    assert_eq!(roster.players.iter().map(|row| (row.leaving, row.run)).collect::<Vec<_>>(), [(false, 2)]);
}

#[test]
fn it_is_due_when_it_has_something_to_send() {
    let mut desk = Desk::new();
    desk.attendance.enter(1, player(1, 1), None, desk.now);
    desk.attendance.heard(desk.now);
    desk.outgoing();
    for _ in 0..50 {
        let due = desk.attendance.due();
        assert!(due > desk.now, "it would spin");
        desk.now = due;
        assert!(!desk.outgoing().is_empty(), "it would wake for nothing");
    }
}

#[test]
fn whoever_goes_takes_the_input_along_that_waits() {
    let mut desk = Desk::new();
    desk.attendance.enter(1, player(1, 1), None, desk.now);
    desk.attendance.enter(2, player(2, 1), None, desk.now);
    desk.attendance.input(1, 12, Direction::Left, desk.now);
    assert_eq!(desk.inputs(), [12]);
    desk.attendance.exit(1, desk.now);
    desk.pass(100);
    assert_eq!(desk.inputs(), [0; 0]);
    assert!(desk.attendance.due() > desk.now, "it would spin");
}

#[test]
fn a_maze_counts_as_without_a_leader_when_people_have_waited_for_long() {
    let mut desk = Desk::new();
    desk.pass(60_000);
    desk.attendance.enter(1, spectator(1), None, desk.now);
    assert!(!desk.attendance.is_unheard(desk.now), "he has just come, and nobody was heard before");
    let heard = desk.now + UNHEARD_MAX / 2;
    desk.attendance.heard(heard);
    assert!(!desk.attendance.is_unheard(heard + UNHEARD_MAX - Duration::from_millis(1)) && desk.attendance.is_unheard(heard + UNHEARD_MAX));
    desk.attendance.exit(1, heard);
    let back = heard + UNHEARD_MAX * 2;
    desk.attendance.enter(2, player(2, 1), None, back);
    desk.attendance.enter(3, spectator(3), None, back + UNHEARD_MAX);
    assert!(!desk.attendance.is_unheard(back) && desk.attendance.is_unheard(back + UNHEARD_MAX));
}
