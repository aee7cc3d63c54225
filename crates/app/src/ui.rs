//! The web UI, carried in the binary. A binary that was built before the UI says how to build it.

use crate::problem::Problem;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Files;

/// Gives a file of the UI, or its front page for any other address that is not the API's.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || !matches!(method, Method::GET | Method::HEAD) {
        return Problem::not_found(format!("`{method} {}`", uri.path())).into_response();
    }
    let takes_gzip = headers.get_all(header::ACCEPT_ENCODING).iter().any(|value| names_gzip(value.as_bytes()));
    answer(path, takes_gzip)
        .or_else(|| answer("index.html", takes_gzip))
        .unwrap_or_else(|| (StatusCode::NOT_FOUND, NOT_BUILT).into_response())
}

/// The file, or the compressed twin that the build wrote beside it.
fn answer(path: &str, takes_gzip: bool) -> Option<Response> {
    let kind = mime_guess::from_path(path).first_or_octet_stream().to_string();
    // Names of assets change with their content, so they may be kept for ever.
    let keep = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, keep.to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    if takes_gzip && let Some(twin) = Files::get(&format!("{path}.gz")) {
        return Some((headers, [(header::CONTENT_ENCODING, "gzip")], twin.data).into_response());
    }
    Files::get(path).map(|file| (headers, file.data).into_response())
}

fn names_gzip(accepted: &[u8]) -> bool {
    accepted.split(|byte| *byte == b',').any(|coding| coding.trim_ascii() == b"gzip")
}

const NOT_BUILT: &str = "This binary was built without the web UI.\n\
    hint: run `npm ci && npm run build` in the folder `ui`, then `touch crates/app/src/ui.rs` and build the binary again\n";
