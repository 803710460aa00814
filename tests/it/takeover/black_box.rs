//! Black boxes: what a maze leaves behind steps through again to the very tick, over takeovers, losses and panics.

use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use waka::backplane::Backplane;
use waka::backplane::faults::Fate;
use waka::backplane::faults::Faults;
use waka::backplane::faults::Operation;
use waka::game::grid::Direction;
use waka::game::scene::Scene;
use waka::game::seating::Command;
use waka::game::world::World;
use waka::replay;
use waka::replay::End;
use waka::replay::Stretch;
use waka::wire::MazeId;
use waka::wire::Position;
use waka::wire::black_box::BlackBox;
use waka::wire::black_box::Strip;
use waka::worker::WorkerConfig;

use super::faults::panicking;
use super::played;
use crate::cluster::Cluster;
use crate::cluster::Gateway;
use crate::cluster::pass;
use crate::cluster::until;

fn step(world: &mut World, commands: &[Command]) {
    drop(world.step(commands));
}

/// What is kept of a maze that is being played, as `waka blackbox` puts it together.
async fn kept(backplane: &Backplane, maze: &MazeId) -> Vec<Stretch> {
    let strips = backplane.strips(maze).await.unwrap();
    let strips = strips.iter().map(|strip| Strip::decode(strip).unwrap()).collect();
    replay::stretches(BlackBox::decode(&BlackBox::of(maze.clone(), None, strips).encode()).unwrap())
}

/// Steps through it and holds every frame that a gateway has shown of it against what comes out; tells how many.
fn held_against(stretch: &Stretch, gateway: &Gateway) -> usize {
    let shown = gateway.shown();
    let mut same = 0;
    let end = replay::run(stretch, &step, |world, tick| {
        let at = Position { epoch: stretch.epoch, tick: tick.tick };
        if let Some((_, frame)) = shown.iter().find(|(_, frame)| frame.position() == at) {
            // What every frame has; the rest comes in sections.
            let everybody = |scene: Scene| (scene.phase, scene.pacs, scene.ghosts, scene.power_ticks_left);
            assert_eq!(everybody(frame.scene.clone()), everybody(world.scene()), "tick {}", tick.tick);
            same += 1;
        }
        ControlFlow::Continue(())
    });
    assert_eq!(end, End::AsItWas, "G1");
    same
}

