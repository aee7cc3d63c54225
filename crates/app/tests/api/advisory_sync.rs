//! Vulnerability data that the server fetches itself: only what changed, whatever fails, one server at a time.

use crate::feeds::{Feeds, Reply, archive, record};
use crate::portfolio::team_token;
use crate::test_app::{Answer, TestApp};
use axum::body::Body;
use axum::http::Request;
use jiff::SignedDuration;
use reqwest::Url;
use serde_json::{Value, json};
use shipworthy::settings::AdvisorySettings;
use shipworthy_advisories::source::Kind;
use shipworthy_model::Permission;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

const SOURCES: [Kind; 3] = [Kind::Osv, Kind::Epss, Kind::KnownExploited];

impl TestApp {
    /// Applications that fetch from `feeds`.
    async fn fetching(feeds: &Feeds, sources: &[Kind]) -> Vec<Self> {
        Self::fetching_with(feeds, sources, |_| {}).await
    }

    async fn fetching_with(feeds: &Feeds, sources: &[Kind], change: impl Fn(&mut AdvisorySettings)) -> Vec<Self> {
        Self::both_with(|settings| {
            let url = |path: &str| Url::parse(&format!("{}{path}", feeds.url)).expect("an address");
            let advisories = &mut settings.advisories;
            advisories.sources = sources.to_vec();
            advisories.osv_url = url("/osv/");
            advisories.osv_ecosystems = vec!["npm".to_owned(), "Rocky Linux".to_owned()];
            advisories.epss_url = url("/epss.csv.gz");
            advisories.known_exploited_url = url("/known-exploited.json");
            advisories.nvd_url = url("/nvd");
            change(advisories);
        })
        .await
    }

    /// Syncs to the end and gives the answer.
    async fn sync(&self, token: &str) -> Answer {
        self.post("/advisories/sync", token, json!({ "wait": true })).await
    }
}

/// What a sync answered, and what it asked for.
fn told(feeds: &Feeds, answer: &Answer) -> Value {
    let told = json!({ "answer": answer.whole(), "asked": feeds.asked() }).to_string();
    serde_json::from_str(&told.replace(&feeds.url, "http://feeds")).expect("JSON")
}

fn sample(name: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../advisories/samples").join(name);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

const NPM: [(&str, &str); 3] =
    [("N-1", "2026-01-01T00:00:00Z"), ("N-2", "2026-01-02T00:00:00.123456Z"), ("N-3", "2026-01-03T00:00:00Z")];
const ROCKY: [(&str, &str); 1] = [("RLSA-2026:1", "2026-02-01T00:00:00Z")];

/// A server of three sources that works.
async fn three_sources() -> Feeds {
    let feeds = Feeds::start().await;
    feeds.put_ecosystem("osv/npm", &NPM);
    feeds.put_ecosystem("osv/Rocky Linux", &ROCKY);
    feeds.put("/epss.csv.gz", Reply::Document(gzip(&sample("epss.csv"))));
    feeds.put("/known-exploited.json", Reply::Document(sample("known-exploited.json")));
    feeds
}

#[tokio::test]
async fn the_first_sync_takes_archives_and_later_ones_only_what_changed() {
    let feeds = three_sources().await;
    for app in TestApp::fetching(&feeds, &SOURCES).await {
        let root = app.root().await;
        feeds.put_ecosystem("osv/npm", &NPM);
        let before = app.get("/advisories", &root).await;
        let first = told(&feeds, &app.sync(&root).await);
        app.wait(SignedDuration::from_hours(1));
        let nothing_new = told(&feeds, &app.sync(&root).await);
        let changed = [NPM[0], ("N-2", "2026-02-02T00:00:00Z"), NPM[2], ("N-4", "2026-02-03T00:00:00Z")];
        feeds.put_ecosystem("osv/npm", &changed);
        app.wait(SignedDuration::from_hours(1));
        let increment = told(&feeds, &app.sync(&root).await);
        let loaded = told(&feeds, &app.get("/advisories", &root).await);
        let log = app.get("/audit?action=advisories", &root).await;
        let log: Vec<_> = log.body["items"].as_array().expect("items").iter().map(|entry| &entry["summary"]).collect();
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("before_any_sync", before.whole());
            insta::assert_json_snapshot!("the_first_sync", first);
            insta::assert_json_snapshot!("a_sync_with_nothing_new", nothing_new);
            insta::assert_json_snapshot!("a_sync_with_an_increment", increment);
            insta::assert_json_snapshot!("loaded_after_syncs", loaded);
            insta::assert_json_snapshot!("syncs_in_the_audit_log", log);
        }
    }
}

