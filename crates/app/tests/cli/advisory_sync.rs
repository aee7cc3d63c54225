//! `shipworthy advisories sync`, the schedule of a server, and a server that is killed while it fetches.

use crate::databases::new_postgres;
use crate::feeds::{Feeds, Reply};
use crate::shipworthy::{Server, run};
use jiff::Timestamp;
use serde_json::Value;
use shipworthy_store::{Db, advisory_sync};
use tokio::runtime::Runtime;

const NPM: [(&str, &str); 2] = [("N-1", "2026-01-01T00:00:00Z"), ("N-2", "2026-01-02T00:00:00Z")];
const PYPI: [(&str, &str); 2] = [("P-1", "2026-01-01T00:00:00Z"), ("P-2", "2026-01-02T00:00:00Z")];

/// A server of two ecosystems, and the flags with which they are fetched from it.
fn two_ecosystems(runtime: &Runtime) -> (Feeds, Vec<String>) {
    let feeds = runtime.block_on(Feeds::start());
    feeds.put_ecosystem("npm", &NPM);
    feeds.put_ecosystem("PyPI", &PYPI);
    let given = [
        ("--advisories-sources", "osv"),
        ("--advisories-osv-url", feeds.url.as_str()),
        ("--advisories-osv-ecosystems", "npm, PyPI"),
        ("--log-filter", "off"),
    ];
    let flags = given.iter().flat_map(|(flag, value)| [(*flag).to_owned(), (*value).to_owned()]).collect();
    (feeds, flags)
}

fn start(flags: &[String]) -> Server {
    Server::start_with(&flags.iter().map(String::as_str).collect::<Vec<_>>())
}

fn said(server: &Server, feeds: &Feeds, arguments: &[&str]) -> String {
    run(&mut server.command(arguments)).replace(&feeds.url, "FEEDS").replace("http://127.0.0.1:PORT", "FEEDS")
}

#[test]
fn a_sync_tells_how_far_it_is_and_what_failed() {
    let runtime = Runtime::new().expect("a runtime");
    let (feeds, flags) = two_ecosystems(&runtime);
    let server = start(&flags);
    insta::assert_snapshot!("a_sync_to_its_end", said(&server, &feeds, &["advisories", "sync", "--wait"]));
    feeds.put("/npm/modified_id.csv", Reply::Elsewhere("/mirror/npm.csv".to_owned()));
    feeds.put("/mirror/npm.csv", Reply::Document(b"2026-01-02T00:00:00Z,N-2\n".to_vec()));
    feeds.put("/PyPI/modified_id.csv", Reply::Half(b"2026-01-02T00:00:00Z,P-2\n".to_vec()));
    insta::assert_snapshot!("a_sync_of_which_a_part_fails", said(&server, &feeds, &["advisories", "sync", "--wait"]));
    insta::assert_snapshot!("status_after_a_failed_sync", said(&server, &feeds, &["advisories", "status"]));
    insta::assert_snapshot!(
        "a_sync_of_another_source",
        said(&server, &feeds, &["advisories", "sync", "--source", "epss"])
    );
}

/// How a sync stands, as the API tells it.
fn sync(server: &Server) -> Value {
    let bearer = format!("Bearer {}", server.token);
    let (loaded, _) = server.http("GET", "/advisories", &[("authorization", &bearer)], None);
    loaded["sync"].clone()
}

/// Asks until it is over.
fn sync_that_ended(server: &Server) -> Value {
    loop {
        let sync = sync(server);
        if sync["state"] != "running" && sync["state"] != "never" {
            return sync;
        }
    }
}

#[test]
fn a_server_that_is_told_how_often_fetches_by_itself() {
    let runtime = Runtime::new().expect("a runtime");
    let (feeds, mut flags) = two_ecosystems(&runtime);
    flags.extend(["--advisories-sync-hours".to_owned(), "24".to_owned()]);
    let server = start(&flags);
    let sync = sync_that_ended(&server);
    assert!(sync["next_at"].as_str() > sync["ended_at"].as_str(), "{sync}");
    insta::assert_snapshot!("fetched_by_itself", said(&server, &feeds, &["advisories", "status"]));
}

