//! The gate: verdicts in every mode, answers that are given again, exceptions over time, replay.

use crate::gate_shop::{Shop, criticals, vulnerability};
use crate::test_app::Answer;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shipworthy_model::{Finding, Permission, Scope, Severity};

fn outcome<'a>(answer: &'a Answer, policy: &str) -> &'a Value {
    let policies = answer.body["policies"].as_array().unwrap_or_else(|| panic!("policies in {}", answer.body));
    policies.iter().find(|result| result["name"] == policy).unwrap_or_else(|| panic!("{policy} in {}", answer.body))
}

#[tokio::test]
async fn unknown_is_not_pass_in_any_mode_of_the_gate() {
    for shop in Shop::both().await {
        shop.assign_only(&[("tests-passed", "deny")]).await;
        let mut verdicts = Vec::new();
        for environment in ["production", "test", "watched", "resting"] {
            let answer = shop.ask(environment).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
            let result = outcome(&answer, "tests-passed");
            assert_eq!(result["outcome"], "unknown");
            assert_eq!(result["reasons"], json!(["the fact `build.tests` is missing"]));
            verdicts.push(format!("{environment}: {}", answer.text("/verdict")));
        }
        assert_eq!(verdicts, ["production: deny", "test: warn", "watched: warn", "resting: allow"]);
        assert_eq!(shop.replay_all().await, 4);
    }
}

#[tokio::test]
async fn without_any_policy_nobody_judged_and_nothing_is_allowed() {
    let shop = Shop::sqlite().await;
    shop.assign_only(&[]).await;
    let answer = shop.ask("production").await;
    assert_eq!(
        (answer.text("/verdict").as_str(), answer.text("/policies/0/name").as_str()),
        ("deny", "no-policy-assigned")
    );
    assert_eq!(shop.replay_all().await, 1);
}

#[tokio::test]
async fn a_new_installation_says_what_is_missing_and_stops_what_is_dangerous() {
    for shop in Shop::both().await {
        shop.push_scan(criticals(11)).await;
        shop.push_tests(10, 0).await;
        let answer = shop.ask("production").await;
        let mut body = answer.whole();
        scrub(&mut body);
        insta::allow_duplicates! { insta::assert_json_snapshot!("first_answer_of_a_new_installation", body) };
        assert_eq!(shop.replay_all().await, 1);
    }
}

#[tokio::test]
async fn the_same_answer_is_given_until_something_it_rests_on_changes() {
    for shop in Shop::both().await {
        shop.assign_only(&[("findings-by-severity", "deny")]).await;
        shop.push_scan(criticals(11)).await;
        let mut last = shop.ask("production").await;
        assert_eq!((last.status.as_u16(), last.text("/verdict").as_str()), (201, "deny"));
        let expect_same = async |last: &Answer, why: &str| {
            let same = shop.ask("production").await;
            assert_eq!((same.status.as_u16(), &same.bytes), (200, &last.bytes), "{why}");
        };
        expect_same(&last, "nothing changed").await;
        shop.ask("test").await;
        expect_same(&last, "another environment was asked about").await;
        shop.app.wait(SignedDuration::from_hours(1000));
        expect_same(&last, "time alone changes nothing").await;

        let mut changes = 0;
        for change in ["evidence", "exception", "revocation", "policy", "assignment", "environment", "catalogue"] {
            change_one(&shop, change).await;
            let next = shop.ask("production").await;
            assert_eq!(next.status, 201, "{change} changes what the answer rests on: {}", next.body);
            assert_ne!(next.text("/id"), last.text("/id"), "{change}");
            expect_same(&next, change).await;
            last = next;
            changes += 1;
        }
        assert_eq!(shop.replay_all().await, changes + 2);
    }
}

