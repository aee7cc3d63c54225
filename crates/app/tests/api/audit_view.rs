//! The audit log as people look for things in it: by group, application, environment, person, period and word.

use crate::audit_log::fill;
use crate::test_app::TestApp;
use serde_json::{Value, json};

async fn found(app: &TestApp, root: &str, query: &str) -> Vec<String> {
    let answer = app.get(&format!("/audit?limit=500&{query}"), root).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let line = |entry: &Value| {
        let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        format!("{:10} {:20} {}", text("group"), text("action"), text("summary"))
    };
    answer.body["items"].as_array().expect("a list").iter().map(line).collect()
}

#[tokio::test]
async fn entries_are_found_by_what_they_concern() {
    for app in TestApp::both().await {
        let root = fill(&app).await;
        let all = found(&app, &root, "").await;
        let mut answers = serde_json::Map::new();
        for query in [
            "group=pipeline",
            "group=deployments",
            "group=decisions",
            "group=violations",
            "group=exceptions",
            "group=access",
            "application=shop",
            "application=shop&group=pipeline",
            "environment=production",
            "environment=test&application=shop&group=deployments",
            "q=CVE-2026",
            "actor=ROOT&action=release",
            "from=2027-01-01T00:00:00Z",
        ] {
            answers.insert(query.to_owned(), json!(found(&app, &root, query).await));
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("found", answers) };
        let grouped = all.iter().filter(|line| !line.starts_with("          ")).count();
        assert_eq!(grouped, all.len(), "every action is in a group: {all:#?}");
    }
}

#[tokio::test]
async fn who_asks_for_what_there_is_not_is_told_and_who_may_not_look_is_refused() {
    let app = TestApp::sqlite().await;
    let root = fill(&app).await;
    let mut said = Vec::new();
    for query in ["group=deployment", "application=shopp", "environment=prod", "from=yesterday"] {
        said.push(app.get(&format!("/audit?{query}"), &root).await.whole());
    }
    let shop = app.get("/applications", &root).await.text("/items/0/id").parse().expect("an id");
    let scope = shipworthy_model::Scope::Application(shop);
    let team = app.token("bob", &[shipworthy_model::Permission::Read], scope).await;
    for path in ["/audit?application=shop", "/audit/groups", "/audit/export"] {
        said.push(app.get(path, &team).await.whole());
    }
    insta::assert_json_snapshot!("refused", said);
}

#[tokio::test]
async fn an_export_has_every_entry_that_fits_and_no_formula() {
    for app in TestApp::both().await {
        let root = fill(&app).await;
        let refused = json!({ "name": "=HYPERLINK(\"https://example.com\")", "password": "wrong" });
        app.post("/session", "", refused).await;
        let table = app.get("/audit/export?group=access", &root).await;
        let table = String::from_utf8(table.bytes).expect("text");
        assert!(table.contains(",\"'=HYPERLINK") || table.contains(",'=HYPERLINK"), "{table}");
        let lines = app.get("/audit/export?format=jsonl", &root).await;
        let lines = String::from_utf8(lines.bytes).expect("text");
        let entries: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let listed = app.get("/audit?limit=500", &root).await;
        assert_eq!(json!(entries), listed.body["items"]);
    }
}
