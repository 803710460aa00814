//! When frames go out, on a real world that plays.

use super::*;
use crate::game::scene::Condition;
use crate::game::seating::Command;
use crate::game::world::World;
use crate::wire::Epoch;

struct Leader {
    world: World,
    forecast: Forecast,
    client: Option<Scene>,
    /// Ticks at which a frame went out, and its sections.
    sent: Vec<(u32, Sections)>,
}

impl Leader {
    fn new(players: u64) -> Self {
        let mut leader = Self { world: World::new(5), forecast: Forecast::new(), client: None, sent: vec![] };
        let joins: Vec<_> = (0..players).map(|player| Command::Join { player }).collect();
        leader.tick(&joins, 1);
        leader
    }

    fn tick(&mut self, commands: &[Command], gap_ticks: u32) -> bool {
        let _outcomes = self.world.step(commands);
        let truth = self.world.scene();
        if let Some(client) = &mut self.client {
            client.advance();
        }
        let Some(sections) = self.forecast.decide(&truth, gap_ticks) else { return false };
        let frame = Frame {
            epoch: Epoch::new(1, 1),
            carried: false,
            roster_version: 0,
            numbers: [0; SEATS],
            events: vec![],
            scene: truth,
            sections,
        };
        let frame = Frame::decode(&frame.encode()).unwrap();
        match &mut self.client {
            Some(client) => frame.apply_to(client),
            None => self.client = Some(frame.scene.clone()),
        }
        self.forecast.on_sent(&frame);
        self.sent.push((self.world.tick(), sections));
        true
    }
}

/// A wish for one of the players, now and then.
fn keys(tick: u32, players: u32) -> Vec<Command> {
    let chance = tick.wrapping_mul(2_654_435_761) >> 16;
    if !chance.is_multiple_of(11) {
        return vec![];
    }
    let seat = crate::game::scene::Seat((chance / 11 % players) as u8);
    vec![Command::Wish { seat, direction: Direction::from_bits((chance >> 7) as u8) }]
}

#[test]
fn the_first_frame_is_complete_and_a_quiet_maze_beats_every_hundred_ms() {
    let mut leader = Leader::new(0);
    for _ in 0..60 {
        leader.tick(&[], 1);
    }
    assert_eq!(leader.sent[0], (1, Sections::ALL));
    let ticks: Vec<_> = leader.sent.iter().map(|(tick, _)| *tick).collect();
    assert_eq!(ticks, (0..=10).map(|beat| 1 + beat * BEAT_TICKS).collect::<Vec<_>>());
    assert!(leader.sent[1..].iter().all(|(_, sections)| sections.count() == 1));
}

#[test]
fn clients_are_never_visibly_wrong_after_a_tick_of_the_leader() {
    let mut leader = Leader::new(6);
    let mut frames = 0;
    for tick in 0..12_000 {
        let commands = keys(tick, 6);
        frames += u32::from(leader.tick(&commands, 1));
        let mut client = leader.client.clone().unwrap();
        assert!(!departs(&mut client, &leader.world.scene()), "tick {tick}");
    }
    let per_second = frames * 60 / 12_000;
    assert!((10..30).contains(&per_second), "{per_second} frames a second");
}

#[test]
fn a_stretched_gap_is_kept() {
    let mut leader = Leader::new(6);
    for tick in 0..3_000 {
        leader.tick(&keys(tick, 6), 3);
    }
    let gaps = leader.sent.windows(2).map(|pair| pair[1].0 - pair[0].0);
    assert!(gaps.clone().all(|gap| (3..=BEAT_TICKS).contains(&gap)));
    assert!(gaps.clone().any(|gap| gap == 3), "and used");
}

#[test]
fn sections_go_out_one_at_a_time_and_what_clients_have_wrong_first() {
    let mut leader = Leader::new(2);
    for tick in 0..6_000 {
        let wrong: Vec<_> = match &leader.client {
            Some(client) => {
                let mut ahead = client.clone();
                ahead.advance();
                SectionKind::ALL.into_iter().filter(|kind| !kind.agrees(&ahead, &leader.world.scene())).collect()
            }
            None => vec![],
        };
        let before = leader.sent.len();
        leader.tick(&keys(tick, 2), 1);
        if let Some((_, sections)) = leader.sent.get(before)
            && let [only] = wrong[..]
            && sections.count() == 1
            && !only.agrees(&leader.world.scene(), leader.client.as_ref().unwrap())
        {
            panic!("tick {tick}: {only:?} is wrong, and {sections:?} was sent");
        }
    }
    let with: Vec<_> = leader.sent[1..].iter().filter(|(_, sections)| *sections != Sections::NONE).map(|(tick, _)| *tick).collect();
    let pellets = |sections: &Sections| sections.iter().all(|kind| matches!(kind, SectionKind::Pellets(_)));
    assert!(leader.sent[1..].iter().all(|(_, sections)| sections.count() <= 1 || pellets(sections)), "only a refill sends several");
    assert!(with.windows(2).all(|pair| pair[1] - pair[0] >= SECTION_TICKS));
    let all = leader.sent[1..].iter().flat_map(|(_, sections)| sections.iter()).map(SectionKind::index);
    let told: std::collections::BTreeSet<_> = all.collect();
    assert_eq!(told.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 12], "all in use, and no scores of empty seats");
}

