//! `shipworthy gate` and what belongs to it: every form of a decision, and every exit code.

use crate::shipworthy::{Server, command, folder_with, run};
use serde_json::{Value, json};

/// A server with a release and an environment.
fn server() -> Server {
    let server = Server::start();
    let bearer = format!("Bearer {}", server.token);
    let headers = [("authorization", bearer.as_str())];
    let post = |path: &str, body: Value| server.http("POST", path, &headers, Some(body)).0;
    let release = json!({ "application": "shop", "service": "cart", "version": "1.0.0",
        "artifacts": [{ "digest": format!("sha256:{}", "ab".repeat(32)) }] });
    assert!(post("/releases", release)["id"].is_string());
    assert!(post("/environments", json!({ "name": "production", "kind": "production" }))["id"].is_string());
    server
}

/// What changes from run to run in a decision besides ids and times.
fn scrubbed(text: &str) -> String {
    let is_digest = |word: &str| word.len() == 71 && word.starts_with("sha256:");
    let words = text.split_inclusive([' ', '"', '\n', ',', '/', ':']);
    let mut out = String::new();
    for word in words {
        let bare = word.trim_end_matches([' ', '"', '\n', ',', '/', ':']);
        let is_hex = bare.len() == 64 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
        let shown = if is_hex || is_digest(bare) { "DIGEST" } else { bare };
        out.push_str(shown);
        out.push_str(&word[bare.len()..]);
    }
    out
}

#[test]
fn a_refused_release_is_told_in_every_form_what_to_do() {
    let server = server();
    for form in ["text", "markdown", "junit", "sarif", "json"] {
        let gate = ["gate", "--release", "shop/cart@1.0.0", "--environment", "production", "--output", form];
        let said = scrubbed(&run(&mut server.command(&gate)));
        assert!(said.starts_with("exit: 1\n"), "{said}");
        insta::assert_snapshot!(format!("gate_denies_in_{form}"), said);
    }
    insta::assert_snapshot!("decision_list", run(&mut server.command(&["decision", "list"])));
}

#[test]
fn a_decision_is_made_again_with_the_same_bytes() {
    let server = server();
    let gate = ["gate", "--release", "shop/cart@1.0.0", "--environment", "production", "--output", "json"];
    let output = server.command(&gate).output().expect("it runs");
    let decision: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let id = decision["id"].as_str().expect("an id");
    let output = server.command(&["decision", "replay", id]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.starts_with("the same ") && said.ends_with(" bytes again\n"), "{said}");
}

#[test]
fn silence_and_refusal_are_neither_allow_nor_deny() {
    let gate = ["gate", "--release", "shop/cart@1.0.0", "--environment", "production"];
    let mut unreachable = command(&gate);
    unreachable.env("SHIPWORTHY_SERVER", "http://127.0.0.1:1").env("SHIPWORTHY_TOKEN", "swt_x");
    let server = server();
    let mut forbidden = server.command(&gate);
    forbidden.env("SHIPWORTHY_TOKEN", "swt_wrong");
    let unknown = ["gate", "--release", "shop/cart@9", "--environment", "production"];
    insta::assert_snapshot!("gate_could_not_decide", run(&mut unreachable));
    insta::assert_snapshot!("gate_with_a_wrong_token", run(&mut forbidden));
    insta::assert_snapshot!("gate_of_an_unknown_release", run(&mut server.command(&unknown)));
    insta::assert_snapshot!("gate_without_a_token", run(&mut command(&gate)));
    insta::assert_snapshot!("gate_without_a_release", run(&mut command(&["gate", "--environment", "x"])));
}

#[test]
fn an_exception_is_asked_for_and_never_approved_by_who_asked() {
    let server = server();
    let until = "2026-12-24T00:00:00Z";
    let request = [
        "exception",
        "request",
        "--rule",
        "CVE-2021-44228",
        "--application",
        "shop",
        "--reason",
        "not reachable",
        "--until",
        until,
    ];
    let output = server.command(&request).output().expect("it runs");
    let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert_eq!(id.len(), 36, "{}", String::from_utf8_lossy(&output.stderr));
    insta::assert_snapshot!("own_exception", run(&mut server.command(&["exception", "approve", &id])));
    insta::assert_snapshot!("exception_revoked", run(&mut server.command(&["exception", "revoke", &id])));
    insta::assert_snapshot!("exception_list", run(&mut server.command(&["exception", "list"])));
}

#[test]
fn rules_are_governed_from_the_command_line() {
    let server = server();
    insta::assert_snapshot!("policy_list", run(&mut server.command(&["policy", "list"])));
    let assign = [
        "assignment",
        "create",
        "findings-by-severity",
        "--scope",
        "service:shop/cart",
        "--action",
        "warn",
        "--parameter",
        "critical=0",
        "--environment",
        "production",
    ];
    insta::assert_snapshot!("assignment_created", run(&mut server.command(&assign)));
    insta::assert_snapshot!("assignment_list", run(&mut server.command(&["assignment", "list"])));
    insta::assert_snapshot!("advisories_status", run(&mut server.command(&["advisories", "status"])));
    let folder = folder_with(&[("kev.json", "{}")]);
    let file = folder.path().join("kev.json").display().to_string();
    insta::assert_snapshot!("advisories_refused", run(&mut server.command(&["advisories", "import", &file])));
}
