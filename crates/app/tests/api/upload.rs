//! Uploads of documents as a client writes them, and as no honest client would.

use crate::test_app::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;
use std::path::Path;

const BOUNDARY: &str = "a-boundary-that-no-document-holds";

/// A sample document by its path below the samples of the readers.
pub(crate) fn sample(path: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/samples").join(path);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A form of a context and documents.
pub(crate) fn form(context: Option<&Value>, documents: &[Vec<u8>]) -> Vec<u8> {
    let mut body = Vec::new();
    if let Some(context) = context {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"context\"\r\n\r\n{context}\r\n").bytes(),
        );
    }
    for (index, document) in documents.iter().enumerate() {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"document\"; filename=\"{index}.json\"\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(document);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

/// A request with a form.
pub(crate) fn upload(path: &str, token: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(format!("/api/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(body.into())
        .expect("the request is well formed")
}

impl TestApp {
    /// Hands in documents with a context.
    pub(crate) async fn push(&self, token: &str, context: Value, documents: &[Vec<u8>]) -> Answer {
        self.send(upload("/evidence", token, form(Some(&context), documents))).await
    }
}

/// The answer without the format that is nearest, which may be another with every new format.
pub(crate) fn without_nearest(answer: &Value) -> Value {
    let text = answer.to_string();
    let nearest = text.split_once(", the nearest is `").and_then(|(before, rest)| {
        let (_, after) = rest.split_once('`')?;
        Some(format!("{before}{after}"))
    });
    serde_json::from_str(&nearest.unwrap_or(text)).expect("still JSON")
}
