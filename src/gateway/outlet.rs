//! What one socket has been told of its maze, and so what it is told next. Pure.
//!
//! A socket that was not ready looks at the newest when it is: it skips what came between and gets all sections with the next frame. What it is shown
//! only moves forward (Y3).

use axum::extract::ws::Message;

use crate::backplane::ChatId;
use crate::gateway::chat::ChatLog;
use crate::gateway::fanout::View;
use crate::gateway::pipe::Told;
use crate::wire::Position;
use crate::wire::from_client::Channel;

/// Begins anew with each maze that a socket follows; only world chat goes on.
#[derive(Debug, Default)]
pub struct Outlet {
    /// Frames as JSON, for people with a terminal.
    pub json: bool,
    /// The newest position shown here.
    pub shown: Option<Position>,
    /// What the client was shown elsewhere: nothing older is of use to him.
    floor: Option<Position>,
    /// The number of the newest frame shown; `None` asks for all sections.
    frame: Option<u64>,
    seats: Option<u64>,
    maze_chat: Option<ChatId>,
    world_chat: Option<ChatId>,
}

/// What there is to send, in order, and how many frames were skipped before.
#[derive(Debug, Default)]
pub struct News {
    pub messages: Vec<Message>,
    pub frames: u64,
    pub skipped: u64,
}

impl Outlet {
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json, ..Self::default() }
    }

    /// The socket follows another maze from now on.
    pub fn follow(&mut self, floor: Option<Position>) {
        *self = Self { json: self.json, world_chat: self.world_chat, floor, ..Self::default() };
    }

    /// A frame was told past this outlet.
    pub fn was_told(&mut self, told: Told) {
        (self.frame, self.shown) = (Some(told.serial), Some(told.position));
    }

    /// The last frame told, as one that the next may follow without anything else.
    #[must_use]
    pub fn told(&self) -> Option<Told> {
        let (serial, position) = self.frame.zip(self.shown).filter(|_| !self.json)?;
        Some(Told { serial, position })
    }

    /// The next frame comes with all its sections.
    pub fn refresh(&mut self) {
        self.frame = None;
    }

    /// All that is new for this socket.
    pub fn news(&mut self, view: &View, world: &ChatLog) -> News {
        let mut news = News::default();
        if let Some(seats) = view.seats.as_ref().filter(|seats| self.seats != Some(seats.serial)) {
            self.seats = Some(seats.serial);
            news.messages.push(Message::Text(seats.message.clone()));
        }
        tell(&mut news, &mut self.maze_chat, &view.chat, Channel::Maze);
        tell(&mut news, &mut self.world_chat, world, Channel::World);
        self.frame(view, &mut news);
        news
    }

    fn frame(&mut self, view: &View, news: &mut News) {
        let Some(shown) = &view.shown else { return };
        if self.shown.is_some_and(|told| shown.position <= told) || self.floor.is_some_and(|floor| shown.position < floor) {
            return;
        }
        let missed = self.frame.map_or(0, |before| shown.serial.saturating_sub(before + 1));
        let whole = self.frame.is_none() || missed > 0;
        let message = match (self.json, whole) {
            (false, false) => Message::Binary(shown.frame()),
            (false, true) => Message::Binary(shown.whole()),
            (true, false) => Message::Text(shown.json()),
            (true, true) => Message::Text(shown.whole_json()),
        };
        news.messages.push(message);
        (news.frames, news.skipped) = (1, missed);
        (self.frame, self.shown) = (Some(shown.serial), Some(shown.position));
    }
}

fn tell(news: &mut News, told: &mut Option<ChatId>, log: &ChatLog, channel: Channel) {
    if log.last() > *told {
        news.messages.extend(log.after(*told, channel).into_iter().map(Message::Text));
        *told = log.last();
    }
}
