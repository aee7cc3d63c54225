//! Signed answers before tools that know nothing of us: what a server signs verifies with packages of PyPI, and with our
//! own commands on a machine that has nothing but the public keys.

use crate::shipworthy::{Server, command, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A server with a release that its gate let through, and everything that was handed out about it in a folder.
struct HandedOut {
    folder: tempfile::TempDir,
    server: Server,
}

const IMAGE: &str = "sha256:2a1f3e4d5c6b7a89988ab6c5d4e3f201102f3e4d5c6b7a89988ab6c5d4e3f201";

impl HandedOut {
    fn new() -> Self {
        let handed = Self { folder: tempfile::tempdir().expect("a folder"), server: Server::start() };
        let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/first-release");
        let release = "label-shop/printer@1.0.1";
        let artifact = format!("registry.example/printer:1.0.1@{IMAGE}");
        handed.ask(&["environment", "create", "test", "--kind", "test"]);
        let named = ["--application", "label-shop", "--service", "printer", "--version", "1.0.1"];
        handed.ask(&[&["release", "create"], named.as_slice(), &["--artifact", &artifact]].concat());
        std::fs::create_dir(handed.path("evidence")).expect("a folder");
        for document in ["tests-1.0.1.xml", "image-1.0.1.json", "sbom.json"] {
            let path = documents.join(document);
            handed.ask(&["push", "--release", release, path.to_str().expect("a path")]);
            std::fs::copy(&path, handed.path("evidence").join(document)).expect("copied");
        }
        let decision = handed.path("decision.json");
        let attestation = decision.to_str().expect("a path");
        handed.ask(&["gate", "--release", release, "--environment", "test", "--attestation", attestation]);
        let (decided, _) = handed.get("/decisions");
        let id = decided["items"][0]["id"].as_str().expect("an id").to_owned();
        for (name, arguments) in [
            ("dbom.json", vec!["release", "attestation", release]),
            ("dbom.bundle.json", vec!["release", "attestation", release, "--format", "bundle"]),
            ("decision.bundle.json", vec!["decision", "attestation", &id, "--format", "bundle"]),
        ] {
            std::fs::write(handed.path(name), handed.ask(&arguments)).expect("written");
        }
        let (keys, _) = handed.server.http("GET", "/../../.well-known/shipworthy-keys", &[], None);
        std::fs::write(handed.path("keys.json"), keys.to_string()).expect("written");
        handed
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Standard output of a command that must end well.
    fn ask(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.server.command(arguments).output().expect("the binary starts");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn get(&self, path: &str) -> (Value, Option<String>) {
        let bearer = format!("Bearer {}", self.server.token);
        self.server.http("GET", path, &[("authorization", &bearer)], None)
    }

    /// What `verify-release` says, in the folder of the one who verifies.
    fn verify_release(&self, more: &[&str]) -> String {
        let files = ["--dbom", "dbom.json", "--decision", "decision.json", "--key", "keys.json"];
        let evidence = ["--evidence", "evidence", "--environment", "test"];
        let mut command = command(&[&["verify-release"], files.as_slice(), &evidence, more].concat());
        run(command.current_dir(self.folder.path()))
    }
}

/// The Python that has the packages.
fn python() -> PathBuf {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/python/bin/python3");
    let python = std::env::var_os("SHIPWORTHY_TEST_PYTHON").map_or(kept, PathBuf::from);
    assert!(
        python.exists(),
        "there is no Python with the packages that verify signatures: run the tests with `cargo xtask test`, which makes one"
    );
    python
}

#[test]
fn what_is_signed_verifies_with_tools_of_others_and_no_changed_byte_does() {
    let handed = HandedOut::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/independent.py");
    let files = ["keys.json", "dbom.json", "dbom.bundle.json", "decision.json", "decision.bundle.json"];
    let mut command = Command::new(python());
    command.arg(script).args(files).current_dir(handed.folder.path());
    let said = run(&mut command);
    assert!(said.starts_with("exit: 0\n"), "{said}");
    insta::assert_snapshot!("tools_of_others", said);
}

#[test]
fn what_was_handed_out_about_a_release_verifies_without_the_server() {
    let handed = HandedOut::new();
    let said = handed.verify_release(&["--artifact", IMAGE]);
    assert!(said.starts_with("exit: 0\n"), "{said}");
    assert!(said.contains("passed   documents: all 3 documents are there, unchanged"), "{said}");
    let report = handed.path("evidence").join("tests-1.0.1.xml");
    let whole = std::fs::read(&report).expect("it is there");
    std::fs::write(&report, [whole.as_slice(), b"\n"].concat()).expect("written");
    let said = handed.verify_release(&[]);
    assert!(said.starts_with("exit: 1\n"), "{said}");
    assert!(said.contains("failed   documents: 1 of 3 documents are not there, or were changed: sha256:"), "{said}");
}

#[test]
fn a_pipeline_signs_a_statement_and_hands_it_in() {
    let server = Server::start();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("predicate.json"), r#"{"result":"PASSED","configuration":[]}"#).expect("written");
    std::fs::write(path("printer.bin"), "a printer").expect("written");
    let key = ["genpkey", "-algorithm", "ed25519", "-aes-256-cbc", "-pass", "pass:correct horse", "-out", "key.pem"];
    let made = Command::new("openssl").args(key).current_dir(folder.path()).status().expect("openssl runs");
    assert!(made.success());
    let public = ["pkey", "-in", "key.pem", "-passin", "pass:correct horse", "-pubout", "-out", "public.pem"];
    assert!(Command::new("openssl").args(public).current_dir(folder.path()).status().expect("it runs").success());
    let kind = "https://in-toto.io/attestation/test-result/v0.1";
    let sign =
        ["attest", "--predicate", "predicate.json", "--type", kind, "--artifact", "printer.bin", "--key", "key.pem"];
    let with = |mut command: Command, passphrase: &str| {
        run(command.current_dir(folder.path()).env("SHIPWORTHY_SIGNING_PASSPHRASE", passphrase))
    };
    let said = [
        with(server.command(&[sign.as_slice(), &["--out", "signed.json"]].concat()), "correct horse"),
        with(command(&["verify", "signed.json", "--key", "public.pem", "--artifact", "printer.bin"]), ""),
        with(server.command(&[sign.as_slice(), &["--push"]].concat()), "correct horse"),
        with(command(&sign), "wrong horse"),
        with(command(&[&sign[..6], &["sha256:12", "--key", "key.pem"]].concat()), "correct horse"),
    ];
    let id = std::fs::read_to_string(path("public.pem")).expect("it is there");
    let id = shipworthy_trust::PublicKey::from_pem(&id).expect("a key").id();
    let said = said.join("\n").replace(&id, "KEY").replace(&id[..16], "KEY").replace(&server.url, "SERVER");
    insta::assert_snapshot!("attest", said);
}
