//! What the lists of black boxes promise (B1): order, caps, and that mazes do not mix.

use bytes::Bytes;
use waka::backplane::Backplane;
use waka::backplane::black_boxes::BOXES_KEPT;
use waka::backplane::black_boxes::STRIPS_KEPT;
use waka::wire::MazeId;

use super::maze;

pub(super) async fn the_newest_strips_stay(backplane: Backplane) {
    assert_eq!(backplane.strips(&maze()).await, Ok(vec![]));
    for n in 0..STRIPS_KEPT + 2 {
        backplane.append_strip(&maze(), n.to_string().into()).await.unwrap();
    }
    let kept = backplane.strips(&maze()).await.unwrap();
    assert_eq!(kept, (2..STRIPS_KEPT + 2).map(|n| Bytes::from(n.to_string())).collect::<Vec<_>>(), "the newest, in order");
    assert_eq!(backplane.strips(&MazeId::open(2)).await, Ok(vec![]), "mazes do not mix");
    assert_eq!(backplane.black_boxes(&maze()).await, Ok(vec![]), "nor strips and boxes");
    assert_eq!(backplane.read(&maze()).await, Ok(None), "nothing of it is a record");
}

pub(super) async fn the_newest_black_boxes_stay(backplane: Backplane) {
    for n in 0..=BOXES_KEPT {
        backplane.keep_black_box(&maze(), n.to_string().into()).await.unwrap();
    }
    let kept = backplane.black_boxes(&maze()).await.unwrap();
    assert_eq!(kept, (1..=BOXES_KEPT).map(|n| Bytes::from(n.to_string())).collect::<Vec<_>>(), "the oldest made room");
    assert_eq!(backplane.black_boxes(&MazeId::open(2)).await, Ok(vec![]));
}
