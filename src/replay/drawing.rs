//! A world as text: walls, pellets, ghosts and pacs in letters, and what players have to show for their runs. Draws what a scene shows, decides
//! nothing.

use std::fmt::Write;

use crate::game::grid::MARGIN_COLUMNS;
use crate::game::grid::Point;
use crate::game::grid::ROWS;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::maze::PLAYFIELD_COLUMNS;
use crate::game::scene::Condition;
use crate::game::scene::Mood;
use crate::game::scene::Scene;
use crate::game::scene::Seat;
use crate::game::seating::Command;
use crate::game::world::World;

const WIDTH: usize = PLAYFIELD_COLUMNS as usize;
type Picture = [[char; WIDTH]; ROWS as usize];

/// Lines without their ends.
pub(super) fn lines(world: &World, commands: &[Command]) -> Vec<String> {
    let scene = world.scene();
    // A letter is twice as high as it is wide.
    let wide = |row: &[char; WIDTH]| row.iter().flat_map(|&letter| [if letter == '#' { '#' } else { ' ' }, letter]).collect();
    let mut lines: Vec<String> = picture(&scene).iter().map(wide).collect();
    let dots = scene.pellets.left();
    lines.push(format!("tick {}  {}  level {}  pellets {dots}", scene.tick, word(&scene.phase), scene.clocks.level));
    lines.push(scores(&scene));
    lines.push(commands.iter().fold("asked:".to_owned(), |line, command| format!("{line} {}", asked(*command))));
    lines
}

fn picture(scene: &Scene) -> Picture {
    let mut picture = [[' '; WIDTH]; ROWS as usize];
    for (row, line) in picture.iter_mut().enumerate() {
        for (column, letter) in line.iter_mut().enumerate() {
            let tile = Tile::of_playfield(column as u16, row as u16);
            *letter = match maze::ART[row][column] {
                wall @ (b'#' | b'-') => wall.into(),
                _ => match maze::pellet_at(tile).filter(|&pellet| scene.pellets.has(pellet)) {
                    Some(pellet) if maze::is_energizer(pellet) => 'o',
                    Some(_) => '.',
                    None => ' ',
                },
            };
        }
    }
    if scene.fruit {
        put(&mut picture, maze::FRUIT, '%');
    }
    for ghost in &scene.ghosts {
        let letter = match ghost.mood {
            Mood::Normal => 'M',
            Mood::Frightened => 'w',
            Mood::Eyes => '"',
        };
        put(&mut picture, ghost.point, letter);
    }
    for (seat, pac) in seated(scene, |scene, seat| scene.pacs[seat]) {
        match pac.condition {
            Condition::Parked => {}
            Condition::Dead => put(&mut picture, pac.point, '*'),
            _ => put(&mut picture, pac.point, letter(seat)),
        }
    }
    picture
}

/// Beside the playfield, in the tunnel, nothing is drawn.
fn put(picture: &mut Picture, point: Point, letter: char) {
    let tile = point.tile();
    let column = tile.column().checked_sub(MARGIN_COLUMNS).map(usize::from);
    let place = column.and_then(|column| picture.get_mut(usize::from(tile.row()))?.get_mut(column));
    if let Some(place) = place {
        *place = letter;
    }
}

fn scores(scene: &Scene) -> String {
    let mut line = String::from("seats:");
    for (seat, pac) in seated(scene, |scene, seat| scene.pacs[seat]) {
        let score = scene.scores[usize::from(seat.0)];
        let _ = write!(line, "  {} {} +{}", letter(seat), score.points, score.lives);
        if let Condition::Powered(_) | Condition::PoweredBumped(_) = pac.condition {
            line.push('!');
        }
    }
    line
}

fn seated<T>(scene: &Scene, of: impl Fn(&Scene, usize) -> Option<T>) -> Vec<(Seat, T)> {
    (0..scene.pacs.len()).filter_map(|seat| Some((Seat(seat as u8), of(scene, seat)?))).collect()
}

fn letter(seat: Seat) -> char {
    char::from(b'A' + seat.0 % 26)
}

fn word(phase: &impl std::fmt::Debug) -> String {
    format!("{phase:?}").to_lowercase()
}

/// A command in words.
pub(super) fn asked(command: Command) -> String {
    match command {
        Command::Join { player } => format!("join({player})"),
        Command::Wish { seat, direction } => format!("{}:{}", letter(seat), word(&direction)),
        Command::Park { seat } => format!("{}:park", letter(seat)),
        Command::Unpark { seat } => format!("{}:unpark", letter(seat)),
        Command::Leave { seat } => format!("{}:leave", letter(seat)),
    }
}
