//! What topics, chat streams, boards and heartbeats promise (B1, B2).

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use waka::backplane::Backplane;
use waka::backplane::ChatEntry;
use waka::backplane::ChatStream;
use waka::backplane::NODE_SILENCE_MAX;
use waka::backplane::SUBSCRIPTION_MESSAGES_MAX;
use waka::backplane::Subscription;
use waka::backplane::Topic;
use waka::backplane::Verdict;
use waka::wire::CHAT_HISTORY_LINES;
use waka::wire::MazeId;

use super::at;
use super::claim;
use super::come;
use super::commit;
use super::maze;
use super::node;
use super::silence::Silence;

pub(super) async fn a_topic_reaches_its_followers_only(backplane: Backplane) {
    let mut up = backplane.subscribe(&[Topic::Up(maze())]).await.unwrap();
    let mut both = backplane.subscribe(&[Topic::Up(maze()), Topic::Knock]).await.unwrap();
    let mut other = backplane.subscribe(&[Topic::Up(MazeId::open(2)), Topic::Down(maze())]).await.unwrap();
    backplane.publish(Topic::Up(maze()), Bytes::from_static(b"1")).await.unwrap();
    backplane.publish(Topic::Knock, Bytes::from_static(b"2")).await.unwrap();
    let (one, two) = ((Topic::Up(maze()), Bytes::from_static(b"1")), (Topic::Knock, Bytes::from_static(b"2")));
    assert_eq!(come(&backplane, &mut both, Topic::Knock).await, [one.clone(), two]);
    assert_eq!(come(&backplane, &mut up, Topic::Up(maze())).await, [one]);
    assert_eq!(come(&backplane, &mut other, Topic::Down(maze())).await, []);
}

/// Whether his maze is of this process, of none or given away.
pub(super) async fn a_leader_is_told_wherever_he_is(backplane: Backplane) {
    let up = Topic::Up(maze());
    let mut leader = backplane.subscribe(std::slice::from_ref(&up)).await.unwrap();
    let told = async |leader: &mut Subscription, what: &'static str| {
        backplane.tell_leader(&maze(), what.into()).await.unwrap();
        assert_eq!(come(&backplane, leader, up.clone()).await, [(up.clone(), Bytes::from_static(what.as_bytes()))]);
    };
    told(&mut leader, "nobody leads").await;
    backplane.claim(&maze(), claim(None, 1)).await.unwrap();
    told(&mut leader, "claimed").await;
    backplane.commit(&maze(), commit(1, 1)).await.unwrap();
    told(&mut leader, "stored").await;
    assert_eq!(backplane.commit(&maze(), commit(2, 2)).await, Ok(Verdict::Refused { at: Some(at(1, 1)) }));
    told(&mut leader, "refused").await;
}

pub(super) async fn topics_come_and_go(backplane: Backplane) {
    let still = Topic::Up(maze());
    let mut subscription = backplane.subscribe(std::slice::from_ref(&still)).await.unwrap();
    backplane.publish(Topic::Knock, Bytes::from_static(b"before")).await.unwrap();
    subscription.add(Topic::Knock).await.unwrap();
    subscription.add(Topic::Knock).await.unwrap();
    backplane.publish(Topic::Knock, Bytes::from_static(b"once")).await.unwrap();
    let once = (Topic::Knock, Bytes::from_static(b"once"));
    assert_eq!(come(&backplane, &mut subscription, still.clone()).await, [once], "a topic twice is as good as once");
    subscription.remove(&Topic::Knock);
    backplane.publish(Topic::Knock, Bytes::from_static(b"after")).await.unwrap();
    assert_eq!(come(&backplane, &mut subscription, still).await, []);
}

pub(super) async fn a_slow_subscriber_loses_its_oldest(backplane: Backplane) {
    let mut slow = backplane.subscribe(&[Topic::Knock]).await.unwrap();
    let mut quick = backplane.subscribe(&[Topic::Knock]).await.unwrap();
    for n in 0..SUBSCRIPTION_MESSAGES_MAX + 10 {
        backplane.publish(Topic::Knock, n.to_string().into()).await.unwrap();
        assert_eq!(quick.next().await, Some((Topic::Knock, n.to_string().into())));
    }
    assert_eq!((slow.dropped(), quick.dropped()), (10, 0), "B2");
    assert_eq!(slow.next().await, Some((Topic::Knock, Bytes::from_static(b"10"))), "B2: the oldest went");
    let rest = std::iter::from_fn(|| slow.try_next()).count();
    assert_eq!(rest, SUBSCRIPTION_MESSAGES_MAX - 1);
}

