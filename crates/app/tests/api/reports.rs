//! Reports for auditors: the same data as JSON, signed, as a page and as a file; what is counted; what is refused.

use crate::gate_shop::{Shop, criticals};
use crate::gates::scrub;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shipworthy_model::{Digest, Permission, Scope};
use shipworthy_trust::{PublicKey, dsse};

const MARCH: &str = "/reports/period?from=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z";

/// A shop with a denied and an excused decision, an approval, and an exception that was used.
async fn busy() -> Vec<Shop> {
    let shops = Shop::both().await;
    for shop in &shops {
        shop.assign_only(&[("findings-by-severity", "deny"), ("tests-passed", "warn")]).await;
        shop.push_scan(criticals(11)).await;
        shop.app.wait(SignedDuration::from_hours(1));
        assert_eq!(shop.ask("production").await.text("/verdict"), "deny");
        shop.app.wait(SignedDuration::from_hours(1));
        shop.excuse(json!({ "rule": "CVE-2026-0001" }), 24).await;
        shop.app.wait(SignedDuration::from_hours(1));
        shop.push_tests(10, 0).await;
        assert_eq!(shop.ask("production").await.text("/verdict"), "allow");
        let approval = json!({ "environment": "production", "comment": "<b>fine</b> \u{202e}enif" });
        let answer = shop.app.post(&format!("/releases/{}/approvals", shop.release), &shop.bob, approval).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        shop.app.wait(SignedDuration::from_hours(1));
    }
    shops
}

/// Digests and ids, which differ from run to run, as `…`.
fn without_names_of_chance(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_hexdigit() || c == '-';
    let mut scrubbed = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let length = rest[start..].find(|c| !is_part(c)).unwrap_or(rest.len() - start);
        scrubbed.push_str(&rest[..start]);
        scrubbed.push_str(if length >= 36 { "…" } else { &rest[start..start + length] });
        rest = &rest[start + length..];
    }
    scrubbed + rest
}

#[tokio::test]
async fn a_span_of_time_is_told_in_numbers_and_lists() {
    for shop in busy().await {
        let report = shop.app.get(MARCH, &shop.ada).await;
        assert_eq!(report.status, 200, "{}", report.body);
        let mut body = report.whole();
        scrub(&mut body);
        insta::allow_duplicates! { insta::assert_json_snapshot!("period_report", body) };
        let before =
            shop.app.get("/reports/period?from=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z", &shop.ada).await;
        let numbers = before.body["numbers"].as_array().expect("numbers").iter();
        assert!(numbers.clone().all(|number| number["value"] == 0), "{}", before.body);
    }
}

#[tokio::test]
async fn the_page_shows_the_report_and_runs_nothing() {
    for shop in busy().await {
        let answer = shop.app.get(&format!("{MARCH}&format=html"), &shop.ada).await;
        let policy = answer.headers["content-security-policy"].to_str().expect("a text").to_owned();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        let page = String::from_utf8(answer.bytes).expect("text");
        let (_, body) = page.split_once("</style>").expect("a style");
        let body = without_names_of_chance(body);
        insta::allow_duplicates! { insta::assert_snapshot!("period_report_as_page", body) };
        assert!(page.contains("&lt;b&gt;fine&lt;/b&gt; \u{fffd}enif"), "{page}");
        assert!(!page.contains("<script"), "{page}");
    }
}

#[tokio::test]
async fn the_signed_report_holds_the_same_data() {
    for shop in busy().await {
        let report = shop.app.get(MARCH, &shop.ada).await;
        let signed = shop.app.get(&format!("{MARCH}&format=signed"), &shop.ada).await;
        let envelope: dsse::Envelope = serde_json::from_slice(&signed.bytes).expect("an envelope");
        let signer = shop.app.app.keys.attestation(shop.app.clock.now()).expect("a key");
        let keys: [PublicKey; 1] = [signer.public()];
        let payload = dsse::open(&envelope, dsse::IN_TOTO, &keys).expect("it is signed");
        let statement: Value = serde_json::from_slice(&payload).expect("JSON");
        assert_eq!(statement["predicateType"], "https://shipworthy.dev/attestations/period-report/v1");
        assert_eq!(statement["predicate"], report.body);
        assert_eq!(statement["subject"][0]["digest"]["sha256"], Digest::of(&report.bytes).hex());
    }
}

