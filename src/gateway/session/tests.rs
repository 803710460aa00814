//! Tests of what a client may do when: every refusal and every close has its line here.

mod following;

use std::time::Duration;

use super::*;
use crate::gateway::admission::HELLO_MAX;
use crate::gateway::attendance::Part;
use crate::wire::Epoch;
use crate::wire::Seat;
use crate::wire::between_nodes::FullRow;
use crate::wire::between_nodes::OverRow;
use crate::wire::between_nodes::SeatRow;
use crate::wire::between_nodes::Seating;

const ME: PlayerId = PlayerId(7);

struct Client {
    session: Session,
    now: Moment,
    secret: Secret,
    tick: u32,
}

impl Client {
    fn new() -> Self {
        let now = Moment { at: Instant::now(), unix_ms: 1_000_000 };
        Self { session: Session::new(ME, now.at + HELLO_MAX, now.at), now, secret: Secret::new(b"a secret for tests only"), tick: 0 }
    }

    fn greeted() -> Self {
        let mut client = Self::new();
        assert_eq!(client.say(r#"{"type":"hello","version":1}"#), [Action::Greet(ME)]);
        client
    }

    fn joined() -> Self {
        let mut client = Self::greeted();
        assert_eq!(client.say(r#"{"type":"join","maze":"m","name":"Pip"}"#), [Action::Follow { maze: Some(maze("m")), leaving: false }]);
        assert_eq!(client.session.arrived(maze("m"), None), [told_joined("m", false, None, 0)]);
        client
    }

    fn seated() -> Self {
        let mut client = Self::joined();
        assert_eq!(client.seating(&[(ME, 3, 12)]), [told_joined("m", false, Some(3), 12)]);
        client
    }

    fn pass(&mut self, ms: u64) {
        self.now.at += Duration::from_millis(ms);
        self.now.unix_ms += ms;
    }

    fn say(&mut self, text: &str) -> Vec<Action> {
        self.session.on_text(self.now, text, &self.secret)
    }

    fn next_seating(&mut self) -> Seating {
        self.tick += 1;
        let at = Position { epoch: Epoch::new(1, 0), tick: self.tick };
        Seating { at, version: 1, spectators: 0, seats: Vec::new(), over: Vec::new(), full: Vec::new(), replaced: Vec::new() }
    }

    fn seating(&mut self, seats: &[(PlayerId, u8, u32)]) -> Vec<Action> {
        let row = |(player, seat, n): &(PlayerId, u8, u32)| SeatRow {
            seat: Seat(*seat),
            player: *player,
            name: String::new(),
            colour: 0,
            symbol: 0,
            bot: false,
            n: *n,
        };
        let seats = seats.iter().map(row).collect();
        let seating = Seating { seats, ..self.next_seating() };
        self.session.on_seating(&seating)
    }

    fn over(&mut self, run: u64) -> Vec<Action> {
        let over = vec![OverRow { player: ME, run, points: 900, level: 2 }];
        let seating = Seating { over, ..self.next_seating() };
        self.session.on_seating(&seating)
    }

    fn full(&mut self, neighbour: &str) -> Vec<Action> {
        let full = vec![FullRow { player: ME, neighbour: maze(neighbour) }];
        let seating = Seating { full, ..self.next_seating() };
        self.session.on_seating(&seating)
    }

    fn run(&self) -> Option<u64> {
        match self.session.member()?.part {
            Part::Player { run, .. } => Some(run),
            Part::Spectator => None,
        }
    }
}

fn maze(id: &str) -> MazeId {
    MazeId::parse(id).expect("an id")
}

fn told_joined(id: &str, spectating: bool, seat: Option<u8>, input: u32) -> Action {
    Action::Tell(ToClient::Joined { maze: maze(id), spectating, seat: seat.map(Seat), input })
}

fn refused(actions: &[Action]) -> Option<Refusal> {
    match actions {
        [Action::Tell(ToClient::Error { code, .. }), ..] => Some(*code),
        _ => None,
    }
}

#[test]
fn y1_before_hello_only_hello() {
    for text in [
        r#"{"type":"join","name":"Pip"}"#,
        r#"{"type":"watch"}"#,
        r#"{"type":"input","n":1,"dir":"left"}"#,
        r#"{"type":"ping","n":1}"#,
        r#"{"type":"leave"}"#,
    ] {
        assert_eq!(Client::new().say(text), [Action::Close(Close::NoHello)], "{text}");
    }
    let mut late = Client::new();
    late.pass(9_999);
    assert_eq!(late.session.on_time(late.now.at), []);
    late.pass(1);
    assert_eq!(late.session.on_time(late.now.at), [Action::Close(Close::NoHello)]);
    assert_eq!(Client::greeted().session.deadline(), None);
}

#[test]
fn boards_are_for_everybody_but_a_mazes_own_and_not_too_often() {
    let ask = |of: &str| format!(r#"{{"type":"board","of":"{of}"}}"#);
    let mut client = Client::greeted();
    assert_eq!(refused(&client.say(&ask("maze"))), Some(Refusal::NotJoined));
    for _ in 0..10 {
        assert_eq!(client.say(&ask("today")), [Action::Board(BoardName::Today)]);
    }
    assert_eq!(refused(&client.say(&ask("all"))), Some(Refusal::BoardsTooFast));
    client.pass(1000);
    assert_eq!(client.say(&ask("all")), [Action::Board(BoardName::All)]);
    assert_eq!(Client::seated().say(&ask("maze")), [Action::Board(BoardName::Maze)]);
}

#[test]
fn reports_are_of_others_from_within_a_maze_and_not_too_often() {
    let tell = r#"{"type":"report","player":"00000000000000b0","reason":"chat"}"#;
    assert_eq!(refused(&Client::greeted().say(tell)), Some(Refusal::NotJoined));
    let mut client = Client::seated();
    let own = format!(r#"{{"type":"report","player":"{}"}}"#, client.session.player().expect("greeted"));
    assert_eq!(refused(&client.say(&own)), Some(Refusal::NoSuchPlayer));
    for _ in 0..3 {
        assert_eq!(client.say(tell), [Action::Report { whom: PlayerId(0xb0), reason: Some(Reason::Chat) }]);
    }
    assert_eq!(refused(&client.say(tell)), Some(Refusal::ReportsTooFast));
    client.pass(20_000);
    assert_eq!(client.say(&tell.replace(r#","reason":"chat""#, "")), [Action::Report { whom: PlayerId(0xb0), reason: None }]);
}

#[test]
fn what_is_senseless_ends_the_connection() {
    for text in ["", "{", "[]", r#"{"type":"teleport"}"#, r#"{"type":"input","n":1,"dir":"north"}"#, r#"{"type":"hello","version":1}"#] {
        assert_eq!(Client::greeted().say(text), [Action::Close(Close::BadMessage)], "{text}");
    }
}

#[test]
fn a_page_of_another_version_is_told_to_reload_whatever_else_it_says() {
    for text in [r#"{"type":"hello","version":2}"#, r#"{"type":"hello","version":2,"cookies":true}"#, r#"{"type":"hello","version":0}"#] {
        assert_eq!(Client::new().say(text), [Action::Close(Close::WrongVersion)], "{text}");
    }
    assert_eq!(Client::new().say(r#"{"type":"hello","version":1,"cookies":true}"#), [Action::Close(Close::BadMessage)]);
}

#[test]
fn a_token_resumes_and_a_forged_one_is_refused() {
    let mut client = Client::new();
    let token = client.secret.player_token(PlayerId(99));
    assert_eq!(client.say(&format!(r#"{{"type":"hello","version":1,"token":"{token}"}}"#)), [Action::Greet(PlayerId(99))]);
    assert_eq!(Client::new().say(r#"{"type":"hello","version":1,"token":"AAAA"}"#), [Action::Close(Close::BadToken)]);
}

#[test]
fn a_seen_position_is_believed_only_signed_and_only_for_its_maze() {
    let mut client = Client::new();
    let position = Position { epoch: Epoch::new(4, 4), tick: 9 };
    let seen = client.secret.seen(&maze("m"), position);
    client.say(&format!(r#"{{"type":"hello","version":1,"seen":"{seen}"}}"#));
    assert_eq!((client.session.brought(&maze("m")), client.session.brought(&maze("n"))), (Some(position), None));
    let mut liar = Client::new();
    assert_eq!(liar.say(r#"{"type":"hello","version":1,"seen":"AAAA"}"#), [Action::Greet(ME)]);
    assert_eq!(liar.session.brought(&maze("m")), None);
}

#[test]
fn messages_come_at_a_bounded_rate() {
    let mut client = Client::greeted();
    let ping = r#"{"type":"ping","n":1}"#;
    let answered = (0..200).take_while(|_| client.say(ping) == [Action::Pong(1)]).count();
    assert_eq!(answered, 59, "the burst, less the hello");
    assert_eq!(client.say(ping), [Action::Close(Close::TooFast)]);
    client.pass(1000);
    assert_eq!(client.say(ping), [Action::Pong(1)]);
    let controls = (0..200).take_while(|_| client.session.on_control(client.now.at).is_empty()).count();
    assert!(controls < 30, "pings of the protocol below count too");
}

#[test]
fn before_joining_much_is_refused_and_the_connection_goes_on() {
    let mut client = Client::greeted();
    for text in [
        r#"{"type":"input","n":1,"dir":"left"}"#,
        r#"{"type":"chat","channel":"maze","text":"hi"}"#,
        r#"{"type":"away","away":true}"#,
        r#"{"type":"refresh"}"#,
        r#"{"type":"leave"}"#,
    ] {
        assert_eq!(refused(&client.say(text)), Some(Refusal::NotJoined), "{text}");
    }
}

#[test]
fn names_colours_and_symbols_are_judged() {
    let mut client = Client::greeted();
    for name in ["", "   ", "seventeen letters", "bi\\u202edi", "tab\\tbed", "\\u0000", "\\u200b"] {
        let refusal = refused(&client.say(&format!(r#"{{"type":"join","name":"{name}"}}"#)));
        assert_eq!(refusal, Some(Refusal::BadName), "{name}");
        client.pass(1000);
    }
    assert_eq!(refused(&client.say(r#"{"type":"join","name":"Pip","colour":16}"#)), Some(Refusal::BadColour));
    assert_eq!(refused(&client.say(r#"{"type":"join","name":"Pip","colour":15,"symbol":16}"#)), Some(Refusal::BadSymbol));
    assert_eq!(client.session.member(), None);
}

#[test]
fn chat_is_judged_and_bounded() {
    let mut client = Client::joined();
    for text in ["", "  ", "\\u202e", "a\\nb"] {
        assert_eq!(
            refused(&client.say(&format!(r#"{{"type":"chat","channel":"maze","text":"{text}"}}"#))),
            Some(Refusal::BadChat),
            "{text}"
        );
    }
    let line = r#"{"type":"chat","channel":"world","text":" <b>hi</b> "}"#;
    for _ in 0..5 {
        let said = Action::Say { channel: Channel::World, name: "Pip".to_owned(), words: Words::Text("<b>hi</b>".to_owned()) };
        assert_eq!(client.say(line), [said]);
    }
    assert_eq!(refused(&client.say(line)), Some(Refusal::ChatTooFast));
    client.pass(2000);
    assert_eq!(refused(&client.say(line)), None);
}

#[test]
fn a_line_is_text_or_one_of_six_phrases_and_phrases_count_as_lines() {
    let mut client = Client::joined();
    for said in ["", r#","phrase":0"#, r#","phrase":7"#, r#","phrase":1,"text":"hi""#] {
        let line = format!(r#"{{"type":"chat","channel":"maze"{said}}}"#);
        assert_eq!(refused(&client.say(&line)), Some(Refusal::BadChat), "{said}");
    }
    for number in 1..=5 {
        let said = Action::Say { channel: Channel::Maze, name: "Pip".to_owned(), words: Words::of(None, Some(number)).unwrap() };
        assert_eq!(client.say(&format!(r#"{{"type":"chat","channel":"maze","phrase":{number}}}"#)), [said]);
    }
    assert_eq!(refused(&client.say(r#"{"type":"chat","channel":"maze","phrase":6}"#)), Some(Refusal::ChatTooFast));
}

#[test]
fn who_only_watches_has_no_name_to_chat_with_and_no_pac_to_steer() {
    let mut client = Client::greeted();
    assert_eq!(client.say(r#"{"type":"watch"}"#), [Action::Follow { maze: None, leaving: false }]);
    client.session.arrived(maze("open-1"), None);
    assert_eq!(client.session.member().map(|member| member.part), Some(Part::Spectator));
    assert_eq!(refused(&client.say(r#"{"type":"chat","channel":"maze","text":"hi"}"#)), Some(Refusal::NotJoined));
    assert_eq!(refused(&client.say(r#"{"type":"input","n":1,"dir":"left"}"#)), Some(Refusal::NotJoined));
}

#[test]
fn joins_are_bounded() {
    let mut client = Client::greeted();
    let answers: Vec<_> = (0..12).map(|number| refused(&client.say(&format!(r#"{{"type":"watch","maze":"m{number}"}}"#)))).collect();
    assert_eq!(answers.iter().filter(|refusal| **refusal == Some(Refusal::JoinTooFast)).count(), 2);
}

#[test]
fn being_away_is_told_once_and_remembered() {
    let mut client = Client::seated();
    assert_eq!(client.say(r#"{"type":"away","away":true}"#), [Action::Change { leaving: false }]);
    assert_eq!(client.say(r#"{"type":"away","away":true}"#), []);
    assert_eq!(client.session.member().map(|member| member.away), Some(true));
}

#[test]
fn keys_are_passed_on() {
    let mut client = Client::seated();
    assert_eq!(client.say(r#"{"type":"input","n":13,"dir":"up"}"#), [Action::Steer { n: 13, dir: Direction::Up }]);
    assert_eq!(client.say(r#"{"type":"refresh"}"#), [Action::Refresh]);
}

#[test]
fn who_waits_for_a_seat_is_not_settled() {
    assert!(Client::greeted().session.is_settled(), "he waits for nothing");
    let mut client = Client::joined();
    assert!(!client.session.is_settled());
    client.seating(&[(ME, 3, 0)]);
    assert!(client.session.is_settled());
    client.seating(&[]);
    assert!(!client.session.is_settled(), "he will be seated again");
    client.say(r#"{"type":"watch"}"#);
    assert!(client.session.is_settled());
}