async fn steer(gateway: &Gateway, seconds: u32) {
    for press in 0..seconds * 4 {
        gateway.press(1, Direction::from_bits(press as u8)).await;
        gateway.press(2, Direction::from_bits((press / 3) as u8)).await;
        pass(Duration::from_millis(250)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_minute_of_a_maze_is_what_was_shown_of_it_g1() {
    let (cluster, gateway, _) = played().await;
    steer(&gateway, 100).await;
    let stretches = kept(&cluster.backplane, &gateway.maze).await;
    assert_eq!(stretches.len(), 1);
    let newest = gateway.position().unwrap().tick;
    assert!(stretches[0].ticks.len() >= 60 * 60 && newest - stretches[0].end_tick() < 2 * 60, "{} ticks", stretches[0].ticks.len());
    assert!(held_against(&stretches[0], &gateway) > 600, "ten frames a second and more");
    let bytes: usize = cluster.backplane.strips(&gateway.maze).await.unwrap().iter().map(bytes::Bytes::len).sum();
    assert!(bytes < 32 << 10, "{bytes} bytes for a minute of two players");
}

#[tokio::test(start_paused = true)]
async fn a_takeover_in_the_middle_begins_a_new_stretch() {
    let (mut cluster, gateway, leader) = played().await;
    steer(&gateway, 6).await;
    cluster.drain(&leader).await;
    until("the other leads", async || cluster.leaders(&gateway.maze).len() == 1).await;
    steer(&gateway, 6).await;
    cluster.start("worker-c").await;
    let second = cluster.leaders(&gateway.maze).remove(0);
    cluster.kill(&second).await;
    until("a third leads", async || cluster.leaders(&gateway.maze).len() == 1).await;
    steer(&gateway, 6).await;
    let stretches = kept(&cluster.backplane, &gateway.maze).await;
    let epochs: Vec<_> = stretches.iter().map(|stretch| stretch.epoch).collect();
    assert!(epochs.len() >= 3 && epochs.is_sorted(), "{epochs:?}");
    for stretch in &stretches {
        assert!(held_against(stretch, &gateway) > 10);
    }
    assert_eq!(stretches[1].world.tick(), stretches[0].end_tick(), "who hands over loses nothing of it");
    let lost = stretches[epochs.len() - 1].world.tick() - stretches[epochs.len() - 2].end_tick();
    assert!(lost <= 60, "who is killed loses the second that was not full: {lost} ticks");
}

#[tokio::test(start_paused = true)]
async fn a_lost_append_is_a_gap_and_delays_nobody() {
    let mut cluster = Cluster::new();
    let deaf = Arc::new(AtomicBool::new(false));
    let is_deaf = Arc::clone(&deaf);
    let faults = Faults::new(move |operation| {
        let other = operation == Operation::Other;
        Fate {
            request_lost: other && is_deaf.load(Ordering::Relaxed),
            answer_late: Duration::from_millis(if other { 400 } else { 0 }),
            ..Fate::default()
        }
    });
    cluster.start_with("worker-a", cluster.backplane.through(Arc::new(faults)), WorkerConfig::default()).await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.enter(1, 1).await;
    gateway.enter(2, 1).await;
    until("both are seated", async || gateway.seats(1) && gateway.seats(2)).await;
    let first = gateway.shown().len();
    steer(&gateway, 4).await;
    deaf.store(true, Ordering::Relaxed);
    steer(&gateway, 1).await;
    deaf.store(false, Ordering::Relaxed);
    steer(&gateway, 5).await;
    let pause = gateway.shown()[first..].windows(2).map(|pair| pair[1].0 - pair[0].0).max().unwrap();
    assert!(pause <= Duration::from_millis(120), "a commit waited {pause:?} for the black box");
    let stretches = kept(&cluster.backplane, &gateway.maze).await;
    assert_eq!(stretches.len(), 2);
    let lost = stretches[1].world.tick() - stretches[0].end_tick();
    assert!((60..=120).contains(&lost), "a lost append costs its second: {lost} ticks");
    for stretch in &stretches {
        assert!(held_against(stretch, &gateway) > 10);
    }
}

/// The black boxes in a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == "wakabox")).collect()
}

/// A folder of one test, gone with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("waka-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn files(&self) -> Vec<PathBuf> {
        files(&self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_leaves_a_file_that_panics_at_the_very_tick() {
    let mut cluster = Cluster::new();
    let folder = Folder::new("black-box");
    let config = WorkerConfig { black_box: Some(folder.0.clone()), ..panicking(MazeId::open(1), 1_150, 1) };
    cluster.start_with("worker-a", cluster.backplane.clone(), config).await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.enter(1, 1).await;
    gateway.enter(2, 1).await;
    until("both are seated", async || gateway.seats(1) && gateway.seats(2)).await;
    steer(&gateway, 20).await;
    until("a file", async || !folder.files().is_empty()).await;
    let backplane = &cluster.backplane;
    until("a box", async || !backplane.black_boxes(&gateway.maze).await.unwrap().is_empty()).await;
    let bytes = std::fs::read(&folder.files()[0]).unwrap();
    assert!(backplane.black_boxes(&gateway.maze).await.unwrap().iter().eq([&bytes]), "the same is kept in the backplane");
    let black_box = BlackBox::decode(&bytes).unwrap();
    let panicked = black_box.panicked.unwrap();
    assert_eq!(panicked.tick, 1_151, "the tick that the world never took");
    let name = format!("open-1-{}-1151.wakabox", panicked.epoch.0);
    assert_eq!(folder.files()[0].file_name().unwrap().to_str().unwrap(), name);

    let (code, out, _) = crate::program::run(&mut crate::program::waka(&["replay", "--check", folder.files()[0].to_str().unwrap()]));
    assert_eq!(code, Some(1), "the program itself has no such fault: {out}");
    assert!(out.ends_with("tick 1151 panicked when this was written, and does not here\n"), "{out}");

    let stretches = replay::stretches(black_box);
    let [stretch] = &stretches[..] else { panic!("{} stretches", stretches.len()) };
    assert_eq!((stretch.world.tick(), stretch.end_tick()), (0, 1_151), "from the first tick to the last");
    let faulty = |world: &mut World, commands: &[Command]| {
        assert!(world.tick() < 1_150, "as the test wants it");
        step(world, commands);
    };
    match replay::run(stretch, &faulty, |_, _| ControlFlow::Continue(())) {
        End::Panics { tick, .. } => assert_eq!(tick, panicked.tick),
        other => panic!("{other:?}"),
    }
    pass(Duration::from_secs(5)).await;
    let after = kept(&cluster.backplane, &gateway.maze).await;
    assert!(after.len() == 2 && held_against(&after[1], &gateway) > 10, "and the box goes on with the maze that does");
}

/// A strip is full at each of its sixty ticks, and the tick after that is the one that panics.
#[tokio::test(start_paused = true)]
async fn a_panic_takes_no_strip_with_it() {
    const FULL_AT: u32 = 8 * 60;
    let mut cluster = Cluster::new();
    cluster.start_with("worker-a", cluster.backplane.clone(), panicking(MazeId::open(1), FULL_AT, 1)).await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.enter(1, 1).await;
    until("it goes on", async || gateway.position().is_some_and(|at| at.tick > FULL_AT + 200)).await;
    let stretches = kept(&cluster.backplane, &gateway.maze).await;
    let ticks: Vec<_> = stretches.iter().map(|stretch| (stretch.world.tick(), stretch.end_tick())).collect();
    assert_eq!(ticks[0], (0, FULL_AT + 1), "{ticks:?}");
    assert_eq!(ticks.len(), 2, "{ticks:?}");
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_cannot_be_written_to_costs_the_file_only() {
    let mut cluster = Cluster::new();
    let config = WorkerConfig { black_box: Some("/no/such/folder".into()), ..panicking(MazeId::open(1), 200, 1) };
    cluster.start_with("worker-a", cluster.backplane.clone(), config).await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.enter(1, 1).await;
    until("he is seated", async || gateway.seats(1)).await;
    let backplane = &cluster.backplane;
    until("a box", async || !backplane.black_boxes(&gateway.maze).await.unwrap().is_empty()).await;
    until("it goes on", async || gateway.position().unwrap().tick > 400).await;
    assert!(gateway.seats(1));
}
