//! AWS behind `Service`: the SDK's client, what its errors mean, and the group and stream that are made if they are not there and we may.
//!
//! Credentials, region and endpoint come from where AWS's own tools take them. The SDK sends nothing twice by itself: `retry` decides that.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::SharedHttpClient;
use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata;
use aws_sdk_cloudwatchlogs::error::SdkError;
use aws_sdk_cloudwatchlogs::operation::put_log_events::PutLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use aws_smithy_http_client::tls;

use super::uploader::Sent;
use super::uploader::Service;
use crate::telemetry::batch::Line;
use crate::telemetry::batch::shorten;
use crate::telemetry::retry::Failure;

const CONNECT_MAX: Duration = Duration::from_secs(3);
/// One attempt to send a megabyte.
const ATTEMPT_MAX: Duration = Duration::from_secs(10);
/// Of an error's text in the log: the SDK's are long.
const REASON_BYTES_MAX: usize = 400;

/// A group and this process's stream in it.
pub struct CloudWatchLogs {
    client: Option<Client>,
    group: String,
    stream: String,
    /// The stream is there, as far as we know.
    prepared: bool,
    /// That we may not make it was said.
    told: bool,
}

impl CloudWatchLogs {
    /// With the usual chain of credentials, looked for when the first line is sent.
    #[must_use]
    pub const fn from_environment(group: String, stream: String) -> Self {
        Self { client: None, group, stream, prepared: false, told: false }
    }

    #[must_use]
    pub const fn with_client(client: Client, group: String, stream: String) -> Self {
        Self { client: Some(client), group, stream, prepared: false, told: false }
    }

    async fn client(&mut self) -> Client {
        if let Some(client) = &self.client {
            return client.clone();
        }
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_MAX).operation_timeout(ATTEMPT_MAX).build();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http_client())
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .load()
            .await;
        self.client.insert(Client::new(&config)).clone()
    }

    /// The stream, and the group if there is none. Whoever may not make them may still write to them, so no right to is no failure here.
    async fn prepare(&mut self, client: &Client) -> Result<(), Sent> {
        let (group, stream) = (self.group.clone(), self.stream.clone());
        for is_last in [false, true] {
            let made = client.create_log_stream().log_group_name(&group).log_stream_name(&stream).send().await;
            match made.as_ref().err().and_then(ProvideErrorMetadata::code) {
                None if made.is_ok() => break,
                Some("ResourceAlreadyExistsException") => break,
                Some("ResourceNotFoundException") if !is_last => {
                    let made = client.create_log_group().log_group_name(&group).send().await;
                    if let Err(error) = made
                        && error.code() != Some("ResourceAlreadyExistsException")
                    {
                        return Err(failed(&error));
                    }
                }
                Some("AccessDeniedException") => {
                    // Once: should there be no stream, every attempt comes by here.
                    if !std::mem::replace(&mut self.told, true) {
                        let why = "may not make the stream for the log; writes to it all the same";
                        tracing::warn!(event = "log_stream_not_made", group, stream, "{why}");
                    }
                    break;
                }
                _ => return made.map_or_else(|error| Err(failed(&error)), |_| Ok(())),
            }
        }
        self.prepared = true;
        Ok(())
    }
}

impl Service for CloudWatchLogs {
    async fn send(&mut self, batch: &[Line]) -> Sent {
        let client = self.client().await;
        if !self.prepared
            && let Err(failed) = self.prepare(&client).await
        {
            return failed;
        }
        let events = batch.iter().filter_map(|line| InputLogEvent::builder().timestamp(line.at_ms).message(&line.text).build().ok());
        let put = client.put_log_events().log_group_name(&self.group).log_stream_name(&self.stream);
        match put.set_log_events(Some(events.collect())).send().await {
            Ok(stored) => Sent::Taken { rejected: rejected(&stored, batch.len()) },
            Err(error) => match error.code() {
                Some("DataAlreadyAcceptedException") => Sent::Taken { rejected: 0 },
                Some("InvalidParameterException" | "SerializationException") => Sent::Unacceptable(reason(&error)),
                Some("ResourceNotFoundException") => {
                    // Somebody removed it: it is made again before the next attempt.
                    self.prepared = false;
                    failed(&error)
                }
                _ => failed(&error),
            },
        }
    }
}

/// Connections with the TLS that the connection to Redis has, and not a second one.
#[must_use]
pub fn http_client() -> SharedHttpClient {
    let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
    aws_smithy_http_client::Builder::new().tls_provider(ring).build_https()
}

/// Lines that the service took out of a batch that it stored.
fn rejected(stored: &PutLogEventsOutput, lines: usize) -> u64 {
    let Some(info) = stored.rejected_log_events_info() else { return 0 };
    let index = |at: Option<i32>| at.and_then(|at| usize::try_from(at).ok());
    let old = index(info.too_old_log_event_end_index()).max(index(info.expired_log_event_end_index())).unwrap_or(0);
    let new = index(info.too_new_log_event_start_index()).map_or(0, |start| lines.saturating_sub(start));
    (old + new) as u64
}

fn failed<E, R>(error: &SdkError<E, R>) -> Sent
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let failure = match error.code() {
        Some(
            "AccessDeniedException"
            | "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "InvalidClientTokenId"
            | "IncompleteSignatureException"
            | "MissingAuthenticationTokenException"
            | "ExpiredTokenException"
            | "OptInRequired",
        ) => Failure::Refused,
        Some(_) => Failure::Unavailable,
        None => match error {
            // No region, no credentials. These two are told apart from a service that is away by nothing better than where they come from.
            SdkError::ConstructionFailure(_) => Failure::Refused,
            SdkError::DispatchFailure(failure) if !failure.is_io() && !failure.is_timeout() => Failure::Refused,
            _ => Failure::Unavailable,
        },
    };
    Sent::Failed(failure, reason(error))
}

/// The service's own word, or the whole chain of causes, shortened.
fn reason<E, R>(error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let mut text = match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => causes(error),
    };
    shorten(&mut text, REASON_BYTES_MAX);
    text
}

/// Every cause in a line, without what the SDK adds for its own developers.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
