//! `shipworthy verify` over attestations that were made for it: what is in order, and each thing that can be wrong with its
//! sentence.

use crate::shipworthy::{command, run};
use serde_json::{Value, json};
use shipworthy_trust::{SigningKey, dsse};
use std::path::Path;

const IMAGE: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
const OTHER: &str = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32]).expect("a key")
}

/// A decision about the image for production, made at noon of the first of March and valid for an hour.
fn decision(verdict: &str) -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": "registry.example/cart", "digest": { "sha256": &IMAGE[7..] } }],
        "predicateType": "https://slsa.dev/verification_summary/v1",
        "predicate": {
            "verifier": { "id": "https://shipworthy.example" },
            "timeVerified": "2026-03-01T12:00:00Z",
            "resourceUri": "shipworthy:shop/cart@1.0.0",
            "policy": { "uri": "https://shipworthy.example/decisions/1" },
            "inputAttestations": [{ "digest": { "sha256": "33" } }],
            "verificationResult": if verdict == "deny" { "FAILED" } else { "PASSED" },
            "verifiedLevels": [],
            "shipworthy_decision": {
                "verdict": verdict, "environment": "production", "validUntil": "2026-03-01T13:00:00Z",
            },
        },
    })
}

/// A bill of materials of a release with the image, whose one document has the digest `33`.
fn dbom() -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": "registry.example/cart", "digest": { "sha256": &IMAGE[7..] } }],
        "predicateType": "https://shipworthy.dev/attestation/dbom/v1",
        "predicate": {
            "issuedAt": "2026-03-01T12:00:00Z",
            "resourceUri": "shipworthy:shop/cart@1.0.0",
            "evidence": [{ "digest": { "sha256": "33" } }],
            "dbom": "DBOM",
        },
    })
}

/// The digest of a bill of materials is its last field, and over all that comes before.
fn signed(statement: &Value, seed: u8) -> String {
    let digest = shipworthy_model::Digest::of(br#"{"schema":1}"#);
    let with = |digest: &str| format!(r#"{{"schema":1,"digest":"{digest}"}}"#);
    let text =
        statement.to_string().replace("\"DBOM\"", &with(digest.as_str())).replace("\"OTHER DBOM\"", &with(OTHER));
    let envelope = dsse::sign(dsse::IN_TOTO, text.as_bytes(), &key(seed));
    serde_json::to_string(&envelope).expect("JSON")
}

/// What a server published: the key of seed 1 for attestations until two o'clock, the key of seed 2 for the audit log.
fn published() -> String {
    let one = |seed: u8, usage: &str, until: Option<&str>| {
        let public = key(seed).public();
        json!({ "id": public.id(), "use": usage, "created_at": "2026-01-01T00:00:00Z", "valid_from": "2026-01-01T00:00:00Z",
            "valid_until": until, "pem": public.to_pem(), "jwk": {} })
    };
    json!({ "keys": [one(1, "attestation", Some("2026-03-01T14:00:00Z")), one(2, "audit", None)] }).to_string()
}

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        desk.put("keys.json", &published());
        desk.put("allow.json", &signed(&decision("allow"), 1));
        desk.put("deny.json", &signed(&decision("deny"), 1));
        desk.put("dbom.json", &signed(&dbom(), 1));
        desk
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).expect("written");
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// What a command says here, at half past twelve unless it says otherwise.
    fn run(&self, arguments: &[&str]) -> String {
        let at: &[&str] = if arguments.contains(&"--at") { &[] } else { &["--at", "2026-03-01T12:30:00Z"] };
        let said = run(command(&[arguments, at].concat()).current_dir(self.path()));
        let ids = [1, 2, 3].map(|seed| key(seed).public().id());
        let named = |said: String, (id, name): (&String, &str)| said.replace(id, name).replace(&id[..16], name);
        ids.iter().zip(["KEY-1", "KEY-2", "KEY-3"]).fold(said, named)
    }

    fn verify(&self, more: &[&str]) -> String {
        self.run(&[&["verify"], more].concat())
    }
}

