//! One contract for every backplane (B1): a list of scenarios, each given a fresh backplane by whoever wants to be judged.
//!
//! A further backend adds one test that calls `judge` with its own factory. R1 and R2 are held against a model in `records_follow_the_model`.

mod black_boxes;
mod boards;
mod journals;
mod model;
mod records;
mod services;
mod silence;

use std::pin::Pin;

use bytes::Bytes;
use tokio::time::timeout;
use waka::backplane::Backplane;
use waka::backplane::Claim;
use waka::backplane::Commit;
use waka::backplane::Subscription;
use waka::backplane::Topic;
use waka::wire::Epoch;
use waka::wire::MazeId;
use waka::wire::NodeId;
use waka::wire::Position;

use crate::visitor::SOON;

type Scenario = fn(Backplane) -> Pin<Box<dyn Future<Output = ()>>>;

/// Each scenario by name, so that a failure says which promise broke.
const SCENARIOS: &[(&str, Scenario)] = &[
    ("an absent maze is claimed once", |backplane| Box::pin(records::an_absent_maze_is_claimed_once(backplane))),
    ("a claim needs exactly what was seen", |backplane| Box::pin(records::a_claim_needs_exactly_what_was_seen(backplane))),
    ("a claim needs a higher epoch", |backplane| Box::pin(records::a_claim_needs_a_higher_epoch(backplane))),
    ("a claim again is the same claim", |backplane| Box::pin(records::a_claim_again_is_the_same_claim(backplane))),
    ("memory displaces only the unsettled", |backplane| Box::pin(records::memory_displaces_only_the_unsettled(backplane))),
    ("memory displaces what it descends from", |backplane| Box::pin(records::memory_displaces_what_it_descends_from(backplane))),
    ("play is settled over takeovers", |backplane| Box::pin(records::play_is_settled_over_takeovers(backplane))),
    ("the last changes of hands are remembered", |backplane| Box::pin(records::the_last_changes_of_hands_are_remembered(backplane))),
    ("memory of the same tick displaces nothing", |backplane| Box::pin(records::memory_of_the_same_tick_displaces_nothing(backplane))),
    ("a commit moves forward in its own epoch", |backplane| Box::pin(records::a_commit_moves_forward_in_its_own_epoch(backplane))),
    ("a commit publishes what it stores", |backplane| Box::pin(records::a_commit_publishes_what_it_stores(backplane))),
    ("a yield makes vacant and says so", |backplane| Box::pin(records::a_yield_makes_vacant_and_says_so(backplane))),
    ("mazes do not touch each other", |backplane| Box::pin(records::mazes_do_not_touch_each_other(backplane))),
    ("the poisoned is set aside", |backplane| Box::pin(records::the_poisoned_is_set_aside(backplane))),
    ("a topic reaches its followers only", |backplane| Box::pin(services::a_topic_reaches_its_followers_only(backplane))),
    ("a leader is told wherever he is", |backplane| Box::pin(services::a_leader_is_told_wherever_he_is(backplane))),
    ("topics come and go", |backplane| Box::pin(services::topics_come_and_go(backplane))),
    ("a slow subscriber loses its oldest", |backplane| Box::pin(services::a_slow_subscriber_loses_its_oldest(backplane))),
    ("chat is read on from an id", |backplane| Box::pin(services::chat_is_read_on_from_an_id(backplane))),
    ("chat keeps its newest lines", |backplane| Box::pin(services::chat_keeps_its_newest_lines(backplane))),
    ("chat is published with its id", |backplane| Box::pin(services::chat_is_published_with_its_id(backplane))),
    ("lost chat is put back", |backplane| Box::pin(services::lost_chat_is_put_back(backplane))),
    ("all agree on the first secret", |backplane| Box::pin(services::all_agree_on_the_first_secret(backplane))),
    ("a board only rises", |backplane| Box::pin(boards::a_board_only_rises(backplane))),
    ("a board's ties go to the earlier", |backplane| Box::pin(boards::a_boards_ties_go_to_the_earlier(backplane))),
    ("a board shows the newest look", |backplane| Box::pin(boards::a_board_shows_the_newest_look(backplane))),
    ("a board is bounded", |backplane| Box::pin(boards::a_board_is_bounded(backplane))),
    ("boards of days do not mix", |backplane| Box::pin(boards::boards_of_days_do_not_mix(backplane))),
    ("those who play are put whole", |backplane| Box::pin(boards::those_who_play_are_put_whole(backplane))),
    ("an older leader puts nobody", |backplane| Box::pin(boards::an_older_leader_puts_nobody(backplane))),
    ("a silent leader's players go", |backplane| Box::pin(boards::a_silent_leaders_players_go(backplane))),
    ("somebody is taken off a board", |backplane| Box::pin(boards::somebody_is_taken_off_a_board(backplane))),
    ("what a player left behind is taken out", |backplane| Box::pin(boards::what_a_player_left_behind_is_taken_out(backplane))),
    ("the silent are not listed", |backplane| Box::pin(services::the_silent_are_not_listed(backplane))),
    ("the newest strips stay", |backplane| Box::pin(black_boxes::the_newest_strips_stay(backplane))),
    ("the newest black boxes stay", |backplane| Box::pin(black_boxes::the_newest_black_boxes_stay(backplane))),
    ("a journal keeps its newest entries", |backplane| Box::pin(journals::a_journal_keeps_its_newest_entries(backplane))),
    ("a journal is read since a moment", |backplane| Box::pin(journals::a_journal_is_read_since_a_moment(backplane))),
    ("entries are struck out of a journal", |backplane| Box::pin(journals::entries_are_struck_out_of_a_journal(backplane))),
    ("records follow the model", |backplane| Box::pin(model::records_follow_the_model(backplane))),
];

