//! The audit log as a tree: its checkpoint, tiles and proofs hold, and whatever is changed behind its back is named.

use crate::portfolio::environments;
use crate::releases::{cart, digest};
use crate::test_app::TestApp;
use crate::upload::sample;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shipworthy::audit_log::checkpoint;
use shipworthy::audit_log::queue;
use shipworthy::audit_log::verify::{Findings, Given, check_database};
use shipworthy::people::entry;
use shipworthy_store::args;
use shipworthy_store::audit::Actor;
use shipworthy_trust::checkpoint::Checkpoint;
use shipworthy_trust::merkle::{Hash, leaf_hash, verify_consistency, verify_inclusion};
use shipworthy_trust::note::NoteKey;
use std::collections::BTreeSet;

/// A log with every kind of object that entries are bound to.
pub(crate) async fn fill(app: &TestApp) -> String {
    shipworthy::builtin::seed(&app.app).await.expect("the built-in policies are kept");
    let root = app.root().await;
    environments(app, &root).await;
    for version in ["1.0.0", "1.1.0"] {
        let release = app.post("/releases", &root, cart(version)).await.text("/id");
        let context = json!({ "subjects": [digest(version)] });
        let document =
            [sample("cyclonedx-json/npm-sbom.json"), format!("\n{}", " ".repeat(version.len())).into_bytes()];
        let pushed = app.push(&root, context, &[document.concat()]).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let started = json!({ "release": release, "environment": "test" });
        let started = app.post("/deployments", &root, started).await;
        let path = format!("/deployments/{}/finish", started.text("/id"));
        assert_eq!(app.post(&path, &root, json!({})).await.status, 200);
        let question = json!({ "release": release, "environment": "production" });
        let answer = app.post("/gates/evaluate", &root, question).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    let asked = json!({ "matchers": { "rule": "CVE-2026-0001" }, "scope": { "application": "shop" },
        "reason": "not reachable", "until": "2026-04-01T00:00:00Z" });
    let asked = app.post("/exceptions", &root, asked).await;
    assert_eq!(asked.status, 201, "{}", asked.body);
    root
}

pub(crate) async fn check(app: &TestApp, notes: &[&str]) -> Findings {
    let keys = checkpoint::keys(&app.app).await.expect("the keys are there");
    let notes = notes.iter().map(|note| ("the saved checkpoint".to_owned(), (*note).to_owned())).collect();
    check_database(&app.app.db, &app.app.documents, &Given { keys, notes }).await.expect("the database answers")
}

pub(crate) async fn sql(app: &TestApp, statements: &[&str]) {
    let mut session = app.app.db.write().await.expect("a session");
    for statement in statements {
        session.execute(statement, args![]).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    }
    session.commit().await.expect("committed");
}

fn hashes(value: &Value) -> Vec<Hash> {
    let texts = value.as_array().unwrap_or_else(|| panic!("a list in {value}"));
    texts.iter().map(|text| hash(text.as_str().expect("a text"))).collect()
}

fn hash(text: &str) -> Hash {
    STANDARD.decode(text).expect("base64").try_into().expect("a hash")
}

#[tokio::test]
async fn a_log_is_whole_and_everything_the_server_says_of_it_can_be_verified() {
    for app in TestApp::both().await {
        let root = fill(&app).await;
        let found = check(&app, &[]).await;
        assert!(found.is_whole, "{:#?}", found.faults);
        let note = String::from_utf8(app.get("/audit/checkpoint", &root).await.bytes).expect("text");
        let keys = app.get("/audit/keys", &root).await;
        let keys: Vec<NoteKey> = vec![keys.text("/keys/0").parse().expect("a key")];
        let first = Checkpoint::open(&note, &keys).expect("believed");
        assert_eq!(first.size, found.entries.unsigned_abs());
        for sequence in 1..=first.size {
            let proof = app.get(&format!("/audit/proofs/inclusion?sequence={sequence}"), &root).await;
            let leaf = leaf_hash(proof.text("/entry").as_bytes());
            let path = hashes(&proof.body["hashes"]);
            assert!(verify_inclusion(&leaf, sequence - 1, first.size, &path, &first.root), "{}", proof.body);
            assert_eq!(proof.text("/checkpoint"), note);
        }
        app.post("/environments", &root, json!({ "name": "staging", "kind": "staging" })).await;
        let note = String::from_utf8(app.get("/audit/checkpoint", &root).await.bytes).expect("text");
        let second = Checkpoint::open(&note, &keys).expect("believed");
        let path = format!("/audit/proofs/consistency?from={}&to={}", first.size, second.size);
        let proof = app.get(&path, &root).await;
        let path = hashes(&proof.body["hashes"]);
        assert!(verify_consistency(first.size, second.size, &path, &first.root, &second.root), "{}", proof.body);
        assert!(
            check(&app, &[&first.sign(app.app.keys.audit(app.clock.now()).expect("a key").key()).expect("signed")])
                .await
                .is_whole
        );
    }
}

#[tokio::test]
async fn an_entry_says_who_what_when_through_what_and_what_it_is_bound_to() {
    for app in TestApp::both().await {
        let root = fill(&app).await;
        let receipt = app.get("/evidence?limit=1", &root).await.text("/items/0/id");
        let log = app.get(&format!("/audit?object={receipt}"), &root).await;
        let sequence = &log.body["items"][0]["sequence"];
        let proof = app.get(&format!("/audit/proofs/inclusion?sequence={sequence}"), &root).await;
        let entry: Value = serde_json::from_str(&proof.text("/entry")).expect("JSON");
        insta::allow_duplicates! { insta::assert_json_snapshot!("leaf_of_evidence", entry, {
            ".bindings[].digest" => "[digest]", ".request_id" => "[id]", ".object.id" => "[id]", ".bindings[].id" => "[id]",
            ".actor.id" => "[id]", ".details.document" => "[digest]",
        }) };
    }
}

#[tokio::test]
async fn questions_about_what_is_not_in_the_log_are_answered_with_the_reason() {
    let app = TestApp::sqlite().await;
    let root = fill(&app).await;
    let mut seen = Vec::new();
    for path in [
        "/audit/proofs/inclusion?sequence=0",
        "/audit/proofs/inclusion?sequence=9&size=8",
        "/audit/proofs/inclusion?sequence=1&size=9999",
        "/audit/proofs/consistency?from=9&to=8",
        "/audit/proofs/consistency?from=1&to=9999",
        "/audit/tile/0/001",
        "/audit/tile/entries/000",
        "/audit/tile/nonsense",
    ] {
        seen.push(json!([path, app.get(path, &root).await.whole()]));
    }
    insta::assert_json_snapshot!("questions_about_what_is_not_in_the_log", seen);
}

/// What is found, in short: what sort of fault, at which entry or object.
fn told(found: &Findings) -> Vec<String> {
    let entry = |entry: Option<i64>| entry.map(|entry| format!(" {entry}")).unwrap_or_default();
    found.faults.iter().map(|fault| format!("{}{}", fault.kind, entry(fault.entry))).collect()
}

/// An entry moved out of the way, so that another can have its place.
const MOVE: &str = "UPDATE audit SET sequence = -sequence WHERE sequence";

#[tokio::test]
async fn what_an_administrator_of_the_database_does_to_the_log_is_named() {
    for app in TestApp::both().await {
        let root = fill(&app).await;
        let note = String::from_utf8(app.get("/audit/checkpoint", &root).await.bytes).expect("text");
        let last = check(&app, &[&note]).await.entries;
        let columns = "at, actor_kind, actor_name, action, object_kind, object_id, summary, details, leaf";
        let insert =
            format!("INSERT INTO audit (sequence, {columns}) SELECT 4, {columns} FROM audit WHERE sequence = 9");
        let up = [
            "UPDATE audit SET sequence = -sequence WHERE sequence > 3",
            "UPDATE audit SET sequence = 1 - sequence WHERE sequence < 0",
            insert.as_str(),
        ];
        let take_out = [
            "DELETE FROM audit WHERE sequence = 4",
            "UPDATE audit SET sequence = -sequence WHERE sequence > 4",
            "UPDATE audit SET sequence = -sequence - 1 WHERE sequence < 0",
        ];
        let swap = [
            format!("{MOVE} IN (4, 6)"),
            "UPDATE audit SET sequence = 4 WHERE sequence = -6".to_owned(),
            "UPDATE audit SET sequence = 6 WHERE sequence = -4".to_owned(),
        ];
        let swap: Vec<&str> = swap.iter().map(String::as_str).collect();
        let cut = format!("DELETE FROM audit WHERE sequence > {}", last - 2);
        let head = format!("UPDATE audit_head SET sequence = {}", last - 2);
        let cases: [(&str, &[&str], &str); 7] = [
            ("altered", &["UPDATE audit SET summary = 'nothing happened' WHERE sequence = 4"], "changed 4"),
            ("deleted", &["DELETE FROM audit WHERE sequence = 4"], "removed 4"),
            ("deleted and closed up", &take_out, "removed 4"),
            ("inserted", &up, "inserted 4"),
            ("reordered", &swap, "moved 4"),
            ("cut off", &[cut.as_str()], "truncated"),
            ("cut off with all traces", &[cut.as_str(), head.as_str(), "DELETE FROM audit_checkpoint"], "truncated"),
        ];
        sql(
            &app,
            &[
                "CREATE TABLE saved AS SELECT * FROM audit",
                "CREATE TABLE saved_head AS SELECT * FROM audit_head",
                "CREATE TABLE saved_checkpoint AS SELECT * FROM audit_checkpoint",
            ],
        )
        .await;
        for (what, statements, expected) in cases {
            sql(&app, statements).await;
            let found = check(&app, &[&note]).await;
            let said = told(&found);
            assert!(said[0].starts_with(expected), "{what}: {said:?}");
            assert!(
                found.first_bad == Some(4) || expected == "truncated" && found.first_bad == Some(last - 1),
                "{what}: {found:#?}"
            );
            sql(
                &app,
                &[
                    "DELETE FROM audit",
                    "INSERT INTO audit SELECT * FROM saved",
                    "DELETE FROM audit_head",
                    "INSERT INTO audit_head SELECT * FROM saved_head",
                    "DELETE FROM audit_checkpoint",
                    "INSERT INTO audit_checkpoint SELECT * FROM saved_checkpoint",
                ],
            )
            .await;
            assert!(check(&app, &[&note]).await.is_whole, "{what} was undone");
        }
    }
}

#[tokio::test]
async fn a_server_signs_nothing_that_contradicts_what_it_signed() {
    for app in TestApp::both().await {
        let root = fill(&app).await;
        let note = String::from_utf8(app.get("/audit/checkpoint", &root).await.bytes).expect("text");
        let last = check(&app, &[&note]).await.entries;
        // An old backup is restored, and goes on in another way.
        let cut = format!("DELETE FROM audit WHERE sequence > {}", last - 3);
        let head = format!("UPDATE audit_head SET sequence = {}", last - 3);
        sql(&app, &[&cut, &head, "DELETE FROM audit_checkpoint"]).await;
        let shorter = app.get("/audit/checkpoint", &root).await;
        for name in ["a", "b", "c", "d", "e"] {
            app.post("/environments", &root, json!({ "name": name, "kind": "test" })).await;
        }
        let longer = app.get("/audit/checkpoint", &root).await;
        assert_eq!((shorter.status.as_u16(), longer.status.as_u16()), (409, 409));
        let found = check(&app, &[&note]).await;
        assert!(told(&found).iter().any(|fault| fault.starts_with("forked 1")), "{found:#?}");
        let forged = note.replacen(&format!("\n{last}\n"), &format!("\n{}\n", last - 3), 1);
        let found = check(&app, &[&forged]).await;
        assert_eq!(told(&found)[0], "forged-checkpoint", "{found:#?}");
    }
}

#[tokio::test]
async fn five_hundred_entries_fill_tiles_and_prove_themselves() {
    for app in TestApp::both().await {
        let root = app.root().await;
        // Entries that come at the same time share transactions, and each has its place.
        for round in 0..13 {
            let entries = (0..40).map(|n| {
                let object = ("user", format!("nobody-{round}-{n}"));
                let summary = format!("failed to sign in for the {n}. time");
                queue::submit(
                    &app.app,
                    entry(&app.app, Actor::system("test"), "session.refuse", object, summary, json!({})),
                )
            });
            let places = futures_util::future::join_all(entries).await;
            let places: BTreeSet<i64> = places.into_iter().map(|place| place.expect("written")).collect();
            assert_eq!(places, (round * 40 + 1..=round * 40 + 40).collect());
        }
        let found = check(&app, &[]).await;
        assert!(found.is_whole && found.entries == 520, "{found:#?}");
        let note = String::from_utf8(app.get("/audit/checkpoint", &root).await.bytes).expect("text");
        assert!(check(&app, &[&note]).await.is_whole);
        let tile = app.get("/audit/tile/0/001", &root).await.bytes;
        let above = app.get("/audit/tile/1/000.p/2", &root).await.bytes;
        assert_eq!((tile.len(), above.len()), (256 * 32, 2 * 32));
        let size = Checkpoint::read(&note).expect("a checkpoint");
        for sequence in [1, 256, 257, 511, 520] {
            let proof = app.get(&format!("/audit/proofs/inclusion?sequence={sequence}"), &root).await;
            let leaf = leaf_hash(proof.text("/entry").as_bytes());
            assert!(verify_inclusion(&leaf, sequence - 1, size.size, &hashes(&proof.body["hashes"]), &size.root));
        }
        // A tile that is changed is named as well.
        sql(&app, &["UPDATE audit_tile SET root = (SELECT root FROM audit_tile WHERE level = 0 AND number = 1) WHERE level = 0 AND number = 0"]).await;
        assert_eq!(told(&check(&app, &[&note]).await), ["tree-changed 1"]);
    }
}
