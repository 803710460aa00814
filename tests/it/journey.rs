//! The journey of a key press, over real sockets through the assembled server: join, see each other, steer, chat, reload, watch, leave.
//!
//! Time is paused, so that a minute of play takes as long as its work: clocks jump when nobody has anything to do, and sockets of one process
//! are never in between.

pub(crate) mod guest;

use waka::config::Config;
use waka::game::grid::Direction;
use waka::game::scene::Seat;
use waka::gateway::admission::Limits;
use waka::server::Running;
use waka::wire::from_client::Channel;
use waka::wire::from_client::FromClient;
use waka::wire::to_client::Refusal;

use crate::journey::guest::Guest;
use crate::journey::guest::PATIENCE;
use crate::visitor;

/// The whole game in this process, on a free port, with so many bots in each maze.
struct House {
    address: String,
    running: Running,
}

impl House {
    async fn open(bots: u8) -> Self {
        let running = visitor::server(Config { bots, ..Config::default() }, Limits::default()).await;
        Self { address: format!("ws://{}/ws", running.address), running }
    }
}

/// A way that the pac of `seat` is not going and can go: back.
fn back_of(guest: &mut Guest, seat: Seat) -> Direction {
    guest.pac_of(seat).unwrap().direction.opposite()
}

#[tokio::test(start_paused = true)]
async fn two_players_share_a_maze_and_a_key_of_one_moves_him_at_the_other() {
    let house = House::open(0).await;
    let mut ann = Guest::seated(&house.address, "Ann", None).await;
    let mut bob = Guest::seated(&house.address, "Bob", None).await;
    assert_eq!(ann.maze, bob.maze, "the matchmaker fills a maze before it opens another");
    let ann_seat = ann.seat.unwrap();
    for guest in [&mut ann, &mut bob] {
        let names = guest.until("both names", |guest| (guest.players.len() == 2).then(|| names(guest))).await;
        assert_eq!(names, ["Ann", "Bob"]);
    }
    for _ in 0..4 {
        let wish = back_of(&mut ann, ann_seat);
        let n = ann.press(wish).await;
        let numbered = |guest: &Guest| guest.mirror.numbers().map(|numbers| u32::from(numbers[usize::from(ann_seat.0)]));
        bob.until("Ann's key in Bob's frame", |bob| (numbered(bob) == Some(n % 8)).then_some(())).await;
        assert_eq!(bob.pac_of(ann_seat).unwrap().wish, wish);
        bob.until("Ann moving that way", |bob| (bob.pac_of(ann_seat)?.direction == wish).then_some(())).await;
        ann.until("her own number acknowledged", |ann| (numbered(ann) == Some(n % 8)).then_some(())).await;
    }
}

fn names(guest: &Guest) -> Vec<String> {
    let mut names: Vec<String> = guest.players.iter().map(|player| player.name.clone()).collect();
    names.sort();
    names
}

#[tokio::test(start_paused = true)]
async fn a_reload_keeps_seat_score_and_numbers() {
    let house = House::open(0).await;
    let mut ann = Guest::seated(&house.address, "Ann", None).await;
    let mut bob = Guest::seated(&house.address, "Bob", None).await;
    let seat = ann.seat.unwrap();
    let wish = back_of(&mut ann, seat);
    let n = ann.press(wish).await;
    let points = |guest: &mut Guest| guest.mirror.at(0).map(|scene| scene.scores[usize::from(seat.0)].points);
    // The leader repeats who sits where, with their numbers, every half second.
    let tick = ann.mirror.position().unwrap().tick;
    ann.until("the leader's word on it", |ann| (ann.mirror.position()?.tick > tick + 60).then_some(())).await;
    let before = ann.until("some points", |ann| points(ann).filter(|points| *points > 0)).await;
    let (token, you) = (ann.token.clone(), ann.you);
    drop(ann);
    let mut again = Guest::hello(&house.address, "Ann", Some(token)).await;
    assert_eq!(again.you, you);
    again.join(None).await;
    assert_eq!(again.until_seated().await, seat);
    assert!(again.input >= n, "a join is answered with the last input number known: {} of {n}", again.input);
    // What a gateway appends to a first frame may be a second old.
    again.until("her points", |again| points(again).filter(|points| *points >= before)).await;
    assert_eq!(bob.until("nobody new", |bob| (bob.players.len() == 2).then_some(bob.players.len())).await, 2);
}

