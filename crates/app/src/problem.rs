//! What the API answers when it cannot do what was asked: RFC 9457, with a stable `type`, a sentence for the sender
//! and, in the log, the cause.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shipworthy_store::StoreError;
use std::fmt::Display;

/// The address under which each kind of problem is described.
const TYPES: &str = "https://shipworthy.dev/problems/";

/// What went wrong, as `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// A stable address for the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what was expected, for the sender.
    pub detail: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Where it broke: a field, a JSON pointer, a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// The result of a handler or verb.
pub type Answer<T> = Result<T, Problem>;

impl Problem {
    /// A problem of any kind; prefer the constructors that read as English.
    #[must_use]
    pub fn new(status: StatusCode, slug: &str, title: &str, detail: impl Display) -> Self {
        Self {
            kind: format!("{TYPES}{slug}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.to_string(),
            hint: None,
            at: None,
        }
    }

    /// 400: the request itself cannot be read.
    #[must_use]
    pub fn bad_request(detail: impl Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "The request cannot be read", detail)
    }

    /// 422: the request can be read, and what it says cannot be.
    #[must_use]
    pub fn invalid(at: &str, detail: impl Display) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A value cannot be accepted", detail).at(at)
    }

    /// 401.
    #[must_use]
    pub fn not_signed_in() -> Self {
        let detail = "no valid token or session came with the request";
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Not signed in", detail)
            .hint("send `Authorization: Bearer <token>`, or sign in")
    }

    /// 403.
    #[must_use]
    pub fn forbidden(detail: impl Display) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not permitted", detail)
    }

    /// 404. The same for what does not exist and what the caller may not see.
    #[must_use]
    pub fn not_found(what: impl Display) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "Not found",
            format!("{what} does not exist, or you may not see it"),
        )
    }

    /// 409.
    #[must_use]
    pub fn conflict(detail: impl Display) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "It contradicts what is there", detail)
    }

    /// 413.
    #[must_use]
    pub fn too_large(detail: impl Display) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", detail)
    }

    /// 500: our fault. The cause goes to the log, not to the sender.
    #[must_use]
    pub fn internal(cause: impl Display) -> Self {
        tracing::error!(cause = %cause, "a request failed for an internal reason");
        let detail = "something failed that should not have; the server's log has the cause";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail)
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// 422: a text that people wrote is not what it should be. What comes after `hint:` in `why` is the advice, else
    /// `otherwise` is.
    #[must_use]
    pub fn refused_source(why: &str, otherwise: &str) -> Self {
        let (detail, hint) = why.split_once("\nhint: ").unwrap_or((why, otherwise));
        Self::invalid("source", detail).hint(hint)
    }

    /// Adds where it broke.
    #[must_use]
    pub fn at(mut self, at: impl Display) -> Self {
        self.at = Some(at.to_string());
        self
    }

    /// The last part of the type, such as `not-found`.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.kind.strip_prefix(TYPES).unwrap_or(&self.kind)
    }
}

impl From<StoreError> for Problem {
    /// The one place where failures of the store become answers.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { what } => Self::not_found(what),
            StoreError::Conflict(detail) => Self::conflict(detail),
            StoreError::Corrupt(detail) => {
                tracing::error!(cause = detail, "stored data cannot be read");
                let told = "stored data is not what was kept; the server's log says which";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "evidence-corrupt", "Stored data is damaged", told)
            }
            StoreError::Database(cause) => Self::internal(cause),
            StoreError::Documents(cause) => Self::internal(cause),
            StoreError::Configuration(cause) => Self::internal(cause),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let content_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)?;
        if let Some(at) = &self.at {
            write!(f, " (at {at})")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
