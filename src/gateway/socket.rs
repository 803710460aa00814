//! One WebSocket: waits and obeys. What a client may do is decided in `session`, what he is shown in `outlet`.
//!
//! One task, no queue: while a write waits, news is not piled up, the view only gets newer (Y2). Everything has a deadline: hello, a write, the
//! answer to a ping, the goodbye. The goodbye lets the far end read the close code before the connection goes.

mod goodbye;

use std::collections::VecDeque;
use std::future::pending;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use axum::extract::ws::Message;
use axum::extract::ws::WebSocket;
use bytes::Bytes;
use futures_util::SinkExt;
use tokio::select;
use tokio::sync::oneshot;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio::time::Sleep;
use tokio::time::sleep_until;
use tokio::time::timeout;

use crate::backplane::ChatStream;
use crate::gateway::Hub;
use crate::gateway::attendance::Part;
use crate::gateway::chat;
use crate::gateway::chat::ChatLog;
use crate::gateway::lobby::Entrant;
use crate::gateway::lobby::Stay;
use crate::gateway::lobby::Ticket;
use crate::gateway::outlet::Outlet;
use crate::gateway::pipe::Outflow;
use crate::gateway::reports::Complaint;
use crate::gateway::session::Action;
use crate::gateway::session::Moment;
use crate::gateway::session::Session;
use crate::telemetry::metrics;
use crate::telemetry::sampling::sampled;
use crate::wire::MazeId;
use crate::wire::PROTOCOL_VERSION;
use crate::wire::PlayerId;
use crate::wire::Position;
use crate::wire::boards::BoardName;
use crate::wire::close::Close;
use crate::wire::from_client::Channel;
use crate::wire::from_client::Reason;
use crate::wire::phrases::Words;
use crate::wire::to_client::Refusal;
use crate::wire::to_client::ToClient;
use goodbye::GOODBYE_MAX;
use goodbye::judged;

/// Why the loop ended.
enum End {
    /// The server ends it.
    Close(Close),
    /// The client has ended it, or the network.
    Gone,
}

/// A connection that has become a WebSocket.
pub struct Line {
    pub socket: WebSocket,
    /// Where the maze's link writes frames past the socket.
    pub outflow: Arc<Outflow>,
    /// Frames as JSON.
    pub json: bool,
}

struct Client {
    socket: WebSocket,
    outflow: Arc<Outflow>,
    hub: Arc<Hub>,
    ticket: Ticket,
    session: Session,
    outlet: Outlet,
    stay: Option<Stay>,
    world: watch::Receiver<Arc<ChatLog>>,
    /// The seating that the session has heard.
    heard: Option<Position>,
    replaced: Option<oneshot::Receiver<()>>,
    ping_due: Instant,
    pong_by: Option<Instant>,
}

/// Serves a client until either side ends it.
pub async fn serve(line: Line, hub: Arc<Hub>, ticket: Ticket) {
    let Line { socket, outflow, json } = line;
    let now = Instant::now();
    let fresh = PlayerId(getrandom::u64().unwrap_or_default());
    let mut client = Client {
        socket,
        outflow,
        world: hub.world_chat.clone(),
        session: Session::new(fresh, now + hub.limits.hello, now),
        outlet: Outlet::new(json),
        stay: None,
        heard: None,
        replaced: None,
        ping_due: now + hub.limits.ping_period,
        pong_by: None,
        hub,
        ticket,
    };
    let end = client.run().await;
    // Whoever waits in the maze hears of it before a goodbye that may take a second.
    client.stay = None;
    if let Some(player) = client.session.player() {
        client.hub.lobby.part(player, client.ticket.connection);
    }
    if let End::Close(close) = end {
        client.goodbye(close).await;
    }
}

impl Client {
    async fn run(&mut self) -> End {
        // One alarm and one ear for the end of the process, as long as the client is here: a key must not arm them anew.
        let mut alarm = pin!(sleep_until(self.ping_due));
        let mut draining = pin!(self.hub.draining.clone().cancelled_owned());
        loop {
            let wake = [self.session.deadline(), Some(self.ping_due), self.pong_by].into_iter().flatten().min().unwrap_or(self.ping_due);
            if alarm.deadline() != wake {
                alarm.as_mut().reset(wake);
            }
            if let Err(end) = self.turn(alarm.as_mut(), draining.as_mut()).await {
                return end;
            }
        }
    }

    /// Waits for one thing and does what follows from it.
    async fn turn(&mut self, alarm: Pin<&mut Sleep>, draining: Pin<&mut impl Future<Output = ()>>) -> Result<(), End> {
        select! {
            // What comes in first, since that is what most often wakes it: nothing else is asked then.
            biased;
            incoming = self.socket.recv() => self.hear(incoming).await,
            () = draining => Err(End::Close(Close::Draining)),
            () = notice(&mut self.replaced) => Err(End::Close(Close::Replaced)),
            () = newer(&mut self.stay) => self.show().await,
            () = self.outflow.behind() => self.show().await,
            changed = self.world.changed() => match changed {
                Ok(()) => self.show().await,
                Err(_) => Err(End::Close(Close::Internal)),
            },
            () = alarm => self.wake().await,
        }
    }

