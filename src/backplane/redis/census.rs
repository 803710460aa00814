//! How many keys a Redis holds, all of them, for whoever watches that they do not grow without bound. Not part of the backplane's promise.

use std::time::Duration;

use tokio::time::timeout;

use super::RedisAddress;
use super::line::unanswered;
use crate::backplane::Answer;
use crate::backplane::Unanswered;

/// For a connection of its own, which is closed again, and the answer.
const COUNT_MAX: Duration = Duration::from_secs(2);

impl RedisAddress {
    pub async fn count_keys(&self) -> Answer<u64> {
        let counting = async {
            let client = redis::Client::open(self.url()).map_err(|error| unanswered(&error))?;
            let mut connection = client.get_multiplexed_async_connection().await.map_err(|error| unanswered(&error))?;
            redis::cmd("DBSIZE").query_async(&mut connection).await.map_err(|error| unanswered(&error))
        };
        timeout(COUNT_MAX, counting).await.unwrap_or_else(|_| Err(Unanswered("no answer in time".to_owned())))
    }
}
