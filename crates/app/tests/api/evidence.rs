//! Evidence: taken in whole or not at all, found by its release in any order of arrival, seen by whom it concerns.

use crate::portfolio::team_token;
use crate::releases::{COMMIT, cart, digest};
use crate::test_app::{Answer, TestApp, unused_id};
use crate::upload::{form, sample, upload, without_nearest};
use serde_json::{Value, json};
use shipworthy_model::{ApplicationId, Permission, Scope};

/// Evidence of many kinds is dated late in 2026; a clock before that would doubt it.
pub(crate) async fn late_in_2026() -> Vec<TestApp> {
    let apps = TestApp::both().await;
    for app in &apps {
        app.clock.set(Some("2026-12-01T12:00:00Z".parse().expect("a time")));
    }
    apps
}

async fn numbers_of(app: &TestApp, token: &str) -> (usize, usize) {
    let evidence = app.get("/evidence?limit=500", token).await;
    let log = app.get("/audit?action=evidence&limit=500", token).await;
    let length = |answer: &Answer| answer.body["items"].as_array().expect("items").len();
    (length(&evidence), length(&log))
}

async fn make_release(app: &TestApp, token: &str, version: &str) -> String {
    let made = app.post("/releases", token, cart(version)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.text("/id")
}

#[tokio::test]
async fn a_document_gets_a_receipt_and_the_same_again_finds_the_first() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let context = json!({ "commit": COMMIT, "branch": "main" });
        let documents = [sample("cyclonedx-json/image-with-vulnerabilities.json")];
        let first = app.push(&root, context.clone(), &documents).await;
        let again = app.push(&root, context, &documents).await;
        let (id, id_again) = (first.text("/receipts/0/evidence_id"), again.text("/receipts/0/evidence_id"));
        assert_eq!((id.as_str(), again.status.as_u16()), (id_again.as_str(), 200));
        assert_eq!(numbers_of(&app, &root).await, (1, 1));
        let got = app.get(&format!("/evidence/{id}"), &root).await;
        let log = app.get("/audit?action=evidence", &root).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("receipt_of_an_sbom", first.whole());
            insta::assert_json_snapshot!("evidence_of_an_sbom", got.whole());
            insta::assert_json_snapshot!("evidence_in_the_audit_log", log.body["items"][0]);
        }
    }
}

#[tokio::test]
async fn evidence_finds_its_release_by_every_subject_before_and_after() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let sarif = sample("sarif/bandit.sarif");
        let before = [
            json!({ "commit": COMMIT }),
            json!({ "build": "jenkins/cart/1.4.0" }),
            json!({ "subjects": [digest("1.4.0")] }),
            json!({ "commit": "0".repeat(40) }),
        ];
        for context in &before {
            let answer = app.push(&root, context.clone(), std::slice::from_ref(&sarif)).await;
            assert_eq!(answer.body["receipts"][0]["releases"], json!([]), "nothing to count for yet");
        }
        let release = make_release(&app, &root, "1.4.0").await;
        let listed = app.get(&format!("/evidence?release={release}"), &root).await;
        assert_eq!(listed.body["items"].as_array().expect("items").len(), 3, "all but the other commit");

        let names = json!({ "application": "shop", "service": "cart", "version": "1.4.0" });
        let junit = sample("junit/pytest.xml");
        for context in [
            json!({ "release": names }),
            json!({ "release": release }),
            json!({ "commit": COMMIT.to_uppercase() }),
            json!({ "subjects": [format!("release:{release}"), digest("1.4.0")] }),
        ] {
            let answer = app.push(&root, context, std::slice::from_ref(&junit)).await;
            assert_eq!(answer.body["receipts"][0]["releases"][0]["id"], json!(release), "{}", answer.body);
        }
        let listed = app.get(&format!("/evidence?release={release}"), &root).await;
        assert_eq!(listed.body["items"].as_array().expect("items").len(), 6, "by id and by name is the same");
    }
}

