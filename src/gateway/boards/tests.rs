//! One reading a second, whoever asks; and what is told of a row.

use super::*;
use crate::wire::PlayerId;
use crate::wire::boards::Shown;

fn row(player: u64, points: u64, name: &str) -> BoardRow {
    let shown = Shown { name: name.to_owned(), colour: 3, symbol: 3, bot: false, maze: MazeId::open(1) };
    BoardRow { player: PlayerId(player), points, shown: serde_json::to_vec(&shown).unwrap().into() }
}

fn told(board: Option<ToClient>) -> Vec<(u64, u64, String)> {
    let Some(ToClient::Board { rows, .. }) = board else { panic!("no board: {board:?}") };
    rows.into_iter().map(|row| (row.id.0, row.points, row.shown.name)).collect()
}

#[tokio::test(start_paused = true)]
async fn many_askers_are_one_reading_a_second() {
    let backplane = Backplane::memory();
    let cache = BoardCache::new(backplane.clone());
    backplane.board_raise(&Board::AllTime, &[row(1, 50, "Mina")]).await.unwrap();
    let first = told(cache.board(BoardName::All, None).await);
    assert_eq!(first, [(1, 50, "Mina".to_owned())]);
    backplane.board_raise(&Board::AllTime, &[row(1, 90, "Mina")]).await.unwrap();
    for _ in 0..1000 {
        assert_eq!(told(cache.board(BoardName::All, None).await), first, "read again within the second");
    }
    tokio::time::advance(AGE_MAX).await;
    assert_eq!(told(cache.board(BoardName::All, None).await), [(1, 90, "Mina".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_board_that_cannot_be_read_is_none_and_rows_of_another_release_are_left_out() {
    let backplane = Backplane::memory();
    let strange = BoardRow { shown: b"{}".to_vec().into(), ..row(2, 90, "") };
    backplane.board_raise(&Board::AllTime, &[strange, row(1, 50, "Mina")]).await.unwrap();
    assert_eq!(told(BoardCache::new(backplane.clone()).board(BoardName::All, None).await).len(), 1);
    assert_eq!(BoardCache::new(backplane).board(BoardName::Maze, None).await, None, "whose?");
}

#[tokio::test]
async fn the_cache_is_bounded() {
    let cache = BoardCache::new(Backplane::memory());
    for n in 0..BOARDS_MAX {
        let maze = MazeId::open(u32::try_from(n).unwrap());
        assert!(cache.slot(&Board::Live(maze)).is_some());
    }
    // Nobody has read any of them within the second, so they make room.
    assert!(cache.slot(&Board::AllTime).is_some());
    assert!(cache.slots.lock().unwrap().len() <= BOARDS_MAX);
}
