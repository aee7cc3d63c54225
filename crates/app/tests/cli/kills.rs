//! A server that is killed at random moments while evidence and vulnerability data come in: what was acknowledged is there,
//! nothing is half there, and once everybody tried again everything is as if nothing had happened.

use crate::databases::new_postgres;
use crate::shipworthy::{Server, run};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::RecvTimeoutError;

const KILLS: u64 = 50;

/// Numbers that look random and are the same in every run (SplitMix64).
fn random(seed: u64, below: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % below
}

/// The inventory of the round: packages of which half are in the inventories of other rounds too.
fn inventory(round: u64) -> String {
    let component = |n: u64| {
        let package = random(round * 1_000 + n, 900);
        json!({ "type": "library", "name": format!("p{package}"), "version": format!("1.{}.0", n % 3),
            "purl": format!("pkg:npm/p{package}@1.{}.0", n % 3) })
    };
    let components: Vec<Value> = (0..200).map(component).collect();
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": round + 1, "components": components })
        .to_string()
}

/// The records of the round: each about a package, fixed in one of its versions.
fn advisories(round: u64) -> String {
    let record = |n: u64| {
        let number = round * 40 + n;
        json!({ "schema_version": "1.7.0", "id": format!("K-{number}"), "modified": "2026-01-01T00:00:00Z",
            "aliases": [format!("CVE-2026-{}", 10_000 + number)], "summary": "A hole",
            "affected": [{ "package": { "ecosystem": "npm", "name": format!("p{}", random(number, 900)) },
                "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": format!("1.{}.0", n % 4) }] }] }] })
    };
    Value::from((0..40).map(record).collect::<Vec<_>>()).to_string()
}

/// The files of all rounds.
fn files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for round in 0..KILLS {
        std::fs::write(folder.path().join(format!("{round}.cdx.json")), inventory(round)).expect("written");
        std::fs::write(folder.path().join(format!("{round}.osv.json")), advisories(round)).expect("written");
    }
    folder
}

fn push(server: &Server, files: &Path, round: u64) -> std::process::Command {
    let file = files.join(format!("{round}.cdx.json")).display().to_string();
    server.command(&["push", &file, "--subject", &format!("sha256:{round:064x}"), "--retries", "0"])
}

fn import(server: &Server, files: &Path, round: u64) -> std::process::Command {
    let file = files.join(format!("{round}.osv.json")).display().to_string();
    server.command(&["advisories", "import", &file])
}

fn started(mut command: std::process::Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command starts")
}

fn get(server: &Server, path: &str) -> Value {
    let bearer = format!("Bearer {}", server.token);
    server.http("GET", path, &[("authorization", &bearer)], None).0
}

/// Makes the release of each round, so that matches are seen through it.
fn make_releases(server: &Server) {
    let bearer = format!("Bearer {}", server.token);
    for round in 0..KILLS {
        let release = json!({ "application": "shop", "service": "cart", "version": round.to_string(),
            "artifacts": [{ "digest": format!("sha256:{round:064x}") }] });
        let (made, _) = server.http("POST", "/releases", &[("authorization", &bearer)], Some(release));
        assert!(made["id"].is_string(), "{made}");
    }
}

/// Everything that is known, without what differs from run to run.
fn everything(server: &Server) -> Value {
    let lines = |path: &str, of: fn(&Value) -> Value| {
        let mut all: Vec<Value> = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = get(server, &format!("{path}limit=500{cursor}"));
            all.extend(page["items"].as_array().unwrap_or_else(|| panic!("items in {page}")).iter().map(of));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        all.sort_by_key(Value::to_string);
        all
    };
    let counts = |item: &Value| {
        json!([item["name"], item["severity"], item["component_count"], item["release_count"], item["is_fixable"]])
    };
    let component = |item: &Value| json!([item["purl"], item["vulnerabilities"], item["release_count"]]);
    json!({ "vulnerabilities": lines("/vulnerabilities?", counts), "components": lines("/components?", component) })
}

/// The evidence that there is, by its id.
fn evidence(server: &Server) -> BTreeSet<String> {
    let page = get(server, "/evidence?limit=500");
    let items = page["items"].as_array().unwrap_or_else(|| panic!("items in {page}"));
    items.iter().map(|item| item["id"].to_string()).collect()
}

#[test]
fn fifty_kills_lose_nothing_that_was_acknowledged_and_leave_nothing_half() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let files = files();
    let (whole, longest) = {
        let server = Server::start();
        make_releases(&server);
        let began = std::time::Instant::now();
        for round in 0..KILLS {
            for mut command in [push(&server, files.path(), round), import(&server, files.path(), round)] {
                let said = run(&mut command);
                assert!(said.starts_with("exit: 0"), "{said}");
            }
        }
        (everything(&server), began.elapsed() / u32::try_from(KILLS).expect("a small number"))
    };
    assert!(whole["vulnerabilities"].as_array().is_some_and(|all| all.len() > 200), "{whole}");
    for postgres in [None, Some(runtime.block_on(new_postgres()))] {
        let mut flags = Vec::new();
        if let Some(url) = &postgres {
            flags.extend(["--database-url", url.as_str()]);
        }
        let mut server = Server::start_with(&flags);
        make_releases(&server);
        let (mut acknowledged, mut interrupted) = (0, 0);
        for round in 0..KILLS {
            let commands = [push(&server, files.path(), round), import(&server, files.path(), round)].map(started);
            let (sender, ended) = std::sync::mpsc::channel();
            let waiting = std::thread::spawn(move || {
                let codes = commands.map(|mut command| command.wait().expect("it ends").code());
                // Nobody listens any more when the kill came first.
                let _ = sender.send(());
                codes
            });
            // Any moment of the time that the two take one after the other.
            let moment = longest * u32::try_from(random(round + 77, 100)).expect("a small number") / 100;
            let is_done = ended.recv_timeout(moment) != Err(RecvTimeoutError::Timeout);
            server.kill();
            let [pushed, _] = waiting.join().expect("it waited");
            interrupted += u64::from(!is_done);
            acknowledged += usize::from(pushed == Some(0));
            server.start_again();
            let there = evidence(&server).len();
            assert!(there >= acknowledged, "round {round}: {acknowledged} were acknowledged, {there} are there");
        }
        assert!(interrupted >= KILLS / 4, "{interrupted} of {KILLS} kills interrupted something");
        for round in 0..KILLS {
            for mut command in [push(&server, files.path(), round), import(&server, files.path(), round)] {
                let said = run(&mut command);
                assert!(said.starts_with("exit: 0"), "{said}");
            }
        }
        assert_eq!(everything(&server), whole, "{postgres:?}");
    }
}