#[test]
fn a_decision_that_holds_is_in_order() {
    let desk = Desk::new();
    let asked = ["allow.json", "--key", "keys.json", "--artifact", IMAGE, "--environment", "production"];
    insta::assert_snapshot!("verify_in_order", desk.verify(&asked));
    let as_json = desk.verify(&[&asked, ["--json"].as_slice()].concat());
    assert!(as_json.starts_with("exit: 0\n") && as_json.contains("\"is_in_order\": true"), "{as_json}");
}

#[test]
fn what_is_wrong_has_its_sentence() {
    let desk = Desk::new();
    let late = json!("2026-03-01T15:00:00Z");
    let mut after = decision("allow");
    after["predicate"]["timeVerified"] = late;
    desk.put("after.json", &signed(&after, 1));
    desk.put("audit.json", &signed(&decision("allow"), 2));
    desk.put("stranger.json", &signed(&decision("allow"), 3));
    desk.put("changed.json", &signed(&decision("allow"), 1).replace("\"payload\":\"ey", "\"payload\":\"ez"));
    let mut other = dbom();
    other["predicate"]["dbom"] = json!("OTHER DBOM");
    desk.put("other-dbom.json", &signed(&other, 1));
    let key = ["--key", "keys.json"];
    let said = |more: &[&str]| {
        let said = desk.verify(&[more, &key].concat());
        assert!(said.starts_with("exit: 1\n"), "{said}");
        let wrong = said.lines().filter(|line| line.contains("failed ") || line.contains(".json: "));
        wrong.map(str::to_owned).collect::<Vec<_>>()
    };
    let all = [
        said(&["allow.json", "--artifact", OTHER]),
        said(&["stranger.json"]),
        said(&["changed.json"]),
        said(&["after.json"]),
        said(&["audit.json"]),
        said(&["allow.json", "--at", "2026-03-01T13:00:00Z"]),
        said(&["allow.json", "--environment", "staging"]),
        said(&["deny.json"]),
        said(&["other-dbom.json"]),
        said(&["allow.json", "deny.json"]),
    ];
    insta::assert_json_snapshot!("verify_refuses", all);
}

#[test]
fn what_cannot_be_asked_is_usage() {
    let desk = Desk::new();
    desk.put("report.json", "{}");
    let said = [
        desk.verify(&["allow.json"]),
        desk.verify(&["report.json", "--key", "keys.json"]),
        desk.verify(&["nowhere.json", "--key", "keys.json"]),
        desk.verify(&["allow.json", "--key", "report.json"]),
        desk.verify(&["allow.json", "--key", "keys.json", "--at", "noon"]),
        desk.verify(&["allow.json", "--key", "keys.json", "--artifact", "sha256:12"]),
        desk.verify(&["allow.json", "--trusted-root", "sigstore"]),
    ];
    insta::assert_snapshot!("verify_usage", said.join("\n"));
}

#[test]
fn the_parts_of_a_release_are_checked_against_each_other() {
    let desk = Desk::new();
    let ask = |dbom: &str, decision: &str| {
        desk.run(&["verify-release", "--dbom", dbom, "--decision", decision, "--key", "keys.json"])
    };
    let mut elsewhere = decision("allow");
    elsewhere["subject"][0]["digest"]["sha256"] = json!(&OTHER[7..]);
    desk.put("elsewhere.json", &signed(&elsewhere, 1));
    let mut more = decision("allow");
    more["predicate"]["inputAttestations"][0]["digest"]["sha256"] = json!("44");
    desk.put("more.json", &signed(&more, 1));
    insta::assert_snapshot!("verify_release_in_order", ask("dbom.json", "allow.json"));
    let together = |said: String| {
        assert!(said.starts_with("exit: 1\n"), "{said}");
        let lines = said.lines().skip_while(|line| *line != "together").filter(|line| line.contains("failed "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let said = [
        together(ask("dbom.json", "elsewhere.json")),
        together(ask("dbom.json", "more.json")),
        together(ask("allow.json", "dbom.json")),
    ];
    insta::assert_json_snapshot!("verify_release_refuses", said);
}
