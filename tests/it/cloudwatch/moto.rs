//! moto's server, which speaks AWS's API over HTTP, shared by all tests of this process; each has log groups of its own. It ends with its input, so
//! it cannot outlive the tests however they end. And a way to it that can be cut.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::process::Child;
use std::process::ChildStdin;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;

use serde_json::Value;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::source;

pub(crate) const REGION: &str = "eu-central-1";

pub(crate) struct Moto {
    _child: Child,
    pub(crate) url: String,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
}

impl Moto {
    /// Started by whoever needs it first.
    pub(crate) fn server() -> &'static Self {
        static SERVER: OnceLock<Moto> = OnceLock::new();
        SERVER.get_or_init(Self::start)
    }

    fn start() -> Self {
        let root = source::root();
        let own = root.join("target/moto/bin/python");
        let python = if own.exists() { own } else { "python3".into() };
        let mut child = Command::new(python)
            .arg(root.join("tests/moto/server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("python3 could not be started: {error}"));
        let (input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut port = String::new();
        output.read_line(&mut port).unwrap();
        let port: u16 = port.trim().parse().expect("moto's server did not start: ./test installs it");
        Self { _child: child, url: format!("http://127.0.0.1:{port}"), pipes: Mutex::new((input, output)) }
    }

    /// The next calls that write to this group fail so.
    pub(crate) fn fail(&self, group: &str, error: &str, status: u16, times: u32) {
        let (input, output) = &mut *self.pipes.lock().unwrap();
        let fault = json!({"group": group, "error": error, "status": status, "times": times});
        writeln!(input, "{fault}").unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        assert_eq!(answer, "set\n");
    }

    /// The names of the group's streams.
    pub(crate) async fn streams(&self, group: &str) -> Vec<String> {
        let answer = self.call("DescribeLogStreams", &json!({"logGroupName": group})).await;
        let streams = answer["logStreams"].as_array().cloned().unwrap_or_default();
        streams.iter().map(|stream| stream["logStreamName"].as_str().unwrap().to_owned()).collect()
    }

    /// Every line of the group's only stream; none while there is no stream.
    pub(crate) async fn lines(&self, group: &str) -> Vec<String> {
        let streams = self.streams(group).await;
        let Some(stream) = streams.first() else { return Vec::new() };
        assert_eq!(streams.len(), 1, "{streams:?}");
        let (mut lines, mut token) = (Vec::new(), None::<String>);
        loop {
            let mut asked = json!({"logGroupName": group, "logStreamName": stream, "startFromHead": true});
            if let Some(token) = &token {
                asked["nextToken"] = json!(token);
            }
            let answer = self.call("GetLogEvents", &asked).await;
            let events = answer["events"].as_array().unwrap();
            if events.is_empty() {
                return lines;
            }
            lines.extend(events.iter().map(|event| event["message"].as_str().unwrap().to_owned()));
            token = Some(answer["nextForwardToken"].as_str().unwrap().to_owned());
        }
    }

    async fn call(&self, action: &str, body: &Value) -> Value {
        let signed_by_nobody =
            format!("AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/logs/aws4_request, SignedHeaders=host, Signature=0");
        let request = reqwest::Client::new()
            .post(&self.url)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("Logs_20140328.{action}"))
            .header("authorization", signed_by_nobody)
            .body(body.to_string());
        serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    }
}

/// A way to moto that can be cut: then every connection is closed, and new ones are as soon as they come.
pub(crate) struct Way {
    pub(crate) url: String,
    open: Arc<watch::Sender<bool>>,
}

impl Way {
    pub(crate) async fn to(moto: &Moto) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let target = moto.url.trim_start_matches("http://").to_owned();
        let open = Arc::new(watch::Sender::new(true));
        let is_open = Arc::clone(&open);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut cut, target) = (is_open.subscribe(), target.clone());
                tokio::spawn(async move {
                    let through = async {
                        let mut far = TcpStream::connect(target).await?;
                        tokio::io::copy_bidirectional(&mut near, &mut far).await
                    };
                    tokio::select! {
                        _ = through => {}
                        _ = cut.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self { url, open }
    }

    pub(crate) fn cut(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.open.send_replace(true);
    }
}