#[tokio::test]
async fn a_document_that_names_what_it_is_about_needs_no_context() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let documents = [sample("jenkins-build/multibranch-pipeline.json"), sample("trivy/image.json")];
        let named = app.send(upload("/evidence", &root, form(None, &documents))).await;
        let receipts = named.body["receipts"].as_array().expect("receipts");
        let subjects: Vec<&Value> = receipts.iter().map(|receipt| &receipt["subjects"]).collect();
        insta::allow_duplicates! { insta::assert_json_snapshot!("subjects_that_documents_name", subjects) };
    }
}

#[tokio::test]
async fn several_documents_are_recorded_together_or_not_at_all() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let good = sample("junit/pytest.xml");
        let mut refused = Vec::new();
        for bad in
            [&b"{\"a\": 1}"[..], b"{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [", b""]
        {
            let documents = [good.clone(), bad.to_vec()];
            let answer = app.push(&root, json!({ "commit": COMMIT }), &documents).await;
            refused.push(answer.whole());
        }
        let nothing_said = app.push(&root, json!({}), std::slice::from_ref(&good)).await;
        refused.push(nothing_said.whole());
        assert_eq!(numbers_of(&app, &root).await, (0, 0), "nothing is half recorded");
        let both = app.push(&root, json!({ "commit": COMMIT }), &[good, sample("sarif/bandit.sarif")]).await;
        assert_eq!(both.status, 201);
        assert_eq!(numbers_of(&app, &root).await, (2, 2));
        insta::allow_duplicates! { insta::assert_json_snapshot!("uploads_refused_as_a_whole", refused) };
    }
}

#[tokio::test]
async fn an_unknown_format_is_kept_when_asked_and_read_when_a_format_is_named() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let strange = b"{\"version\": \"2.1.0\", \"strange\": true}".to_vec();
        let context = json!({ "commit": COMMIT });
        let refused = app.push(&root, context.clone(), std::slice::from_ref(&strange)).await;
        assert_eq!(numbers_of(&app, &root).await, (0, 0));
        let body = form(Some(&context), std::slice::from_ref(&strange));
        let kept = app.send(upload("/evidence?keep_unknown=true", &root, body)).await;
        assert_eq!(kept.status, 201, "{}", kept.body);
        let id = kept.text("/receipts/0/evidence_id");
        let bytes = app.get(&format!("/evidence/{id}/document"), &root).await;
        assert_eq!(bytes.bytes, strange);
        assert_eq!(app.get(&format!("/evidence/{id}/report"), &root).await.status, 404);
        let no_format = app.push(&root, json!({ "commit": COMMIT, "format": "sarfi" }), &[strange]).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("unknown_format", without_nearest(&refused.whole()));
            insta::assert_json_snapshot!("unknown_format_kept", kept.whole());
            insta::assert_json_snapshot!("format_that_does_not_exist", no_format.whole());
        }
    }
}

#[tokio::test]
async fn a_document_comes_back_as_it_was_and_no_browser_runs_it() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let document = sample("junit/pytest.xml");
        let pushed = app.push(&root, json!({ "commit": COMMIT }), std::slice::from_ref(&document)).await;
        let id = pushed.text("/receipts/0/evidence_id");
        let got = app.get(&format!("/evidence/{id}/document"), &root).await;
        assert_eq!(got.bytes, document);
        let headers: Vec<_> =
            ["content-type", "content-disposition", "content-security-policy", "x-content-type-options"]
                .map(|name| got.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("absent").to_owned())
                .into();
        let report = app.get(&format!("/evidence/{id}/report"), &root).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("headers_of_a_document", headers);
            insta::assert_json_snapshot!("report_of_a_document", report.whole());
        }
    }
}

#[tokio::test]
async fn what_the_context_says_wrongly_is_refused_with_its_place() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let document = [sample("junit/pytest.xml")];
        let mut refused = Vec::new();
        for context in [
            json!({ "subjects": [digest("a"), "image:cart"] }),
            json!({ "subjects": ["sha256:abc"] }),
            json!({ "commit": "3f2a9c1" }),
            json!({ "build": "jenkins" }),
            json!({ "environment": "" }),
            json!({ "release": "1.4.0" }),
            json!({ "release": { "application": "shop", "service": "cart", "version": "9" } }),
            json!({ "release": { "application": "shop" } }),
            json!({ "release": 7 }),
            json!({ "comit": COMMIT }),
            json!({ "subjects": [format!("deployment:{}", unused_id())] }),
        ] {
            refused.push(app.push(&root, context, &document).await.whole());
        }
        assert_eq!(numbers_of(&app, &root).await, (0, 0));
        insta::allow_duplicates! { insta::assert_json_snapshot!("contexts_refused", refused) };
    }
}

