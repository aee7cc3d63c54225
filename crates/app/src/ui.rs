//! The web UI, carried in the binary. A binary that was built before the UI says how to build it.

use crate::problem::Problem;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Files;

/// Gives a file of the UI, or its front page for any other address that is not the API's.
pub(crate) async fn serve(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || !matches!(method, Method::GET | Method::HEAD) {
        return Problem::not_found(format!("`{method} {}`", uri.path())).into_response();
    }
    if let Some(file) = Files::get(path) {
        let kind = mime_guess::from_path(path).first_or_octet_stream().to_string();
        // Names of assets change with their content, so they may be kept for ever.
        let keep = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep.to_owned())], file.data).into_response();
    }
    match Files::get("index.html") {
        Some(front) => ([(header::CACHE_CONTROL, "no-cache")], Html(front.data)).into_response(),
        None => (StatusCode::NOT_FOUND, NOT_BUILT).into_response(),
    }
}

const NOT_BUILT: &str = "This binary was built without the web UI.\n\
    hint: run `npm ci && npm run build` in the folder `ui`, then build the binary again\n";
