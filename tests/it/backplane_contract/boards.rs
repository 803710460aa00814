//! Score boards: best runs rise and are bounded, those who play now are put whole by the leader of their maze, and anybody can be taken off.

use bytes::Bytes;
use tokio::time::Instant;
use waka::backplane::Backplane;
use waka::backplane::Board;
use waka::backplane::BoardRow;
use waka::backplane::ChatStream;
use waka::backplane::boards::BOARD_ROWS_MAX;
use waka::backplane::boards::LIVE_SILENCE_MAX;
use waka::wire::MazeId;
use waka::wire::PlayerId;
use waka::wire::boards::Day;

use super::at;
use super::maze;
use super::silence::Silence;

fn row(player: u64, points: u64, shown: &str) -> BoardRow {
    BoardRow { player: PlayerId(player), points, shown: Bytes::from(shown.to_owned()) }
}

async fn raise(backplane: &Backplane, board: &Board, player: u64, points: u64) {
    backplane.board_raise(board, &[row(player, points, "look")]).await.unwrap();
}

async fn top(backplane: &Backplane, board: &Board) -> Vec<(u64, u64)> {
    backplane.board_top(board, 9).await.unwrap().into_iter().map(|row| (row.player.0, row.points)).collect()
}

pub(super) async fn a_board_only_rises(backplane: Backplane) {
    let board = Board::AllTime;
    backplane.board_raise(&board, &[row(1, 50, "one"), row(2, 90, "two")]).await.unwrap();
    raise(&backplane, &board, 1, 70).await;
    raise(&backplane, &board, 2, 10).await;
    assert_eq!(top(&backplane, &board).await, [(2, 90), (1, 70)]);
    assert_eq!(backplane.board_top(&board, 1).await.unwrap().len(), 1);
    assert_eq!(backplane.board_top(&board, 0).await, Ok(vec![]));
    assert_eq!(top(&backplane, &Board::Day(Day(1))).await, []);
}

pub(super) async fn a_boards_ties_go_to_the_earlier(backplane: Backplane) {
    let board = Board::Day(Day(1));
    for player in [9, 1, 5, 9] {
        raise(&backplane, &board, player, 50).await;
    }
    assert_eq!(top(&backplane, &board).await, [(9, 50), (1, 50), (5, 50)]);
}

pub(super) async fn a_board_shows_the_newest_look(backplane: Backplane) {
    let board = Board::AllTime;
    backplane.board_raise(&board, &[row(1, 50, "Mina")]).await.unwrap();
    backplane.board_raise(&board, &[row(1, 20, "모리 🍒")]).await.unwrap();
    assert_eq!(backplane.board_top(&board, 9).await.unwrap(), [row(1, 50, "모리 🍒")], "a new name is shown, were the run worse");
    backplane.board_raise(&board, &[row(1, 60, ""), row(2, 80, "")]).await.unwrap();
    assert_eq!(backplane.board_top(&board, 9).await.unwrap(), [row(1, 60, "모리 🍒")], "without a look only who is there is raised");
}

pub(super) async fn a_board_is_bounded(backplane: Backplane) {
    let board = Board::AllTime;
    let many = BOARD_ROWS_MAX as u64;
    let rows: Vec<BoardRow> = (1..=many).map(|player| row(player, 10 * player, "look")).collect();
    backplane.board_raise(&board, &rows).await.unwrap();
    raise(&backplane, &board, many + 1, 10).await;
    raise(&backplane, &board, many + 2, 25).await;
    let kept = backplane.board_top(&board, 2 * BOARD_ROWS_MAX).await.unwrap();
    assert_eq!(kept.len(), BOARD_ROWS_MAX);
    let worst: Vec<u64> = kept[BOARD_ROWS_MAX - 2..].iter().map(|row| row.player.0).collect();
    assert_eq!(worst, [many + 2, 2], "the worst made room, and one no better than the worst found none");
    for points in 0..20 {
        raise(&backplane, &board, 3, 31 + points).await;
    }
    backplane.board_remove(&board, Some(PlayerId(4))).await.unwrap();
    raise(&backplane, &board, many + 3, 1).await;
    let kept: Vec<u64> = backplane.board_top(&board, 2 * BOARD_ROWS_MAX).await.unwrap().iter().map(|row| row.player.0).collect();
    assert_eq!(kept.len(), BOARD_ROWS_MAX, "who is there already takes nobody's place, and who was removed leaves his");
    assert_eq!(kept[BOARD_ROWS_MAX - 4..], [3, many + 2, 2, many + 3]);
}

pub(super) async fn boards_of_days_do_not_mix(backplane: Backplane) {
    let (today, tomorrow) = (Board::Day(Day(20_781)), Board::Day(Day(20_782)));
    raise(&backplane, &today, 1, 70).await;
    raise(&backplane, &tomorrow, 1, 20).await;
    assert_eq!(top(&backplane, &today).await, [(1, 70)]);
    assert_eq!(top(&backplane, &tomorrow).await, [(1, 20)]);
}

