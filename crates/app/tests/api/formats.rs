//! Formats that users describe: kept in versions, used like those that come with the product, retired.

use crate::evidence::late_in_2026;
use crate::portfolio::team_token;
use crate::releases::COMMIT;
use crate::test_app::TestApp;
use serde_json::json;
use shipworthy_model::Permission;

const HOUSE_RULES: &str = r#"
name = "house-rules"
title = "House rules"
phase = "source"
media = "json"
[recognise]
values = { tool = "house-rules" }
[findings]
items = "problems"
kind = "code"
rule = "code"
title = "text"
severity = "level"
"#;

fn report() -> Vec<u8> {
    br#"{"tool": "house-rules", "problems": [{"code": "H1", "text": "Till speaks plain HTTP", "level": "high"}]}"#
        .to_vec()
}

async fn keep(app: &TestApp, token: &str, source: &str) -> crate::test_app::Answer {
    app.post("/formats", token, json!({ "source": source })).await
}

#[tokio::test]
async fn a_described_format_reads_documents_until_it_is_retired() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let context = json!({ "commit": COMMIT });
        let before = app.push(&root, context.clone(), &[report()]).await;
        let kept = keep(&app, &root, HOUSE_RULES).await;
        let after = app.push(&root, context.clone(), &[report()]).await;
        let evidence = app.get(&format!("/evidence/{}", after.text("/receipts/0/evidence_id")), &root).await;
        let retired = app.delete("/formats/house-rules", &root).await;
        let other = [report(), b" ".to_vec()].concat();
        let unknown = app.push(&root, context, &[other]).await;
        let log = app.get("/audit?action=format", &root).await;
        let log: Vec<_> = log.body["items"].as_array().expect("items").iter().map(|entry| &entry["summary"]).collect();
        assert_eq!((before.status.as_u16(), unknown.status.as_u16()), (415, 415));
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("a_format_is_kept", kept.whole());
            insta::assert_json_snapshot!("read_with_a_described_format", after.whole());
            insta::assert_json_snapshot!("evidence_of_a_described_format", evidence.whole());
            insta::assert_json_snapshot!("a_format_is_retired", json!([retired.whole(), log]));
        }
        let known = app.get("/formats/house-rules", &root).await;
        assert_eq!((known.status.as_u16(), &known.body["actions"]), (200, &json!([])));
    }
}

#[tokio::test]
async fn a_change_is_the_next_version_and_the_same_text_a_conflict() {
    for app in TestApp::both().await {
        let root = app.root().await;
        assert_eq!(keep(&app, &root, HOUSE_RULES).await.body["version"], 1);
        assert_eq!(keep(&app, &root, HOUSE_RULES).await.status, 409);
        let second = keep(&app, &root, &HOUSE_RULES.replace("House rules", "Rules of the house")).await;
        assert_eq!((&second.body["version"], &second.body["title"]), (&json!(2), &json!("Rules of the house")));
        let listed = app.get("/formats", &root).await;
        let own: Vec<_> =
            listed.body["items"].as_array().expect("items").iter().filter(|item| item["is_builtin"] == false).collect();
        assert_eq!((own.len(), &own[0]["actions"]), (1, &json!(["retire"])));
        assert_eq!(app.delete("/formats/house-rules", &root).await.status, 204);
        assert_eq!(app.delete("/formats/house-rules", &root).await.status, 404);
        assert_eq!(app.delete("/formats/junit", &root).await.status, 404);
        assert_eq!(keep(&app, &root, HOUSE_RULES).await.body["version"], 3, "it may come back");
    }
}

#[tokio::test]
async fn a_description_that_is_none_is_refused_and_only_governors_of_everything_describe() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let refused = keep(&app, &root, &HOUSE_RULES.replace("items", "item")).await;
        let of_ours = keep(&app, &root, &HOUSE_RULES.replace("house-rules", "junit")).await;
        let governor = team_token(&app, &root, "payments", &[Permission::Read, Permission::Govern]).await;
        let forbidden = keep(&app, &governor, HOUSE_RULES).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("refused_formats", json!([refused.whole(), of_ours.whole(), forbidden.whole()]));
        }
    }
}
