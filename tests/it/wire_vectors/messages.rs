//! Messages as text and as values: what `wire.js` writes must parse here, and what is written here is what it reads.

use serde_json::Value;
use serde_json::json;
use waka::game::grid::Direction;
use waka::game::scene::Seat;
use waka::wire::MazeId;
use waka::wire::NodeId;
use waka::wire::PlayerId;
use waka::wire::boards::BoardLine;
use waka::wire::boards::BoardName;
use waka::wire::boards::Shown;
use waka::wire::from_client::BadMessage;
use waka::wire::from_client::Channel;
use waka::wire::from_client::FromClient;
use waka::wire::from_client::Reason;
use waka::wire::phrases::Words;
use waka::wire::to_client::ChatLine;
use waka::wire::to_client::PlayerRow;
use waka::wire::to_client::Refusal;
use waka::wire::to_client::ToClient;

use super::golden;

pub(super) const REFUSALS: [Refusal; 12] = [
    Refusal::BadName,
    Refusal::BadColour,
    Refusal::BadSymbol,
    Refusal::BadChat,
    Refusal::ChatTooFast,
    Refusal::NotJoined,
    Refusal::MazeFull,
    Refusal::JoinTooFast,
    Refusal::BoardsTooFast,
    Refusal::ReportsTooFast,
    Refusal::NoSuchPlayer,
    Refusal::Unavailable,
];

fn maze() -> MazeId {
    MazeId::open(3)
}

#[test]
fn w2_client_messages() {
    let hello = |token: Option<&str>, seen: Option<&str>, bot| FromClient::Hello {
        version: 1,
        token: token.map(str::to_owned),
        seen: seen.map(str::to_owned),
        bot,
    };
    let join = |maze, name: &str, colour, symbol| FromClient::Join { maze, name: name.to_owned(), colour, symbol };
    let chat = |channel, text: Option<&str>, phrase| FromClient::Chat { channel, text: text.map(str::to_owned), phrase };
    // How wire.js is asked for it, and the message.
    let vectors = [
        (json!(["hello"]), hello(None, None, false)),
        (json!(["hello", { "token": "t", "seen": "s" }]), hello(Some("t"), Some("s"), false)),
        (json!(["hello", { "bot": true }]), hello(None, None, true)),
        (json!(["join", { "name": "모리 🍒" }]), join(None, "모리 🍒", None, None)),
        (json!(["join", { "maze": "open-3", "name": "Mori", "colour": 15 }]), join(Some(maze()), "Mori", Some(15), None)),
        (json!(["join", { "name": "Mori", "colour": 2, "symbol": 15 }]), join(None, "Mori", Some(2), Some(15))),
        (json!(["watch"]), FromClient::Watch { maze: None, next: false }),
        (json!(["watch", { "maze": "open-3" }]), FromClient::Watch { maze: Some(maze()), next: false }),
        (json!(["watch", { "next": true }]), FromClient::Watch { maze: None, next: true }),
        (json!(["input", 1, "up"]), FromClient::Input { n: 1, dir: Direction::Up }),
        (json!(["input", u32::MAX, "left"]), FromClient::Input { n: u32::MAX, dir: Direction::Left }),
        (json!(["input", 3, "down"]), FromClient::Input { n: 3, dir: Direction::Down }),
        (json!(["input", 4, "right"]), FromClient::Input { n: 4, dir: Direction::Right }),
        (json!(["chat", "maze", { "text": "안녕 \"all\"\\" }]), chat(Channel::Maze, Some("안녕 \"all\"\\"), None)),
        (json!(["chat", "world", { "text": "<b>hi</b>" }]), chat(Channel::World, Some("<b>hi</b>"), None)),
        (json!(["chat", "maze", { "phrase": 6 }]), chat(Channel::Maze, None, Some(6))),
        (json!(["away", true]), FromClient::Away { away: true }),
        (json!(["away", false]), FromClient::Away { away: false }),
        (json!(["refresh"]), FromClient::Refresh),
        (json!(["ping", 7]), FromClient::Ping { n: 7 }),
        (json!(["leave"]), FromClient::Leave),
        (json!(["board", "maze"]), FromClient::Board { of: BoardName::Maze }),
        (json!(["board", "world"]), FromClient::Board { of: BoardName::World }),
        (json!(["board", "today"]), FromClient::Board { of: BoardName::Today }),
        (json!(["board", "all"]), FromClient::Board { of: BoardName::All }),
        (json!(["report", "00000000000000b0"]), FromClient::Report { player: PlayerId(0xb0), reason: None }),
        (json!(["report", "00000000000000b0", "chat"]), FromClient::Report { player: PlayerId(0xb0), reason: Some(Reason::Chat) }),
        (json!(["report", "00000000000000b0", "name"]), FromClient::Report { player: PlayerId(0xb0), reason: Some(Reason::Name) }),
        (json!(["report", "00000000000000b0", "play"]), FromClient::Report { player: PlayerId(0xb0), reason: Some(Reason::Play) }),
    ];
    let entries: Vec<Value> = vectors
        .into_iter()
        .map(|(make, message)| {
            let text = serde_json::to_string(&message).unwrap();
            assert_eq!(FromClient::parse(&text), Ok(message));
            json!({ "make": make, "text": text })
        })
        .collect();
    golden("from_client.json", &entries);
}

