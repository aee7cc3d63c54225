//! The HTTP client of the command line: one server, one token, problems as they are.

use crate::problem::Problem;
use anyhow::{Context as _, anyhow};
use axum::http::StatusCode;
use reqwest::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Where the server is and who asks: flags of every command that talks to a server.
#[derive(Clone, clap::Args)]
pub struct Connection {
    /// Address of the server.
    #[arg(long, env = "SHIPWORTHY_SERVER", default_value = "http://127.0.0.1:8480", value_name = "URL")]
    server: String,
    /// API token; better given as the variable, which other users of the machine cannot see.
    #[arg(long, env = "SHIPWORTHY_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("server", &self.server).finish_non_exhaustive()
    }
}

/// A client of one server.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    server: String,
    token: String,
}

impl Connection {
    /// A client for this connection.
    ///
    /// # Errors
    /// When there is no token, or TLS cannot be set up.
    pub(crate) fn client(&self) -> Result<Client, crate::cli::Failure> {
        let token = self.token.clone().ok_or_else(|| {
            crate::cli::Failure::usage("no API token was given\nhint: set SHIPWORTHY_TOKEN, or use --token")
        })?;
        Ok(Client::new(&self.server, &token)?)
    }

    /// The server's address.
    #[must_use]
    pub fn server(&self) -> &str {
        self.server.trim_end_matches('/')
    }
}

impl Client {
    /// A client of `server` with `token`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(server: &str, token: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(300))
            .user_agent(concat!("shipworthy/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("the HTTP client cannot be made")?;
        Ok(Self { http, server: server.trim_end_matches('/').to_owned(), token: token.to_owned() })
    }

    /// A request to `path` below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1{path}", self.server)).bearer_auth(&self.token)
    }

    /// Sends a request and gives the answer when it is good.
    ///
    /// # Errors
    /// The server's problem, or one of our own when nothing answers (as 503, so that it counts as undecided).
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, Problem> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = response.bytes().await.unwrap_or_default();
        Err(serde_json::from_slice(&body).unwrap_or_else(|_| {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            let detail = format!("{} answered {status} with something that is no problem description", self.server);
            Problem::new(status, "not-shipworthy", "Unexpected answer", detail)
                .hint("is there a proxy in between, or another service at this address?")
        }))
    }

    fn unreachable(&self, error: &reqwest::Error) -> Problem {
        let cause = anyhow!("{}", innermost(error));
        let detail = format!("{} does not answer: {cause}", self.server);
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unreachable", "Server not reachable", detail)
            .hint("is `shipworthy serve` running, and is SHIPWORTHY_SERVER right?")
    }

    /// `GET`, the answer as JSON.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, Problem> {
        let response = self.send(self.request(Method::GET, path).query(query)).await?;
        json(response).await
    }

    /// `POST` with a JSON body, the answer as JSON.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Problem> {
        let response = self.send(self.request(Method::POST, path).json(body)).await?;
        json(response).await
    }

    /// `DELETE`.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn delete(&self, path: &str) -> Result<(), Problem> {
        self.send(self.request(Method::DELETE, path)).await.map(drop)
    }
}

/// The answer's body as JSON.
///
/// # Errors
/// When it is not what was expected.
pub async fn json<T: DeserializeOwned>(response: Response) -> Result<T, Problem> {
    response.json().await.map_err(|error| {
        let detail = format!("the server's answer cannot be read: {}", innermost(&error));
        Problem::new(StatusCode::BAD_GATEWAY, "unreadable-answer", "Unexpected answer", detail)
            .hint("are server and command line of the same version?")
    })
}

/// The last cause of a chain of errors: `Connection refused` says more than `error sending request`.
pub(crate) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