pub(super) async fn those_who_play_are_put_whole(backplane: Backplane) {
    let (world, other) = (Board::WorldLive, MazeId::open(2));
    let here = Board::Live(maze());
    for board in [&world, &here] {
        backplane.board_show(board, &maze(), at(1, 100), &[row(1, 50, "a b"), row(2, 90, "two")]).await.unwrap();
    }
    backplane.board_show(&world, &other, at(1, 3), &[row(3, 70, "three")]).await.unwrap();
    assert_eq!(top(&backplane, &world).await, [(2, 90), (3, 70), (1, 50)]);
    assert_eq!(backplane.board_top(&here, 9).await.unwrap(), [row(2, 90, "two"), row(1, 50, "a b")]);
    // 2 has left, 1 has begun another run; then 1 moves to the other maze, whose leader says so first.
    backplane.board_show(&world, &maze(), at(1, 200), &[row(1, 0, "a b")]).await.unwrap();
    assert_eq!(top(&backplane, &world).await, [(3, 70), (1, 0)]);
    backplane.board_show(&world, &other, at(1, 9), &[row(3, 70, "three"), row(1, 10, "a b")]).await.unwrap();
    backplane.board_show(&world, &maze(), at(1, 300), &[]).await.unwrap();
    assert_eq!(top(&backplane, &world).await, [(3, 70), (1, 10)]);
    backplane.board_show(&world, &other, at(1, 10), &[row(1, 70, "a b"), row(3, 70, "three")]).await.unwrap();
    assert_eq!(top(&backplane, &world).await, [(3, 70), (1, 70)], "ties go to who was there first");
}

pub(super) async fn an_older_leader_puts_nobody(backplane: Backplane) {
    let world = Board::WorldLive;
    backplane.board_show(&world, &maze(), at(2, 100), &[row(1, 50, "one")]).await.unwrap();
    backplane.board_show(&world, &maze(), at(1, 900), &[row(2, 90, "two")]).await.unwrap();
    backplane.board_show(&world, &maze(), at(2, 99), &[]).await.unwrap();
    assert_eq!(top(&backplane, &world).await, [(1, 50)]);
    backplane.board_show(&world, &maze(), at(2, 100), &[row(1, 60, "one")]).await.unwrap();
    assert_eq!(top(&backplane, &world).await, [(1, 60)], "the same tick again is no older");
}

pub(super) async fn a_silent_leaders_players_go(backplane: Backplane) {
    let (world, other) = (Board::WorldLive, MazeId::open(2));
    let asked = Instant::now();
    backplane.board_show(&world, &maze(), at(2, 100), &[row(1, 50, "one")]).await.unwrap();
    let silent_for = Silence::since(asked);
    for tick in 1.. {
        backplane.board_show(&world, &other, at(1, tick), &[row(2, 40, "two")]).await.unwrap();
        let least = silent_for.least();
        let shown = top(&backplane, &world).await;
        if shown == [(2, 40)] {
            assert!(silent_for.most() > LIVE_SILENCE_MAX, "gone after {:?}", silent_for.most());
            break;
        }
        assert_eq!(shown, [(1, 50), (2, 40)]);
        assert!(least <= LIVE_SILENCE_MAX, "there after {least:?}");
        tokio::time::sleep(LIVE_SILENCE_MAX / 10).await; // time is the promise
    }
    backplane.board_show(&world, &maze(), at(1, 1), &[row(1, 10, "one")]).await.unwrap();
    assert_eq!(top(&backplane, &world).await, [(2, 40), (1, 10)], "a maze that began afresh is believed after a silence");
}

pub(super) async fn somebody_is_taken_off_a_board(backplane: Backplane) {
    let (all, world) = (Board::AllTime, Board::WorldLive);
    for player in [1, 2, 3] {
        raise(&backplane, &all, player, 10 * player).await;
    }
    backplane.board_show(&world, &maze(), at(1, 1), &[row(1, 10, "one"), row(2, 20, "two")]).await.unwrap();
    for board in [&all, &world] {
        backplane.board_remove(board, Some(PlayerId(2))).await.unwrap();
        backplane.board_remove(board, Some(PlayerId(99))).await.unwrap();
    }
    assert_eq!((top(&backplane, &all).await, top(&backplane, &world).await), (vec![(3, 30), (1, 10)], vec![(1, 10)]));
    for board in [&all, &world] {
        backplane.board_remove(board, None).await.unwrap();
    }
    assert_eq!((top(&backplane, &all).await, top(&backplane, &world).await), (vec![], vec![]));
}

pub(super) async fn what_a_player_left_behind_is_taken_out(backplane: Backplane) {
    let (stream, other) = (ChatStream::Maze(maze()), MazeId::open(2));
    let first = backplane.say(stream.clone(), Bytes::from_static(b"first")).await.unwrap();
    backplane.say(stream.clone(), Bytes::from_static(b"second")).await.unwrap();
    backplane.say(ChatStream::World, Bytes::from_static(b"to all")).await.unwrap();
    for world in ["one", "two", "one"] {
        backplane.set_aside(&other, Bytes::from_static(world.as_bytes())).await.unwrap();
    }
    assert_eq!(backplane.mazes_kept().await, Ok(vec![maze(), other.clone()]));
    backplane.chat_remove(&stream, &[first]).await.unwrap();
    backplane.chat_remove(&stream, &[]).await.unwrap();
    let left = backplane.chat_after(stream, None).await.unwrap();
    assert_eq!(left.iter().map(|entry| &entry.line[..]).collect::<Vec<_>>(), [b"second"]);
    backplane.aside_remove(&other, &Bytes::from_static(b"one")).await.unwrap();
    assert_eq!(backplane.aside(&other).await, Ok(vec![Bytes::from_static(b"two")]));
}
