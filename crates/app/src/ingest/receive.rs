//! Takes the parts of a multipart upload within limits, hashing documents while they arrive.

use crate::problem::{Answer, Problem};
use crate::wording::thousands;
use aws_lc_rs::digest::{Context as Hash, SHA256};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use bytes::{Bytes, BytesMut};
use shipworthy_model::Digest;

/// A document as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The file's name, as the sender says.
    pub(crate) file_name: Option<String>,
    /// The bytes.
    pub(crate) bytes: Bytes,
    /// Their digest.
    pub(crate) digest: Digest,
}

/// What an upload holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upload {
    /// The part `context`, as JSON text.
    pub(crate) context: Option<Bytes>,
    /// The parts `document`, at least one.
    pub(crate) documents: Vec<Received>,
}

/// Room for the context and the headers of the parts beside the documents.
const ROOM_BYTES: u64 = 256 * 1024;

/// More documents than this belong into several uploads.
const MOST_DOCUMENTS: usize = 200;

/// Takes an upload whose documents are together not larger than `largest_bytes`.
///
/// # Errors
/// 413 as soon as it is too large, 415 when it is no multipart form, 400 when it is a broken one, 422 when its parts
/// are not those that are expected.
pub(crate) async fn receive(mut request: Request, largest_bytes: u64) -> Answer<Upload> {
    refuse_announced(&request, largest_bytes)?;
    let limit = usize::try_from(largest_bytes + ROOM_BYTES).unwrap_or(usize::MAX);
    DefaultBodyLimit::max(limit).apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| not_multipart())?;
    let mut upload = Upload::default();
    while let Some(field) = parts.next_field().await.map_err(|error| broken(&error, largest_bytes))? {
        match field.name() {
            Some("context") if upload.context.is_none() => {
                upload.context = Some(collect(field, ROOM_BYTES, None).await?);
            }
            Some("document") => {
                if upload.documents.len() == MOST_DOCUMENTS {
                    let detail = format!("expected at most {MOST_DOCUMENTS} documents in one upload");
                    return Err(Problem::too_large(detail).hint("send them in several uploads"));
                }
                upload.documents.push(document(field, largest_bytes).await?);
            }
            Some("context") => return Err(Problem::invalid("context", "expected the part `context` only once")),
            name => {
                let shown: String = name.unwrap_or("").chars().take(100).collect();
                let detail = format!("`{shown}` is not a part of this form: expected `context` and `document`");
                return Err(Problem::invalid("body", detail));
            }
        }
    }
    if upload.documents.is_empty() {
        return Err(Problem::invalid("document", "expected at least one part `document` with the bytes of a file"));
    }
    Ok(upload)
}

/// Refuses a body that says itself that it is too large, before any of it is read.
fn refuse_announced(request: &Request, largest_bytes: u64) -> Answer<()> {
    if let Some(encoding) = request.headers().get(header::CONTENT_ENCODING) {
        let detail = format!("the body is encoded as {encoding:?}, which is not read");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoded-body", "Encoded body", detail)
            .hint("compress the documents themselves with gzip or zstd"));
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    match length.and_then(|length| length.parse::<u64>().ok()) {
        Some(length) if length > largest_bytes + ROOM_BYTES => Err(too_large(largest_bytes)),
        _ => Ok(()),
    }
}

async fn document(field: Field<'_>, largest_bytes: u64) -> Answer<Received> {
    let file_name = field.file_name().map(|name| name.chars().take(200).collect());
    let mut hash = Hash::new(&SHA256);
    let bytes = collect(field, largest_bytes, Some(&mut hash)).await?;
    let mut raw = [0; 32];
    raw.copy_from_slice(hash.finish().as_ref());
    Ok(Received { file_name, bytes, digest: Digest::from_sha256(&raw) })
}

async fn collect(mut field: Field<'_>, limit: u64, mut hash: Option<&mut Hash>) -> Answer<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error, limit))? {
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(too_large(limit));
        }
        if let Some(hash) = &mut hash {
            hash.update(&chunk);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn broken(error: &MultipartError, limit: u64) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large(limit);
    }
    Problem::bad_request(format!("the multipart form is broken: {}", error.body_text()))
}

fn too_large(limit: u64) -> Problem {
    Problem::too_large(format!("the upload is larger than {} bytes", thousands(limit)))
        .hint("compress the document with gzip or zstd, or raise `largest_document_bytes`")
}

fn not_multipart() -> Problem {
    let detail = "expected a form with the parts `context` and `document`";
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-multipart", "Not a multipart form", detail)
        .hint("send `Content-Type: multipart/form-data; boundary=…`, or use `shipworthy push`")
}