#[tokio::test]
async fn a_clock_from_1970_or_from_the_future_is_a_warning() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let mut warnings = Vec::new();
        for time in ["1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2026-03-01T12:04:00Z"] {
            let sbom = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": { "timestamp": time },
                "components": [{ "type": "library", "name": "a", "purl": "not a purl" }] });
            let answer = app.push(&root, json!({ "commit": COMMIT }), &[sbom.to_string().into_bytes()]).await;
            warnings.push(answer.body["receipts"][0]["warnings"].clone());
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("doubtful_times", warnings) };
    }
}

#[tokio::test]
async fn a_report_of_another_image_than_the_release_ships_is_worth_a_warning() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let release = make_release(&app, &root, "1.4.0").await;
        let pushed = app.push(&root, json!({ "release": release }), &[sample("trivy/image.json")]).await;
        let warnings = pushed.body["receipts"][0]["warnings"].to_string();
        assert!(warnings.contains("which the release does not ship: is it the right one?"), "{warnings}");
    }
}

#[tokio::test]
async fn a_token_speaks_only_for_its_own_application() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let release = app.post("/releases", &root, cart("1.4.0")).await;
        let pirates = json!({ "application": "pirates", "service": "ship", "version": "1", "commit": COMMIT,
            "artifacts": [{ "digest": digest("theirs") }] });
        let theirs = app.post("/releases", &root, pirates).await;
        let of = |answer: &Answer| ApplicationId(answer.text("/application/id").parse().expect("an id"));
        let both = [Permission::Push, Permission::Read];
        let pirate = app.token("eve", &both, Scope::Application(of(&theirs))).await;
        let document = [sample("sarif/no-results.sarif")];

        let mut answers = Vec::new();
        for context in [
            json!({ "subjects": [digest("1.4.0")] }),
            json!({ "release": { "application": "shop", "service": "cart", "version": "1.4.0" } }),
            json!({ "subjects": [format!("release:{}", release.text("/id"))] }),
        ] {
            answers.push(app.push(&pirate, context, &document).await.whole().to_string());
        }
        let absent = app.push(&pirate, json!({ "release": unused_id() }), &document).await;
        assert!(answers[0].contains("\"status\":403"), "{answers:?}");
        assert!(answers[1..].iter().all(|answer| answer.contains("\"status\":404")), "{answers:?}");
        assert_eq!(absent.status, 404);

        // The commit is everybody's, but the pirate's clean report does not count for the shop.
        let shared = app.push(&pirate, json!({ "commit": COMMIT }), &document).await;
        let counts_for: Vec<&Value> =
            shared.body["receipts"][0]["releases"].as_array().expect("releases").iter().collect();
        assert_eq!(counts_for.len(), 1, "{}", shared.body);
        assert_eq!(counts_for[0]["id"], theirs.body["id"]);
        let of_shop = app.get(&format!("/evidence?release={}", release.text("/id")), &root).await;
        assert_eq!(of_shop.body["items"], json!([]));
        // A digest claimed before its owner comes counts for nothing of the owner either.
        app.push(&pirate, json!({ "subjects": [digest("1.5.0")] }), &document).await;
        let later = make_release(&app, &root, "1.5.0").await;
        let of_later = app.get(&format!("/evidence?release={later}"), &root).await;
        assert_eq!(of_later.body["items"], json!([]));
    }
}

