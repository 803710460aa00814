//! The rails as numbers: where everything is after each tick, for situations with a name and for scenes out of real games.
//!
//! A situation starts from a complete frame, watches one actor tick by tick and ends in another complete frame. Each also says in Rust what must
//! have happened, so that none shows nothing.

use serde_json::Value;
use serde_json::json;
use waka::game::grid::Direction;
use waka::game::scene::Condition;
use waka::game::scene::Ghost;
use waka::game::scene::Mood;
use waka::game::scene::Pac;
use waka::game::scene::Pellets;
use waka::game::scene::Phase;
use waka::game::scene::Place;
use waka::game::scene::Scene;
use waka::wire::frame::Frame;
use waka::wire::frame::Sections;

use super::frames::outside;
use super::frames::pac;
use super::frames::start;
use super::frames::waiting;
use super::golden;
use super::hex;

use Direction::Down;
use Direction::Left;
use Direction::Right;
use Direction::Up;

#[derive(Clone, Copy)]
enum Watched {
    Pac(usize),
    Ghost(usize),
}

struct Situation {
    name: String,
    watched: Watched,
    ticks: u32,
    scene: Scene,
    /// What must hold at the end.
    shows: fn(&Scene) -> bool,
}

#[test]
fn w2_rails_of_situations() {
    let situations = pacs().into_iter().chain(corners()).chain(ghosts()).chain(timers());
    let entries: Vec<Value> = situations
        .map(|Situation { name, watched, ticks, scene, shows }| {
            let begin = complete(&scene);
            let mut moving = Frame::decode(&begin).unwrap().scene;
            assert_eq!(moving, scene, "{name} can be told by a frame");
            let path: Vec<String> = (0..ticks)
                .map(|_| {
                    moving.advance();
                    told(&moving, watched)
                })
                .collect();
            assert!(shows(&moving), "{name} shows what it says; it ends {}", path.last().unwrap());
            let watch = match watched {
                Watched::Pac(seat) => json!({ "pac": seat }),
                Watched::Ghost(index) => json!({ "ghost": index }),
            };
            json!({ "name": name, "start": hex(&begin), "watch": watch, "path": path, "end": hex(&complete(&moving)) })
        })
        .collect();
    golden("rails.json", &entries);
}

fn complete(scene: &Scene) -> Vec<u8> {
    Frame { scene: scene.clone(), sections: Sections::ALL, ..start() }.encode().to_vec()
}

fn told(scene: &Scene, watched: Watched) -> String {
    match watched {
        Watched::Pac(seat) => told_pac(scene.pacs[seat].unwrap()),
        Watched::Ghost(index) => told_ghost(scene.ghosts[index]),
    }
}

pub(super) fn told_pac(pac: Pac) -> String {
    let (state, ticks) = match pac.condition {
        Condition::Alive(ticks) => ("alive", ticks),
        Condition::Powered(ticks) => ("powered", ticks),
        Condition::Shielded(ticks) => ("shielded", ticks),
        Condition::Ready => ("ready", 0),
        Condition::Dead => ("dead", 0),
        Condition::Parked => ("parked", 0),
        Condition::Bumped(ticks) => ("bumped", ticks),
        Condition::PoweredBumped(ticks) => ("powered_bumped", ticks),
    };
    format!("{} {} {} {} {state} {ticks}", pac.point.x, pac.point.y, word(pac.direction), word(pac.wish))
}

pub(super) fn told_ghost(ghost: Ghost) -> String {
    let mood = ["normal", "frightened", "eyes"][ghost.mood as usize];
    let place = ["outside", "waiting", "leaving", "entering"][ghost.place as usize];
    let ways = [ghost.direction, ghost.exit, ghost.next_exit].map(word);
    let reversal = u8::from(ghost.reversal_pending);
    format!("{} {} {} {mood} {place} {} {} {reversal}", ghost.point.x, ghost.point.y, ways[0], ways[1], ways[2])
}

fn word(direction: Direction) -> &'static str {
    ["up", "left", "down", "right"][direction as usize]
}

fn situation(name: &str, watched: Watched, ticks: u32, change: impl FnOnce(&mut Scene), shows: fn(&Scene) -> bool) -> Situation {
    let mut scene = start().scene;
    change(&mut scene);
    Situation { name: name.to_owned(), watched, ticks, scene, shows }
}

