//! Typed input of handlers whose rejections are problems like all others.

use crate::problem::Problem;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A JSON body, in or out.
#[derive(Clone, Copy, Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The parameters in the path.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(crate) struct Path<T>(pub(crate) T);

/// The parameters after the question mark.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(crate) struct Query<T>(pub(crate) T);

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::JsonDataError(error) => Self::invalid("body", without_preface(&error.body_text())),
            JsonRejection::MissingJsonContentType(_) => Self::new(
                axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "Not JSON",
                "a JSON body was expected",
            )
            .hint("send `Content-Type: application/json`"),
            other if other.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(other.body_text()),
            other => Self::bad_request(without_preface(&other.body_text())),
        }
    }
}

/// The part of a rejection that names the place and what was expected. What stands before it, such as "Failed to
/// deserialize the JSON body into the target type", speaks of our types to somebody who does not know them.
fn without_preface(text: &str) -> &str {
    match text.split_once(": ") {
        Some((preface, rest)) if preface.starts_with("Failed to ") => rest,
        _ => text,
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::not_found("what the address names")
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request(without_preface(&rejection.body_text()))
    }
}

/// A value that is written as text, read into its type.
///
/// # Errors
/// 422 with the place and the reason.
pub(crate) fn parsed<T>(at: &str, text: &str) -> Result<T, Problem>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    text.parse().map_err(|why: T::Err| Problem::invalid(at, why))
}
