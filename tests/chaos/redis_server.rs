//! A private Redis that comes back on its port: killed, hanging, with what it had saved or with nothing, or as the replica of another.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use crate::Fault;
use crate::port::Port;
use crate::process::signal;
use crate::until;

const DUMP: &str = "dump.rdb";

/// What a restart finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// What was last saved.
    Saved,
    Nothing,
}

pub(crate) struct Redis {
    pub(crate) port: u16,
    folder: PathBuf,
    child: Option<Child>,
    /// Nobody is given the port while this is down.
    _held: Port,
}

impl Redis {
    pub(crate) async fn start(folder: &Path, name: &str) -> Result<Self, String> {
        let held = Port::reserved();
        let folder = folder.join(name);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let mut redis = Self { port: held.number(), folder, child: None, _held: held };
        redis.restart(Data::Nothing).await?;
        Ok(redis)
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _dead = child.kill();
            let _code = child.wait();
        }
    }

    pub(crate) fn signal(&self, name: &str) -> Fault {
        self.child.as_ref().map_or(Ok(()), |child| signal(name, child))
    }

    /// Orderly, with everything saved.
    pub(crate) async fn shut_down(&mut self) -> Fault {
        let _hung_up: Result<redis::Value, String> = self.ask(redis::cmd("SHUTDOWN").arg("SAVE"));
        until("Redis has ended", async || self.child.as_mut().is_none_or(|child| matches!(child.try_wait(), Ok(Some(_))))).await
    }

    pub(crate) fn save(&self) -> Fault {
        self.ask::<redis::Value>(&redis::cmd("SAVE")).map(drop)
    }

    pub(crate) async fn restart(&mut self, data: Data) -> Fault {
        self.kill();
        if data == Data::Nothing {
            let _gone = fs::remove_file(self.folder.join(DUMP));
        }
        let child = Command::new("redis-server")
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"])
            .args(["--repl-diskless-sync-delay", "0", "--dbfilename", DUMP, "--dir"])
            .arg(&self.folder)
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("redis-server could not be started: {error}"))?;
        self.child = Some(child);
        until("Redis answers", async || self.ask::<String>(&redis::cmd("PING")).is_ok()).await
    }

    /// Follows the Redis at this port; has everything of it when this returns.
    pub(crate) async fn follow(&self, port: u16) -> Fault {
        self.ask::<redis::Value>(redis::cmd("REPLICAOF").arg("127.0.0.1").arg(port))?;
        until("a replica is in step", async || {
            let info: Result<String, String> = self.ask(redis::cmd("INFO").arg("replication"));
            info.is_ok_and(|info| info.contains("master_link_status:up"))
        })
        .await
    }

    pub(crate) fn promote(&self) -> Fault {
        self.ask::<redis::Value>(redis::cmd("REPLICAOF").arg("NO").arg("ONE")).map(drop)
    }

    pub(crate) fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> Result<T, String> {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}/", self.port)).map_err(|error| error.to_string())?;
        let mut connection = client.get_connection().map_err(|error| error.to_string())?;
        command.query(&mut connection).map_err(|error| format!("Redis: {error}"))
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
