//! One connection to Redis that is made again when it breaks, and says `Unanswered` meanwhile: no request is ever sent twice by it.
//!
//! Commits and claims go over a line of their own, multiplexed, so that no slow reader of something else is ahead of them. So does what else is told
//! often: a connection of the pool is lent to one at a time, and asked at each loan whether it lives. Attempts to connect are spaced by a jittered backoff
//! whose cap is below the leadership's grace of 2 s, so that a living leader is back before anybody takes its maze.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::backoff::Backoff;
use crate::backplane::Answer;
use crate::backplane::Unanswered;

/// How long an answer may take; a leader's clock stands after 250 ms without one, so that nothing is gained by waiting for much longer.
pub(super) const RESPONSE_TIMEOUT: Duration = Duration::from_millis(500);
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

pub(super) struct Line {
    /// What goes over it, for people.
    name: &'static str,
    client: redis::Client,
    state: Mutex<State>,
}

struct State {
    connection: Option<MultiplexedConnection>,
    /// Which connection this is, so that an error of an older one does not end a newer one.
    generation: u64,
    backoff: Backoff,
    /// Not before then.
    next_attempt: Option<Instant>,
}

impl Line {
    pub(super) fn new(name: &'static str, client: redis::Client) -> Self {
        let state = State { connection: None, generation: 0, backoff: Backoff::new(), next_attempt: None };
        Self { name, client, state: Mutex::new(state) }
    }

    /// Runs a script once.
    pub(super) async fn invoke<T: redis::FromRedisValue>(&self, script: &redis::ScriptInvocation<'_>) -> Answer<T> {
        let (mut connection, generation) = self.connection().await?;
        self.answered(generation, script.invoke_async(&mut connection).await).await
    }

    /// Asks once.
    pub(super) async fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> Answer<T> {
        let (mut connection, generation) = self.connection().await?;
        self.answered(generation, command.query_async(&mut connection).await).await
    }

    /// Asks several things at once, once.
    pub(super) async fn ask_all<T: redis::FromRedisValue>(&self, commands: &redis::Pipeline) -> Answer<T> {
        let (mut connection, generation) = self.connection().await?;
        self.answered(generation, commands.query_async(&mut connection).await).await
    }

    async fn answered<T>(&self, generation: u64, answer: redis::RedisResult<T>) -> Answer<T> {
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => {
                if ends_the_connection(&error) {
                    self.broken(generation).await;
                }
                Err(unanswered(&error))
            }
        }
    }

    async fn connection(&self) -> Answer<(MultiplexedConnection, u64)> {
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            return Ok((connection.clone(), state.generation));
        }
        let now = Instant::now();
        if state.next_attempt.is_some_and(|at| now < at) {
            return Err(Unanswered("waiting to connect again".to_owned()));
        }
        let config =
            redis::AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_TIMEOUT)).set_response_timeout(Some(RESPONSE_TIMEOUT));
        match self.client.get_multiplexed_async_connection_with_config(&config).await {
            Ok(connection) => {
                if state.generation > 0 {
                    metrics::counter!("waka_redis_reconnects_total", "connection" => self.name).increment(1);
                    tracing::info!(event = "redis_reconnected", connection = self.name, "connected to redis again");
                }
                state.generation += 1;
                state.backoff = Backoff::new();
                state.next_attempt = None;
                state.connection = Some(connection.clone());
                Ok((connection, state.generation))
            }
            Err(error) => {
                state.next_attempt = Some(Instant::now() + state.backoff.next_delay());
                Err(unanswered(&error))
            }
        }
    }

    async fn broken(&self, generation: u64) {
        let mut state = self.state.lock().await;
        if state.generation == generation && state.connection.take().is_some() {
            tracing::warn!(event = "redis_lost", connection = self.name, "a connection to redis broke");
        }
    }
}

/// Whether a new connection may do better: the line broke or hangs, or this server has become a replica after a fail-over.
pub(super) fn ends_the_connection(error: &redis::RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error() || error.is_timeout() || error.code() == Some("READONLY")
}

pub(super) fn unanswered(error: &redis::RedisError) -> Unanswered {
    Unanswered(error.to_string())
}
