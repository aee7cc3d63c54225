//! Whose word counts: keys and rules are administered, attestations are judged by them for each release, and again when
//! they change.

use crate::gates::scrub;
use crate::portfolio::{environments, team_token};
use crate::releases::{cart, digest};
use crate::test_app::{Answer, TestApp, request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shipworthy_model::Permission;
use shipworthy_trust::SigningKey;
use shipworthy_trust::dsse;

const PROVENANCE: &str = "https://slsa.dev/provenance/v1";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32]).expect("a key")
}

/// A statement that a builder made the artifact of version 1.0.0, signed.
fn provenance(key: &SigningKey) -> dsse::Envelope {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": "cart", "digest": { "sha256": digest("1.0.0").trim_start_matches("sha256:") } }],
        "predicateType": PROVENANCE,
        "predicate": {
            "buildDefinition": {
                "buildType": "https://builds.example/container/v1",
                "externalParameters": { "repository": "https://git.example/shop/cart" }
            },
            "runDetails": { "builder": { "id": "https://builds.example/hosted" } }
        }
    });
    dsse::sign(dsse::IN_TOTO, statement.to_string().as_bytes(), key)
}

fn bytes(envelope: &dsse::Envelope) -> Vec<u8> {
    serde_json::to_vec(envelope).expect("JSON")
}

async fn add_key(app: &TestApp, token: &str, name: &str, key: &SigningKey) -> Answer {
    app.post("/trust-roots", token, json!({ "name": name, "body": key.public().to_pem() })).await
}

fn rule(name: &str, key: &str, predicate: &str, scope: Value) -> Value {
    json!({ "name": name, "key": key, "predicate_types": [predicate], "scope": scope })
}

async fn release(app: &TestApp, root: &str) -> String {
    app.post("/releases", root, cart("1.0.0")).await.text("/id")
}

/// What the bill of materials says of the signature of the only attestation, and of the provenance.
async fn said(app: &TestApp, token: &str, release: &str) -> Value {
    let mut dbom = app.get(&format!("/releases/{release}/dbom"), token).await.body;
    let evidence = dbom["phases"][1]["evidence"][0].take();
    let mut said = json!({ "verification": evidence["verification"], "attestations": evidence["attestations"],
        "facts": dbom["phases"][1]["facts"] });
    scrub(&mut said);
    for fact in said["facts"].as_array_mut().into_iter().flatten() {
        fact.as_object_mut().expect("a fact").remove("evidence");
    }
    said
}

#[tokio::test]
async fn an_attestation_counts_once_its_key_is_known_and_a_rule_lets_it_speak() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let id = release(&app, &root).await;
        let pushed = app.push(&root, json!({ "release": id }), &[bytes(&provenance(&key(1)))]).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let mut told = vec![json!({ "after": "the push", "said": said(&app, &root, &id).await })];
        let root_id = add_key(&app, &root, "build farm", &key(1)).await.text("/id");
        told.push(json!({ "after": "the key", "said": said(&app, &root, &id).await }));
        let made =
            app.post("/signers", &root, rule("farm", "build farm", PROVENANCE, json!({ "kind": "everything" }))).await;
        assert_eq!(made.status, 201, "{}", made.body);
        told.push(json!({ "after": "the rule", "said": said(&app, &root, &id).await }));
        app.delete(&format!("/signers/{}", made.text("/id")), &root).await;
        told.push(json!({ "after": "its revocation", "said": said(&app, &root, &id).await }));
        let actions = app.get("/audit?limit=500", &root).await;
        let of_trust = ["trust-root.create", "attestation.check", "signer.create", "signer.revoke"];
        let entries = actions.body["items"].as_array().expect("entries").iter();
        let entries = entries.filter(|entry| of_trust.iter().any(|action| entry["action"] == *action));
        let mut entries: Vec<Value> =
            entries.map(|entry| json!([entry["action"], entry["summary"], entry["details"]])).collect();
        entries.iter_mut().for_each(scrub);
        let text = json!(entries).to_string().replace(&root_id, "ID");
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("an_attestation_step_by_step", told);
            insta::assert_json_snapshot!("trust_in_the_audit_log", serde_json::from_str::<Value>(&text).expect("JSON"));
        }
    }
}

