//! A server of vulnerability data as OSV, EPSS, CISA and NVD have one: documents with an `ETag`, and every way in which such a
//! server fails. It remembers what it was asked for.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use shipworthy_model::Digest;
use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use zip::write::SimpleFileOptions;

/// What is answered at a path.
#[derive(Clone)]
pub(crate) enum Reply {
    /// The document, or 304 for who has it.
    Document(Vec<u8>),
    /// A status without a document.
    Status(u16),
    /// The first half, and then the connection breaks.
    Half(Vec<u8>),
    /// The first half, and then nothing for ever.
    Silence(Vec<u8>),
    /// On to another address.
    Elsewhere(String),
}

/// The server.
pub(crate) struct Feeds {
    /// Where it listens.
    pub(crate) url: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    replies: Mutex<BTreeMap<String, Reply>>,
    asked: watch::Sender<Vec<String>>,
}

impl Feeds {
    /// Starts a server that has nothing yet.
    pub(crate) async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    /// Puts an answer at a path.
    pub(crate) fn put(&self, path: &str, reply: Reply) {
        self.shared.replies.lock().expect("nobody panicked").insert(path.to_owned(), reply);
    }

    /// Puts an ecosystem of OSV there: its list, its archive and its records, each with an id and when it changed.
    pub(crate) fn put_ecosystem(&self, ecosystem: &str, records: &[(&str, &str)]) {
        let mut newest_first = records.to_vec();
        newest_first.sort_by_key(|(_, modified)| std::cmp::Reverse(*modified));
        let list: String = newest_first.iter().map(|(id, modified)| format!("{modified},{id}\n")).collect();
        let documents: Vec<_> =
            records.iter().map(|(id, modified)| (format!("{id}.json"), record(id, modified))).collect();
        self.put(&format!("/{ecosystem}/modified_id.csv"), Reply::Document(list.into_bytes()));
        self.put(&format!("/{ecosystem}/all.zip"), Reply::Document(archive(&documents)));
        for (name, document) in documents {
            self.put(&format!("/{ecosystem}/{name}"), Reply::Document(document));
        }
    }

    /// What was asked for since this was last asked, with the status, in the order of the alphabet: records are fetched
    /// several at a time.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = Vec::new();
        self.shared.asked.send_modify(|all| asked = std::mem::take(all));
        asked.sort();
        asked
    }

    /// Waits until somebody asks for a path.
    pub(crate) async fn until_asked_for(&self, path: &str) {
        let mut asked = self.shared.asked.subscribe();
        let is_there =
            |all: &Vec<String>| all.iter().any(|line| line.split_once(' ').is_some_and(|(_, of)| of == path));
        asked.wait_for(is_there).await.expect("the server runs");
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |whole| whole.as_str()).replace("%20", " ");
    let reply = {
        let replies = shared.replies.lock().expect("nobody panicked");
        let whatever_is_asked = path.split('?').next().and_then(|path| replies.get(path));
        replies.get(&path).or(whatever_is_asked).cloned().unwrap_or(Reply::Status(404))
    };
    let asked_with = request.headers().get(header::IF_NONE_MATCH).and_then(|etag| etag.to_str().ok());
    let response = match reply {
        Reply::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Reply::Elsewhere(url) => (StatusCode::FOUND, [(header::LOCATION, url)]).into_response(),
        Reply::Half(document) => half(document, stream::iter([Err(std::io::Error::other("broken"))])),
        Reply::Silence(document) => half(document, stream::pending()),
        Reply::Document(document) => {
            let etag = format!("\"{}\"", &Digest::of(&document).hex()[..12]);
            if asked_with == Some(etag.as_str()) {
                StatusCode::NOT_MODIFIED.into_response()
            } else {
                ([(header::ETAG, etag)], document).into_response()
            }
        }
    };
    shared.asked.send_modify(|all| all.push(format!("{} {path}", response.status().as_u16())));
    response
}

fn half(document: Vec<u8>, rest: impl stream::Stream<Item = std::io::Result<Bytes>> + Send + 'static) -> Response {
    let half = Bytes::from(document[..document.len() / 2].to_vec());
    Body::from_stream(stream::iter([Ok(half)]).chain(rest)).into_response()
}

/// A record about a package of its own.
pub(crate) fn record(id: &str, modified: &str) -> Vec<u8> {
    let affected = serde_json::json!({ "package": { "ecosystem": "npm", "name": id.to_lowercase() },
        "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.0.0" }] }] });
    let record =
        serde_json::json!({ "schema_version": "1.7.0", "id": id, "modified": modified, "affected": [affected] });
    record.to_string().into_bytes()
}

/// A zip archive as OSV publishes it.
pub(crate) fn archive(documents: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, document) in documents {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).expect("a file in an archive");
        archive.write_all(document).expect("written");
    }
    archive.finish().expect("a whole archive").into_inner()
}
