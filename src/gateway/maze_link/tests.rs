//! Tests of a link on a real backplane in simulated time: what it publishes, and that it outlives a dead subscription.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::backplane::ChatId;
use crate::backplane::Claim;
use crate::backplane::Commit;
use crate::backplane::faults::Fate;
use crate::backplane::faults::Faults;
use crate::backplane::faults::Operation;
use crate::gateway::attendance::Member;
use crate::gateway::attendance::Part;
use crate::gateway::chat::said;
use crate::gateway::fanout::testing::show;
use crate::wire::Epoch;
use crate::wire::PlayerId;
use crate::wire::Position;
use crate::wire::between_nodes::Up;
use crate::wire::frame::Sections;
use crate::wire::phrases::Words;

const MAZE: &str = "m";

fn spectator() -> Member {
    Member { player: PlayerId(1), bot: false, away: false, part: Part::Spectator }
}

fn at(tick: u32) -> Position {
    Position { epoch: Epoch::new(1, 0), tick }
}

fn start(backplane: Backplane) -> Arc<MazeLink> {
    let link = Arc::new(MazeLink::new(MazeId::parse(MAZE).expect("an id"), NodeId("g".to_owned())));
    link.attend(|attendance, now| attendance.enter(1, spectator(), None, now));
    let means = Means { backplane, meters: Meters::new(), serials: Arc::new(AtomicU64::new(1)) };
    let task = Arc::clone(&link);
    tokio::spawn(async move { task.run(means, || true).await });
    link
}

/// Leads the maze: a commit every 100 ms, from tick 6 on.
fn lead(backplane: Backplane) {
    tokio::spawn(async move {
        let maze = MazeId::parse(MAZE).expect("an id");
        let claim = Claim { owner: NodeId("w".to_owned()), seen: None, epoch: Epoch::new(1, 0), memory: None };
        backplane.claim(&maze, claim).await.expect("an answer");
        let mut beats = tokio::time::interval(Duration::from_millis(100));
        for tick in (6..).step_by(6) {
            let show = show(1, tick, Sections::ALL).encode();
            let commit = Commit { position: at(tick), world: Bytes::new(), show };
            backplane.commit(&maze, commit).await.expect("an answer");
            beats.tick().await;
        }
    });
}

