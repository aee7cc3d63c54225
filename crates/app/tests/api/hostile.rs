//! Uploads that mean harm: each is refused with a sentence, and nothing of it is recorded.

use crate::evidence::late_in_2026;
use crate::releases::COMMIT;
use crate::test_app::TestApp;
use crate::upload::{form, sample, upload};
use axum::body::{Body, Bytes};
use axum::http::header;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

async fn assert_nothing_recorded(app: &TestApp, token: &str) {
    assert_eq!(app.get("/evidence", token).await.body, json!({ "items": [] }));
    assert_eq!(app.get("/audit?action=evidence", token).await.body, json!({ "items": [] }));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("it is memory");
    encoder.finish().expect("it is memory")
}

#[tokio::test]
async fn two_gigabytes_that_are_announced_are_refused_before_a_byte_is_read() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let read = Arc::new(AtomicU64::new(0));
    let mut request = upload("/evidence", &root, endless(&read, u64::MAX));
    request.headers_mut().insert(header::CONTENT_LENGTH, "2147483648".parse().expect("a header"));
    let refused = app.send(request).await;
    assert_eq!(read.load(Ordering::SeqCst), 0);
    insta::assert_json_snapshot!("announced_too_large", refused.whole());
    assert_nothing_recorded(&app, &root).await;
}

#[tokio::test]
async fn two_gigabytes_that_are_not_announced_are_refused_at_the_limit() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let read = Arc::new(AtomicU64::new(0));
    let refused = app.send(upload("/evidence", &root, endless(&read, 2 << 30))).await;
    let read_mebibytes = read.load(Ordering::SeqCst) >> 20;
    assert!(read_mebibytes <= 66, "{read_mebibytes} MiB were read");
    insta::assert_json_snapshot!("streamed_too_large", refused.whole());
    assert_nothing_recorded(&app, &root).await;
}

/// A document that goes on and on, and a count of what was taken of it.
fn endless(read: &Arc<AtomicU64>, most_bytes: u64) -> Body {
    let begin = Bytes::from(form(None, &[Vec::new()]).split_off(0));
    let begin = begin.slice(..begin.len() - 40);
    let spaces = Bytes::from(vec![b' '; 1 << 20]);
    let read = Arc::clone(read);
    let pieces = std::iter::once(begin).chain(std::iter::repeat(spaces));
    let pieces = pieces.take_while(move |piece| read.fetch_add(piece.len() as u64, Ordering::SeqCst) < most_bytes);
    Body::from_stream(futures_util::stream::iter(pieces.map(Ok::<_, Infallible>)))
}

#[tokio::test]
async fn bombs_are_refused_before_they_unfold() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let zeros = vec![b' '; 64 << 20];
        let packed = [gzip(&zeros), zstd::bulk::compress(&zeros, 3).expect("it is memory")];
        let twice = gzip(&packed[0]);
        let mut refused = Vec::new();
        for document in packed.into_iter().chain([twice]) {
            refused.push(app.push(&root, json!({ "commit": COMMIT }), &[document]).await.whole());
        }
        let kinds: Vec<&Value> = refused.iter().map(|refused| &refused["body"]["type"]).collect();
        insta::allow_duplicates! { insta::assert_json_snapshot!("bombs", kinds) };
        assert_nothing_recorded(&app, &root).await;
    }
}

#[tokio::test]
async fn a_packed_document_reads_like_the_same_one_unpacked() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let plain = sample("junit/pytest.xml");
        let packed = zstd::bulk::compress(&plain, 3).expect("it is memory");
        let mut summaries = Vec::new();
        for document in [plain.clone(), gzip(&plain), packed] {
            let answer = app.push(&root, json!({ "commit": COMMIT }), &[document]).await;
            summaries.push(answer.text("/receipts/0/summary"));
        }
        summaries.dedup();
        assert_eq!(summaries.len(), 1, "{summaries:?}");
    }
}

#[tokio::test]
async fn documents_that_mean_harm_are_refused_with_a_sentence() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let head = "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": ";
        let cyclonedx = |components: &str| format!("{head}{components}}}").into_bytes();
        let bomb = "<?xml version=\"1.0\"?><!DOCTYPE t [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>\
                    <testsuites><testsuite name=\"&b;\"><testcase name=\"x\"/></testsuite></testsuites>";
        let external = "<?xml version=\"1.0\"?><!DOCTYPE t [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\
                        <testsuites><testsuite name=\"&a;\"><testcase name=\"x\"/></testsuite></testsuites>";
        let mut refused = Vec::new();
        for document in [
            cyclonedx(&"[".repeat(200)),
            cyclonedx("[{\"type\": \"library\", \"name\": NaN}]"),
            format!("{head}[], \"components\": []}}").into_bytes(),
            head.as_bytes().to_vec(),
            [&[0xff, 0xfe][..], b"odd"].concat(),
            bomb.as_bytes().to_vec(),
            external.as_bytes().to_vec(),
        ] {
            let answer = app.push(&root, json!({ "commit": COMMIT }), &[document]).await;
            assert!(answer.status.is_client_error(), "{}", answer.body);
            refused.push(json!([answer.status.as_u16(), answer.body["detail"], answer.body["at"]]));
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("documents_that_mean_harm", refused) };
        assert_nothing_recorded(&app, &root).await;
    }
}

#[tokio::test]
async fn forms_that_are_none_are_refused() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let whole = form(Some(&json!({ "commit": COMMIT })), &[sample("junit/pytest.xml")]);
        let truncated = whole[..whole.len() / 2].to_vec();
        let twice = [form(Some(&json!({})), &[])[..].to_vec(), form(Some(&json!({})), &[])].concat();
        let text = String::from_utf8(whole.clone()).expect("text");
        let other_part = text.replace("name=\"document\"", "name=\"file\"").into_bytes();
        let bad_context = text.replace("{\"commit\"", "{\"commit").into_bytes();
        let mut refused = Vec::new();
        for body in [truncated, twice, other_part, bad_context, form(None, &[]), Vec::new()] {
            refused.push(app.send(upload("/evidence", &root, body)).await.whole());
        }
        refused.push(app.post("/evidence", &root, json!({})).await.whole());
        let mut encoded = upload("/evidence", &root, whole);
        encoded.headers_mut().insert(header::CONTENT_ENCODING, "gzip".parse().expect("a header"));
        refused.push(app.send(encoded).await.whole());
        insta::allow_duplicates! { insta::assert_json_snapshot!("forms_refused", refused) };
        assert_nothing_recorded(&app, &root).await;
    }
}

#[tokio::test]
async fn script_text_stays_text() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let release = app.post("/releases", &root, crate::releases::cart("1.4.0")).await.text("/id");
        let script = "<script>alert('title')</script>";
        let sarif = json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "x" } },
            "results": [{ "ruleId": script, "message": { "text": script } }] }] });
        let pushed = app.push(&root, json!({ "release": release }), &[sarif.to_string().into_bytes()]).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let findings = app.get(&format!("/releases/{release}/findings"), &root).await;
        assert_eq!(findings.body["items"][0]["rule"], json!(script));
        assert_eq!(findings.headers["content-type"], "application/json");
        assert_eq!(findings.headers["x-content-type-options"], "nosniff");
        let page = app.get(&format!("/releases/{release}/dbom?format=markdown"), &root).await;
        assert!(!page.body.to_string().contains("<script>"), "{}", page.body);
    }
}