pub(super) async fn chat_is_read_on_from_an_id(backplane: Backplane) {
    let stream = ChatStream::Maze(maze());
    assert_eq!(backplane.chat_after(stream.clone(), None).await, Ok(vec![]));
    let first = backplane.say(stream.clone(), Bytes::from_static(b"one")).await.unwrap();
    let second = backplane.say(stream.clone(), Bytes::from_static(b"two")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await; // time is the promise
    let third = backplane.say(stream.clone(), Bytes::from_static(b"three")).await.unwrap();
    assert!(first < second && second < third, "ids only grow");
    assert!(third.ms > second.ms);
    let lines = |entries: Vec<ChatEntry>| entries.into_iter().map(|entry| (entry.id, entry.line)).collect::<Vec<_>>();
    let after_first = lines(backplane.chat_after(stream.clone(), Some(first)).await.unwrap());
    assert_eq!(after_first, [(second, Bytes::from_static(b"two")), (third, Bytes::from_static(b"three"))]);
    assert_eq!(backplane.chat_after(stream, None).await.unwrap().len(), 3);
    assert_eq!(backplane.chat_after(ChatStream::World, None).await, Ok(vec![]), "streams do not mix");
}

pub(super) async fn chat_keeps_its_newest_lines(backplane: Backplane) {
    for n in 0..CHAT_HISTORY_LINES + 3 {
        backplane.say(ChatStream::World, n.to_string().into()).await.unwrap();
    }
    let kept = backplane.chat_after(ChatStream::World, None).await.unwrap();
    assert_eq!(kept.len(), CHAT_HISTORY_LINES);
    assert_eq!(kept[0].line, Bytes::from_static(b"3"));
}

pub(super) async fn lost_chat_is_put_back(backplane: Backplane) {
    let stream = ChatStream::Maze(maze());
    for n in 0..5 {
        backplane.say(stream.clone(), n.to_string().into()).await.unwrap();
    }
    let whole = backplane.chat_after(stream.clone(), None).await.unwrap();
    let other = ChatStream::Maze(MazeId::open(2));
    let mut follower = backplane.subscribe(&[Topic::Chat(other.clone()), Topic::Knock]).await.unwrap();
    for (put_back, missing) in [(&whole[3..], &whole[3..]), (&whole[..4], &whole[..3]), (&whole[..], &[])] {
        backplane.chat_restore(other.clone(), put_back).await.unwrap();
        let heard = come(&backplane, &mut follower, Topic::Knock).await;
        let heard: Vec<ChatEntry> = heard.iter().filter_map(|(_, message)| ChatEntry::decode(message)).collect();
        assert_eq!(heard, missing, "who has read the stream too early hears what it did not have");
    }
    assert_eq!(backplane.chat_after(other.clone(), None).await.unwrap(), whole, "in order, under their ids, each once");
    let id = backplane.say(other.clone(), Bytes::from_static(b"new")).await.unwrap();
    assert!(id > whole[4].id);

    for n in 0..CHAT_HISTORY_LINES {
        backplane.say(other.clone(), n.to_string().into()).await.unwrap();
    }
    let full = backplane.chat_after(other.clone(), None).await.unwrap();
    backplane.chat_restore(other.clone(), &whole).await.unwrap();
    assert_eq!(backplane.chat_after(other, None).await.unwrap(), full, "what made room does not come back");
}

pub(super) async fn all_agree_on_the_first_secret(backplane: Backplane) {
    let first = backplane.agree_on_secret(b"first").await.unwrap();
    assert_eq!(first, b"first");
    assert_eq!(backplane.agree_on_secret(b"second").await.unwrap(), b"first");
}

pub(super) async fn chat_is_published_with_its_id(backplane: Backplane) {
    let mut lines = backplane.subscribe(&[Topic::Chat(ChatStream::World)]).await.unwrap();
    let id = backplane.say(ChatStream::World, Bytes::from_static("안녕".as_bytes())).await.unwrap();
    let (_, message) = lines.next().await.unwrap();
    let entry = ChatEntry { id, line: Bytes::from_static("안녕".as_bytes()) };
    assert_eq!(ChatEntry::decode(&message), Some(entry.clone()));
    assert_eq!(entry.encode(), message);
    assert_eq!(ChatEntry::decode(&message.slice(..15)), None);
}

pub(super) async fn the_silent_are_not_listed(backplane: Backplane) {
    backplane.heartbeat(node("b"), Bytes::from_static(b"old words")).await.unwrap();
    let asked = Instant::now();
    backplane.heartbeat(node("a"), Bytes::from_static(b"words")).await.unwrap();
    let silent_for = Silence::since(asked);
    loop {
        let asked = Instant::now();
        backplane.heartbeat(node("b"), Bytes::from_static(b"new words")).await.unwrap();
        let (of_b, least) = (Silence::since(asked), silent_for.least());
        let nodes = backplane.nodes().await.unwrap();
        let named: Vec<_> = nodes.iter().map(|(node, _, said)| (node.clone(), said.clone())).collect();
        let b = (node("b"), Bytes::from_static(b"new words"));
        if named == [b.clone()] {
            assert!(silent_for.most() > NODE_SILENCE_MAX, "not listed after {:?}", silent_for.most());
            break;
        }
        assert_eq!(named, [(node("a"), Bytes::from_static(b"words")), b]);
        assert!(nodes[0].1 >= least && nodes[0].1 <= silent_for.most() && nodes[1].1 <= of_b.most(), "each with its age: {nodes:?}");
        assert!(least <= NODE_SILENCE_MAX, "listed after {least:?}");
        tokio::time::sleep(NODE_SILENCE_MAX / 10).await; // time is the promise
    }
    backplane.farewell(node("b")).await.unwrap();
    assert_eq!(backplane.nodes().await, Ok(vec![]));
}