#[tokio::test(start_paused = true)]
async fn the_same_player_elsewhere_replaces_the_first_connection() {
    let house = House::open(0).await;
    let mut first = Guest::seated(&house.address, "Ann", None).await;
    let mut second = Guest::hello(&house.address, "Ann", Some(first.token.clone())).await;
    second.join(None).await;
    second.until_seated().await;
    assert_eq!(first.until_closed().await, Some(4009));
}

#[tokio::test(start_paused = true)]
async fn spectators_look_on_without_a_seat() {
    let house = House::open(0).await;
    let mut ann = Guest::seated(&house.address, "Ann", None).await;
    let mut eve = Guest::hello(&house.address, "Eve", None).await;
    eve.say(FromClient::Watch { maze: ann.maze.clone(), next: false }).await;
    let seat = ann.seat.unwrap();
    eve.until("Ann to look at", |eve| eve.pac_of(seat)).await;
    assert!(eve.spectating && eve.seat.is_none());
    ann.until("a spectator", |ann| (ann.spectators == 1).then_some(())).await;
    assert_eq!(ann.players.len(), 1);
    eve.press(Direction::Up).await;
    eve.until("a refusal", |eve| eve.refused.contains(&Refusal::NotJoined).then_some(())).await;
}

#[tokio::test(start_paused = true)]
async fn chat_reaches_the_maze_and_the_world_and_is_remembered() {
    let house = House::open(0).await;
    let mut ann = Guest::seated(&house.address, "Ann", Some("one")).await;
    let mut bob = Guest::seated(&house.address, "Bob", Some("one")).await;
    let mut far = Guest::seated(&house.address, "Far", Some("two")).await;
    ann.chat(Channel::Maze, "hello 안녕 <b>").await;
    bob.chat(Channel::World, "hello world").await;
    for guest in [&mut ann, &mut bob] {
        guest.until("both lines", |guest| both_read(guest).then_some(())).await;
    }
    far.until("the world's line", |far| far.has_read(Channel::World, "hello world").then_some(())).await;
    far.chat(Channel::Maze, "only here").await;
    far.until("his own line", |far| far.has_read(Channel::Maze, "only here").then_some(())).await;
    assert!(!far.has_read(Channel::Maze, "hello 안녕 <b>"), "another maze's chat is its own");
    let (_, line) = bob.chat.iter().find(|(channel, _)| *channel == Channel::Maze).unwrap();
    assert_eq!((line.from, line.name.as_str()), (ann.you, "Ann"));

    let mut late = Guest::seated(&house.address, "Late", Some("one")).await;
    late.until("the history", |late| both_read(late).then_some(())).await;
    assert!(!late.has_read(Channel::Maze, "only here"));
    assert!(!ann.has_read(Channel::Maze, "only here"));
}

fn both_read(guest: &Guest) -> bool {
    guest.has_read(Channel::Maze, "hello 안녕 <b>") && guest.has_read(Channel::World, "hello world")
}

#[tokio::test(start_paused = true)]
async fn frames_come_as_json_for_those_who_ask() {
    let house = House::open(0).await;
    let mut ann = Guest::hello(&format!("{}?frames=json", house.address), "Ann", None).await;
    ann.join(None).await;
    let seated = |text: &String| {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        (value["type"] == "frame" && value["pacs"].as_array().is_some_and(|pacs| !pacs.is_empty())).then_some(value)
    };
    let frame = ann.until("a frame with her in it", |ann| ann.texts.iter().find_map(seated)).await;
    assert_eq!(ann.frames, 0, "and no binary ones");
    assert!(frame["tick"].is_u64() && frame["ghosts"].as_array().unwrap().len() >= 4, "{frame}");
}

#[tokio::test(start_paused = true)]
async fn leaving_gives_up_the_seat() {
    let house = House::open(0).await;
    let mut ann = Guest::seated(&house.address, "Ann", None).await;
    let mut bob = Guest::seated(&house.address, "Bob", None).await;
    let seat = ann.seat.unwrap();
    ann.say(FromClient::Leave).await;
    bob.until("an empty seat", |bob| (bob.players.len() == 1 && bob.pac_of(seat).is_none()).then_some(())).await;
}