    async fn hear(&mut self, incoming: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let message = match incoming {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Err(judged(error)),
            None => return Err(End::Gone),
        };
        self.hub.meters.messages.increment(1);
        let now = Instant::now();
        let actions = match message {
            Message::Text(text) => self.session.on_text(moment(now), &text, &self.hub.secret),
            Message::Binary(_) => vec![Action::Close(Close::BinaryMessage)],
            Message::Pong(_) => {
                self.pong_by = None;
                self.session.on_control(now)
            }
            Message::Ping(_) => self.session.on_control(now),
            Message::Close(_) => {
                self.take_turn();
                // Answers the close.
                let _ = timeout(GOODBYE_MAX, self.socket.flush()).await;
                return Err(End::Gone);
            }
        };
        self.obey(actions).await
    }

    async fn wake(&mut self) -> Result<(), End> {
        let now = Instant::now();
        if self.pong_by.is_some_and(|by| by <= now) {
            return Err(End::Close(Close::TooSlow));
        }
        if self.ping_due <= now {
            self.ping_due = now + self.hub.limits.ping_period;
            self.pong_by = Some(now + self.hub.limits.pong);
            self.write([Message::Ping(Bytes::new())]).await?;
        }
        let actions = self.session.on_time(now);
        self.obey(actions).await
    }

    /// Nothing is told past this task from here on, until it gives the turn back.
    fn take_turn(&mut self) {
        if let Some(told) = self.outflow.take_turn() {
            self.outlet.was_told(told);
        }
    }

    /// Tells everything that is new in the maze. When all is told, the maze's link goes on from there.
    async fn show(&mut self) -> Result<(), End> {
        self.take_turn();
        let Some(stay) = &mut self.stay else { return Ok(()) };
        let view = stay.view.borrow_and_update().clone();
        if let Some(seats) = view.seats.as_ref().filter(|seats| self.heard != Some(seats.seating.at)) {
            self.heard = Some(seats.seating.at);
            let (gateway, connection) = (&self.hub.me, self.ticket.connection);
            if seats.seating.replaced.iter().any(|row| row.gateway == *gateway && row.connection == connection) {
                return Err(End::Close(Close::Replaced));
            }
            let actions = self.session.on_seating(&seats.seating);
            if !actions.is_empty() {
                // What follows may lead to another maze, so the news is looked for again.
                return Box::pin(self.obey(actions)).await;
            }
        }
        let news = self.outlet.news(&view, &self.world.borrow_and_update().clone());
        self.hub.meters.frames_by_task.increment(news.frames);
        self.hub.meters.frames_skipped.increment(news.skipped);
        if !news.messages.is_empty() || self.outflow.has_tail() {
            self.write(news.messages).await?;
        }
        if self.session.is_settled() {
            self.outflow.give_turn(self.outlet.told());
        }
        Ok(())
    }

    /// Does what the session wants, in order, with what follows from it.
    async fn obey(&mut self, actions: Vec<Action>) -> Result<(), End> {
        if actions.is_empty() {
            return Ok(());
        }
        let is_news = !actions.iter().all(|action| matches!(action, Action::Steer { .. }));
        let mut actions = VecDeque::from(actions);
        while let Some(action) = actions.pop_front() {
            match action {
                Action::Tell(message) => self.tell(&message).await?,
                Action::Close(close) => return Err(End::Close(close)),
                Action::Greet(player) => self.greet(player).await?,
                Action::Follow { maze, leaving } => actions.extend(self.follow(maze, leaving)),
                Action::Tour => actions.extend(self.tour()),
                Action::Change { leaving } => self.change(leaving),
                Action::Steer { n, dir } => {
                    if let Some(stay) = &self.stay {
                        stay.steer(n, dir);
                    }
                }
                Action::Say { channel, name, words } => self.say(channel, &name, &words).await?,
                Action::Refresh => {
                    self.take_turn();
                    self.outlet.refresh();
                }
                Action::Pong(n) => self.pong(n).await?,
                Action::Board(of) => Box::pin(self.board(of)).await?,
                Action::Report { whom, reason } => Box::pin(self.report(whom, reason)).await?,
            }
        }
        // After a key there is nothing to tell that does not make itself known.
        if is_news { self.show().await } else { Ok(()) }
    }

    async fn greet(&mut self, player: PlayerId) -> Result<(), End> {
        self.replaced = Some(self.hub.lobby.greet(player, self.ticket.connection));
        let token = self.hub.secret.player_token(player);
        self.tell(&ToClient::Welcome { version: PROTOCOL_VERSION, you: player, token, instance: self.hub.me.clone() }).await
    }