#[test]
fn bad_client_messages() {
    let texts = [
        "",
        "nonsense",
        "{",
        "[1,",
        r#"{"type":"ping","n":1} x"#,
        "null",
        "[]",
        "7",
        r#""hello""#,
        "{}",
        r#"{"type":7}"#,
        r#"{"type":null}"#,
        r#"{"type":"teleport"}"#,
        r#"{"type":"Hello","version":1}"#,
        r#"{"type":"frame"}"#,
        r#"{"type":"hello"}"#,
        r#"{"type":"hello","version":"1"}"#,
        r#"{"type":"hello","version":1,"token":7}"#,
        r#"{"type":"hello","version":1,"extra":0}"#,
        r#"{"type":"join"}"#,
        r#"{"type":"join","name":7}"#,
        r#"{"type":"join","name":"a","maze":"No Such"}"#,
        r#"{"type":"join","name":"a","colour":256}"#,
        r#"{"type":"join","name":"a","symbol":-1}"#,
        r#"{"type":"input","n":1}"#,
        r#"{"type":"input","n":-1,"dir":"up"}"#,
        r#"{"type":"input","n":1.5,"dir":"up"}"#,
        r#"{"type":"input","n":4294967296,"dir":"up"}"#,
        r#"{"type":"input","n":1,"dir":"north"}"#,
        r#"{"type":"input","n":1,"dir":"up","dir":"down"}"#,
        r#"{"type":"chat","channel":"team","text":"a"}"#,
        r#"{"type":"chat","text":"a"}"#,
        r#"{"type":"chat","channel":"maze","phrase":-1}"#,
        r#"{"type":"chat","channel":"maze","phrase":"1"}"#,
        r#"{"type":"away"}"#,
        r#"{"type":"refresh","now":true}"#,
        r#"{"type":"leave","now":true}"#,
        r#"{"type":"ping","n":"1"}"#,
        r#"{"type":"board"}"#,
        r#"{"type":"board","of":"yesterday"}"#,
        r#"{"type":"board","of":"all","rows":9}"#,
        r#"{"type":"report"}"#,
        r#"{"type":"report","player":"b0"}"#,
        r#"{"type":"report","player":"00000000000000b0","reason":"he won"}"#,
    ];
    let entries = texts.map(|text| {
        let error = FromClient::parse(text).expect_err(text);
        assert!(BadMessage::ALL.contains(&error));
        json!({ "text": text, "error": error.name() })
    });
    golden("bad_messages.json", &entries);
}

#[test]
fn w2_server_messages() {
    let you = PlayerId(0x00C0_FFEE);
    let row = |seat, name: &str, bot| {
        let (id, name) = (PlayerId(u64::from(seat) + 1), name.to_owned());
        PlayerRow { seat: Seat(seat), id, name, colour: seat, symbol: 15 - seat, bot }
    };
    let line = |words| ChatLine { id: "1790000000000-0".to_owned(), from: you, name: "모리".to_owned(), words };
    let joined = |spectating, seat, input| ToClient::Joined { maze: MazeId::open(3), spectating, seat, input };
    let scored = |name: &str, bot| {
        let shown = Shown { name: name.to_owned(), colour: 7, symbol: 12, bot, maze: maze() };
        BoardLine { id: you, points: 12_340, shown }
    };
    let board = |of, maze, day, rows| ToClient::Board { of, maze, day, rows };
    let mut messages = vec![
        ToClient::Welcome { version: 1, you, token: "token".to_owned(), instance: NodeId("all-7f3a".to_owned()) },
        joined(false, None, 0),
        joined(false, Some(Seat(15)), 41),
        joined(true, None, 0),
        ToClient::Players {
            maze: MazeId::open(3), version: 9, spectators: 2, players: vec![row(0, "모리", false), row(4, "bot 1", true)]
        },
        ToClient::Players { maze: MazeId::open(3), version: 0, spectators: 0, players: vec![] },
        ToClient::Over { points: 12_340, level: 3 },
        ToClient::Chat { channel: Channel::Maze, lines: vec![line(Words::Text("안녕!".to_owned()))] },
        ToClient::Chat { channel: Channel::Maze, lines: vec![line(Words::of(None, Some(2)).unwrap())] },
        ToClient::Chat { channel: Channel::World, lines: vec![] },
        ToClient::Pong { n: 7, seen: None },
        ToClient::Pong { n: 8, seen: Some("signed".to_owned()) },
        ToClient::Bye { retry_ms: 1234 },
        board(BoardName::Maze, Some(maze()), None, vec![scored("모리", false), scored("bot 1", true)]),
        board(BoardName::World, None, None, vec![scored("<b>", false)]),
        board(BoardName::Today, None, Some("2026-11-24".to_owned()), vec![]),
        board(BoardName::All, None, None, vec![]),
        ToClient::Reported { player: you },
    ];
    messages.extend(REFUSALS.map(|code| ToClient::Error { code, message: "why".to_owned() }));
    let entries: Vec<Value> = messages
        .into_iter()
        .map(|message| {
            let text = serde_json::to_string(&message).unwrap();
            assert_eq!(serde_json::from_str::<ToClient>(&text).unwrap(), message);
            json!({ "text": text })
        })
        .collect();
    golden("to_client.json", &entries);
}
