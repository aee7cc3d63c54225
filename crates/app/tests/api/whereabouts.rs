//! The questions people ask when the world changes: where is it, who owns that, how bad is it, what to do.

use crate::correlation::{LOG4J, inventory, log4shell};
use crate::gates::scrub;
use crate::portfolio::{environments, team_token};
use crate::releases::cart;
use crate::test_app::TestApp;
use serde_json::{Value, json};
use shipworthy_model::Permission;

/// A shop of which 1.0.0 runs in production and 1.1.0, with a mended log4j-core, in test; and Log4Shell.
async fn shop(app: &TestApp, root: &str) {
    environments(app, root).await;
    let releases =
        [("1.0.0", "production", LOG4J), ("1.1.0", "test", "pkg:maven/org.apache.logging.log4j/log4j-core@2.17.1")];
    for (version, environment, purl) in releases {
        let release = app.post("/releases", root, cart(version)).await.text("/id");
        let context = json!({ "release": { "application": "shop", "service": "cart", "version": version } });
        let pushed = app.push(root, context, &[inventory(&[purl, "pkg:npm/left-pad@1.3.0"])]).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let body = json!({ "release": release, "environment": environment });
        let started = app.post("/deployments", root, body).await;
        let finished = app.post(&format!("/deployments/{}/finish", started.text("/id")), root, json!({})).await;
        assert_eq!(finished.status, 200, "{}", finished.body);
    }
    app.import(root, log4shell("2021-12-10T00:00:00Z", "2.15.0").to_string().into_bytes()).await;
}

async fn asked(app: &TestApp, token: &str, question: &str) -> Value {
    let mut answer = app.get(&format!("/where?{question}"), token).await.whole();
    scrub(&mut answer);
    answer
}

#[tokio::test]
async fn a_vulnerability_is_found_where_it_runs_with_owner_and_fix() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let by_cve = asked(&app, &root, "vulnerability=CVE-2021-44228").await;
        assert_eq!(by_cve, asked(&app, &root, "vulnerability=GHSA-jfh8-c2jp-5v3q").await);
        insta::allow_duplicates! { insta::assert_json_snapshot!("where_is_log4shell", by_cve) };
    }
}

#[tokio::test]
async fn a_package_is_found_by_every_way_to_name_it() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let mut answers = Vec::new();
        for question in [
            "purl=pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
            "purl=pkg:maven/org.apache.logging.log4j/log4j-core",
            "purl=pkg:maven/org.apache.logging.log4j/log4j-core&versions=%3C2.17.1",
            "name=log4j-core&versions=%3E%3D2.15%7C%3C3",
            "name=LOG4J-core",
            "license=apache-2",
            "license=apache-2&running=true",
            "name=nothing",
            "vulnerability=CVE-2020-0001",
            "hash=sha256:0000000000000000000000000000000000000000000000000000000000000000",
        ] {
            let answer = app.get(&format!("/where?{question}"), &root).await;
            assert_eq!(answer.status, 200, "{question}: {}", answer.body);
            let (body, count) = (&answer.body, |name: &str| answer.body[name].to_string());
            let releases: Vec<&Value> =
                body["items"].as_array().expect("items").iter().map(|item| &item["version"]).collect();
            answers.push(format!(
                "{question}: {} components, {} inventories, {} running, {}",
                count("component_count"),
                count("inventory_count"),
                count("running_count"),
                json!(releases)
            ));
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("where_is_a_package", answers) };
    }
}

#[tokio::test]
async fn a_question_that_says_nothing_or_two_things_is_refused() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let mut refused = Vec::new();
    for question in
        ["", "name=a&purl=pkg:npm/a", "license=MIT&versions=1", "purl=nonsense", "name=a&versions=%3C%3C", "hash=12"]
    {
        refused.push(asked(&app, &root, question).await);
    }
    insta::assert_json_snapshot!("questions_that_are_refused", refused);
}

#[tokio::test]
async fn pages_of_places_follow_each_other() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let first = app.get("/where?name=left-pad&limit=1", &root).await;
        let second =
            app.get(&format!("/where?name=left-pad&limit=1&cursor={}", first.text("/next_cursor")), &root).await;
        let versions = [first.text("/items/0/version"), second.text("/items/0/version")];
        assert_eq!(versions, ["1.1.0", "1.0.0"], "both run, the newest comes first");
        assert_eq!(second.body["next_cursor"], Value::Null);
    }
}

