//! Statements of VEX that follow from exceptions: who is heard, and that our own readers read back what was written.

use crate::gate_shop::{Shop, vulnerability};
use crate::sbom::read_back;
use crate::upload::sample;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shipworthy_model::{Severity, Subject, VexStatement};

/// A shop with three vulnerabilities, of which one is harmless, one is borne and one is only excused in production.
async fn excused(shop: &Shop) -> String {
    shop.push_scan(vec![
        vulnerability("CVE-2026-0001", Severity::Critical, "pkg:npm/basket@1.9.0"),
        vulnerability("CVE-2026-0002", Severity::High, "pkg:npm/pricetag@2.0.0"),
        vulnerability("CVE-2026-0003", Severity::Low, "pkg:npm/till@1.0.0"),
        vulnerability("CVE-2026-0004", Severity::Low, "pkg:npm/till@1.0.0"),
    ])
    .await;
    let until = shop.app.clock.now() + SignedDuration::from_hours(48);
    let ask = async |rule: &str, scope: Value, justification: Option<&str>| {
        let mut body = json!({ "matchers": { "rule": rule }, "scope": scope, "reason": "The parser is not built in.",
            "until": until.to_string() });
        if let Some(justification) = justification {
            body["justification"] = json!(justification);
        }
        let asked = shop.app.post("/exceptions", &shop.bob, body).await;
        assert_eq!(asked.status, 201, "{}", asked.body);
        let id = asked.text("/id");
        shop.app.wait(SignedDuration::from_mins(1));
        let approved = shop.app.post(&format!("/exceptions/{id}/approve"), &shop.ada, json!({})).await;
        assert_eq!(approved.status, 200, "{}", approved.body);
    };
    let shop_scope = json!({ "application": "shop" });
    // By another name of the vulnerability.
    ask("GHSA-CVE-2026-0001", shop_scope.clone(), Some("vulnerable_code_not_present")).await;
    ask("CVE-2026-0002", shop_scope, None).await;
    ask("CVE-2026-0003", json!({ "environment": "production" }), Some("inline_mitigations_already_exist")).await;
    format!("/releases/{}/vex", shop.release)
}

/// What a statement says, however its component is written.
fn essence(said: &VexStatement) -> Value {
    let components: Vec<_> = said.components.iter().map(|component| component.purl.clone()).collect();
    json!({ "vulnerability": said.vulnerability, "components": components, "status": said.status.as_str(),
        "detail": said.detail, "action": said.action, "stated_at": said.stated_at, "author": said.author })
}

#[tokio::test]
async fn exceptions_become_statements_that_our_readers_read_back() {
    for shop in Shop::both().await {
        let path = excused(&shop).await;
        let openvex = shop.app.get(&path, &shop.ada).await;
        let cyclonedx = shop.app.get(&format!("{path}?format=cyclonedx"), &shop.ada).await;
        assert_eq!([openvex.status, cyclonedx.status], [200, 200], "{}", openvex.body);
        let name = "attachment; filename=\"shop-cart-1.0.0.openvex.json\"";
        assert_eq!(openvex.headers["content-disposition"], name);
        shop.app.wait(SignedDuration::from_hours(1));
        assert_eq!(shop.app.get(&path, &shop.ada).await.bytes, openvex.bytes, "time alone changes nothing");
        let mut read = Vec::new();
        for (bytes, format) in [(&openvex.bytes, "openvex"), (&cyclonedx.bytes, "cyclonedx-json")] {
            let report = read_back(bytes, format);
            assert_eq!(report.subjects, [Subject::Artifact(shop.image.clone())]);
            read.push(report.vex.iter().map(essence).collect::<Vec<_>>());
        }
        assert_eq!(read[0], read[1], "both forms say the same");
        let in_production = shop.app.get(&format!("{path}?environment=production"), &shop.ada).await;
        let statements = read_back(&in_production.bytes, "openvex").vex;
        assert_eq!(statements.len(), 3, "{statements:?}");
        shop.app.wait(SignedDuration::from_hours(48));
        let after = shop.app.get(&path, &shop.ada).await;
        assert_eq!(after.body["statements"], json!([]), "an exception that is over says nothing");
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("vex_as_openvex", openvex.body);
            insta::assert_json_snapshot!("vex_as_cyclonedx", cyclonedx.body);
            insta::assert_json_snapshot!("vex_read_back", read[0]);
        }
    }
}

#[tokio::test]
async fn what_others_said_is_handed_on_with_their_names_when_that_is_asked_for() {
    for shop in Shop::both().await {
        shop.app.clock.set(Some("2026-12-01T12:00:00Z".parse().expect("a time")));
        let about = json!({ "release": shop.release.to_string() });
        for file in ["cyclonedx-json/image-with-vulnerabilities.json", "openvex/cart-0.2.0.json"] {
            let pushed = shop.app.push(&shop.ada, about.clone(), &[sample(file)]).await;
            assert_eq!(pushed.status, 201, "{file}: {}", pushed.body);
        }
        let path = format!("/releases/{}/vex", shop.release);
        let ours = shop.app.get(&path, &shop.ada).await;
        assert_eq!(ours.body["statements"], json!([]));
        let theirs = shop.app.get(&format!("{path}?received=true"), &shop.ada).await;
        let refused = shop.app.get(&format!("{path}?format=csaf"), &shop.ada).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("vex_of_others", theirs.body);
            insta::assert_json_snapshot!("vex_refused", refused.whole());
        }
    }
}

#[tokio::test]
async fn an_exception_in_force_is_the_analysis_in_the_bill_of_materials() {
    for shop in Shop::both().await {
        excused(&shop).await;
        let mut told = Vec::new();
        for form in ["cyclonedx", "spdx"] {
            let path = format!("/releases/{}/sbom?format={form}&vulnerabilities=true", shop.release);
            let answer = shop.app.get(&path, &shop.ada).await;
            told.push(answer.body["vulnerabilities"].clone());
            told.push(answer.body["packages"].clone());
        }
        told.retain(|part| !part.is_null());
        insta::allow_duplicates! { insta::assert_json_snapshot!("sbom_with_exceptions", told) };
    }
}
