//! The application under test: fresh database and documents, a clock that stands until the test moves it, and the
//! same ids in every run.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde_json::Value;
use shipworthy::app::App;
use shipworthy::caller::hash_secret;
use shipworthy::clock::Clock;
use shipworthy::settings::{AdvisorySettings, LogFormat, Settings};
use shipworthy::signing::{self, Keeper, KeyUse};
use shipworthy_advisories::due::Table;
use shipworthy_advisories::risk::Weights;
use shipworthy_model::{Permission, Scope, TokenId, UserId};
use shipworthy_store::token::Token;
use shipworthy_store::user::{self, User};
use shipworthy_store::{Db, args, token};
use shipworthy_trust::SigningKey;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tower::ServiceExt as _;
use uuid::Uuid;

/// A server without a socket.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) clock: Arc<Clock>,
    _folder: tempfile::TempDir,
}

/// When every test begins.
pub(crate) const BEGINNING: &str = "2026-03-01T12:00:00Z";

impl TestApp {
    /// One application on SQLite and one on PostgreSQL. A missing server is a failure: green must mean that both
    /// were tried.
    pub(crate) async fn both() -> Vec<Self> {
        Self::both_with(|_| {}).await
    }

    /// As [`TestApp::both`], with settings of their own.
    pub(crate) async fn both_with(change: impl Fn(&mut Settings)) -> Vec<Self> {
        vec![Self::on_sqlite(&change).await, Self::on_postgres(&change).await]
    }

    /// For what does not touch the database's ways.
    pub(crate) async fn sqlite() -> Self {
        Self::on_sqlite(&|_| {}).await
    }

    async fn on_sqlite(change: &impl Fn(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("shipworthy.db").display());
        Self::open(folder, url, change).await
    }

    async fn on_postgres(change: &impl Fn(&mut Settings)) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let server = std::env::var("SHIPWORTHY_TEST_POSTGRES").expect(
            "SHIPWORTHY_TEST_POSTGRES names no server: run the tests with `cargo xtask test`, which starts one",
        );
        let name = format!("api_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let (base, _) = server.rsplit_once('/').expect("the address ends in a database");
        let db = Db::connect(&server).await.expect("PostgreSQL answers");
        let mut session = db.read().await.expect("a connection");
        session.execute(&format!("DROP DATABASE IF EXISTS {name}"), args![]).await.expect("the old one is gone");
        session.execute(&format!("CREATE DATABASE {name}"), args![]).await.expect("a new one is made");
        drop(session);
        db.close().await;
        Self::open(tempfile::tempdir().expect("a temporary folder"), format!("{base}/{name}"), change).await
    }

    async fn open(folder: tempfile::TempDir, database_url: String, change: &impl Fn(&mut Settings)) -> Self {
        let clock = Arc::new(Clock::set_to(BEGINNING.parse().expect("a time")));
        let mut settings = settings(folder.path(), database_url);
        change(&mut settings);
        keep_signing_keys(&settings.signing_keys);
        let program = env!("CARGO_BIN_EXE_shipworthy").into();
        let app = App::open_with_worker(settings, Arc::clone(&clock), program).await.expect("the application opens");
        Self { app, clock, _folder: folder }
    }

    /// Moves the clock on.
    pub(crate) fn wait(&self, duration: SignedDuration) {
        self.clock.set(Some(self.clock.now().checked_add(duration).expect("in range")));
    }

    /// Makes a person who cannot sign in, only act through tokens.
    pub(crate) async fn person(&self, name: &str) -> UserId {
        let mut session = self.app.db.write().await.expect("a session");
        if let Some(person) = user::find(&mut session, name).await.expect("asked") {
            return person.id;
        }
        let person = User {
            id: UserId(self.clock.new_id()),
            name: name.to_owned(),
            password_hash: "none".to_owned(),
            is_active: true,
            created_at: self.clock.now(),
        };
        user::insert(&mut session, &person, &[]).await.expect("inserted");
        session.commit().await.expect("committed");
        person.id
    }

