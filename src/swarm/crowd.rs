//! Who comes when, through which gateway, and plays in which maze. Pure.

use std::time::Duration;

use crate::client::bot::Style;
use crate::client::mirror::Gallery;
use crate::client::player::Plan;
use crate::swarm::order::Order;
use crate::wire::MazeId;

pub(super) struct Crowd<'order> {
    order: &'order Order,
    /// Tells this run's mazes from those of others, so that several swarms at once do not crowd each other out.
    run: u32,
}

impl<'order> Crowd<'order> {
    pub(super) fn new(order: &'order Order, run: u32) -> Self {
        Self { order, run }
    }

    /// How many have arrived so long after the start.
    pub(super) fn due(&self, since: Duration) -> u32 {
        let due = since.as_millis() * u128::from(self.order.ramp) / 1000 + 1;
        due.min(u128::from(self.order.clients())) as u32
    }

    /// When the last is sent.
    pub(super) fn ramp(&self) -> Duration {
        Duration::from_millis(u64::from(self.order.clients()) * 1000 / u64::from(self.order.ramp))
    }

    /// How many of `per_minute` are due so long after the beginning.
    pub(super) fn due_by_the_minute(per_minute: u32, since: Duration) -> u64 {
        (since.as_millis() * u128::from(per_minute) / 60_000) as u64
    }

    /// Players come first, then those who look on.
    pub(super) fn watches(&self, index: u32) -> bool {
        index >= self.order.players
    }

    pub(super) fn maze_of(&self, index: u32) -> u32 {
        if self.watches(index) { (index - self.order.players) % self.order.mazes() } else { index / self.order.per_maze }
    }

    /// Metronomes are spread evenly over the players, so over the mazes.
    pub(super) fn style_of(&self, index: u32) -> Style {
        let metronomes_up_to = |index: u32| u64::from(index) * u64::from(self.order.metronomes) / u64::from(self.order.players);
        let is_one = !self.watches(index) && metronomes_up_to(index + 1) > metronomes_up_to(index);
        if is_one { Style::Metronome } else { self.order.style }
    }

    /// The id of a maze; a hyphen and nothing of `open-`, so that the matchmaker sends no stranger.
    pub(super) fn maze_id(&self, maze: u32) -> Option<MazeId> {
        MazeId::parse(&format!("swarm-{:06x}-{maze}", self.run & 0xff_ffff)).ok()
    }

    /// The client of this index, or who replaces him for the so manieth time. Neighbours in a maze come through different gateways.
    pub(super) fn plan(&self, index: u32, replaced: u32, gallery: Gallery) -> Plan {
        let urls = &self.order.urls;
        Plan {
            address: urls[index as usize % urls.len()].clone(),
            maze: self.maze_id(self.maze_of(index)),
            name: format!("s{index}"),
            colour: None,
            symbol: None,
            style: self.style_of(index),
            watches: self.watches(index),
            // People keep a maze awake, which is what is to be measured.
            bot: false,
            seed: u64::from(self.run) << 32 ^ u64::from(replaced) << 20 ^ u64::from(index),
            gallery,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::swarm::order::PER_MAZE_MAX;
    use crate::swarm::order::PLAYERS_MAX;

    fn order() -> Order {
        Order { urls: vec!["ws://a/ws".to_owned(), "ws://b/ws".to_owned()], players: 25, per_maze: 10, ramp: 100, ..Order::default() }
    }

    #[test]
    fn they_come_at_the_rate_of_the_ramp_and_then_no_more() {
        let order = order();
        let crowd = Crowd::new(&order, 1);
        let due = |millis| crowd.due(Duration::from_millis(millis));
        assert_eq!([due(0), due(9), due(10), due(100), due(239), due(240), due(60_000)], [1, 1, 2, 11, 24, 25, 25]);
    }

    #[test]
    fn mazes_are_filled_one_after_the_other_and_neighbours_use_different_gateways() {
        let order = order();
        let crowd = Crowd::new(&order, 0xabc);
        let mazes: Vec<String> = (0..25).map(|index| crowd.plan(index, 0, Gallery::default()).maze.unwrap().to_string()).collect();
        assert_eq!((mazes[0].as_str(), mazes[9].as_str(), mazes[10].as_str()), ("swarm-000abc-0", "swarm-000abc-0", "swarm-000abc-1"));
        assert_eq!(mazes.iter().filter(|maze| maze.ends_with("-2")).count(), 5);
        assert_ne!(crowd.plan(0, 0, Gallery::default()).address, crowd.plan(1, 0, Gallery::default()).address);
        assert_ne!(crowd.plan(0, 0, Gallery::default()).seed, crowd.plan(1, 0, Gallery::default()).seed);
        assert_ne!(Crowd::new(&order, 0xabd).plan(0, 0, Gallery::default()).maze, crowd.plan(0, 0, Gallery::default()).maze);
    }

    #[test]
    fn spectators_come_last_and_are_spread_over_the_mazes() {
        let order = Order { spectators: 4, ..order() };
        let crowd = Crowd::new(&order, 1);
        assert_eq!(crowd.due(Duration::from_secs(60)), 29);
        let mazes: Vec<u32> = (25..29).map(|index| crowd.maze_of(index)).collect();
        assert_eq!(
            (mazes, crowd.plan(24, 0, Gallery::default()).watches, crowd.plan(25, 0, Gallery::default()).watches),
            (vec![0, 1, 2, 0], false, true)
        );
        assert_ne!(crowd.plan(3, 0, Gallery::default()).seed, crowd.plan(3, 1, Gallery::default()).seed, "somebody new");
    }

    #[test]
    fn metronomes_are_spread_over_the_mazes_and_the_others_keep_their_style() {
        let order = Order { players: 60, spectators: 6, metronomes: 6, style: Style::People, ..order() };
        let crowd = Crowd::new(&order, 1);
        let metronomes: Vec<u32> = (0..66).filter(|index| crowd.plan(*index, 2, Gallery::default()).style == Style::Metronome).collect();
        assert_eq!(metronomes.iter().map(|index| crowd.maze_of(*index)).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        for (metronomes, players) in [(0, 7), (3, 7), (7, 7), (PLAYERS_MAX - 1, PLAYERS_MAX)] {
            let order = Order { players, metronomes, style: Style::Well, ..self::order() };
            let crowd = Crowd::new(&order, 1);
            let count = (0..players).filter(|index| crowd.style_of(*index) == Style::Metronome).count();
            assert_eq!(count, metronomes as usize, "of {players}");
        }
    }

    #[test]
    fn lines_and_departures_are_spread_over_the_minute() {
        let due = |seconds| Crowd::due_by_the_minute(90, Duration::from_secs(seconds));
        assert_eq!([due(0), due(1), due(2), due(60), due(120)], [0, 1, 3, 90, 180]);
    }

    #[test]
    fn every_id_is_one_and_every_maze_has_seats() {
        let order = Order { players: PLAYERS_MAX, per_maze: 1, ..order() };
        assert!(Crowd::new(&order, u32::MAX).maze_id(PLAYERS_MAX).is_some());
        assert_eq!(PER_MAZE_MAX, 16);
    }
}