#[tokio::test]
async fn a_rule_reaches_as_far_as_it_says() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let id = release(&app, &root).await;
        add_key(&app, &root, "build farm", &key(1)).await;
        app.push(&root, json!({ "release": id }), &[bytes(&provenance(&key(1)))]).await;
        app.post("/applications", &root, json!({ "name": "bank" })).await;
        let mut tried = Vec::new();
        for (predicate, scope, until) in [
            ("https://slsa.dev/verification_summary/v1", json!({ "kind": "everything" }), None),
            (PROVENANCE, json!({ "kind": "application", "name": "bank" }), None),
            (PROVENANCE, json!({ "kind": "everything" }), Some("2026-02-01T00:00:00Z")),
            ("*", json!({ "kind": "service", "name": "shop/cart" }), Some("2027-02-01T00:00:00Z")),
        ] {
            let mut body = rule("farm", "build farm", predicate, scope);
            body["valid_until"] = json!(until);
            let made = app.post("/signers", &root, body).await;
            assert_eq!(made.status, 201, "{}", made.body);
            let verification = said(&app, &root, &id).await["verification"].clone();
            tried.push(json!([predicate, made.body["scope"]["kind"], until, verification]));
            app.delete(&format!("/signers/{}", made.text("/id")), &root).await;
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("how_far_rules_reach", tried) };
    }
}

#[tokio::test]
async fn what_was_tampered_with_is_kept_and_says_nothing() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let id = release(&app, &root).await;
        add_key(&app, &root, "build farm", &key(1)).await;
        app.post("/signers", &root, rule("farm", "build farm", "*", json!({ "kind": "everything" }))).await;
        let mut envelope = provenance(&key(1));
        // Another builder in the statement, the signature as it was.
        let signed = STANDARD.decode(&envelope.payload).expect("base64");
        let changed = String::from_utf8(signed).expect("text").replace("/hosted", "/mine");
        envelope.payload = STANDARD.encode(changed);
        let mut pushed = app.push(&root, json!({ "release": id }), &[bytes(&envelope)]).await.whole();
        scrub(&mut pushed);
        let evidence = app.get(&format!("/evidence?release={id}"), &root).await.text("/items/0/id");
        let steps = app.get(&format!("/evidence/{evidence}/attestations"), &root).await.body;
        let told = json!({ "pushed": pushed, "said": said(&app, &root, &id).await, "steps": steps });
        insta::allow_duplicates! { insta::assert_json_snapshot!("tampered_with", told) };
    }
}

#[tokio::test]
async fn a_revoked_key_did_sign_what_it_signed_before() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let id = release(&app, &root).await;
        let root_id = add_key(&app, &root, "build farm", &key(1)).await.text("/id");
        app.post("/signers", &root, rule("farm", "build farm", "*", json!({ "kind": "everything" }))).await;
        app.push(&root, json!({ "release": id }), &[bytes(&provenance(&key(1)))]).await;
        app.wait(SignedDuration::from_hours(1));
        let revoked = app.delete(&format!("/trust-roots/{root_id}"), &root).await;
        assert_eq!(revoked.status, 200, "{}", revoked.body);
        app.wait(SignedDuration::from_hours(1));
        let before = said(&app, &root, &id).await["verification"].clone();
        let mut second = cart("1.0.1");
        second["artifacts"][0]["digest"] = json!(digest("1.0.0"));
        let second = app.post("/releases", &root, second).await.text("/id");
        let mut late = provenance(&key(1));
        late.signatures[0].keyid = None;
        app.push(&root, json!({ "release": second }), &[bytes(&late)]).await;
        let evidence = app.get(&format!("/evidence?release={second}"), &root).await.body;
        let words: Vec<&Value> =
            evidence["items"].as_array().expect("evidence").iter().map(|item| &item["verification"]).collect();
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("signed_before_and_after_the_revocation", json!({ "before": before, "both": words }));
        }
    }
}