#[tokio::test]
async fn what_is_in_no_visible_release_does_not_exist() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let stranger = team_token(&app, &root, "strangers", &[Permission::Read]).await;
        let where_is = app.get("/where?vulnerability=CVE-2021-44228", &stranger).await;
        let listed = app.get("/vulnerabilities", &stranger).await;
        let components = app.get("/components", &stranger).await;
        let component = app.get("/components/1", &stranger).await;
        assert_eq!((&where_is.body["components"], &where_is.body["component_count"]), (&json!([]), &json!(0)));
        assert_eq!((&listed.body["items"], &components.body["items"]), (&json!([]), &json!([])));
        assert_eq!(component.status, 404);
        assert_eq!(app.get("/components/1", &root).await.status, 200);
    }
}

#[tokio::test]
async fn a_team_is_told_of_its_own_components_and_versions_alone() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let harbour = team_token(&app, &root, "harbour", &[Permission::Push, Permission::Read]).await;
        let cranes = json!({ "application": "cranes", "service": "hook", "version": "1" });
        app.post("/releases", &harbour, cranes.clone()).await;
        let older = inventory(&["pkg:maven/org.apache.logging.log4j/log4j-core@2.13.0"]);
        let pushed = app.push(&harbour, json!({ "release": cranes }), &[older]).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let mut told = Vec::new();
        for token in [&harbour, &root] {
            let counted = app.get("/vulnerabilities", token).await.body["items"][0]["component_count"].clone();
            let found = app.get("/components?q=log4j-core", token).await;
            let versions: Vec<Value> =
                found.body["items"].as_array().expect("a list").iter().map(|item| item["version"].clone()).collect();
            let oldest =
                found.body["items"].as_array().and_then(|items| items.iter().find(|item| item["version"] == "2.13.0"));
            let id = oldest.expect("the version of the team")["id"].to_string();
            let behind = app.get(&format!("/components/{id}"), token).await.body["patch_status"]["words"].clone();
            told.push(json!({ "components": counted, "versions": versions, "behind": behind }));
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("what_a_team_and_root_are_told", told) };
    }
}

#[tokio::test]
async fn vulnerabilities_are_listed_by_risk_with_reasons_and_due_date() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        app.wait(jiff::SignedDuration::from_hours(24 * 30));
        let mut listed = app.get("/vulnerabilities", &root).await.whole();
        scrub(&mut listed);
        for nothing in ["q=CVE-1999", "severity=low", "known_exploited=true", "running=false", "overdue=false"] {
            let answer = app.get(&format!("/vulnerabilities?{nothing}"), &root).await;
            assert_eq!(answer.body["items"], json!([]), "{nothing}");
        }
        for something in
            ["q=2021-442", "severity=critical,low", "known_exploited=false", "running=true", "fixable=true"]
        {
            let answer = app.get(&format!("/vulnerabilities?{something}"), &root).await;
            assert_eq!(answer.body["items"].as_array().map(Vec::len), Some(1), "{something}");
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("vulnerabilities_of_all_releases", listed) };
    }
}

#[tokio::test]
async fn components_are_searched_and_one_is_told_with_reasons_and_upgrade() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let all = app.get("/components", &root).await;
        let vulnerable = app.get("/components?vulnerable=true", &root).await;
        assert_eq!(all.body["items"].as_array().map(Vec::len), Some(3));
        assert_eq!(vulnerable.body["items"].as_array().map(Vec::len), Some(1));
        let id = vulnerable.body["items"][0]["id"].to_string();
        let mut one = app.get(&format!("/components/{id}"), &root).await.whole();
        scrub(&mut one);
        one["body"]["id"] = json!(0);
        one["body"]["other_versions"][0]["id"] = json!(0);
        insta::allow_duplicates! { insta::assert_json_snapshot!("a_component_with_log4shell", one) };
    }
}

