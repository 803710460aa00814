//! Tests of what is shown: forward only, whole after a gap, each form made once.

use super::*;
use crate::backplane::ChatEntry;
use crate::backplane::ChatId;
use crate::gateway::chat::said;
use crate::gateway::fanout::testing::show;
use crate::gateway::outlet::News;
use crate::gateway::outlet::Outlet;
use crate::wire::Epoch;
use crate::wire::PlayerId;
use crate::wire::Seat;
use crate::wire::between_nodes::FullRow;
use crate::wire::between_nodes::OverRow;
use crate::wire::between_nodes::SeatRow;
use crate::wire::frame::Frame;
use crate::wire::frame::SectionKind;
use crate::wire::frame::Sections;
use crate::wire::phrases::Words;
use axum::extract::ws::Message;

fn one(index: usize) -> Sections {
    Sections::of(SectionKind::ALL[index])
}

fn fanout() -> Fanout {
    Fanout::new(MazeId::open(1))
}

fn seating(tick: u32, version: u32, players: &[u64]) -> Seating {
    let row = |(seat, id): (usize, &u64)| SeatRow {
        seat: Seat(seat as u8),
        player: PlayerId(*id),
        name: format!("p{id}"),
        colour: 1,
        symbol: 1,
        bot: false,
        n: 0,
    };
    let at = Position { epoch: Epoch::new(1, 0), tick };
    let seats = players.iter().enumerate().map(row).collect();
    Seating { at, version, spectators: 0, seats, over: Vec::new(), full: Vec::new(), replaced: Vec::new() }
}

fn news(outlet: &mut Outlet, fanout: &Fanout) -> News {
    outlet.news(fanout.view(), &ChatLog::default())
}

fn decoded(news: &News) -> Option<Frame> {
    news.messages.iter().find_map(|message| match message {
        Message::Binary(bytes) => Some(Frame::decode(bytes).expect("a frame")),
        _ => None,
    })
}

#[test]
fn y3_only_what_is_newer_is_shown() {
    let mut fanout = fanout();
    assert_eq!(fanout.take(show(2, 100, Sections::NONE)), Taken::Newer { new_epoch: true, new_seating: false, has_news: false });
    for (epoch, tick) in [(2, 100), (2, 99), (1, 5000)] {
        assert_eq!(fanout.take(show(epoch, tick, Sections::ALL)), Taken::Stale, "({epoch}, {tick})");
    }
    assert_eq!(fanout.take(show(2, 101, Sections::NONE)), Taken::Newer { new_epoch: false, new_seating: false, has_news: false });
    assert_eq!(
        fanout.take(show(3, 7, Sections::NONE)),
        Taken::Newer { new_epoch: true, new_seating: false, has_news: false },
        "a new epoch may begin earlier"
    );
    assert_eq!(fanout.position().map(|position| position.tick), Some(7));
}

#[test]
fn nonsense_is_no_show() {
    let mut fanout = fanout();
    for bytes in [&b""[..], b"\x11", b"nonsense that is no frame at all"] {
        assert_eq!(fanout.take(Show { frame: Bytes::copy_from_slice(bytes), seating: None }), Taken::Malformed);
    }
    assert!(fanout.view().shown.is_none());
}

#[test]
fn a_joiner_gets_all_sections_and_then_what_comes() {
    let mut fanout = fanout();
    fanout.take(show(1, 1, Sections::ALL));
    fanout.take(show(1, 2, one(0)));
    let mut outlet = Outlet::new(false);
    let first = decoded(&news(&mut outlet, &fanout)).expect("a frame");
    assert!(first.is_complete() && first.carried && first.scene.tick == 2);
    assert!(news(&mut outlet, &fanout).messages.is_empty(), "nothing new");
    fanout.take(show(1, 3, one(1)));
    let second = decoded(&news(&mut outlet, &fanout)).expect("a frame");
    assert_eq!((second.sections, second.carried), (one(1), false));
}