async fn shown_from(view: &mut watch::Receiver<View>, tick: u32) -> Duration {
    let began = Instant::now();
    let is_there = |view: &View| view.shown.as_ref().is_some_and(|shown| shown.position.tick >= tick);
    let looks = async {
        // The view changes without a word when only the picture does.
        while !is_there(&view.borrow_and_update()) {
            sleep(Duration::from_millis(1)).await; // time is the promise
        }
    };
    tokio::time::timeout(Duration::from_secs(30), looks).await.expect("in time");
    began.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_visitor_is_announced_and_the_maze_is_shown() {
    let backplane = Backplane::memory();
    let maze = MazeId::parse(MAZE).expect("an id");
    let mut leader = backplane.subscribe(&[Topic::Up(maze), Topic::Knock]).await.expect("an answer");
    let link = start(backplane.clone());
    let mut heard = Vec::new();
    for _ in 0..2 {
        heard.push(leader.next().await.expect("alive"));
    }
    assert!(heard.iter().any(|(topic, _)| *topic == Topic::Knock));
    let is_roster =
        |(_, message): &(Topic, Bytes)| matches!(serde_json::from_slice(message), Ok(Up::Roster(roster)) if roster.spectators == 1);
    assert!(heard.iter().any(is_roster));
    lead(backplane);
    shown_from(&mut link.view(), 60).await;
}

#[tokio::test(start_paused = true)]
async fn a_dead_subscription_is_replaced_within_a_second() {
    let backplane = Backplane::memory();
    let deaf = Arc::new(AtomicBool::new(false));
    let (hears, chats) = (Arc::clone(&deaf), AtomicU64::new(0));
    let bad_line = Faults::new(move |operation| {
        // The chat is read after each subscription: with the second one messages come again.
        if operation == Operation::Other && hears.load(Ordering::Relaxed) && chats.fetch_add(1, Ordering::Relaxed) > 0 {
            hears.store(false, Ordering::Relaxed);
        }
        Fate { request_lost: operation == Operation::Deliver && hears.load(Ordering::Relaxed), ..Fate::default() }
    });
    let link = start(backplane.through(Arc::new(bad_line)));
    lead(backplane);
    let mut view = link.view();
    shown_from(&mut view, 60).await;
    deaf.store(true, Ordering::Relaxed);
    let newest = view.borrow().shown.as_ref().map_or(0, |shown| shown.position.tick);
    let silence = shown_from(&mut view, newest + 30).await;
    assert!(silence > Duration::from_millis(500), "it was not deaf: {silence:?}");
    assert!(silence < Duration::from_secs(1), "{silence:?}");
}

#[tokio::test(start_paused = true)]
async fn frames_do_not_wait_for_an_answer_about_chat() {
    let (backplane, others) = (Backplane::memory(), AtomicU64::new(0));
    let slow = Duration::from_secs(20);
    let bad_line = Faults::new(move |operation| {
        // The first of all is the subscription.
        let is_about_chat = operation == Operation::Other && others.fetch_add(1, Ordering::Relaxed) > 0;
        Fate { answer_late: if is_about_chat { slow } else { Duration::ZERO }, ..Fate::default() }
    });
    let link = start(backplane.through(Arc::new(bad_line)));
    lead(backplane);
    let took = shown_from(&mut link.view(), 60).await;
    assert!(took < slow / 2, "{took:?}");
}

/// The requests that are lost, of those for chat in their order: reading on, who was forgotten, and, with a line there, putting back.
#[tokio::test(start_paused = true)]
async fn lines_are_read_and_put_back_again_until_all_was_answered() {
    for (lost, asked) in [(vec![], 3), (vec![0], 4), (vec![1], 5), (vec![2], 6), (vec![0, 3], 7)] {
        let backplane = Backplane::memory();
        let stream = ChatStream::Maze(MazeId::parse(MAZE).expect("an id"));
        backplane.say(stream, said(PlayerId(1), "Pip", &Words::Text("hello".to_owned()))).await.expect("an answer");
        // The first of all is the subscription.
        let others = Arc::new(AtomicU64::new(0));
        let (counted, told) = (Arc::clone(&others), lost.clone());
        let bad_line = Faults::new(move |operation| {
            let request = (operation == Operation::Other).then(|| counted.fetch_add(1, Ordering::Relaxed));
            let request_lost = request.is_some_and(|request| told.iter().any(|lost| request == lost + 1));
            Fate { request_lost, ..Fate::default() }
        });
        let link = start(backplane.through(Arc::new(bad_line)));
        let mut view = link.view();
        let has_come = view.wait_for(|view| view.chat.last().is_some());
        tokio::time::timeout(Duration::from_secs(3), has_come).await.expect("the line comes").expect("the link lives");
        sleep(Duration::from_secs(5)).await; // time is the promise: nothing more is asked
        assert_eq!(others.load(Ordering::Relaxed), 1 + asked, "with {lost:?} lost");
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_that_others_put_back_is_shown_although_a_younger_one_is_known() {
    let backplane = Backplane::memory();
    let stream = ChatStream::Maze(MazeId::parse(MAZE).expect("an id"));
    let hello = said(PlayerId(1), "Pip", &Words::Text("hello".to_owned()));
    backplane.say(stream.clone(), hello.clone()).await.expect("an answer");
    let link = start(backplane.clone());
    let mut view = link.view();
    for (lines, old) in [(1, None), (2, Some(ChatEntry { id: ChatId { ms: 1, n: 1 }, line: hello }))] {
        if let Some(old) = old {
            backplane.chat_restore(stream.clone(), &[old]).await.expect("an answer");
        }
        let has_come = view.wait_for(|view| view.chat.entries().len() == lines);
        tokio::time::timeout(Duration::from_secs(1), has_come).await.expect("it comes").expect("the link lives");
    }
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_everybody_has_gone_and_says_so() {
    let backplane = Backplane::memory();
    let maze = MazeId::parse(MAZE).expect("an id");
    let mut leader = backplane.subscribe(&[Topic::Up(maze)]).await.expect("an answer");
    let link = start(backplane);
    leader.next().await.expect("alive");
    link.attend(|attendance, now| attendance.exit(1, now));
    let (_, last) = leader.next().await.expect("alive");
    let Ok(Up::Roster(roster)) = serde_json::from_slice(&last) else { panic!("{last:?}") };
    assert_eq!((roster.spectators, roster.players.len()), (0, 0));
    tokio::time::timeout(Duration::from_secs(5), async {
        while Arc::strong_count(&link) > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the task ends");
}