#[test]
fn what_a_gateway_keeps_is_soon_what_is_true() {
    let mut leader = Leader::new(10);
    // As a gateway does: the newest of each section, as it was sent.
    let mut kept = leader.world.scene();
    let mut since = [0; SectionKind::COUNT];
    for tick in 0..12_000 {
        leader.tick(&keys(tick, 10), 1);
        let truth = leader.world.scene();
        if let Some((_, sections)) = leader.sent.last().filter(|(at, _)| *at == truth.tick) {
            sections.iter().for_each(|kind| kind.copy(&truth, &mut kept));
        }
        for kind in SectionKind::ALL {
            let since = &mut since[kind.index()];
            *since = if kind.agrees(&kept, &truth) { 0 } else { *since + 1 };
            // A round, and half of one for what clients have wrong, which goes first.
            assert!(*since <= BEAT_TICKS * SectionKind::COUNT as u32 * 3 / 2, "tick {tick}: {kind:?} is not told");
        }
    }
}

#[test]
fn a_wish_that_turns_its_pac_soon_goes_out_at_once_and_one_that_does_not_waits() {
    let mut leader = Leader::new(2);
    while !leader.tick(&[], 1) {}
    let pac = |leader: &Leader| leader.world.scene().pacs[0].unwrap();
    let wish = |direction| [Command::Wish { seat: crate::game::scene::Seat(0), direction }];
    // The first wish makes him move; then on to the tick after a beat.
    let way = pac(&leader).direction;
    leader.tick(&wish(way), 1);
    for _ in 0..BEAT_TICKS {
        if leader.tick(&[], 1) {
            break;
        }
    }
    let now = pac(&leader);
    assert!(leader.tick(&wish(now.direction.opposite()), 1), "a reversal shows at once");
    let now = pac(&leader);
    let wall = Direction::ALL.into_iter().find(|way| {
        let mut turned = now;
        turned.wish = *way;
        *way != now.direction && !parts(now, turned, &leader.world.scene(), BEAT_TICKS)
    });
    assert!(!leader.tick(&wish(wall.unwrap()), 1), "a wish for a wall changes nothing before the beat");
}

#[test]
fn a_wish_goes_out_before_it_turns_its_pac() {
    let mut leader = Leader::new(2);
    let seat = crate::game::scene::Seat(0);
    let mut early = 0;
    for tick in 0..20_000 {
        let truth = leader.world.scene();
        let since = truth.tick - leader.sent.last().unwrap().0;
        let soon = truth.pacs[0].and_then(|pac| {
            let turned = |wish| Pac { wish, ..pac };
            Direction::ALL.into_iter().find(|&way| !parts(pac, turned(way), &truth, 2) && parts(pac, turned(way), &truth, 4))
        });
        let Some(direction) = soon.filter(|_| since <= 1 && truth.pacs[0].is_some_and(|pac| pac.condition == Condition::Alive(0))) else {
            leader.tick(&keys(tick, 2), 1);
            continue;
        };
        let told = leader.tick(&[Command::Wish { seat, direction }], 1);
        assert!(told, "tick {tick}: clients hear of the turn after it");
        early += 1;
    }
    assert!(early > 20, "only {early} turns were tried");
}

#[test]
fn a_refill_goes_out_at_once_and_what_was_not_eaten_stays() {
    let mut leader = Leader::new(6);
    let mut refills = 0;
    for tick in 0..20_000 {
        leader.tick(&keys(tick, 6), 1);
        let (truth, client) = (leader.world.scene(), leader.client.clone().unwrap());
        if leader.sent.last().is_some_and(|(at, sections)| *at == truth.tick && sections.count() > 1) {
            refills += 1;
            assert_eq!(missing(&client, &truth), 0, "tick {}", truth.tick);
        }
    }
    assert!(refills > 0, "somebody must have cleared a sheet");
}
