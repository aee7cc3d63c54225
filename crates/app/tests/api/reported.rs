//! What tools report of a repository, a deployment and its load: from their documents to receipts, the bill of materials
//! and the facts that a gate judges.

use crate::gate_shop::Shop;
use crate::gates::policy;
use crate::upload::sample;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn scorecards_canaries_load_tests_and_judgments_reach_the_gate() {
    for shop in Shop::both().await {
        let app = &shop.app;
        app.clock.set(Some("2026-12-01T12:00:00Z".parse().expect("a time")));
        let mut receipts = Vec::new();
        for file in [
            "scorecard/shop.json",
            "k6-summary/handle-summary.json",
            "kayenta-canary/canary.json",
            "spinnaker-execution/pipeline.json",
        ] {
            app.wait(SignedDuration::from_mins(1));
            let pushed = app.push(&shop.ada, json!({ "release": shop.release.to_string() }), &[sample(file)]).await;
            assert_eq!(pushed.status, 201, "{file}: {}", pushed.body);
            let receipt = &pushed.body["receipts"][0];
            receipts
                .push(json!({ "format": receipt["format"], "phase": receipt["phase"], "summary": receipt["summary"] }));
        }
        let dbom = app.get(&format!("/releases/{}/dbom", shop.release), &shop.ada).await;
        let phases = dbom.body["phases"].as_array().expect("phases").iter();
        let facts: Vec<Value> =
            phases.map(|phase| json!({ "phase": phase["phase"], "facts": phase["facts"] })).collect();

        let body = "violations contains {\"message\": message} if {\n\
            some fact in [input.source.scorecard, input.deploy.performance, input.deploy.verification, input.deploy.judgments]\n\
            message := json.marshal(fact)\n}";
        let source = policy("tell-the-facts", &format!("import rego.v1\n{body}"));
        let made = app.post("/policies", &shop.ada, json!({ "source": source })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        shop.assign_only(&[("tell-the-facts", "deny")]).await;
        let decided = shop.ask("production").await;
        let result = &decided.body["policies"][0];
        let violations = result["violations"].as_array().unwrap_or_else(|| panic!("violations in {result}")).iter();
        let told: Vec<Value> = violations
            .map(|violation| {
                let message = violation["message"].as_str().expect("a message");
                serde_json::from_str(message).expect("the fact as JSON")
            })
            .collect();
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("receipts_of_reports_on_a_deployment", receipts);
            insta::assert_json_snapshot!("dbom_of_reports_on_a_deployment", facts);
            insta::assert_json_snapshot!("facts_of_reports_on_a_deployment", told);
        }
    }
}

#[tokio::test]
async fn a_scan_for_secrets_alone_is_no_scan_for_vulnerabilities() {
    for shop in Shop::both().await {
        shop.assign_only(&[("findings-by-severity", "deny")]).await;
        let about = json!({ "release": shop.release.to_string() });
        let ask = async |file: &str| {
            shop.app.wait(SignedDuration::from_mins(1));
            let pushed = shop.app.push(&shop.ada, about.clone(), &[sample(file)]).await;
            assert_eq!(pushed.status, 201, "{file}: {}", pushed.body);
            let decided = shop.ask("production").await;
            let result = &decided.body["policies"][0];
            json!({ "after": file, "outcome": result["outcome"], "reasons": result["reasons"] })
        };
        let told = [ask("trivy/secrets-only.json").await, ask("trivy/image.json").await];
        insta::allow_duplicates! { insta::assert_json_snapshot!("outcomes_after_secrets_alone", told) };
    }
}