#[tokio::test]
async fn a_feed_that_fails_stops_no_other_keeps_what_is_there_and_raises_an_alarm_until_it_works_again() {
    let feeds = three_sources().await;
    let silence = Duration::from_secs(2);
    for app in TestApp::fetching_with(&feeds, &SOURCES, |settings| settings.longest_silence = silence).await {
        let root = app.root().await;
        feeds.asked();
        assert_eq!(app.sync(&root).await.body["state"], "done");
        feeds.asked();
        let many: Vec<(String, &str)> = (0..400).map(|n| (format!("M-{n}"), "2026-02-03T00:00:00Z")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(id, modified)| (id.as_str(), *modified)).collect();
        feeds.put_ecosystem("osv/npm", &many);
        let documents: Vec<_> =
            many.iter().map(|(id, modified)| (format!("{id}.json"), record(id, modified))).collect();
        let whole = archive(&documents);
        let cut = whole[..whole.len() / 2].to_vec();
        let mut failures = Vec::new();
        for reply in [Reply::Silence(whole.clone()), Reply::Status(503), Reply::Half(whole), Reply::Document(cut)] {
            feeds.put("/osv/npm/all.zip", reply);
            failures.push(told(&feeds, &app.sync(&root).await)["answer"]["body"]["feeds"][0]["failure"].take());
        }
        feeds.put("/epss.csv.gz", Reply::Document(b"cve,epss,percentile\nCVE-2026-90001,0.5,0.5\n".to_vec()));
        feeds.put("/known-exploited.json", Reply::Elsewhere("/known-exploited.json".to_owned()));
        app.wait(SignedDuration::from_hours(48));
        let failed = told(&feeds, &app.sync(&root).await);
        let loaded = told(&feeds, &app.get("/advisories", &root).await);
        let alarm = alarm(&app, &root).await;
        let old = app.get("/vulnerabilities/N-2", &root).await;
        assert_eq!(old.status, 200, "what was fetched before stays");
        feeds.put_ecosystem("osv/npm", &many);
        feeds.put("/epss.csv.gz", Reply::Document(gzip(&sample("epss.csv"))));
        feeds.put("/known-exploited.json", Reply::Document(sample("known-exploited.json")));
        let mended = told(&feeds, &app.sync(&root).await);
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("ways_in_which_an_archive_fails", failures);
            insta::assert_json_snapshot!("a_sync_that_failed", failed);
            insta::assert_json_snapshot!("loaded_after_a_failure", loaded);
            insta::assert_json_snapshot!("a_sync_that_mends", mended);
            insta::assert_json_snapshot!("an_alarm", alarm);
        }
        feeds.put_ecosystem("osv/npm", &NPM);
    }
}

/// What monitoring sees of the sources.
async fn alarm(app: &TestApp, root: &str) -> Vec<String> {
    let request = Request::get("/metrics").header("authorization", format!("Bearer {root}"));
    let answer = app.send(request.body(Body::empty()).expect("well formed")).await;
    let text = String::from_utf8(answer.bytes).expect("text");
    let of_sources = |line: &&str| line.starts_with("shipworthy_advisories_") && line.contains("source=");
    let mut lines: Vec<String> = text.lines().filter(of_sources).map(str::to_owned).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn what_breaks_off_between_records_goes_on_with_those_that_are_missing() {
    let feeds = three_sources().await;
    for app in TestApp::fetching(&feeds, &[Kind::Osv]).await {
        let root = app.root().await;
        feeds.put_ecosystem("osv/npm", &NPM);
        assert_eq!(app.sync(&root).await.body["state"], "done");
        feeds.asked();
        let later = [NPM[0], NPM[1], NPM[2], ("N-4", "2026-02-01T00:00:00Z"), ("N-5", "2026-02-02T00:00:00Z")];
        feeds.put_ecosystem("osv/npm", &later);
        feeds.put("/osv/npm/N-4.json", Reply::Status(500));
        let broke_off = told(&feeds, &app.sync(&root).await);
        feeds.put("/osv/npm/N-4.json", Reply::Document(record("N-4", "2026-02-01T00:00:00Z")));
        let went_on = told(&feeds, &app.sync(&root).await);
        let gone = [later.as_slice(), &[("N-6", "2026-02-04T00:00:00Z"), ("../N-7", "2026-02-04T00:00:00Z")]].concat();
        feeds.put_ecosystem("osv/npm", &gone[..6]);
        feeds.put("/osv/npm/N-6.json", Reply::Status(404));
        let left_out = told(&feeds, &app.sync(&root).await);
        feeds.put_ecosystem("osv/npm", &gone);
        let unreadable = told(&feeds, &app.sync(&root).await);
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("records_that_broke_off", [broke_off, went_on, left_out, unreadable]);
        }
    }
}