async fn judge(fresh: impl Fn() -> Backplane) {
    for (name, scenario) in SCENARIOS {
        let done = tokio::task::LocalSet::new().run_until(async { tokio::task::spawn_local(scenario(fresh())).await }).await;
        assert!(done.is_ok(), "B1: broken promise: {name}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_backplane_within_the_process_keeps_the_contract_b1() {
    judge(Backplane::memory).await;
}

#[tokio::test]
async fn the_backplane_on_redis_keeps_the_contract_b1() {
    let server = crate::redis_server::RedisServer::start();
    judge(|| {
        server.empty();
        server.backplane()
    })
    .await;
}

/// All that was published before this is asked and has reached the subscription, which follows the topic. An answer to whoever published does not say
/// that followers have it: that comes over another line.
async fn come(backplane: &Backplane, subscription: &mut Subscription, topic: Topic) -> Vec<(Topic, Bytes)> {
    let fence = (topic, Bytes::from_static(b"so far"));
    backplane.publish(fence.0.clone(), fence.1.clone()).await.unwrap();
    let mut come = Vec::new();
    loop {
        let message = timeout(SOON, subscription.next()).await.expect("the line is alive").expect("the backplane is there");
        if message == fence {
            return come;
        }
        come.push(message);
    }
}

fn maze() -> MazeId {
    MazeId::open(1)
}

fn node(name: &str) -> NodeId {
    NodeId(name.to_owned())
}

fn at(number: u32, tick: u32) -> Position {
    Position { epoch: Epoch::new(number, 1), tick }
}

fn claim(seen: Option<Position>, number: u32) -> Claim {
    Claim { owner: node("someone"), seen, epoch: Epoch::new(number, 1), memory: None }
}

/// A commit whose bytes tell where they are from.
fn commit(number: u32, tick: u32) -> Commit {
    Commit { position: at(number, tick), world: world(number, tick), show: show(number, tick) }
}

fn world(number: u32, tick: u32) -> Bytes {
    format!("world {number}/{tick}").into()
}

fn show(number: u32, tick: u32) -> Bytes {
    format!("show {number}/{tick}").into()
}
