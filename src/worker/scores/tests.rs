//! When the boards hear what, on a world and a desk put together by hand.

use super::*;
use crate::game::scene::Seat;
use crate::game::seating::Command;
use crate::wire::Epoch;

const TODAY: Day = Day(20_781);

struct Maze {
    world: World,
    desk: Desk,
    scores: Scores,
    now: Instant,
    tick: u32,
}

impl Maze {
    /// Player 1 is a person, player 2 a bot.
    fn new() -> Self {
        let mut world = World::new(7);
        let _seated = world.step(&[Command::Join { player: 1 }, Command::Join { player: 2 }]);
        let row = |player: u64, seat, bot| DeskRow {
            player: PlayerId(player),
            seat: Seat(seat),
            name: format!("player {player}"),
            colour: seat,
            symbol: seat,
            bot,
            away: false,
            run: 1,
            n: 0,
            last_named_tick: 0,
            last_input_tick: 0,
        };
        let desk = Desk { roster_version: 1, rows: vec![row(1, 0, false), row(2, 1, true)], over: vec![] };
        Self { world, desk, scores: Scores::default(), now: Instant::now(), tick: 0 }
    }

    fn end(&mut self, points: u32) {
        let row = self.desk.rows.remove(0);
        self.desk.over.push(Over { player: row.player, run: row.run, points, level: 1, tick: self.tick });
    }

    /// The next report, if there is one, after its commit was granted.
    fn report(&mut self, day: Day) -> Option<Report> {
        self.now += SCORES_PERIOD;
        self.tick += 120;
        let at = Position { epoch: Epoch(5), tick: self.tick };
        self.scores.on_commit(self.now, at, day, &MazeId::open(1), &self.world, &self.desk);
        assert_eq!(self.scores.on_stored(Position { tick: at.tick - 1, ..at }), None, "R2: told before it is stored");
        self.scores.on_stored(at)
    }

    /// What of the best runs is told and arrives: player, points, and whether his look is with it.
    fn best(&mut self, day: Day) -> Vec<(u64, u64, bool)> {
        let report = self.report(day);
        self.scores.on_told(true);
        let best = report.map(|report| report.best).unwrap_or_default();
        best.iter().map(|(_, row)| (row.player.0, row.points, !row.shown.is_empty())).collect()
    }
}

#[test]
fn those_who_play_are_told_whole_again_and_again() {
    let mut maze = Maze::new();
    for _ in 0..3 {
        let report = maze.report(TODAY).unwrap();
        let shown: Shown = serde_json::from_slice(&report.playing[1].shown).unwrap();
        assert_eq!((report.playing.len(), shown.name.as_str(), shown.bot, shown.maze), (2, "player 2", true, MazeId::open(1)));
        maze.scores.on_told(true);
    }
    maze.desk.rows.clear();
    assert_eq!(maze.report(TODAY).unwrap().playing, []);
    maze.scores.on_told(false);
    assert_eq!(maze.report(TODAY).unwrap().playing, [], "that nobody is left is said until it arrives");
    maze.scores.on_told(true);
    assert_eq!(maze.report(TODAY), None, "and then no more");
}

#[test]
fn one_report_at_a_time_and_none_before_its_time() {
    let mut maze = Maze::new();
    assert!(maze.report(TODAY).is_some());
    assert_eq!(maze.report(TODAY), None, "the first has not arrived yet");
    maze.scores.on_told(true);
    assert!(maze.report(TODAY).is_some());
    maze.scores.on_told(true);
    let at = Position { epoch: Epoch(5), tick: 999 };
    maze.scores.on_commit(maze.now + SCORES_PERIOD / 2, at, TODAY, &MazeId::open(1), &maze.world, &maze.desk);
    assert_eq!(maze.scores.on_stored(at), None, "not due");
}

#[test]
fn the_best_run_of_a_person_is_told_when_it_grows_and_when_it_ends() {
    let mut maze = Maze::new();
    assert_eq!(maze.best(TODAY), [], "no points yet, and no bot ever");
    // There are dots on either side of the start.
    let _none = maze.world.step(&[Command::Wish { seat: Seat(0), direction: crate::game::grid::Direction::Left }]);
    let mut seen = Vec::new();
    for _ in 0..1200 {
        let _none = maze.world.step(&[]);
        if maze.world.player(Seat(0)).is_some_and(|player| player.points > 0) {
            seen = maze.best(TODAY);
            break;
        }
    }
    assert!(matches!(seen[..], [(1, 10.., true)]), "{seen:?}");
    assert_eq!(maze.best(TODAY), [], "nothing new");
    maze.desk.rows[0].name = "모리".to_owned();
    assert!(matches!(maze.best(TODAY)[..], [(1, 10.., true)]), "a new name is news");
    maze.end(500);
    assert_eq!(maze.report(TODAY).unwrap().best.len(), 1);
    maze.scores.on_told(false);
    assert_eq!(maze.best(TODAY), [(1, 500, false)], "again, since it did not arrive");
    let tomorrow = Day(TODAY.0 + 1);
    assert_eq!(maze.best(tomorrow), [], "yesterday's run is not one of today");
    (maze.desk.over[0].run, maze.desk.over[0].points) = (2, 300);
    assert_eq!(maze.best(tomorrow), [(1, 300, false)], "another run is, were it worse");
}