    fn follow(&mut self, maze: Option<MazeId>, leaving: bool) -> Vec<Action> {
        if let Some(stay) = self.stay.take().filter(|_| leaving) {
            stay.give_up();
        }
        let Some(member) = self.session.member() else { return Vec::new() };
        let spectating = member.part == Part::Spectator;
        let maze = maze.unwrap_or_else(|| self.hub.lobby.choose(spectating));
        let brought = self.session.brought(&maze);
        self.take_turn();
        let entrant = Entrant { member, brought, outflow: Arc::clone(&self.outflow) };
        let stay = self.hub.lobby.enter(&maze, self.ticket.connection, entrant);
        let known = stay.view.borrow().seats.clone();
        self.stay = Some(stay);
        self.outlet.follow(brought);
        self.heard = None;
        self.session.arrived(maze, known.as_ref().map(|seats| &seats.seating))
    }

    fn tour(&mut self) -> Vec<Action> {
        let next = self.stay.as_ref().and_then(|stay| self.hub.lobby.next(&stay.link().maze));
        self.session.toured(next)
    }

    fn change(&mut self, leaving: bool) {
        let (Some(stay), Some(member)) = (&self.stay, self.session.member()) else { return };
        stay.change(member, leaving);
        // The seating at hand tells a player of his seat again.
        self.heard = None;
    }

    async fn board(&mut self, of: BoardName) -> Result<(), End> {
        let maze = self.stay.as_ref().map(|stay| stay.link().maze.clone());
        let answer = match self.hub.boards.board(of, maze.as_ref()).await {
            Some(board) => board,
            None => ToClient::Error { code: Refusal::Unavailable, message: "the boards cannot be read; try again".to_owned() },
        };
        self.tell(&answer).await
    }

    async fn report(&mut self, whom: PlayerId, reason: Option<Reason>) -> Result<(), End> {
        let (Some(stay), Some(by)) = (&self.stay, self.session.player()) else { return Ok(()) };
        let (view, world) = (stay.view.borrow().clone(), Arc::clone(&self.world.borrow()));
        let complaint = Complaint { by, whom, reason, maze: &stay.link().maze, view: &view, world: &world };
        let answer = self.hub.reports.take(&complaint, &self.hub.backplane).await;
        self.tell(&answer).await
    }

    async fn say(&mut self, channel: Channel, name: &str, words: &Words) -> Result<(), End> {
        let (Some(stay), Some(player)) = (&self.stay, self.session.player()) else { return Ok(()) };
        let stream = ChatStream::of(channel, &stay.link().maze);
        if self.hub.backplane.say(stream, chat::said(player, name, words)).await.is_err() {
            metrics::unanswered("say");
            let message = "this line could not be said; try again".to_owned();
            self.tell(&ToClient::Error { code: Refusal::Unavailable, message }).await?;
        }
        Ok(())
    }

    async fn pong(&mut self, n: u32) -> Result<(), End> {
        let maze = self.stay.as_ref().map(|stay| &stay.link().maze);
        let shown = self.outflow.told().map(|told| told.position).or(self.outlet.shown);
        let seen = maze.zip(shown).map(|(maze, position)| self.hub.secret.seen(maze, position));
        self.tell(&ToClient::Pong { n, seen }).await
    }

    async fn tell(&mut self, message: &ToClient) -> Result<(), End> {
        if let ToClient::Error { code, .. } = message {
            metrics::refused(code.name());
            if let Some(more) = sampled(code.name()) {
                let (maze, player) = (self.stay.as_ref().map(|stay| &stay.link().maze), self.session.player());
                tracing::info!(
                    event = "refused",
                    maze = maze.map(display),
                    player = player.map(display),
                    kind = code.name(),
                    more,
                    "a request is refused"
                );
            }
        }
        self.write([Message::Text(chat::text(message))]).await
    }

    async fn write(&mut self, messages: impl IntoIterator<Item = Message>) -> Result<(), End> {
        let socket = &mut self.socket;
        let write = async {
            for message in messages {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        match timeout(self.hub.limits.write, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Close(Close::TooSlow)),
        }
    }
}

async fn notice(replaced: &mut Option<oneshot::Receiver<()>>) {
    match replaced {
        // An error means that the lobby has forgotten us, as at the end of the process.
        Some(receiver) => {
            if receiver.await.is_err() {
                *replaced = None;
                pending::<()>().await;
            }
        }
        None => pending().await,
    }
}

async fn newer(stay: &mut Option<Stay>) {
    match stay {
        Some(stay) => {
            if stay.view.changed().await.is_err() {
                pending::<()>().await;
            }
        }
        None => pending().await,
    }
}

fn moment(at: Instant) -> Moment {
    let unix_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
    Moment { at, unix_ms }
}