    /// Makes a token of `person` and gives its secret.
    pub(crate) async fn token(&self, person: &str, permissions: &[Permission], scope: Scope) -> String {
        let user_id = self.person(person).await;
        let secret = format!("swt_{}", self.clock.new_secret());
        let new = Token {
            id: TokenId(self.clock.new_id()),
            user_id,
            user_name: person.to_owned(),
            name: "test".to_owned(),
            prefix: "swt_test".to_owned(),
            permissions: permissions.to_vec(),
            scope,
            created_at: self.clock.now(),
            expires_at: Timestamp::from_second(4_000_000_000).expect("in range"),
            last_used_at: None,
            revoked_at: None,
        };
        let mut session = self.app.db.write().await.expect("a session");
        token::insert(&mut session, &new, &hash_secret(&secret)).await.expect("inserted");
        session.commit().await.expect("committed");
        secret
    }

    /// A token of `ada` that may do everything everywhere.
    pub(crate) async fn root(&self) -> String {
        self.token("ada", Permission::ALL, Scope::Everything).await
    }

    /// Sends a request and gives the whole answer.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let router = shipworthy::server::router(&self.app);
        let response = router.oneshot(request).await.expect("the router always answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("the body ends").to_bytes();
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Answer { status: parts.status, headers: parts.headers, body, bytes: bytes.to_vec() }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(request("GET", path, token, None)).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.send(request("POST", path, token, Some(body))).await
    }

    pub(crate) async fn patch(&self, path: &str, token: &str, body: Value) -> Answer {
        self.send(request("PATCH", path, token, Some(body))).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Answer {
        self.send(request("DELETE", path, token, None)).await
    }
}

/// A request to `path` below `/api/v1`; without a token when `token` is empty.
pub(crate) fn request(method: &str, path: &str, token: &str, body: Option<Value>) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(format!("/api/v1{path}"));
    if !token.is_empty() {
        builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    match body {
        Some(body) => builder.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
        None => builder.body(Body::empty()),
    }
    .expect("the request is well formed")
}

/// The whole answer to a request.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The body as JSON, or as a JSON string of its text.
    pub(crate) body: Value,
    /// The body as it came.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// Status and body together, for a snapshot.
    pub(crate) fn whole(&self) -> Value {
        serde_json::json!({ "status": self.status.as_u16(), "body": self.body })
    }

    /// A text in the body by JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> String {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("no text at {pointer} in {}", self.body)).to_owned()
    }
}

fn settings(folder: &Path, database_url: String) -> Settings {
    Settings {
        data: folder.to_owned(),
        listen: "127.0.0.1:0".to_owned(),
        public_url: "http://shipworthy.test".to_owned(),
        database_url,
        documents: format!("file://{}", folder.join("documents").display()),
        signing_keys: folder.join("signing-keys"),
        signing_passphrase: None,
        log_format: LogFormat::Text,
        log_filter: "off".to_owned(),
        largest_document_bytes: 64 * 1024 * 1024,
        largest_decoded_bytes: 512 * 1024 * 1024,
        due_dates: Table::default(),
        risk_weights: Weights::default(),
        session_hours: 12,
        advisories: nothing_to_fetch(),
    }
}

/// A test that fetches says from where.
fn nothing_to_fetch() -> AdvisorySettings {
    let nowhere = || Url::parse("http://127.0.0.1:9/nowhere").expect("an address");
    AdvisorySettings {
        sync_hours: 0,
        sources: Vec::new(),
        osv_url: nowhere(),
        osv_ecosystems: Vec::new(),
        epss_url: nowhere(),
        known_exploited_url: nowhere(),
        nvd_url: nowhere(),
        nvd_key: None,
        longest_silence: Duration::from_secs(60),
        nvd_pause: Duration::ZERO,
    }
}

/// The same keys in every test, so that making them takes none of the clock's chance.
fn keep_signing_keys(folder: &Path) {
    let clock = Clock::set_to(BEGINNING.parse().expect("a time"));
    let key = |seed: u8| SigningKey::from_seed(&[seed; 32]).expect("a key");
    let from = Timestamp::UNIX_EPOCH;
    let keys = [(KeyUse::Attestation, key(7), from), (KeyUse::Audit, key(8), from)];
    signing::keep(folder, &Keeper::Plain, &keys, &clock).expect("the keys are written");
}

/// An id that nothing has.
pub(crate) fn unused_id() -> Uuid {
    Uuid::from_u128(0x0193_7b4e_8f3a_7c55_9d21_ffff_ffff_ffff)
}