#[tokio::test(start_paused = true)]
async fn a_maze_by_link_is_joined_by_link_only() {
    let house = House::open(0).await;
    let friend = Guest::seated(&house.address, "Friend", Some("friends-of-ann")).await;
    assert_eq!(friend.maze.as_ref().unwrap().as_str(), "friends-of-ann");
    let stranger = Guest::seated(&house.address, "Stranger", None).await;
    assert!(stranger.maze.as_ref().unwrap().is_open(), "{:?}", stranger.maze);
    let second = Guest::seated(&house.address, "Second", Some("friends-of-ann")).await;
    assert_eq!(second.maze, friend.maze);
}

#[tokio::test(start_paused = true)]
async fn a_full_maze_names_a_neighbour() {
    let house = House::open(0).await;
    let mut guests = Vec::new();
    for index in 0..16 {
        guests.push(Guest::seated(&house.address, &format!("Guest {index}"), Some("party")).await);
    }
    let mut seats: Vec<Seat> = guests.iter().filter_map(|guest| guest.seat).collect();
    seats.sort();
    assert_eq!(seats, (0..16).map(Seat).collect::<Vec<_>>());
    let mut late = Guest::hello(&house.address, "Late", None).await;
    late.join(Some("party")).await;
    late.until_seated().await;
    assert_ne!(late.maze.as_ref().unwrap().as_str(), "party");
    assert!(late.refused.contains(&Refusal::MazeFull));
}

#[tokio::test(start_paused = true)]
async fn a_run_ends_and_a_new_one_begins_in_the_same_maze() {
    let house = House::open(0).await;
    let mut ann = Guest::seated(&house.address, "Ann", None).await;
    let maze = ann.maze.clone();
    // She presses a key now and then, else she would be taken for absent, but dodges nobody: three times the ghosts come for her.
    let wall = [Direction::Up, Direction::Down];
    for seconds in (0..600).step_by(10) {
        if ann.over.is_some() {
            break;
        }
        ann.press(wall[seconds / 10 % 2]).await;
        let tick = ann.mirror.position().unwrap().tick;
        let later = |ann: &mut Guest| (ann.over.is_some() || ann.mirror.position()?.tick > tick + 600).then_some(());
        ann.until_within(2 * PATIENCE, "the maze to go on", later).await;
    }
    assert!(ann.over.is_some(), "three lives in ten minutes");
    assert!(ann.seat.is_none());
    ann.join(None).await;
    let seat = ann.until_seated().await;
    assert_eq!(ann.maze, maze);
    let points = |ann: &mut Guest| Some(ann.mirror.at(0)?.scores[usize::from(seat.0)].points);
    ann.until("a new run from nothing", |ann| (points(ann)? == 0).then_some(())).await;
}

#[tokio::test(start_paused = true)]
async fn bots_keep_coming_while_there_are_people_and_leave_with_them() {
    let house = House::open(3).await;
    let mut ann = Guest::seated(&house.address, "Ann", None).await;
    ann.until("three bots", |ann| (ann.players.iter().filter(|player| player.bot).count() == 3).then_some(())).await;
    let bot = ann.players.iter().find(|player| player.bot).unwrap().seat;
    let minute = std::time::Duration::from_secs(60);
    ann.until_within(minute, "a bot that eats", |ann| (ann.mirror.at(0)?.scores[usize::from(bot.0)].points >= 100).then_some(())).await;
    // Another program looks on; it is no company, so the bots leave when she has gone.
    let mut eye = Guest::program(&house.address, "Eye").await;
    eye.say(FromClient::Watch { maze: ann.maze.clone(), next: false }).await;
    eye.until("all of them", |eye| (eye.players.len() == 4).then_some(())).await;
    drop(ann);
    eye.until("no bots", |eye| eye.players.iter().all(|player| !player.bot).then_some(())).await;
}

#[tokio::test(start_paused = true)]
async fn at_the_end_everybody_is_told_when_to_come_back() {
    let house = House::open(2).await;
    let mut ann = Guest::seated(&house.address, "Ann", None).await;
    house.running.stop().await;
    assert_eq!(ann.until_closed().await, Some(4000));
    assert!(ann.bye);
}
