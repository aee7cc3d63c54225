//! The keys with which the server signs: made once, kept from others, replaced with overlap, published with windows.

use crate::gate_shop::Shop;
use crate::test_app::{TestApp, request};
use axum::body::Body;
use axum::http::Request;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shipworthy::clock::Clock;
use shipworthy::signing::{Keeper, KeyUse, Keys, Passphrase};
use shipworthy_model::{Permission, Scope};
use shipworthy_trust::{PublicKey, SigningKey, dsse};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

fn open(folder: &Path, passphrase: Option<&str>) -> anyhow::Result<Keys> {
    let keeper = Keeper::new(passphrase.map(|text| Passphrase::new(text.to_owned())));
    Keys::open(&folder.join("keys"), keeper, &folder.join("signing-key.pem"), &Clock::system())
}

fn refusal(folder: &Path, passphrase: Option<&str>) -> String {
    let error = open(folder, passphrase).expect_err("it must not open");
    format!("{error:#}").replace(&folder.display().to_string(), "DATA")
}

fn private_files(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder.join("keys")).expect("the folder");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "pem"));
    files.sort();
    files
}

fn now() -> Timestamp {
    Clock::system().now()
}

#[test]
fn a_first_start_makes_a_key_for_each_use_that_only_its_owner_can_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = open(folder.path(), None).expect("the first start");
    let (attestation, audit) = (keys.attestation(now()).expect("a key"), keys.audit(now()).expect("a key"));
    assert_ne!(attestation.id(), audit.id());
    let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("keys")), 0o700);
    assert_eq!(private_files(folder.path()).iter().map(|path| mode(path)).collect::<Vec<_>>(), [0o600, 0o600]);
    let again = open(folder.path(), None).expect("the second start");
    assert_eq!(again.attestation(now()).expect("a key").id(), attestation.id());
    let shown = format!("{keys:?}");
    for file in private_files(folder.path()) {
        let text = std::fs::read_to_string(file).expect("a key");
        let secret = text.lines().nth(1).expect("base64");
        assert!(!shown.contains(secret), "a private key shows in `Debug`");
    }
}

#[test]
fn the_one_key_of_an_earlier_version_goes_on_signing() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = SigningKey::from_seed(&[3; 32]).expect("a key");
    let path = folder.path().join("signing-key.pem");
    std::fs::write(&path, key.to_pem().expect("PEM")).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("changed");
    let keys = open(folder.path(), None).expect("it opens");
    let past = "2024-01-01T00:00:00Z".parse().expect("a time");
    assert_eq!(keys.attestation(past).expect("it was in force then").id(), key.public().id());
}

#[test]
fn keys_are_encrypted_once_there_is_a_passphrase_and_nothing_else_opens_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = open(folder.path(), None).expect("the first start").attestation(now()).expect("a key").id().to_owned();
    let keys = open(folder.path(), Some("correct horse")).expect("the start with a passphrase");
    assert_eq!(keys.attestation(now()).expect("a key").id(), plain);
    assert!(!format!("{keys:?}").contains("correct horse"));
    for file in private_files(folder.path()) {
        let text = std::fs::read_to_string(&file).expect("a key");
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), "{text}");
        let arguments = ["pkey", "-noout", "-text_pub", "-passin", "pass:correct horse", "-in"];
        let openssl = std::process::Command::new("openssl").args(arguments).arg(&file).output().expect("openssl runs");
        let said = String::from_utf8_lossy(&openssl.stdout);
        assert!(said.starts_with("ED25519 Public-Key:"), "openssl opens it, too: {openssl:?}");
    }
    open(folder.path(), Some("correct horse")).expect("the next start");
    let said = [refusal(folder.path(), None), refusal(folder.path(), Some("wrong horse"))];
    insta::assert_json_snapshot!("keys_that_do_not_open", said.map(|text| without_ids(&text)));
}

#[test]
fn a_key_or_passphrase_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    open(folder.path(), None).expect("the first start");
    let readable = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(&private_files(folder.path())[0], readable.clone()).expect("changed");
    let passphrase = folder.path().join("passphrase");
    std::fs::write(&passphrase, "correct horse\n").expect("written");
    std::fs::set_permissions(&passphrase, readable).expect("changed");
    let of_file = format!("{:#}", Passphrase::from_file(&passphrase).expect_err("everybody can read it"));
    let said = [
        refusal(folder.path(), None),
        refusal(folder.path(), Some("correct horse")),
        of_file.replace(&folder.path().display().to_string(), "DATA"),
    ];
    insta::assert_json_snapshot!("keys_that_others_can_read", said.map(|text| without_ids(&text)));
}

