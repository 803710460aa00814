//! A player against a server made of a script: what he says, when he comes back, when he stays away. Time is paused.

use std::time::Duration;

use futures_util::SinkExt;
use futures_util::StreamExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::*;
use crate::client::tests::calm;
use crate::client::tests::pac_at;
use crate::client::witness::Unseen;
use crate::game::grid::Direction;
use crate::game::scene::Scene;
use crate::game::scene::Seat;
use crate::wire::Epoch;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::frame::Frame;
use crate::wire::frame::Sections;
use crate::wire::to_client::ToClient;

const PATIENCE: Duration = Duration::from_secs(20);

struct Host {
    listener: TcpListener,
    leave: CancellationToken,
    player: JoinHandle<Option<Close>>,
}

impl Host {
    async fn of_one_player(style: Style) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("ws://{}/ws", listener.local_addr().unwrap());
        let leave = CancellationToken::new();
        let plan = Plan {
            address,
            maze: Some(MazeId::open(1)),
            name: "Pip".to_owned(),
            colour: None,
            symbol: None,
            style,
            watches: false,
            bot: true,
            seed: 1,
            gallery: Gallery::default(),
        };
        let leaving = leave.clone();
        let player = tokio::spawn(async move { play(plan, leaving, &mut Unseen).await });
        Self { listener, leave, player }
    }

    async fn accept(&self) -> Guest {
        let (stream, _) = timeout(PATIENCE, self.listener.accept()).await.unwrap().unwrap();
        Guest(accept_async(stream).await.unwrap())
    }
}

struct Guest(WebSocketStream<TcpStream>);

impl Guest {
    /// The next message but pings.
    async fn says(&mut self) -> FromClient {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await.unwrap().unwrap().unwrap();
            let Message::Text(text) = message else { panic!("{message:?}") };
            let message = serde_json::from_str(&text).unwrap();
            if !matches!(message, FromClient::Ping { .. }) {
                return message;
            }
        }
    }

    async fn hear(&mut self, message: &ToClient) {
        self.0.send(Message::text(serde_json::to_string(message).unwrap())).await.unwrap();
    }

    async fn close(mut self, code: u16) {
        self.0.send(Message::Close(Some(CloseFrame { code: code.into(), reason: "".into() }))).await.unwrap();
    }

    /// From `hello` to a seat.
    async fn seat(&mut self, token: &str, input: u32) -> Option<String> {
        let FromClient::Hello { token: brought, bot: true, .. } = self.says().await else { panic!("hello comes first") };
        let FromClient::Join { maze, name, .. } = self.says().await else { panic!("then join") };
        assert_eq!((maze, name.as_str()), (Some(MazeId::open(1)), "Pip"));
        self.hear(&ToClient::Welcome { version: 1, you: PlayerId(1), token: token.to_owned(), instance: NodeId("a".to_owned()) }).await;
        self.hear(&ToClient::Joined { maze: MazeId::open(1), spectating: false, seat: Some(Seat(0)), input }).await;
        brought
    }

    async fn see_a_maze_that_knows(&mut self, tick: u32, number: u8) {
        let mut scene = Scene { tick, ..calm() };
        scene.pacs[0] = Some(pac_at(6, 29, Direction::Right));
        let frame = Frame {
            epoch: Epoch::new(1, 1),
            carried: false,
            roster_version: 0,
            numbers: [number; 16],
            events: vec![],
            scene,
            sections: Sections::ALL,
        };
        self.0.send(Message::Binary(frame.encode())).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn he_says_hello_joins_and_counts_his_keys_from_where_the_server_is() {
    let host = Host::of_one_player(Style::Metronome).await;
    let mut guest = host.accept().await;
    assert_eq!(guest.seat("proof", 41).await, None);
    for expected in 42..45 {
        // Nobody presses keys in a maze that is silent.
        guest.see_a_maze_that_knows(expected * 100, ((expected - 1) % 8) as u8).await;
        let FromClient::Input { n, .. } = guest.says().await else { panic!("keys only") };
        assert_eq!(n, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn he_comes_back_with_his_token_until_told_to_stay_away() {
    let host = Host::of_one_player(Style::People).await;
    let mut guest = host.accept().await;
    assert_eq!(guest.seat("proof", 0).await, None);
    guest.close(4000).await;
    let mut guest = host.accept().await;
    assert_eq!(guest.seat("proof", 0).await, Some("proof".to_owned()));
    drop(guest);
    let mut guest = host.accept().await;
    assert_eq!(guest.seat("proof", 0).await, Some("proof".to_owned()), "also when the connection just breaks");
    guest.close(4009).await;
    assert_eq!(timeout(PATIENCE, host.player).await.unwrap().unwrap(), Some(Close::Replaced));
}

#[tokio::test(start_paused = true)]
async fn he_joins_again_when_his_run_is_over() {
    let host = Host::of_one_player(Style::People).await;
    let mut guest = host.accept().await;
    guest.seat("proof", 0).await;
    guest.hear(&ToClient::Over { points: 100, level: 1 }).await;
    assert!(matches!(guest.says().await, FromClient::Join { .. }));
}

#[tokio::test(start_paused = true)]
async fn he_leaves_when_told_to_and_gives_up_his_seat() {
    let host = Host::of_one_player(Style::People).await;
    let mut guest = host.accept().await;
    guest.seat("proof", 0).await;
    host.leave.cancel();
    assert_eq!(guest.says().await, FromClient::Leave);
    while let Some(Ok(_)) = guest.0.next().await {}
    assert_eq!(timeout(PATIENCE, host.player).await.unwrap().unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_maze_that_is_not_his_is_left_at_once() {
    let host = Host::of_one_player(Style::People).await;
    let mut guest = host.accept().await;
    guest.seat("proof", 0).await;
    guest.hear(&ToClient::Joined { maze: MazeId::open(2), spectating: false, seat: None, input: 0 }).await;
    assert_eq!(guest.says().await, FromClient::Leave);
}

#[tokio::test(start_paused = true)]
async fn his_keys_are_counted_on_over_a_connection_that_breaks() {
    let host = Host::of_one_player(Style::Metronome).await;
    let mut guest = host.accept().await;
    guest.seat("proof", 41).await;
    guest.see_a_maze_that_knows(100, 41 % 8).await;
    assert!(matches!(guest.says().await, FromClient::Input { n: 42, .. }));
    drop(guest);
    let mut guest = host.accept().await;
    guest.seat("proof", 41).await;
    guest.see_a_maze_that_knows(200, 41 % 8).await;
    assert!(matches!(guest.says().await, FromClient::Input { n: 43, .. }), "the server may not know of the last key yet");
}

#[tokio::test(start_paused = true)]
async fn a_maze_that_knows_of_later_keys_is_believed() {
    let host = Host::of_one_player(Style::Metronome).await;
    let mut guest = host.accept().await;
    guest.seat("proof", 41).await;
    guest.see_a_maze_that_knows(100, 44 % 8).await;
    assert!(matches!(guest.says().await, FromClient::Input { n: 45, .. }), "an older number would not be obeyed");
}
