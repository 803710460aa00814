//! `waka blackbox`: fetches what Redis has of a maze's last minute, or of its last panic, as a file for `waka replay`.

use std::time::Duration;

use tokio::time::timeout;

use crate::backplane::Backplane;
use crate::backplane::RedisRefused;
use crate::backplane::Unanswered;
use crate::config::BlackBoxWanted;
use crate::wire::black_box::BlackBox;
use crate::wire::black_box::Strip;

/// Nobody waits longer at a terminal for a Redis that is not there.
const ANSWER_MAX: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error(transparent)]
    Redis(#[from] RedisRefused),
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    #[error("no answer from Redis within {} s", ANSWER_MAX.as_secs())]
    Late,
    #[error("nothing is kept of this maze")]
    Nothing,
}

/// The bytes of the file.
pub async fn fetch(wanted: &BlackBoxWanted) -> Result<Vec<u8>, FetchError> {
    timeout(ANSWER_MAX, ask(wanted)).await.unwrap_or(Err(FetchError::Late))
}

async fn ask(wanted: &BlackBoxWanted) -> Result<Vec<u8>, FetchError> {
    let backplane = Backplane::redis(&wanted.redis)?;
    backplane.check().await??;
    if wanted.kept {
        let newest = backplane.black_boxes(&wanted.maze).await?.pop();
        return newest.map(|black_box| black_box.to_vec()).ok_or(FetchError::Nothing);
    }
    let strips = backplane.strips(&wanted.maze).await?;
    if strips.is_empty() {
        return Err(FetchError::Nothing);
    }
    // What another release wrote is left out; its file would not be readable as a whole.
    let strips = strips.iter().filter_map(|strip| Strip::decode(strip).ok()).collect();
    Ok(BlackBox::of(wanted.maze.clone(), None, strips).encode())
}
