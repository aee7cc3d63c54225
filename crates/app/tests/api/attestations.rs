//! Signed answers: the bill of materials of a release is issued once, recorded, and says what everybody may check.

use crate::gate_shop::{Shop, criticals};
use crate::gates::scrub;
use crate::test_app::Answer;
use serde_json::{Value, json};
use shipworthy_model::{Permission, Scope};
use shipworthy_trust::dsse;

async fn of_release(shop: &Shop, format: &str) -> Answer {
    shop.app.get(&format!("/releases/{}/attestation?format={format}", shop.release), &shop.ada).await
}

fn statement(shop: &Shop, envelope: Value) -> Value {
    let envelope: dsse::Envelope = serde_json::from_value(envelope).expect("an envelope");
    let signer = shop.app.app.keys.attestation(shop.app.app.clock.now()).expect("a key");
    let payload = dsse::open(&envelope, dsse::IN_TOTO, &[signer.public()]).expect("it is signed");
    serde_json::from_slice(&payload).expect("JSON")
}

#[tokio::test]
async fn the_bill_of_materials_of_a_release_is_signed_with_every_document_by_its_digest() {
    let shop = Shop::sqlite().await;
    shop.push_scan(criticals(1)).await;
    let mut said = statement(&shop, of_release(&shop, "dsse").await.body);
    let dbom = shop.app.get(&format!("/releases/{}/dbom", shop.release), &shop.ada).await.body;
    assert_eq!(said["predicate"]["dbom"], dbom);
    // It has tests of its own.
    said["predicate"]["dbom"] = json!("DBOM");
    scrub(&mut said);
    insta::assert_json_snapshot!("release_attestation", said);
}

#[tokio::test]
async fn it_is_issued_once_and_anew_when_something_changed() {
    for shop in Shop::both().await {
        let first = of_release(&shop, "dsse").await;
        assert_eq!(first.bytes, of_release(&shop, "dsse").await.bytes);
        let mut bundle = of_release(&shop, "bundle").await.body;
        assert_eq!(bundle["dsseEnvelope"], first.body);
        bundle["dsseEnvelope"] = json!("ENVELOPE");
        insta::assert_json_snapshot!("bundle", bundle);
        shop.push_scan(criticals(1)).await;
        assert_ne!(of_release(&shop, "dsse").await.bytes, first.bytes);
        let rotated = shop.app.post("/keys", &shop.ada, json!({ "use": "attestation" })).await;
        assert_eq!(rotated.status, 201, "{}", rotated.body);
        let third = of_release(&shop, "dsse").await;
        statement(&shop, third.body);
        let entries = shop.app.get("/audit?action=attestation.issue", &shop.ada).await;
        assert_eq!(entries.body["items"].as_array().map(Vec::len), Some(3), "{}", entries.body);
        assert_eq!(entries.text("/items/0/details/key"), rotated.text("/id"));
        let mut entry = entries.body["items"][0]["summary"].clone();
        scrub(&mut entry);
        assert_eq!(entry, "an attestation of shop/cart@1.0.0 was issued");
    }
}

#[tokio::test]
async fn a_stranger_gets_none_and_an_unknown_form_issues_none() {
    let shop = Shop::sqlite().await;
    let elsewhere = Scope::Application(shipworthy_model::ApplicationId(crate::test_app::unused_id()));
    let stranger = shop.app.token("eve", &[Permission::Read], elsewhere).await;
    let path = format!("/releases/{}/attestation", shop.release);
    assert_eq!(shop.app.get(&path, &stranger).await.status, 404);
    let other = of_release(&shop, "pdf").await;
    assert_eq!(other.status, 422);
    assert_eq!(other.text("/hint"), "expected `dsse` or `bundle`");
    let entries = shop.app.get("/audit?action=attestation.issue", &shop.ada).await;
    assert_eq!(entries.body["items"], json!([]));
}

#[tokio::test]
async fn a_decision_about_no_artifact_is_a_simple_verification_result() {
    let shop = Shop::sqlite().await;
    shop.assign_only(&[("findings-by-severity", "warn")]).await;
    let release = json!({ "application": "shop", "service": "cart", "version": "0.1.0" });
    let asked = json!({ "release": release, "environment": "test" });
    let decided = shop.app.post("/gates/evaluate", &shop.ada, asked).await;
    let path = format!("/decisions/{}/attestation", decided.text("/id"));
    let mut said = statement(&shop, shop.app.get(&path, &shop.ada).await.body);
    scrub(&mut said);
    insta::assert_json_snapshot!("simple_verification_result", said);
}