async fn change_one(shop: &Shop, what: &str) {
    match what {
        "evidence" => shop.push_tests(1, 0).await,
        "exception" => drop(shop.excuse(json!({ "rule": "CVE-2026-0001" }), 10).await),
        "revocation" => {
            let listed = shop.app.get("/exceptions?state=approved", &shop.ada).await;
            let path = format!("/exceptions/{}/revoke", listed.text("/items/0/id"));
            assert_eq!(shop.app.post(&path, &shop.ada, json!({})).await.status, 200);
        }
        "policy" => {
            let source = policy("count-releases", "violations contains {\"message\": \"no\"} if false");
            let answer = shop.app.post("/policies", &shop.ada, json!({ "source": source })).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
        "assignment" => {
            let body = json!({ "policy": "count-releases", "action": "warn", "scope": { "kind": "everything" } });
            assert_eq!(shop.app.post("/assignments", &shop.ada, body).await.status, 201);
        }
        "environment" => {
            let mut session = shop.app.app.db.write().await.expect("a session");
            let found = shipworthy_store::environment::by_name(&mut session, "production").await.expect("found");
            let changed = shipworthy_model::Environment { gate_mode: "warn".parse().expect("a mode"), ..found };
            shipworthy_store::environment::update(&mut session, &changed).await.expect("updated");
            session.commit().await.expect("committed");
        }
        "catalogue" => {
            let entry = json!({ "cveID": "CVE-2026-0002", "vulnerabilityName": "x", "dateAdded": "2026-01-01",
                "dueDate": "2026-02-01" });
            let body = json!({ "catalogVersion": "2026.03.01", "dateReleased": "2026-03-01", "count": 1,
                "vulnerabilities": [entry] });
            let put = crate::test_app::request("PUT", "/advisories/known-exploited", &shop.ada, Some(body));
            assert_eq!(shop.app.send(put).await.status, 200);
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_exception_excuses_from_its_first_instant_until_before_its_last_without_any_job() {
    for shop in Shop::both().await {
        shop.assign_only(&[("findings-by-severity", "deny")]).await;
        shop.push_scan(criticals(11)).await;
        let now = shop.app.clock.now();
        let until = now + SignedDuration::from_hours(2);
        let from = now + SignedDuration::from_hours(1);
        let body = json!({ "matchers": { "rule": "GHSA-CVE-2026-0001" }, "scope": { "application": "shop" },
            "reason": "not reachable", "from": from.to_string(), "until": until.to_string() });
        let asked = shop.app.post("/exceptions", &shop.bob, body).await;
        let id = asked.text("/id");
        let mut seen = vec![shop.ask("production").await.text("/verdict")];
        shop.app.post(&format!("/exceptions/{id}/approve"), &shop.ada, json!({})).await;
        let moments = [now, from - micro(), from, until - micro(), until, until + SignedDuration::from_hours(1)];
        for moment in moments {
            shop.app.clock.set(Some(moment));
            let answer = shop.ask("production").await;
            seen.push(answer.text("/verdict"));
            let excused = answer.body["excused_findings"].as_array().expect("a list").len();
            assert_eq!(excused == 1, answer.text("/verdict") == "allow", "{}", answer.body);
        }
        assert_eq!(seen, ["deny", "deny", "deny", "allow", "allow", "deny", "deny"]);
        let shown = shop.app.get(&format!("/exceptions/{id}"), &shop.ada).await;
        assert_eq!((shown.text("/state").as_str(), &shown.body["is_active"]), ("expired", &json!(false)));
        shop.replay_all().await;
    }
}

fn micro() -> SignedDuration {
    SignedDuration::from_micros(1)
}

#[tokio::test]
async fn excused_findings_are_out_of_the_count_and_named_in_the_decision() {
    for shop in Shop::both().await {
        shop.assign_only(&[("findings-by-severity", "deny")]).await;
        shop.push_scan(criticals(12)).await;
        let exception = shop.excuse(json!({ "purl": "pkg:npm/lib3" }), 24).await;
        let one_less = shop.ask("production").await;
        let violations = &outcome(&one_less, "findings-by-severity")["violations"];
        assert_eq!(violations[0]["message"], "11 critical vulnerabilities, at most 10 allowed");
        assert_eq!((one_less.text("/verdict").as_str(), violations.as_array().map(Vec::len)), ("deny", Some(1)));

        shop.excuse(json!({ "rule": "cve-2026-0004" }), 24).await;
        let allowed = shop.ask("production").await;
        assert_eq!(allowed.text("/verdict"), "allow");
        let result = outcome(&allowed, "findings-by-severity");
        assert_eq!(
            (&result["outcome"], result["violations"][0]["excused_by"].as_array().map(Vec::len)),
            (&json!("pass"), Some(2))
        );
        let components: Vec<_> = allowed.body["excused_findings"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|finding| (finding["component"].as_str().expect("text"), finding["exception"] == exception.as_str()))
            .collect();
        assert_eq!(components, [("pkg:npm/lib3@1.0.0", true), ("pkg:npm/lib4@1.0.0", false)]);
        assert_eq!(allowed.body["exceptions"].as_array().map(Vec::len), Some(2));
        shop.replay_all().await;
    }
}

#[tokio::test]
async fn an_exception_for_a_policy_excuses_its_violations_alone() {
    let shop = Shop::sqlite().await;
    shop.assign_only(&[("findings-by-severity", "deny"), ("tests-passed", "deny")]).await;
    shop.push_scan(criticals(11)).await;
    shop.push_tests(3, 1).await;
    shop.excuse(json!({ "policy": "findings-by-severity" }), 24).await;
    let answer = shop.ask("production").await;
    let outcomes = ["findings-by-severity", "tests-passed"].map(|name| outcome(&answer, name)["outcome"].clone());
    assert_eq!((outcomes, answer.text("/verdict").as_str()), ([json!("pass"), json!("fail")], "deny"));
    shop.replay_all().await;
}

#[tokio::test]
async fn a_later_scan_of_the_same_image_stands_for_the_earlier_one_and_test_reports_add_up() {
    let shop = Shop::sqlite().await;
    shop.assign_only(&[("findings-by-severity", "deny"), ("tests-passed", "deny")]).await;
    shop.push_scan(criticals(11)).await;
    shop.push_tests(3, 1).await;
    shop.app.wait(SignedDuration::from_secs(1));
    shop.push_scan(criticals(2)).await;
    shop.push_tests(4, 0).await;
    let answer = shop.ask("production").await;
    assert_eq!(outcome(&answer, "findings-by-severity")["outcome"], "pass");
    let message = &outcome(&answer, "tests-passed")["violations"][0]["message"];
    assert_eq!(message, "1 of 8 tests failed", "a failed test is not forgotten because another report came");
}

#[tokio::test]
async fn a_release_that_names_no_artifact_is_judged_and_its_summary_is_about_the_record() {
    let shop = Shop::sqlite().await;
    let release = json!({ "application": "shop", "service": "cart", "version": "0.1.0" });
    let body = json!({ "release": release, "environment": "production" });
    let answer = shop.app.post("/gates/evaluate", &shop.ada, body).await;
    assert_eq!((answer.status.as_u16(), answer.text("/verdict").as_str()), (201, "deny"));
    let statement = statement(&shop, &answer.text("/id")).await;
    assert_eq!(statement["subject"][0]["digest"]["sha256"], answer.text("/digest").trim_start_matches("sha256:"));
}

async fn statement(shop: &Shop, id: &str) -> Value {
    use shipworthy_trust::dsse;
    let summary = shop.app.get(&format!("/decisions/{id}/attestation"), &shop.ada).await;
    let envelope = serde_json::from_slice(&summary.bytes).expect("an envelope");
    let payload = dsse::open(
        &envelope,
        dsse::IN_TOTO,
        &[shop.app.app.keys.attestation(shop.app.app.clock.now()).expect("a key").public()],
    )
    .expect("it is signed");
    serde_json::from_slice(&payload).expect("JSON")
}

#[tokio::test]
async fn the_summary_is_signed_and_bound_to_the_image_the_environment_and_the_record() {
    let shop = Shop::sqlite().await;
    shop.assign_only(&[("findings-by-severity", "deny")]).await;
    shop.push_scan(criticals(1)).await;
    let answer = shop.ask("production").await;
    let mut statement = statement(&shop, &answer.text("/id")).await;
    scrub(&mut statement);
    insta::assert_json_snapshot!("signed_summary", statement);
}

#[tokio::test]
async fn a_question_about_what_does_not_exist_or_is_not_visible_gets_the_same_answer() {
    let shop = Shop::sqlite().await;
    let stranger = shop.app.token("eve", &[Permission::Gate, Permission::Read], other_application()).await;
    let ask = async |token: &str, release: Value, environment: &str| {
        let body = json!({ "release": release, "environment": environment });
        shop.app.post("/gates/evaluate", token, body).await.whole()
    };
    let id = shop.release.to_string();
    let answers = [
        ask(&stranger, json!(id), "production").await,
        ask(&shop.ada, json!({ "application": "shop", "service": "cart", "version": "9" }), "production").await,
        ask(&shop.ada, json!(id), "moon").await,
        ask(&shop.ada, json!("1.0.0"), "production").await,
        ask(&shop.ada, json!({ "application": "shop" }), "production").await,
        ask(&shop.ada, json!(7), "production").await,
    ];
    let mut answers = json!(answers);
    scrub(&mut answers);
    insta::assert_json_snapshot!("questions_about_nothing", answers);
    let decided = shop.ask("production").await.text("/id");
    for path in ["", "/record", "/replay", "/attestation"] {
        assert_eq!(shop.app.get(&format!("/decisions/{decided}{path}"), &stranger).await.status, 404, "{path}");
    }
    assert_eq!(shop.app.get("/decisions", &stranger).await.body["items"], json!([]));
}

fn other_application() -> Scope {
    Scope::Application(shipworthy_model::ApplicationId(crate::test_app::unused_id()))
}

#[tokio::test]
async fn many_who_ask_at_once_get_one_decision() {
    for shop in Shop::both().await {
        shop.push_scan(criticals(3)).await;
        let answers = tokio::join!(shop.ask("production"), shop.ask("production"), shop.ask("production"));
        let ids = [answers.0.text("/id"), answers.1.text("/id"), answers.2.text("/id")];
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        let listed = shop.app.get("/decisions", &shop.ada).await;
        assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn one_bad_policy_is_unknown_and_the_others_are_judged() {
    let shop = Shop::sqlite().await;
    shop.assign_only(&[("findings-by-severity", "deny")]).await;
    shop.push_scan(criticals(1)).await;
    // Every rule is twice as long as the one before: 36 bytes become half a terabyte.
    let doubling: String = (1..=34).map(|n| format!("a{n} := concat(\"\", [a{0}, a{0}])\n", n - 1)).collect();
    let end = "violations contains {\"message\": \"full\"} if a34 == \"\"";
    let source = policy("hungry", &format!("a0 := input.release.id\n{doubling}{end}"));
    let pushed = shop.app.post("/policies", &shop.ada, json!({ "source": source })).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let body = json!({ "policy": "hungry", "action": "warn", "scope": { "kind": "everything" } });
    assert_eq!(shop.app.post("/assignments", &shop.ada, body).await.status, 201);
    let answer = shop.ask("production").await;
    assert_eq!(outcome(&answer, "findings-by-severity")["outcome"], "pass");
    let result = outcome(&answer, "hungry");
    // On a busy machine its time may end before its memory.
    let reason = result["reasons"][0].as_str().expect("a reason");
    assert!(reason.starts_with("the policy could not be evaluated: "), "{reason}");
    assert_eq!(result["outcome"], "unknown");
    assert_eq!(answer.text("/verdict"), "warn");
    assert_eq!(shop.replay_all().await, 1);
}

#[tokio::test]
async fn text_of_tools_goes_through_as_text() {
    let shop = Shop::sqlite().await;
    let purl = "pkg:npm/%3Cscript%3E@1.0.0";
    let findings: Vec<Finding> =
        (0..11).map(|n| vulnerability(&format!("<img src=x>{n}"), Severity::Critical, purl)).collect();
    shop.push_scan(findings).await;
    let answer = shop.ask("production").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    assert!(answer.body.to_string().contains("<img src=x>"), "{}", answer.body);
}

/// A policy with this name and body.
pub(crate) fn policy(name: &str, body: &str) -> String {
    let package = name.replace('-', "_");
    format!(
        "# METADATA\n# title: A policy of ours\n# description: For a test.\n# custom:\n#   id: {name}\n\
         #   phase: build\n#   severity: low\n#   remediation: Nothing.\npackage shipworthy.{package}\n\n{body}\n"
    )
}

/// Replaces ids and the digests of what holds ids.
pub(crate) fn scrub(value: &mut Value) {
    match value {
        Value::String(text) => {
            let is_id = |word: &str| word.len() == 36 && word.matches('-').count() == 4;
            let scrubbed = |word: &str| {
                let bare = word.trim_end_matches(['/', '`', ':', ' ']);
                if is_id(bare) { format!("ID{}", &word[bare.len()..]) } else { word.to_owned() }
            };
            let words: Vec<String> = text.split_inclusive(['/', '`', ':', ' ']).map(scrubbed).collect();
            *text = words.concat();
        }
        Value::Array(items) => items.iter_mut().for_each(scrub),
        Value::Object(fields) => {
            for key in ["digest", "facts", "record", "document", "policy_digest"] {
                if fields.get(key).is_some_and(Value::is_string) {
                    fields.insert(key.to_owned(), json!("DIGEST"));
                }
            }
            if let Some(Value::Object(digests)) = fields.get_mut("digest") {
                for digest in digests.values_mut() {
                    *digest = json!("DIGEST");
                }
            }
            fields.values_mut().for_each(scrub);
        }
        _ => {}
    }
}