#[tokio::test]
async fn one_server_syncs_at_a_time_and_one_that_gives_no_sign_of_life_is_replaced() {
    let feeds = three_sources().await;
    for app in TestApp::fetching(&feeds, &[Kind::KnownExploited]).await {
        let root = app.root().await;
        feeds.put("/known-exploited.json", Reply::Silence(sample("known-exploited.json")));
        let path = "/known-exploited.json";
        feeds.asked();
        let began = app.post("/advisories/sync", &root, json!({ "sources": ["known-exploited"] })).await;
        feeds.until_asked_for(path).await;
        let second = app.sync(&root).await;
        app.wait(SignedDuration::from_mins(3));
        let broken_off = told(&feeds, &app.get("/advisories", &root).await)["answer"]["body"]["sync"]["state"].take();
        feeds.put(path, Reply::Document(sample("known-exploited.json")));
        let replaced = told(&feeds, &app.sync(&root).await);
        assert_eq!((began.status.as_u16(), broken_off), (202, json!("broken-off")));
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("a_second_sync", second.whole());
            insta::assert_json_snapshot!("a_sync_that_replaces_another", replaced);
        }
    }
}

#[tokio::test]
async fn a_sync_needs_a_source_of_the_settings_and_the_permission_on_everything() {
    let feeds = three_sources().await;
    for app in TestApp::fetching(&feeds, &[Kind::Epss]).await {
        let root = app.root().await;
        let governor = team_token(&app, &root, "payments", &[Permission::Read, Permission::Govern]).await;
        let answers = [
            app.post("/advisories/sync", &governor, json!({})).await,
            app.post("/advisories/sync", &root, json!({ "sources": ["epss", "osint"] })).await,
            app.post("/advisories/sync", &root, json!({ "sources": ["nvd"] })).await,
            app.post("/advisories/sync", &root, json!({ "source": "epss" })).await,
        ];
        assert!(feeds.asked().is_empty());
        let answers: Vec<Value> = answers.iter().map(Answer::whole).collect();
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("refused_syncs", answers);
        }
    }
    for app in TestApp::both().await {
        let nothing = app.sync(&app.root().await).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("a_sync_of_nothing", nothing.whole());
        }
    }
}

/// A page of NVD with one record.
fn page(number: u32, total: u32) -> Reply {
    let record = json!({ "id": format!("CVE-2026-9100{number}"), "published": "2026-02-01T00:00:00.000",
        "lastModified": "2026-02-02T00:00:00.000", "vulnStatus": "Analyzed", "descriptions": [], "references": [] });
    let page = json!({ "resultsPerPage": 1, "startIndex": number, "totalResults": total, "format": "NVD_CVE",
        "version": "2.0", "timestamp": "2026-03-01T12:00:00.000", "vulnerabilities": [{ "cve": record }] });
    Reply::Document(page.to_string().into_bytes())
}

#[tokio::test]
async fn nvd_is_asked_for_windows_of_time_page_by_page_and_again_when_it_was_asked_too_often() {
    let feeds = Feeds::start().await;
    for app in TestApp::fetching(&feeds, &[Kind::Nvd]).await {
        let root = app.root().await;
        feeds.put("/nvd", page(0, 1));
        let mut first = told(&feeds, &app.sync(&root).await);
        let windows: Vec<Value> = first["asked"].as_array().expect("a list").clone();
        let windows = json!([windows.len(), windows.first(), windows.last()]);
        app.wait(SignedDuration::from_hours(1));
        let query = |start| {
            let of_time = "lastModStartDate=2026-03-01T10%3A00%3A00.000%2B00%3A00\
                           &lastModEndDate=2026-03-01T13%3A00%3A00.000%2B00%3A00";
            format!("/nvd?{of_time}&resultsPerPage=2000&startIndex={start}")
        };
        feeds.put(&query(0), page(1, 2));
        feeds.put(&query(1), page(2, 2));
        let increment = told(&feeds, &app.sync(&root).await);
        for start in 0..2 {
            feeds.put(&query(start), Reply::Status(404));
        }
        feeds.put("/nvd", Reply::Status(403));
        let too_often = told(&feeds, &app.sync(&root).await);
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("windows_of_nvd", json!([first["answer"].take(), windows, increment, too_often]));
        }
    }
}