/// A situation of the lone pac, without pellets in his way.
fn of_pac(name: &str, ticks: u32, seated: Pac, shows: fn(&Scene) -> bool) -> Situation {
    let change = |scene: &mut Scene| {
        scene.pellets = Pellets::NONE;
        scene.pacs[0] = Some(seated);
    };
    situation(name, Watched::Pac(0), ticks, change, shows)
}

fn of_ghost(name: &str, ticks: u32, ghost: Ghost, shows: fn(&Scene) -> bool) -> Situation {
    situation(name, Watched::Ghost(1), ticks, |scene| scene.ghosts[1] = ghost, shows)
}

fn first(scene: &Scene) -> Pac {
    scene.pacs[0].unwrap()
}

fn pacs() -> Vec<Situation> {
    let with = |pac: Pac, wish, condition| Pac { wish, condition, ..pac };
    let mut all = vec![
        of_pac("through the tunnel to the left", 40, pac(19, 115, Left), |end| first(end).point.x > 200),
        of_pac("through the tunnel to the right", 40, pac(238, 115, Right), |end| first(end).point.x < 50),
        of_pac("against a wall he stops at the centre", 12, pac(35, 11, Left), |end| first(end).point.x == 27),
        of_pac("a reversal between two tiles", 10, Pac { wish: Right, ..pac(100, 43, Left) }, |end| first(end).point.x > 100),
        of_pac("a wish into a wall waits for the next way", 40, Pac { wish: Up, ..pac(100, 43, Left) }, |end| first(end).point.y < 43),
        of_pac("a bump pushes and then stuns", 15, with(pac(100, 43, Left), Right, Condition::Bumped(14)), |end| first(end).point.x == 85),
        of_pac("a bump against a wall", 15, with(pac(33, 11, Left), Left, Condition::Bumped(14)), |end| first(end).point.x == 27),
        of_pac("a bump through the tunnel", 15, with(pac(5, 115, Left), Left, Condition::Bumped(14)), |end| first(end).point.x > 200),
        of_pac("an eat pause of three ticks", 6, with(pac(100, 43, Left), Left, Condition::Alive(3)), |end| first(end).point.x == 97),
    ];
    for condition in [Condition::Ready, Condition::Dead, Condition::Parked] {
        all.push(of_pac("one who does not move", 3, with(pac(100, 43, Left), Left, condition), |end| first(end).point.x == 100));
    }
    all.push(situation("dots are eaten, a tick's pause for each", Watched::Pac(0), 40, |_| {}, |end| end.scores[0].points == 40));
    let on_energizer = |scene: &mut Scene| scene.pacs[0] = Some(pac(27, 35, Up));
    all.push(situation("an energizer is left for the frame that follows", Watched::Pac(0), 12, on_energizer, |end| {
        end.pellets.left() == 243
    }));
    let share = |scene: &mut Scene| {
        scene.pacs[0] = Some(pac(99, 43, Right));
        scene.pacs[3] = Some(pac(91, 43, Right));
    };
    all.push(situation("the lower seat eats first", Watched::Pac(3), 30, share, |end| end.scores[3].points < end.scores[0].points));
    for row in 0..4 {
        for (name, players, condition) in [
            ("alone", 1, Condition::Alive(0)),
            ("alone and powered", 1, Condition::Powered(0)),
            ("in company", 2, Condition::Alive(0)),
            ("in company and powered", 2, Condition::Powered(0)),
            ("in company and shielded", 2, Condition::Shielded(0)),
        ] {
            let change = |scene: &mut Scene| {
                scene.speed_row = row;
                scene.power_ticks_left = 300;
                scene.pacs[0] = Some(Pac { condition, ..pac(204, 43, Left) });
                scene.pacs[1] = (players == 2).then_some(pac(27, 243, Left));
            };
            all.push(situation(&format!("speed row {row}, {name}"), Watched::Pac(0), 33, change, |end| first(end).point.x < 180));
        }
    }
    let parked = |scene: &mut Scene| {
        scene.pacs[0] = Some(Pac { condition: Condition::Powered(0), ..pac(204, 43, Left) });
        scene.pacs[1] = Some(Pac { condition: Condition::Parked, ..pac(27, 243, Left) });
    };
    all.push(situation("a parked one is no company", Watched::Pac(0), 20, parked, |end| end.scores[0].points > 0));
    all
}

