//! A fresh, empty database on each engine for every test.

use shipworthy_store::audit::{self, Line, NewEntry};
use shipworthy_store::{Db, Session, StoreError, args};
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// A fresh database and what keeps it alive.
pub(crate) struct World {
    pub(crate) db: Db,
    _folder: Option<tempfile::TempDir>,
}

/// One world on SQLite and one on PostgreSQL. A missing server is a failure: green must mean that both were tried.
pub(crate) async fn worlds() -> Vec<World> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("shipworthy.db");
    let sqlite = Db::open(&format!("sqlite:{}", path.display())).await.expect("SQLite opens");
    vec![World { db: sqlite, _folder: Some(folder) }, World { db: postgres().await, _folder: None }]
}

async fn postgres() -> Db {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("SHIPWORTHY_TEST_POSTGRES")
        .expect("SHIPWORTHY_TEST_POSTGRES names no server: run the tests with `cargo xtask test`, which starts one");
    let name = format!("store_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let (base, _) = server.rsplit_once('/').expect("the address ends in a database");
    let mut session = Db::connect(&server).await.expect("PostgreSQL answers").read().await.expect("a connection");
    session.execute(&format!("DROP DATABASE IF EXISTS {name}"), args![]).await.expect("the old one is gone");
    session.execute(&format!("CREATE DATABASE {name}"), args![]).await.expect("a new one is made");
    Db::open(&format!("{base}/{name}")).await.expect("the new database opens")
}

/// The `n`th id, the same in every run.
pub(crate) const fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// `n` seconds after the first of January 2026.
pub(crate) fn at(n: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_767_225_600 + n).expect("in range")
}

/// Appends an entry without its hash, which is not known here.
pub(crate) async fn append(session: &mut Session, entry: &NewEntry) -> Result<i64, StoreError> {
    let entry = entry.clone();
    let sequence = audit::take_places(session, 1).await?;
    let line = Line {
        sequence,
        at: entry.at.as_microsecond(),
        actor_kind: entry.actor.kind,
        actor_id: entry.actor.id,
        actor_name: entry.actor.name,
        via: entry.via,
        address: entry.address,
        action: entry.action,
        object_kind: entry.object_kind,
        object_id: entry.object_id,
        summary: entry.summary,
        details: entry.details.to_string(),
        request_id: entry.request_id,
        bindings: None,
        leaf: None,
    };
    audit::insert(session, &[line]).await?;
    Ok(sequence)
}