#[tokio::test]
async fn a_policy_sees_who_signed_and_a_change_of_trust_decides_anew() {
    for app in TestApp::both().await {
        let root = app.root().await;
        environments(&app, &root).await;
        let id = release(&app, &root).await;
        add_key(&app, &root, "build farm", &key(1)).await;
        app.push(&root, json!({ "release": id }), &[bytes(&provenance(&key(1)))]).await;
        let gate = json!({ "release": id, "environment": "test" });
        let first = app.post("/gates/evaluate", &root, gate.clone()).await.text("/id");
        app.post("/signers", &root, rule("farm", "build farm", "*", json!({ "kind": "everything" }))).await;
        let second = app.post("/gates/evaluate", &root, gate).await.text("/id");
        assert_ne!(first, second, "the rule changes what is known");
        let mut told = Vec::new();
        for id in [first, second] {
            let digest = app.get(&format!("/decisions/{id}"), &root).await.text("/facts").parse().expect("a digest");
            let mut session = app.app.db.read().await.expect("a session");
            let facts = shipworthy_store::facts::get(&mut session, &digest).await.expect("the facts");
            let facts: Value = serde_json::from_slice(&facts).expect("JSON");
            let (artifact, build) = (&facts["artifact"], &facts["build"]);
            told.push(json!([artifact["attestations"], build["provenance"], build["slsa"]]));
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("attestations_as_policies_see_them", told) };
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_root_or_rule_is_said() {
    for app in TestApp::both().await {
        let root = app.root().await;
        add_key(&app, &root, "build farm", &key(1)).await;
        let everything = json!({ "kind": "everything" });
        let any = json!({ "match": "any" });
        let pem = key(2).public().to_pem();
        let mut refused = Vec::new();
        for body in [
            json!({ "name": "", "body": pem }),
            json!({ "name": "x", "body": "no key" }),
            json!({ "name": "x", "body": key(2).to_pem().expect("PEM") }),
            json!({ "name": "x", "body": pem.replace("MCow", "MCox") }),
            json!({ "name": "x", "body": "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\",\"tlogs\":7}" }),
            json!({ "name": "x", "body": pem, "valid_from": "2026-02-01T00:00:00Z", "valid_until": "2026-01-01T00:00:00Z" }),
            json!({ "name": "build farm", "body": pem }),
            json!({ "name": "other name", "body": key(1).public().to_pem() }),
        ] {
            refused.push(app.post("/trust-roots", &root, body).await.whole());
        }
        for body in [
            rule("x", "nobody's", "*", everything.clone()),
            json!({ "name": "x", "predicate_types": ["*"], "scope": everything }),
            json!({ "name": "x", "key": "build farm", "predicate_types": [], "scope": everything }),
            json!({ "name": "x", "identity": { "name": { "match": "exact", "value": " " }, "issuer": any },
                "predicate_types": ["*"], "scope": everything }),
            json!({ "name": "x", "identity": { "name": { "match": "like", "value": "x" }, "issuer": any },
                "predicate_types": ["*"], "scope": everything }),
            rule("x", "build farm", "*", json!({ "kind": "application", "name": "nothing" })),
        ] {
            refused.push(app.post("/signers", &root, body).await.whole());
        }
        let missing = request(
            "PUT",
            &format!("/trust-roots/{}", crate::test_app::unused_id()),
            &root,
            Some(json!({ "body": "{}" })),
        );
        refused.push(app.send(missing).await.whole());
        refused.iter_mut().for_each(scrub);
        insta::allow_duplicates! { insta::assert_json_snapshot!("roots_and_rules_refused", refused) };
    }
}

#[tokio::test]
async fn a_team_rules_within_its_reach_and_sees_no_other_teams_rules() {
    for app in TestApp::both().await {
        let root = app.root().await;
        release(&app, &root).await;
        add_key(&app, &root, "build farm", &key(1)).await;
        let shop = json!({ "kind": "application", "name": "shop" });
        app.post("/signers", &root, rule("of the shop", "build farm", "*", shop)).await;
        app.post("/signers", &root, rule("of all", "build farm", "*", json!({ "kind": "everything" }))).await;
        let harbour = team_token(&app, &root, "harbour", &[Permission::Govern, Permission::Read]).await;
        let own = app
            .post("/signers", &harbour, rule("own", "build farm", "*", json!({ "kind": "team", "name": "harbour" })))
            .await;
        let all = app.post("/signers", &harbour, rule("own", "build farm", "*", json!({ "kind": "everything" }))).await;
        let of_root = add_key(&app, &harbour, "mine", &key(2)).await;
        let seen = app.get("/signers", &harbour).await.body;
        let names: Vec<Value> = seen["items"]
            .as_array()
            .expect("rules")
            .iter()
            .map(|rule| json!([rule["name"], rule["actions"]]))
            .collect();
        let mut told = json!({ "own": own.whole(), "for all": all.whole(), "root": of_root.whole(), "seen": names });
        scrub(&mut told);
        insta::allow_duplicates! { insta::assert_json_snapshot!("rules_of_a_team", told) };
    }
}