/// Lets the time pass for which other servers believe one that gives no sign of life.
async fn stop_believing(url: &str) {
    let db = Db::connect(url).await.expect("the database opens");
    let mut session = db.write().await.expect("a session");
    if let Some(holder) = advisory_sync::run(&mut session).await.expect("asked").holder {
        advisory_sync::hold(&mut session, &holder, Timestamp::UNIX_EPOCH).await.expect("held");
    }
    session.commit().await.expect("committed");
    db.close().await;
}

/// A server of both ecosystems on each database, with the address of the database.
fn on_both(runtime: &Runtime) -> Vec<(Feeds, Server, String)> {
    let servers = [None, Some(runtime.block_on(new_postgres()))].into_iter().map(|postgres| {
        let (feeds, mut flags) = two_ecosystems(runtime);
        if let Some(url) = &postgres {
            flags.extend(["--database-url".to_owned(), url.clone()]);
        }
        let server = start(&flags);
        let sqlite = format!("sqlite:{}", server.data().join("shipworthy.db").display());
        (feeds, server, postgres.unwrap_or(sqlite))
    });
    servers.collect()
}

/// Begins a sync and does not wait for its end.
fn begin(server: &Server) {
    let began = run(&mut server.command(&["advisories", "sync", "--output", "json"]));
    assert!(began.starts_with("exit: 0"), "{began}");
}

#[test]
fn a_server_that_is_killed_while_it_fetches_goes_on_when_it_starts_again() {
    let runtime = Runtime::new().expect("a runtime");
    for (feeds, mut server, database) in on_both(&runtime) {
        feeds.put("/PyPI/all.zip", Reply::Silence(vec![0; 1000]));
        begin(&server);
        runtime.block_on(feeds.until_asked_for("/PyPI/all.zip"));
        server.kill();
        let killed = feeds.asked();
        feeds.put_ecosystem("PyPI", &PYPI);
        runtime.block_on(stop_believing(&database));
        server.start_again();
        let status = said(&server, &feeds, &["advisories", "status"]);
        let went_on = said(&server, &feeds, &["advisories", "sync", "--wait"]);
        let asked = feeds.asked();
        insta::allow_duplicates! {
            insta::assert_snapshot!("status_after_a_kill", status);
            insta::assert_snapshot!("a_sync_after_a_kill", went_on);
            insta::assert_json_snapshot!("asked_for_around_a_kill", [killed, asked]);
        }
    }
}

/// How many records of OSV there are.
fn records(server: &Server) -> i64 {
    let bearer = format!("Bearer {}", server.token);
    let (loaded, _) = server.http("GET", "/advisories", &[("authorization", &bearer)], None);
    let sources = loaded["sources"].as_array().expect("a list");
    sources.iter().find(|source| source["name"] == "osv").map_or(0, |osv| osv["records"].as_i64().expect("a number"))
}

#[test]
fn a_server_that_is_killed_while_it_records_has_everything_after_the_next_sync() {
    let runtime = Runtime::new().expect("a runtime");
    let many: Vec<String> = (0..7_000).map(|number| format!("M-{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|id| (id.as_str(), "2026-01-03T00:00:00Z")).collect();
    for (feeds, mut server, database) in on_both(&runtime) {
        feeds.put_ecosystem("npm", &many);
        // The first moment is before anything is recorded, the others are between and in transactions.
        let mut moments = Vec::new();
        for recorded in [0, 1, 2_001, 4_001] {
            begin(&server);
            while records(&server) < recorded && sync(&server)["state"] == "running" {}
            server.kill();
            runtime.block_on(stop_believing(&database));
            server.start_again();
            moments.push(records(&server));
        }
        assert!(moments.is_sorted(), "nothing that was recorded is lost: {moments:?}");
        let went_on = run(&mut server.command(&["advisories", "sync", "--wait"]));
        assert!(went_on.starts_with("exit: 0"), "{went_on}");
        assert_eq!(records(&server), 7_002, "{moments:?} {went_on}");
        let again = said(&server, &feeds, &["advisories", "sync", "--wait"]);
        insta::allow_duplicates! {
            insta::assert_snapshot!("nothing_is_missing_after_kills", again);
        }
    }
}
