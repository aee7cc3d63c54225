//! Our own matching: what advisories say of the components of releases, whichever came first, beside what scanners say.

use crate::gate_shop::{Shop, vulnerability};
use crate::test_app::Answer;
use serde_json::{Value, json};
use shipworthy_model::{ComponentRef, Finding, Severity};

pub(crate) const LOG4J: &str = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1";

/// An inventory of these package URLs.
pub(crate) fn inventory(purls: &[&str]) -> Vec<u8> {
    let component = |purl: &&str| {
        let (rest, version) = purl.rsplit_once('@').expect("a version");
        let name = rest.rsplit('/').next().expect("a name");
        json!({ "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "licenses": [{ "license": { "id": "Apache-2.0" } }] })
    };
    let components: Vec<Value> = purls.iter().map(component).collect();
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components })
        .to_string()
        .into_bytes()
}

/// A record of OSV about versions of log4j-core before `fixed`.
pub(crate) fn log4shell(modified: &str, fixed: &str) -> Value {
    json!({
        "schema_version": "1.7.0", "id": "GHSA-jfh8-c2jp-5v3q", "modified": modified, "aliases": ["CVE-2021-44228"],
        "summary": "Remote code injection in Log4j", "severity":
            [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H" }],
        "affected": [{
            "package": { "ecosystem": "Maven", "name": "org.apache.logging.log4j:log4j-core" },
            "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "2.13.0" }, { "fixed": fixed }] }]
        }]
    })
}

impl Shop {
    async fn push_inventory(&self, purls: &[&str]) -> Answer {
        let context = json!({ "subjects": [self.image.to_string()] });
        let answer = self.app.push(&self.ada, context, &[inventory(purls)]).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer
    }

    async fn import(&self, record: &Value) -> Answer {
        let answer = self.app.import(&self.ada, record.to_string().into_bytes()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer
    }

    async fn findings(&self) -> Answer {
        self.app.get(&format!("/releases/{}/findings", self.release), &self.ada).await
    }
}

#[tokio::test]
async fn an_advisory_and_an_inventory_meet_whichever_comes_first() {
    let record = log4shell("2021-12-10T00:00:00Z", "2.15.0");
    let mut seen = Vec::new();
    for (shop, is_inventory_first) in
        Shop::both().await.into_iter().chain(Shop::both().await).zip([true, true, false, false])
    {
        if is_inventory_first {
            shop.push_inventory(&[LOG4J, "pkg:npm/left-pad@1.3.0"]).await;
            assert_eq!(shop.import(&record).await.body["releases"], 1);
        } else {
            shop.import(&record).await;
            shop.push_inventory(&[LOG4J, "pkg:npm/left-pad@1.3.0"]).await;
        }
        let again = shop.import(&record).await;
        assert_eq!((&again.body["releases"], &again.body["sources"][0]["changed"]), (&json!(0), &json!(0)));
        let mut found = shop.findings().await.whole();
        crate::gates::scrub(&mut found);
        seen.push(found);
    }
    insta::assert_json_snapshot!("a_release_with_log4shell", seen[0]);
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
}

#[tokio::test]
async fn a_changed_advisory_changes_what_is_known_and_what_the_gate_says() {
    for shop in Shop::both().await {
        shop.assign_only(&[]).await;
        let body = json!({ "policy": "findings-by-severity", "parameters": { "critical": 0 }, "action": "deny",
            "scope": { "kind": "everything" } });
        assert_eq!(shop.app.post("/assignments", &shop.ada, body).await.status, 201);
        shop.push_scan(Vec::new()).await;
        shop.push_inventory(&[LOG4J]).await;
        let mut story = vec![shop.ask("production").await.text("/verdict")];
        for (day, fixed) in [("10", "2.14.0"), ("11", "2.15.0"), ("12", "2.14.1")] {
            shop.import(&log4shell(&format!("2021-12-{day}T00:00:00Z"), fixed)).await;
            let total = shop.findings().await.body["counts"]["critical"].to_string();
            let verdict = shop.ask("production").await.text("/verdict");
            story.push(format!("fixed in {fixed}: {total} critical, {verdict}"));
        }
        assert_eq!(
            story,
            [
                "allow",
                "fixed in 2.14.0: 0 critical, allow",
                "fixed in 2.15.0: 1 critical, deny",
                "fixed in 2.14.1: 0 critical, allow",
            ]
        );
        assert_eq!(shop.replay_all().await, 3);
    }
}

#[tokio::test]
async fn a_withdrawn_advisory_counts_no_longer() {
    for shop in Shop::both().await {
        shop.push_inventory(&[LOG4J]).await;
        shop.import(&log4shell("2021-12-10T00:00:00Z", "2.15.0")).await;
        let mut withdrawn = log4shell("2021-12-11T00:00:00Z", "2.15.0");
        withdrawn["withdrawn"] = json!("2021-12-11T00:00:00Z");
        assert_eq!(shop.import(&withdrawn).await.body["releases"], 1);
        assert_eq!(shop.findings().await.body["items"], json!([]));
    }
}

#[tokio::test]
async fn our_matching_and_a_scanner_are_two_witnesses_of_one_problem() {
    for shop in Shop::both().await {
        let component = ComponentRef {
            purl: Some(LOG4J.to_owned()),
            name: "org.apache.logging.log4j:log4j-core".to_owned(),
            version: Some("2.14.1".to_owned()),
        };
        let identity = shipworthy_formats::vulnerability_identity("CVE-2021-44228", &[], Some(&component));
        let scanned = Finding {
            rule: "CVE-2021-44228".to_owned(),
            aliases: Vec::new(),
            component: Some(component),
            identity,
            ..vulnerability("CVE-2021-44228", Severity::Medium, LOG4J)
        };
        shop.push_scan(vec![scanned]).await;
        shop.push_inventory(&[LOG4J]).await;
        shop.import(&log4shell("2021-12-10T00:00:00Z", "2.15.0")).await;
        let found = shop.findings().await;
        assert_eq!(found.body["items"].as_array().map(Vec::len), Some(1), "{}", found.body);
        let witnesses: Vec<String> = found.body["items"][0]["witnesses"]
            .as_array()
            .expect("witnesses")
            .iter()
            .map(|witness| format!("{}: {}", witness["format"], witness["severity"]))
            .collect();
        assert_eq!(witnesses, ["\"shipworthy\": \"critical\"", "\"trivy\": \"medium\""]);
        assert_eq!(found.text("/items/0/severity"), "critical");
        assert_eq!(found.body["counts"]["critical"], 1);
        assert_eq!(found.body["counts"]["medium"], 0);
    }
}

#[tokio::test]
async fn what_a_third_record_joins_is_one_vulnerability() {
    for shop in Shop::both().await {
        shop.push_inventory(&[LOG4J]).await;
        let mut alone = log4shell("2021-12-10T00:00:00Z", "2.15.0");
        alone["aliases"] = json!([]);
        shop.import(&alone).await;
        assert_eq!(shop.findings().await.text("/items/0/rule"), "GHSA-jfh8-c2jp-5v3q");
        let joins = json!({ "schema_version": "1.7.0", "id": "LOG-1", "modified": "2021-12-12T00:00:00Z",
            "aliases": ["CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"] });
        shop.import(&joins).await;
        let found = shop.findings().await;
        assert_eq!(found.body["items"].as_array().map(Vec::len), Some(1), "{}", found.body);
        assert_eq!(found.text("/items/0/rule"), "CVE-2021-44228");
    }
}