/// All eight ways around a corner, each wanted from 8 pixels before a crossing on.
fn corners() -> Vec<Situation> {
    let mut all = Vec::new();
    for (from, to) in [(Left, Up), (Left, Down), (Right, Up), (Right, Down), (Up, Left), (Up, Right), (Down, Left), (Down, Right)] {
        let (x, y) = (67_u8.wrapping_add_signed(-8 * from.dx()), 43_u8.wrapping_add_signed(-8 * from.dy()));
        let name = format!("cutting a corner, {} then {}", word(from), word(to));
        let seated = Pac { wish: to, ..pac(x, y, from) };
        all.push(of_pac(&name, 14, seated, |end| first(end).direction == first(end).wish && first(end).point.x != first(end).point.y));
        let after = Pac { wish: to, ..pac(67_u8.wrapping_add_signed(3 * from.dx()), 43_u8.wrapping_add_signed(3 * from.dy()), from) };
        all.push(of_pac(&format!("{name}, wanted 3 pixels after it"), 8, after, |end| first(end).direction == first(end).wish));
    }
    all
}

fn ghosts() -> Vec<Situation> {
    let eyes = |ghost: Ghost| Ghost { mood: Mood::Eyes, ..ghost };
    let leaving = |x, y, turn| Ghost { place: Place::Leaving, next_exit: turn, ..waiting(x, y) };
    let entering = |x, y, way| eyes(Ghost { place: Place::Entering, direction: way, ..waiting(x, y) });
    let turning = Ghost { next_exit: Down, ..outside(72, 43, Left) };
    let mut all = vec![
        of_ghost("the two exits of the frame, then straight on or the only way", 90, turning, |end| end.ghosts[1].point.y > 43),
        of_ghost("guessing up, left, down, right where straight on is closed", 60, outside(64, 11, Left), |end| {
            end.ghosts[1].direction == Down
        }),
        of_ghost("no guess goes up where ghosts may not", 60, outside(128, 187, Right), |end| end.ghosts[1].point.y == 187),
        of_ghost("a reversal waits for the next tile", 20, Ghost { reversal_pending: true, ..outside(76, 43, Left) }, |end| {
            end.ghosts[1].point.x > 76
        }),
        of_ghost("a reversal at a corner", 20, Ghost { reversal_pending: true, exit: Down, ..outside(30, 43, Left) }, |end| {
            end.ghosts[1].point.y < 43
        }),
        of_ghost("slow in the tunnel", 90, outside(70, 115, Left), |end| end.ghosts[1].point.x > 200 || end.ghosts[1].point.x < 30),
        of_ghost("through the tunnel to the right", 60, outside(240, 115, Right), |end| end.ghosts[1].point.x < 100),
        of_ghost("bobbing in the house", 70, waiting(111, 115), |end| end.ghosts[1].place == Place::Waiting),
        of_ghost("out of the house to the left", 90, leaving(127, 117, Left), |end| end.ghosts[1].point.x < 127),
        of_ghost("out of the house from the left seat to the right", 120, leaving(111, 113, Right), |end| end.ghosts[1].point.x > 127),
        of_ghost(
            "out of the house from the right seat, frightened",
            120,
            Ghost { mood: Mood::Frightened, ..leaving(143, 119, Left) },
            |end| end.ghosts[1].place == Place::Outside,
        ),
        of_ghost("eyes over the door and in", 60, eyes(outside(110, 91, Right)), |end| end.ghosts[1].place == Place::Waiting),
        of_ghost("eyes through the tunnel", 20, eyes(outside(8, 115, Left)), |end| end.ghosts[1].point.x > 200),
    ];
    for (index, name) in [(0, "Blinky, who leaves at once"), (2, "Inky"), (3, "Clyde")] {
        let change = |scene: &mut Scene| scene.ghosts[index] = entering(127, 100, Down);
        all.push(situation(&format!("eyes into the seat of {name}"), Watched::Ghost(index), 40, change, |end| {
            end.ghosts.iter().all(|ghost| ghost.mood == Mood::Normal)
        }));
    }
    for row in 0..4 {
        for (name, elroy, mood, x) in [
            ("normal", 0, Mood::Normal, 204),
            ("first Elroy", 1, Mood::Normal, 204),
            ("second Elroy", 2, Mood::Normal, 204),
            ("frightened", 2, Mood::Frightened, 204),
            ("eyes", 2, Mood::Eyes, 204),
        ] {
            let change = |scene: &mut Scene| {
                scene.speed_row = row;
                scene.elroy = elroy;
                scene.ghosts[0] = Ghost { mood, ..outside(x, 43, Left) };
            };
            all.push(situation(&format!("speed row {row}, Blinky {name}"), Watched::Ghost(0), 33, change, |end| {
                end.ghosts[0].point.x < 190
            }));
        }
        let change = |scene: &mut Scene| {
            scene.speed_row = row;
            scene.ghosts[0] = outside(60, 115, Left);
        };
        all.push(situation(&format!("speed row {row}, in the tunnel"), Watched::Ghost(0), 33, change, |end| end.ghosts[0].point.x < 50));
    }
    let second_pack = |scene: &mut Scene| {
        scene.elroy = 2;
        scene.ghosts.extend([outside(204, 43, Left), entering(127, 100, Down), waiting(111, 115), entering(127, 110, Down)]);
    };
    all.push(situation("the second Blinky is never Elroy", Watched::Ghost(4), 20, second_pack, |end| end.ghosts[4].point.x > 180));
    all.push(situation("the second Clyde has the first one's seat", Watched::Ghost(7), 30, second_pack, |end| {
        end.ghosts[7].point.x == 143
    }));
    all
}