#[tokio::test]
async fn an_exploited_vulnerability_has_clocks_and_products() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let before = app.get("/vulnerabilities/CVE-2021-44228/reporting", &root).await;
        assert_eq!((&before.body["is_exploited"], &before.body["clocks"]), (&json!(false), &json!([])));
        let entry = json!({ "cveID": "CVE-2021-44228", "vulnerabilityName": "Log4Shell", "dateAdded": "2026-03-02",
            "dueDate": "2026-03-20", "knownRansomwareCampaignUse": "Known" });
        let body = json!({ "catalogVersion": "2026.03.02", "dateReleased": "2026-03-02", "count": 1,
            "vulnerabilities": [entry] });
        let put = crate::test_app::request("PUT", "/advisories/known-exploited", &root, Some(body));
        assert_eq!(app.send(put).await.status, 200);
        app.wait(jiff::SignedDuration::from_hours(48));
        let mut reporting = app.get("/vulnerabilities/GHSA-jfh8-c2jp-5v3q/reporting", &root).await.whole();
        scrub(&mut reporting);
        let stranger = team_token(&app, &root, "strangers", &[Permission::Read]).await;
        assert_eq!(app.get("/vulnerabilities/CVE-2021-44228/reporting", &stranger).await.status, 404);
        insta::allow_duplicates! { insta::assert_json_snapshot!("reporting_of_log4shell", reporting) };
    }
}

#[tokio::test]
async fn what_a_new_release_mended_is_counted_for_its_team_and_what_runs_for_the_day() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let mended = app.get("/releases?q=1.1.0", &root).await.text("/items/0/id");
        let ill = app.get("/releases?q=1.0.0", &root).await.text("/items/0/id");
        let upgrades = app.get(&format!("/releases/{ill}/upgrades"), &root).await;
        app.wait(jiff::SignedDuration::from_hours(36));
        let before = app.get("/trends", &root).await;
        let overdue = app.get("/reports/period", &root).await.body["due_dates"].clone();
        let body = json!({ "release": mended, "environment": "production" });
        let started = app.post("/deployments", &root, body).await;
        app.post(&format!("/deployments/{}/finish", started.text("/id")), &root, json!({})).await;
        let after = app.get("/trends?days=1", &root).await;
        let until = app.clock.now() + jiff::SignedDuration::from_secs(1);
        let report = app.get(&format!("/reports/period?until={until}"), &root).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("upgrades_of_a_release", upgrades.whole());
            insta::assert_json_snapshot!("trends_around_a_fix", [before.whole(), after.whole()]);
            insta::assert_json_snapshot!("due_dates_around_a_fix", [overdue, report.body["due_dates"].clone()]);
        }
    }
}

#[tokio::test]
async fn what_runs_waits_for_a_new_decision_until_the_gate_is_asked() {
    for app in TestApp::both().await {
        shipworthy::builtin::seed(&app.app).await.expect("the built-in policies are kept");
        let root = app.root().await;
        shop(&app, &root).await;
        let waiting = app.get("/decisions/waiting", &root).await;
        let question = json!({ "release": waiting.body["items"][0]["release"]["id"], "environment": "production" });
        let decided = app.post("/gates/evaluate", &root, question).await;
        assert_eq!(decided.status, 201, "{}", decided.body);
        assert_eq!(app.get("/decisions/waiting", &root).await.body["items"], json!([]));
        let mut waiting = waiting.whole();
        scrub(&mut waiting);
        insta::allow_duplicates! { insta::assert_json_snapshot!("a_decision_that_waits", waiting) };
    }
}

#[tokio::test]
async fn a_component_of_a_line_that_is_not_maintained_any_more_says_so() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let life = |day: &str| {
            json!({ "schema_version": "1.2.0", "result": { "name": "log4j",
                "identifiers": [{ "id": "pkg:maven/org.apache.logging.log4j/log4j-core", "type": "purl" }],
                "releases": [{ "name": "2.14", "releaseDate": "2020-11-06", "isEol": true, "eolFrom": day,
                    "latest": { "name": "2.14.1", "date": "2021-03-06" } }] } })
        };
        for day in ["2026-06-01", "2022-01-01"] {
            let imported = app.import(&root, life(day).to_string().into_bytes()).await;
            assert_eq!(imported.status, 200, "{}", imported.body);
        }
        let vulnerable = app.get("/components?vulnerable=true", &root).await;
        let one = app.get(&format!("/components/{}", vulnerable.body["items"][0]["id"]), &root).await;
        assert_eq!(one.body["patch_status"]["is_end_of_life"], true, "{}", one.body);
        let words = one.text("/patch_status/words");
        assert!(words.ends_with("its line 2.14 has not been maintained since 2022-01-01"), "{words}");
    }
}
