//! Requests to sources of vulnerability data: conditional, with limits on size and silence, and never from https down to
//! http. Proxies are those of the environment.

use crate::client::innermost;
use bytes::{Bytes, BytesMut};
use reqwest::header::{ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use shipworthy_store::advisory_sync::Mark;
use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::time::Duration;

/// A client of sources.
#[derive(Clone, Debug)]
pub(super) struct Fetcher(Client);

/// What came.
#[derive(Debug)]
pub(super) enum Fetched {
    /// Nothing: it is what it was.
    Unchanged,
    /// The document, and by what it is known the next time.
    Document(Bytes, Mark),
}

/// Why nothing came.
#[derive(Debug)]
pub(super) struct Unfetched {
    /// What the server answered, if it did.
    pub(super) status: Option<StatusCode>,
    /// A sentence with the address.
    pub(super) why: String,
}

/// How many servers pass a request on at most.
const MOST_REDIRECTS: usize = 5;

impl Fetcher {
    /// A client that gives up when a server says nothing for so long.
    pub(super) fn new(longest_silence: Duration) -> Result<Self, String> {
        Self::with(longest_silence, Policy::custom(follow))
    }

    /// A client that sends nothing to where nobody told it to, because what it sends is secret.
    pub(super) fn without_redirects(longest_silence: Duration) -> Result<Self, String> {
        Self::with(longest_silence, Policy::none())
    }

    fn with(longest_silence: Duration, redirects: Policy) -> Result<Self, String> {
        let client = Client::builder()
            .user_agent(concat!("shipworthy/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(longest_silence.min(Duration::from_secs(20)))
            .read_timeout(longest_silence)
            .redirect(redirects);
        client.build().map(Self).map_err(|error| format!("the HTTP client cannot be made: {}", innermost(&error)))
    }

    /// A document, unless it is still the one of `known`.
    pub(super) async fn document(&self, url: &Url, known: &Mark, most_bytes: usize) -> Result<Fetched, Unfetched> {
        let mut request = self.get(url);
        // Who has both is asked by the tag alone, which is the more exact (RFC 9110 §13.1.3).
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        } else if let Some(date) = &known.last_modified {
            request = request.header(IF_MODIFIED_SINCE, date);
        }
        let response = self.send(url, request).await?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::Unchanged);
        }
        let header = |name: HeaderName| header(response.headers(), name);
        let mark = Mark { etag: header(ETAG), last_modified: header(LAST_MODIFIED), newest: None };
        Ok(Fetched::Document(body(url, response, most_bytes).await?, mark))
    }

    /// Writes what is there into `file`, and sets that back to its beginning.
    pub(super) async fn download(&self, url: &Url, most_bytes: usize, mut file: File) -> Result<File, Unfetched> {
        let response = self.send(url, self.get(url)).await?;
        read(url, response, most_bytes, |piece| file.write_all(piece)).await?;
        file.rewind().map_err(|error| broken(url, &error))?;
        Ok(file)
    }

    /// A request for what is there.
    pub(super) fn get(&self, url: &Url) -> RequestBuilder {
        self.0.get(url.clone())
    }

    /// Sends a request and gives a good answer.
    pub(super) async fn send(&self, url: &Url, request: RequestBuilder) -> Result<Response, Unfetched> {
        let response = request.send().await.map_err(|error| broken(url, &error))?;
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        Err(Unfetched { status: Some(status), why: format!("{} answered {status}", plain(url)) })
    }
}

/// The whole body of an answer.
pub(super) async fn body(url: &Url, response: Response, most_bytes: usize) -> Result<Bytes, Unfetched> {
    let mut body = BytesMut::new();
    read(url, response, most_bytes, |piece| {
        body.extend_from_slice(piece);
        Ok(())
    })
    .await?;
    Ok(body.freeze())
}

/// An address as it may be shown: without what may be secret in it.
pub(super) fn plain(url: &Url) -> Url {
    let mut plain = url.clone();
    // An address of http always has a place for both.
    let _ = plain.set_username("");
    let _ = plain.set_password(None);
    plain.set_query(None);
    plain
}

/// An address below another.
pub(super) fn below(url: &Url, names: &[&str]) -> Url {
    let mut below = url.clone();
    // Addresses of http always have segments.
    if let Ok(mut segments) = below.path_segments_mut() {
        segments.pop_if_empty().extend(names);
    }
    below
}

fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.previous().len() > MOST_REDIRECTS {
        return attempt.error("it is passed on too often");
    }
    // Who configured http trusts the way there anyway.
    let began_plain = attempt.previous().first().is_some_and(|url| url.scheme() == "http");
    if attempt.url().scheme() == "https" || began_plain {
        return attempt.follow();
    }
    let why = format!("it is passed on to {}, which is not https", plain(attempt.url()));
    attempt.error(why)
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Gives the body to `keep` piece by piece, as long as there is room.
async fn read(
    url: &Url,
    mut response: Response,
    most_bytes: usize,
    mut keep: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> Result<(), Unfetched> {
    let mut left = most_bytes;
    let too_large = || Unfetched { status: None, why: format!("{} is larger than {most_bytes} bytes", plain(url)) };
    if response.content_length().is_some_and(|length| length > most_bytes as u64) {
        return Err(too_large());
    }
    while let Some(piece) = response.chunk().await.map_err(|error| broken(url, &error))? {
        left = left.checked_sub(piece.len()).ok_or_else(too_large)?;
        keep(&piece).map_err(|error| broken(url, &error))?;
    }
    Ok(())
}

fn broken(url: &Url, error: &(dyn std::error::Error + 'static)) -> Unfetched {
    Unfetched { status: None, why: format!("{} cannot be fetched: {}", plain(url), innermost(error)) }
}
