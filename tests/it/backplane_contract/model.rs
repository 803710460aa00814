//! Random operations on one record against a model that fits in a few lines (R1, R2). The seed is printed when it fails.

use waka::backplane::Ancestry;
use waka::backplane::Backplane;
use waka::backplane::Claim;
use waka::backplane::Commit;
use waka::backplane::Memory;
use waka::backplane::SETTLED_TICKS;
use waka::backplane::Topic;
use waka::backplane::Verdict;
use waka::wire::MazeId;
use waka::wire::Position;

use super::at;
use super::claim;
use super::come;
use super::node;

const RUNS: u64 = 60;
const STEPS: u32 = 200;

/// (number, tick, base, vacant, world): what a record should be.
type Expected = Option<(u32, u32, u32, bool, String)>;
/// (number, tick): where the maze changed hands, oldest first.
type Chain = Vec<(u32, u32)>;

pub(super) async fn records_follow_the_model(backplane: Backplane) {
    for seed in 1..=RUNS {
        let maze = MazeId::open(u32::try_from(seed).unwrap());
        let mut random = Random(seed);
        let (mut expected, mut chain): (Expected, Chain) = (None, vec![]);
        let mut shows = backplane.subscribe(&[Topic::Down(maze.clone())]).await.unwrap();
        for step in 0..STEPS {
            let before = expected.as_ref().map(|(number, tick, ..)| (*number, *tick));
            let expected_shows = one_step(&backplane, &maze, &mut random, (&mut expected, &mut chain), step).await;
            let what = format!("seed {seed}, step {step}");
            let record = backplane.read(&maze).await.unwrap();
            let actual = record.map(|r| {
                let world = String::from_utf8(r.world.to_vec()).unwrap();
                (r.position.epoch.number(), r.position.tick, r.base_tick, r.vacant, world)
            });
            assert_eq!(actual, expected, "R1: {what}");
            let after = expected.as_ref().map(|(number, tick, ..)| (*number, *tick));
            assert!(before.is_none_or(|b| after.is_some_and(|a| a.0 >= b.0 && a.1 >= b.1)), "R1: {what} moved back");
            let told = come(&backplane, &mut shows, Topic::Down(maze.clone())).await;
            let told: Vec<_> = told.iter().map(|(_, m)| String::from_utf8(m.to_vec()).unwrap()).collect();
            assert_eq!(told, expected_shows, "R2: {what}");
        }
    }
}

/// Does one operation to the record and to the model; what should have been published by it.
async fn one_step(
    backplane: &Backplane,
    maze: &MazeId,
    random: &mut Random,
    (expected, chain): (&mut Expected, &mut Chain),
    step: u32,
) -> Vec<String> {
    let (number, tick) = expected.as_ref().map_or((0, 0), |(number, tick, ..)| (*number, *tick));
    let here: Option<Position> = expected.as_ref().map(|(number, tick, ..)| at(*number, *tick));
    let refused = Verdict::Refused { at: here };
    let bytes = format!("written in step {step}");
    if random.below(3) == 0 {
        let seen = if random.below(4) == 0 { Some(at(number, tick + 1)) } else { here };
        let epoch = (number + random.below(3)).max(1);
        let memory_tick = tick + random.below(40);
        let remembered = remembered(random, chain, (number, tick));
        let ancestry = remembered.iter().fold(Ancestry::default(), |ancestry, (number, tick)| ancestry.and(at(*number, *tick)));
        let memory =
            (random.below(2) == 0).then(|| Memory { tick: memory_tick, ancestry, world: bytes.clone().into(), show: bytes.clone().into() });
        let has_memory = memory.is_some();
        let verdict = backplane.claim(maze, Claim { owner: node("x"), memory, ..claim(seen, epoch) }).await.unwrap();
        if here.is_some() && epoch == number {
            assert!(matches!(verdict, Verdict::Granted(_)));
            return vec![];
        }
        if seen != here {
            assert!(matches!(verdict, Verdict::Refused { at } if at == here));
            return vec![];
        }
        let unsettled = expected.as_ref().is_none_or(|(_, tick, base, ..)| {
            let shared = chain.iter().copied().chain([(number, *tick)]).filter_map(|(own, end)| {
                let held = remembered.iter().filter(|(other, _)| *other == own).map(|(_, tick)| *tick).max();
                held.map(|held| held.min(end))
            });
            tick - shared.max().unwrap_or_else(|| chain.first().map_or(*base, |first| first.1)) < SETTLED_TICKS
        });
        let takes = has_memory && unsettled && (here.is_none() || memory_tick > tick);
        if takes {
            *chain = remembered;
        } else if here.is_some() {
            chain.push((number, tick));
            chain.drain(..chain.len().saturating_sub(Ancestry::LEN_MAX));
        }
        let (tick, world) =
            if takes { (memory_tick, bytes.clone()) } else { (tick, expected.as_ref().map_or(String::new(), |e| e.4.clone())) };
        *expected = Some((epoch, tick, tick, false, world));
        return if takes { vec![bytes] } else { vec![] };
    }
    let vacate = random.below(8) == 0;
    let position = at(number + random.below(10) / 9, (tick + random.below(30)).saturating_sub(5));
    let commit = Commit { position, world: bytes.clone().into(), show: bytes.clone().into() };
    let verdict = if vacate { backplane.yield_to_vacant(maze, commit).await } else { backplane.commit(maze, commit).await }.unwrap();
    let Some((own, last, base, ..)) = expected.clone() else {
        assert_eq!(verdict, refused);
        return vec![];
    };
    if position.epoch != at(own, 0).epoch || position.tick < last {
        assert_eq!(verdict, refused);
        return vec![];
    }
    assert_eq!(verdict, Verdict::Granted(()));
    if position.tick == last {
        return vec![];
    }
    *expected = Some((own, position.tick, base, vacate, bytes.clone()));
    if vacate { vec![bytes, String::new()] } else { vec![bytes] }
}

/// What a memory descends from: nothing, some of what the record does, or somebody else.
fn remembered(random: &mut Random, chain: &Chain, (number, tick): (u32, u32)) -> Chain {
    let mut remembered: Chain = chain.iter().copied().take(random.below(4) as usize).collect();
    if random.below(3) > 0 {
        let stranger = u32::from(random.below(4) == 0);
        remembered.push((number + stranger, tick.saturating_sub(random.below(20))));
    }
    remembered
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((z ^ (z >> 31)) % u64::from(bound)).unwrap()
    }
}
