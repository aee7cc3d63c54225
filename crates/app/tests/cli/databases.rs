//! Databases of their own for servers under test.

use shipworthy_store::{Db, args};
use std::sync::atomic::{AtomicU64, Ordering};

/// A database of its own on the PostgreSQL server of the tests.
pub(crate) async fn new_postgres() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("SHIPWORTHY_TEST_POSTGRES").expect("the tests run with `cargo xtask test`");
    let name = format!("cli_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let (base, _) = server.rsplit_once('/').expect("the address ends in a database");
    let db = Db::connect(&server).await.expect("PostgreSQL answers");
    let mut session = db.read().await.expect("a connection");
    session.execute(&format!("DROP DATABASE IF EXISTS {name}"), args![]).await.expect("the old one is gone");
    session.execute(&format!("CREATE DATABASE {name}"), args![]).await.expect("a new one is made");
    drop(session);
    db.close().await;
    format!("{base}/{name}")
}
