//! Keeps the bots that `--bots N` promises: N in every maze that has people in it, over real sockets to this process's own address.
//!
//! Which mazes is `rota`'s to say, from the heartbeats that the composition root hands in. A bot arrives each half second until a maze has its
//! number, as people do; all leave at once when the people are gone. It owns the bots' tasks: when it ends they have ended (S1).

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::select;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::client::bot::Style;
use crate::client::mirror::Gallery;
use crate::client::player::Plan;
use crate::client::player::play;
use crate::client::rota::Rota;
use crate::client::witness::Unseen;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::between_nodes::Heartbeat;

/// As often as heartbeats come.
pub const ROUND: Duration = Duration::from_millis(500);
/// For all bots to say goodbye.
pub const FAREWELL_MAX: Duration = Duration::from_secs(1);

/// One each for the most that a maze can have.
const NAMES: [&str; 15] = [
    "Pip", "Mochi", "Biscuit", "Tofu", "Waffle", "Pickle", "Noodle", "Pesto", "Dumpling", "Radish", "Sesame", "Yuzu", "Turnip", "Kimchi",
    "Crumb",
];

/// Keeps `bots` in each maze until `stop` is cancelled. `heartbeats` is the newest of every living process, this one's included; `address` is this
/// process's own, as `ws://host:port/ws`.
pub async fn keep(me: NodeId, bots: u32, address: String, heartbeats: watch::Receiver<Vec<Heartbeat>>, stop: CancellationToken) {
    let mut rota = Rota::new(me.clone(), bots);
    let mut crews: BTreeMap<MazeId, Crew> = BTreeMap::new();
    let mut tasks = JoinSet::new();
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        select! {
            () = stop.cancelled() => break,
            Some(ended) = tasks.join_next() => match ended {
                // Its place stays empty until the people leave: whatever sent it away would send the next one away.
                Ok(Some(close)) => tracing::warn!(event = "bot_sent_away", ?close, "a bot was told to stay away"),
                Ok(None) => {}
                Err(error) => tracing::error!(event = "bot_failed", %error, "a bot's task failed"),
            },
            _ = rounds.tick() => {
                let owed = rota.round(&heartbeats.borrow());
                crews.retain(|maze, _| owed.contains_key(maze));
                for (maze, bots) in owed {
                    let crew = crews.entry(maze.clone()).or_default();
                    if crew.sent < bots {
                        let (plan, leave) = (plan(&me, &maze, crew, &address), crew.leave.child_token());
                        tasks.spawn(async move { play(plan, leave, &mut Unseen).await });
                        crew.sent += 1;
                    }
                }
            }
        }
    }
    drop(crews);
    let farewells = async { while tasks.join_next().await.is_some() {} };
    if timeout(FAREWELL_MAX, farewells).await.is_err() {
        tracing::warn!(event = "bots_left_behind", "some bots had no time to say goodbye");
    }
}

/// The bots of one maze; dropped, they leave.
#[derive(Default)]
struct Crew {
    sent: u32,
    leave: CancellationToken,
    gallery: Gallery,
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.leave.cancel();
    }
}

fn plan(me: &NodeId, maze: &MazeId, crew: &Crew, address: &str) -> Plan {
    let index = crew.sent;
    let seed = seed_of(&[me.0.as_bytes(), maze.as_str().as_bytes(), &index.to_le_bytes()]);
    let first = seed_of(&[maze.as_str().as_bytes()]) as usize % NAMES.len();
    let name = NAMES[(first + index as usize) % NAMES.len()].to_owned();
    Plan {
        address: address.to_owned(),
        maze: Some(maze.clone()),
        name,
        colour: None,
        symbol: None,
        style: Style::People,
        watches: false,
        bot: true,
        seed,
        gallery: crew.gallery.clone(),
    }
}

/// FNV-1a: different bots play differently, and the same one plays the same again.
fn seed_of(parts: &[&[u8]]) -> u64 {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    parts.iter().flat_map(|part| part.iter()).fold(0xcbf2_9ce4_8422_2325, fold)
}