#[tokio::test]
async fn the_file_is_the_same_for_the_same_data() {
    for shop in busy().await {
        let file = shop.app.get(&format!("{MARCH}&format=pdf"), &shop.ada).await;
        assert_eq!(file.headers["content-type"], "application/pdf");
        let name = file.headers["content-disposition"].to_str().expect("a text").to_owned();
        assert_eq!(name, "attachment; filename=\"period-report-2026-03-01-2026-04-01.pdf\"");
        assert!(file.bytes.starts_with(b"%PDF-1.7"), "{}", file.bytes.len());
        assert!(file.bytes == shop.app.get(&format!("{MARCH}&format=pdf"), &shop.ada).await.bytes);
        if let Some(folder) = std::env::var_os("SHIPWORTHY_PDF_FOLDER") {
            std::fs::write(std::path::Path::new(&folder).join("period.pdf"), &file.bytes).expect("written");
        }
    }
}

#[tokio::test]
async fn a_report_is_of_what_may_be_seen() {
    let shop = &busy().await[0];
    let mut session = shop.app.app.db.read().await.expect("a session");
    let team = shipworthy_store::team::find(&mut session, "harbour").await.expect("asked").expect("found");
    drop(session);
    let other = json!({ "name": "lighthouse" });
    assert_eq!(shop.app.post("/teams", &shop.ada, other).await.status, 201);
    let mut seen = Vec::new();
    let keeper = shop.app.token("keeper", &[Permission::Read], Scope::Team(team.id)).await;
    for (token, query) in [
        (&keeper, "&team=harbour"),
        (&keeper, "&application=shop"),
        (&keeper, "&team=lighthouse"),
        (&shop.ada, "&team=lighthouse"),
        (&shop.ada, "&application=ship"),
        (&shop.ada, "&application=shop&team=harbour"),
        (&shop.ada, "&format=docx"),
    ] {
        let answer = shop.app.get(&format!("{MARCH}{query}"), token).await;
        let decisions = answer.body["decisions"].as_array().map(Vec::len);
        seen.push(json!([query, answer.status.as_u16(), answer.body["about"], decisions, answer.body["detail"]]));
    }
    let backwards = "/reports/period?from=2026-04-01T00:00:00Z&until=2026-03-01T00:00:00Z";
    seen.push(json!(["backwards", shop.app.get(backwards, &shop.ada).await.whole()]));
    insta::assert_json_snapshot!("reports_of_what_may_be_seen", seen);
}

#[tokio::test]
async fn a_release_without_provenance_proves_nothing_and_the_report_says_so() {
    for shop in busy().await {
        let path = format!("/releases/{}/slsa-report", shop.release);
        let mut report = shop.app.get(&path, &shop.ada).await.whole();
        scrub(&mut report);
        insta::allow_duplicates! { insta::assert_json_snapshot!("slsa_report_without_provenance", report) };
        let file = shop.app.get(&format!("{path}?format=pdf"), &shop.ada).await;
        assert!(file.bytes.starts_with(b"%PDF-1.7"), "{}", file.body);
        let release = shop.app.get(&format!("/releases/{}", shop.release), &shop.ada).await;
        let application = release.text("/application/id");
        let of_all = shop
            .app
            .get(
                &format!(
                    "/applications/{application}/slsa-report?from=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z"
                ),
                &shop.ada,
            )
            .await;
        let made = |report: &Value| report["releases"].as_array().expect("releases").len();
        assert_eq!((of_all.text("/about").as_str(), made(&of_all.body)), ("application shop", 2));
    }
}