fn timers() -> Vec<Situation> {
    let fright = |scene: &mut Scene| {
        scene.power_ticks_left = 5;
        scene.pacs[0] = Some(Pac { condition: Condition::Powered(0), ..pac(204, 43, Left) });
        scene.ghosts[1] = Ghost { mood: Mood::Frightened, ..outside(76, 43, Left) };
        scene.ghosts[2].mood = Mood::Frightened;
    };
    let bumped = |left| {
        move |scene: &mut Scene| {
            scene.power_ticks_left = left;
            scene.pacs[0] = Some(Pac { condition: Condition::PoweredBumped(8), ..pac(204, 43, Left) });
            scene.pacs[1] = Some(pac(27, 243, Left));
        }
    };
    let eaten = |scene: &mut Scene| {
        scene.phase = Phase::Eaten;
        scene.power_ticks_left = 100;
        scene.clocks.phase_ticks_left = 7;
        scene.ghosts[1] = Ghost { mood: Mood::Eyes, ..outside(76, 43, Left) };
        scene.ghosts[2].mood = Mood::Frightened;
    };
    let clocks = |scene: &mut Scene| {
        scene.clocks.lock_ticks_left = 3;
        scene.clocks.fruit_ticks_left = 100;
    };
    let mut all = vec![
        situation("the power ends: blue ghosts turn normal", Watched::Ghost(1), 12, fright, |end| {
            end.ghosts.iter().all(|ghost| ghost.mood == Mood::Normal)
        }),
        situation("the power ends: the powered is alive again", Watched::Pac(0), 12, fright, |end| {
            matches!(first(end).condition, Condition::Alive(_))
        }),
        situation("a powered one is bumped and powered after it", Watched::Pac(0), 12, bumped(100), |end| {
            matches!(first(end).condition, Condition::Powered(_))
        }),
        situation("a powered one is bumped and his power ends meanwhile", Watched::Pac(0), 12, bumped(4), |end| {
            matches!(first(end).condition, Condition::Alive(_))
        }),
        situation("while a ghost is eaten only eyes move", Watched::Ghost(1), 20, eaten, |end| {
            end.ghosts[1].point.x < 40 && end.power_ticks_left == 100 && first(end).point.x == 127
        }),
        situation("clocks run down to nothing", Watched::Pac(0), 8, clocks, |end| {
            end.clocks.lock_ticks_left == 0 && end.clocks.fruit_ticks_left == 92
        }),
    ];
    for phase in [Phase::Ready, Phase::Dying, Phase::Cleared, Phase::Paused, Phase::Empty] {
        let change = |scene: &mut Scene| {
            scene.phase = phase;
            scene.clocks.phase_ticks_left = 100;
            scene.clocks.lock_ticks_left = 100;
        };
        all.push(situation(&format!("nothing moves in phase {phase:?}"), Watched::Ghost(0), 4, change, |end| {
            end.ghosts[0].point.x == 127 && end.clocks.phase_ticks_left == 96 && end.clocks.lock_ticks_left == 100
        }));
    }
    all
}