#[test]
fn who_skipped_a_frame_gets_all_sections() {
    let mut fanout = fanout();
    fanout.take(show(1, 1, Sections::ALL));
    let mut outlet = Outlet::new(false);
    news(&mut outlet, &fanout);
    fanout.take(show(1, 2, one(0)));
    fanout.take(show(1, 3, one(1)));
    let caught_up = news(&mut outlet, &fanout);
    assert!(decoded(&caught_up).is_some_and(|frame| frame.is_complete() && frame.scene.tick == 3));
    assert_eq!((caught_up.frames, caught_up.skipped), (1, 1));
}

#[test]
fn a_refresh_is_answered_by_the_next_frame_with_all_sections() {
    let mut fanout = fanout();
    fanout.take(show(1, 1, Sections::ALL));
    let mut outlet = Outlet::new(false);
    news(&mut outlet, &fanout);
    outlet.refresh();
    assert!(news(&mut outlet, &fanout).messages.is_empty(), "not the same frame again");
    fanout.take(show(1, 2, one(0)));
    assert!(decoded(&news(&mut outlet, &fanout)).is_some_and(|frame| frame.is_complete()));
}

#[test]
fn a_new_epoch_forgets_the_sections_of_the_old() {
    let mut fanout = fanout();
    fanout.take(show(1, 1, Sections::ALL));
    fanout.take(show(2, 1, one(4)));
    let mut outlet = Outlet::new(false);
    assert_eq!(decoded(&news(&mut outlet, &fanout)).map(|frame| frame.sections), Some(one(4)));
}

#[test]
fn y3_nothing_older_than_what_another_gateway_showed() {
    let mut fanout = fanout();
    fanout.take(show(1, 10, Sections::ALL));
    let mut outlet = Outlet::new(false);
    outlet.follow(Some(Position { epoch: Epoch::new(1, 0), tick: 11 }));
    assert!(news(&mut outlet, &fanout).messages.is_empty());
    fanout.take(show(1, 11, Sections::NONE));
    assert!(decoded(&news(&mut outlet, &fanout)).is_some());
}

#[test]
fn k3_each_form_is_made_once_for_all() {
    let mut fanout = fanout();
    fanout.take(show(1, 1, Sections::ALL));
    let shown = fanout.view().shown.clone().expect("a frame");
    assert_eq!(shown.frame().as_ptr(), shown.frame().as_ptr());
    assert_eq!(shown.whole().as_ptr(), shown.whole().as_ptr());
    assert_eq!(shown.json().as_ptr(), shown.json().as_ptr());
    assert_eq!(shown.whole_json().as_ptr(), shown.whole_json().as_ptr());
}

#[test]
fn a_frame_travels_as_a_binary_message_that_is_not_masked() {
    let mut fanout = fanout();
    let mut travels = |tick, sections| {
        fanout.take(show(1, tick, sections));
        let shown = fanout.view().shown.clone().expect("a frame");
        assert_eq!(shown.message().as_ptr(), shown.message().as_ptr(), "K3: made once");
        (shown.frame(), shown.message().clone())
    };
    let (bare, message) = travels(1, Sections::NONE);
    assert!(bare.len() < 126, "{} bytes", bare.len());
    assert_eq!(message, [&[0x82, bare.len() as u8], &bare[..]].concat());
    let (whole, message) = travels(2, Sections::ALL);
    assert!((126..256).contains(&whole.len()), "{} bytes", whole.len());
    assert_eq!(message, [&[0x82, 126, 0, whole.len() as u8], &whole[..]].concat());
}