#[tokio::test]
async fn evidence_of_others_looks_like_none() {
    for app in late_in_2026().await {
        let root = app.root().await;
        make_release(&app, &root, "1.4.0").await;
        let pushed = app.push(&root, json!({ "commit": COMMIT }), &[sample("junit/pytest.xml")]).await;
        let id = pushed.text("/receipts/0/evidence_id");
        let permissions = [Permission::Read, Permission::ReadDocuments, Permission::Push];
        let stranger = team_token(&app, &root, "strangers", &permissions).await;
        for tail in ["", "/document", "/report"] {
            let hidden = app.get(&format!("/evidence/{id}{tail}"), &stranger).await;
            let absent = app.get(&format!("/evidence/{}{tail}", unused_id()), &stranger).await;
            let without_id = |answer: &Answer, id: &str| (answer.status, answer.body.to_string().replace(id, "ID"));
            assert_eq!(without_id(&hidden, &id), without_id(&absent, &unused_id().to_string()), "{tail}");
            assert_eq!(hidden.status, 404);
        }
        assert_eq!(app.get("/evidence", &stranger).await.body, json!({ "items": [] }));
        let own = app.push(&stranger, json!({ "commit": "f".repeat(40) }), &[sample("junit/pytest.xml")]).await;
        let own_id = own.text("/receipts/0/evidence_id");
        let strangers = app.get("/evidence", &stranger).await;
        assert_eq!(strangers.body["items"], json!([]), "their team has no application yet");
        assert_eq!(app.get(&format!("/evidence/{own_id}"), &root).await.status, 200);
    }
}

#[tokio::test]
async fn evidence_is_listed_by_every_filter_in_pages() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let documents = [
            sample("junit/pytest.xml"),
            sample("sarif/bandit.sarif"),
            sample("trivy/image.json"),
            sample("junit/node.xml"),
        ];
        app.push(&root, json!({ "commit": COMMIT }), &documents).await;
        let formats = |answer: &Answer| {
            let items = answer.body["items"].as_array().expect("items").clone();
            items.iter().map(|item| item["format"].as_str().expect("a format").to_owned()).collect::<Vec<_>>().join(" ")
        };
        let mut listed = Vec::new();
        for query in
            ["", "?format=junit", "?phase=artifact", &format!("?subject=git:{COMMIT}&limit=2"), "?subject=git:0"]
        {
            let answer = app.get(&format!("/evidence{query}"), &root).await;
            listed.push(if answer.status == 200 { formats(&answer) } else { answer.body.to_string() });
            if let Some(cursor) = answer.body["next_cursor"].as_str() {
                let next = app.get(&format!("/evidence{query}&cursor={cursor}"), &root).await;
                listed.push(format!("then {}", formats(&next)));
            }
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("evidence_filtered", listed) };
    }
}

#[tokio::test]
async fn findings_and_components_of_a_release_are_listed_once_with_counts() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let release = make_release(&app, &root, "1.4.0").await;
        let documents = [
            sample("cyclonedx-json/image-with-vulnerabilities.json"),
            sample("trivy/image.json"),
            sample("sarif/bandit.sarif"),
        ];
        let pushed = app.push(&root, json!({ "release": release }), &documents).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let mut answers = Vec::new();
        for query in [
            "findings?limit=2",
            "findings?severity=critical,high&kind=vulnerability&limit=1",
            "findings?q=OPENSSL",
            "findings?severity=awful",
            "components?limit=2",
            "components?q=log4j",
            "components?license=gpl&limit=1",
        ] {
            let mut answer = app.get(&format!("/releases/{release}/{query}"), &root).await.whole();
            if let Some(cursor) = answer["body"]["next_cursor"].as_str() {
                let next = app.get(&format!("/releases/{release}/{query}&cursor={cursor}"), &root).await;
                assert_eq!(next.status, 200, "{}", next.body);
                answer["body"]["next_cursor"] = json!("CURSOR");
            }
            answers.push(answer);
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("findings_and_components", answers) };
        let hidden = app.get(&format!("/releases/{}/findings", unused_id()), &root).await;
        assert_eq!(hidden.status, 404);
    }
}

#[tokio::test]
async fn the_formats_are_listed() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let listed = app.get("/formats", &root).await;
    let names = listed.body["items"].as_array().expect("items").iter().map(|format| format["name"].as_str());
    let mut known: Vec<Option<&str>> = shipworthy_formats::FORMATS.iter().map(|format| Some(format.name)).collect();
    known.sort_unstable();
    assert_eq!(names.collect::<Vec<_>>(), known);
}