/// Ids of keys are of 16 hexadecimal digits in names of files, and of 64 elsewhere.
fn without_ids(text: &str) -> String {
    let is_digits = |word: &&str| word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_digits).collect();
    words.iter().fold(text.to_owned(), |text, word| text.replace(word, "KEY"))
}

async fn published(app: &TestApp) -> Value {
    let request = Request::get("/.well-known/shipworthy-keys").body(Body::empty()).expect("a request");
    let answer = app.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn a_new_key_signs_from_now_on_and_what_the_old_one_signed_still_verifies() {
    for shop in Shop::both().await {
        let earlier = shop.ask("production").await.text("/id");
        shop.app.wait(SignedDuration::from_hours(1));
        let asked = json!({ "use": "attestation", "overlap_hours": 2 });
        let rotated = shop.app.post("/keys", &shop.ada, asked).await;
        assert_eq!(rotated.status, 201, "{}", rotated.body);
        shop.app.wait(SignedDuration::from_hours(1));
        let later = shop.ask("test").await.text("/id");
        let keys = published(&shop.app).await;
        insta::assert_json_snapshot!("keys_after_a_rotation", keys, {
            ".keys[2].id" => "ID", ".keys[2].jwk" => "JWK", ".keys[2].pem" => "PEM",
        });
        for (decision, key) in [(&earlier, 0), (&later, 2)] {
            let envelope = shop.app.get(&format!("/decisions/{decision}/attestation"), &shop.ada).await.body;
            let envelope: dsse::Envelope = serde_json::from_value(envelope).expect("an envelope");
            let pem = keys["keys"][key]["pem"].as_str().expect("PEM");
            let key = PublicKey::from_pem(pem).expect("a key");
            dsse::open(&envelope, dsse::IN_TOTO, &[key]).expect("it is signed with the key of its time");
        }
        let entries = shop.app.get("/audit?action=key.make", &shop.ada).await;
        assert_eq!(entries.text("/items/0/object_id"), rotated.text("/id"));
    }
}

#[tokio::test]
async fn the_private_half_of_a_key_is_deleted_once_it_holds_no_more() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let rotate = async || {
        let asked = json!({ "use": "audit", "overlap_hours": 0 });
        assert_eq!(app.post("/keys", &root, asked).await.status, 201);
        app.wait(SignedDuration::from_secs(1));
    };
    rotate().await;
    let ring = app.app.keys.ring().expect("the ring");
    let of_use = |usage: KeyUse| ring.keys.iter().filter(move |key| key.usage == usage);
    let kept: Vec<bool> = of_use(KeyUse::Audit).map(|key| key.private_key.is_some()).collect();
    assert_eq!(kept, [false, true]);
    let folder = &app.app.settings.signing_keys;
    let files = std::fs::read_dir(folder).expect("the folder").count();
    assert_eq!(files, 3, "the list, and one key for each use");
    assert!(of_use(KeyUse::Attestation).all(|key| key.valid_until.is_none()), "the other use is left alone");
    let former = of_use(KeyUse::Audit).next().expect("the first");
    let signer = app.app.keys.audit(app.app.clock.now()).expect("a key");
    assert_ne!(signer.id(), former.id);
}

#[tokio::test]
async fn only_who_administers_everything_makes_keys() {
    let app = TestApp::sqlite().await;
    let application = Scope::Application(shipworthy_model::ApplicationId(crate::test_app::unused_id()));
    let some = app.token("eve", &[Permission::Admin], application).await;
    let root = app.root().await;
    let asked = json!({ "use": "attestation" });
    let refused = app.post("/keys", &some, asked).await;
    let unknown = app.post("/keys", &root, json!({ "use": "decoration" })).await;
    assert_eq!((refused.status.as_u16(), unknown.status.as_u16()), (403, 422));
    insta::assert_json_snapshot!("keys_not_made", [refused.body, unknown.body]);
    assert_eq!(app.send(request("GET", "/keys", "", None)).await.status, 401);
    assert_eq!(app.get("/keys", &some).await.body["items"], published(&app).await["keys"]);
}