#[test]
fn a_seating_that_only_repeats_is_no_news() {
    let mut fanout = fanout();
    let mut has_news = |seating: Seating| {
        let taken = fanout.take(Show { seating: Some(seating.clone()), ..show(1, seating.at.tick, Sections::NONE) });
        let Taken::Newer { new_seating, has_news, .. } = taken else { panic!("{taken:?}") };
        assert!(new_seating);
        has_news
    };
    assert!(has_news(seating(1, 17, &[5])), "the first one");
    let mut numbered = seating(2, 17, &[5]);
    numbered.seats[0].n = 9;
    assert!(!has_news(numbered), "only newcomers need the number of an input");
    assert!(has_news(seating(3, 18, &[5, 6])));
    let over = OverRow { player: PlayerId(7), run: 1, points: 10, level: 1 };
    let ended = |tick| Seating { over: vec![over.clone()], ..seating(tick, 18, &[5, 6]) };
    assert!(has_news(ended(4)) && !has_news(ended(5)));
    assert!(has_news(Seating { spectators: 1, ..seating(6, 18, &[5, 6]) }));
    let full = FullRow { player: PlayerId(8), neighbour: MazeId::open(2) };
    assert!(has_news(Seating { spectators: 1, full: vec![full], ..seating(7, 18, &[5, 6]) }));
}

#[test]
fn what_was_told_past_an_outlet_is_not_told_again() {
    let mut fanout = fanout();
    fanout.take(show(1, 1, Sections::ALL));
    let mut outlet = Outlet::new(false);
    assert_eq!(outlet.told(), None, "nothing yet that a bare frame could follow");
    news(&mut outlet, &fanout);
    assert_eq!(outlet.told(), fanout.view().shown.as_ref().map(|shown| shown.told()));
    fanout.take(show(1, 2, one(0)));
    outlet.was_told(fanout.view().shown.as_ref().expect("a frame").told());
    assert!(news(&mut outlet, &fanout).messages.is_empty());
    fanout.take(show(1, 3, one(1)));
    assert!(decoded(&news(&mut outlet, &fanout)).is_some_and(|frame| frame.sections == one(1)), "and it goes on from there");
    outlet.refresh();
    assert_eq!(outlet.told(), None, "all sections are owed");
}

#[test]
fn frames_as_json_for_people() {
    let mut fanout = fanout();
    fanout.take(show(1, 60, Sections::ALL));
    let mut outlet = Outlet::new(true);
    let news = news(&mut outlet, &fanout);
    let [Message::Text(text)] = news.messages.as_slice() else { panic!("{news:?}") };
    let json: serde_json::Value = serde_json::from_str(text).expect("JSON");
    assert_eq!((json["type"].as_str(), json["tick"].as_u64()), (Some("frame"), Some(60)));
}

#[test]
fn players_are_told_when_they_change() {
    let mut fanout = fanout();
    let mut outlet = Outlet::new(false);
    let mut take = |tick, version, players: &[u64]| {
        fanout.take(Show { seating: Some(seating(tick, version, players)), ..show(1, tick, Sections::NONE) });
        let news = news(&mut outlet, &fanout);
        let texts = news.messages.iter().filter_map(|message| message.to_text().ok().filter(|_| matches!(message, Message::Text(_))));
        texts.map(|text| serde_json::from_str::<ToClient>(text).expect("a message")).collect::<Vec<_>>()
    };
    assert!(matches!(take(1, 17, &[5]).as_slice(), [ToClient::Players { version: 1, players, .. }] if players[0].id == PlayerId(5)));
    assert!(take(2, 17, &[5]).is_empty(), "repeated for those who missed it");
    assert!(matches!(take(3, 18, &[5, 6]).as_slice(), [ToClient::Players { version: 2, players, .. }] if players.len() == 2));
}

#[test]
fn chat_comes_once_and_in_order() {
    let words = |text: &str| Words::Text(text.to_owned());
    let entry = |n, text| ChatEntry { id: ChatId { ms: 1, n }, line: said(PlayerId(1), "Pip", &words(text)) };
    let (mut world, mut outlet, mut fanout) = (ChatLog::default(), Outlet::new(false), fanout());
    world.take(&[entry(1, "hello")]);
    let mut maze = ChatLog::default();
    maze.take(&[entry(9, "here")]);
    fanout.chat(maze);
    assert_eq!(outlet.news(fanout.view(), &world).messages.len(), 2);
    assert_eq!(outlet.news(fanout.view(), &world).messages.len(), 0);
    outlet.follow(None);
    assert_eq!(outlet.news(fanout.view(), &world).messages.len(), 1, "world chat goes on, a maze's begins anew");
}
