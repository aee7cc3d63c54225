//! `shipworthy audit` against a real server and its files, as an auditor would use it.

use crate::databases::new_postgres;
use crate::shipworthy::{Server, command, run};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

fn make(server: &Server, name: &str) {
    let bearer = format!("Bearer {}", server.token);
    let body = json!({ "name": name, "kind": "test" });
    let (made, _) = server.http("POST", "/environments", &[("authorization", &bearer)], Some(body));
    assert!(made["id"].is_string(), "{made}");
}

fn push(server: &Server, file: &Path) {
    let subject = format!("sha256:{:064x}", 7);
    let said = run(&mut server.command(&["push", &file.display().to_string(), "--subject", &subject]));
    assert!(said.starts_with("exit: 0"), "{said}");
}

/// Replaces roots, keys and other base64, which differ from run to run.
fn without_hashes(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let mut out = String::new();
    for word in text.split_inclusive(|c: char| !is_word(c)) {
        let end = word.rfind(is_word).map_or(0, |at| at + 1);
        out.push_str(if end >= 40 { "HASH" } else { &word[..end] });
        out.push_str(&word[end..]);
    }
    out
}

fn verify(server: &Server, url: Option<&str>, more: &[&str]) -> String {
    let data = server.data().display().to_string();
    let mut arguments = vec!["audit", "verify", "--data", &data];
    arguments.extend(url.map(|url| ["--database-url", url]).into_iter().flatten());
    arguments.extend(more);
    without_hashes(&run(&mut command(&arguments)))
}

#[test]
fn an_auditor_checks_a_server_without_trusting_it() {
    let files = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| files.path().join(name).display().to_string();
    let document = files.path().join("a.cdx.json");
    std::fs::write(&document, r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[]}"#)
        .expect("written");
    let mut server = Server::start();
    push(&server, &document);
    let mut said = Vec::new();
    said.push(run(&mut server.command(&["audit", "witness", &path("seen.jsonl")])));
    make(&server, "test");
    said.push(run(&mut server.command(&["audit", "witness", &path("seen.jsonl")])));
    said.push(run(&mut server.command(&["audit", "witness", &path("seen.jsonl")])));
    let export = server.command(&["audit", "export"]).output().expect("it runs");
    std::fs::write(path("log.jsonl"), &export.stdout).expect("written");
    said.push(run(&mut command(&[
        "audit",
        "verify",
        "--export",
        &path("log.jsonl"),
        "--checkpoint",
        &path("seen.jsonl"),
    ])));
    said.push(verify(&server, None, &["--checkpoint", &path("seen.jsonl")]));
    let changed = String::from_utf8(export.stdout).expect("text").replacen("handed in", "handed on", 1);
    std::fs::write(path("log.jsonl"), changed).expect("written");
    said.push(run(&mut command(&["audit", "verify", "--export", &path("log.jsonl"), "--output", "json"])));
    server.kill();
    // A byte of the stored document is flipped, and the database goes back to what it was before the last entries.
    flip_first_document(&server.data());
    said.push(verify(&server, None, &["--checkpoint", &path("seen.jsonl")]));
    said.push(run(&mut command(&["audit", "verify", "--data", &path("nowhere")])));
    said.push(run(&mut command(&["audit", "verify", "--export", &path("log.jsonl"), "--key", "no+key"])));
    let said: Vec<String> =
        said.iter().map(|text| without_hashes(text).replace(&files.path().display().to_string(), "FOLDER")).collect();
    insta::assert_snapshot!("audit_as_an_auditor", said.join("\n==========\n"));
}

fn flip_first_document(data: &Path) {
    let folder =
        std::fs::read_dir(data.join("documents")).expect("documents").flatten().next().expect("a folder").path();
    let file = std::fs::read_dir(folder).expect("documents").flatten().next().expect("a document").path();
    let mut bytes = std::fs::read(&file).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).expect("written");
}

#[test]
fn a_witness_says_loudly_that_a_log_shrank() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (file, kept) = (folder.path().join("seen.jsonl").display().to_string(), folder.path().join("kept.db"));
    let mut server = Server::start();
    make(&server, "one");
    server.kill();
    let database = server.data().join("shipworthy.db");
    // What the server wrote last is beside the file, because it was killed.
    let beside = |path: &Path| format!("{}-wal", path.display());
    std::fs::copy(&database, &kept).expect("copied");
    std::fs::copy(beside(&database), beside(&kept)).expect("copied");
    server.start_again();
    make(&server, "two");
    let said = run(&mut server.command(&["audit", "witness", &file]));
    assert!(said.starts_with("exit: 0"), "{said}");
    server.kill();
    // The old database and nothing of what was signed: only the witness knows better.
    std::fs::remove_file(format!("{}-shm", database.display())).expect("it was there");
    std::fs::copy(&kept, &database).expect("restored");
    std::fs::copy(beside(&kept), beside(&database)).expect("restored");
    server.start_again();
    let refused = run(&mut server.command(&["audit", "witness", &file]));
    std::fs::remove_file(server.data().join("signing-keys/audit-checkpoint.txt")).expect("it was there");
    let shrank = run(&mut server.command(&["audit", "witness", &file]));
    assert!(refused.starts_with("exit: 1") && refused.contains("is not the continuation"), "{refused}");
    assert!(shrank.starts_with("exit: 1") && shrank.contains("the log SHRANK"), "{shrank}");
    assert!(verify(&server, None, &["--checkpoint", &file]).contains("truncated"), "{shrank}");
}

/// Pushes documents and has each checkpoint kept, until the server is gone.
fn push_until_killed(server: &Server, folder: &Path, round: u64) {
    let busy = folder.join("busy.jsonl").display().to_string();
    for number in 0..50 {
        let file = folder.join(format!("{round}-{number}.json"));
        let text = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":{number},"components":[]}}"#);
        std::fs::write(&file, format!("{text}{}", " ".repeat(usize::try_from(round).expect("small"))))
            .expect("written");
        let (file, subject) = (file.display().to_string(), format!("sha256:{:064x}", round * 50 + number));
        let mut push = server.command(&["push", &file, "--subject", &subject, "--retries", "0"]);
        let mut witness = server.command(&["audit", "witness", &busy]);
        let is_there = |command: &mut std::process::Command| command.output().expect("it runs").status.success();
        if !is_there(&mut push) || !is_there(&mut witness) {
            return;
        }
    }
}

#[test]
fn twenty_kills_leave_a_log_that_is_whole_and_was_never_signed_in_two_ways() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for url in [None, Some(runtime.block_on(new_postgres()))] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("seen.jsonl").display().to_string();
        let flags: Vec<&str> = url.iter().flat_map(|url| ["--database-url", url.as_str()]).collect();
        let mut server = Server::start_with(&flags);
        for round in 0..20_u64 {
            let (sender, ended) = std::sync::mpsc::channel();
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    push_until_killed(&server, folder.path(), round);
                    // Nobody listens any more when the kill came first.
                    let _ = sender.send(());
                });
                // Any moment of what it takes to push and witness some documents.
                let _ = ended.recv_timeout(Duration::from_millis(200 * (round % 10 + 1)));
                let id = server.id().to_string();
                std::process::Command::new("kill").args(["-9", &id]).status().expect("kill runs");
            });
            server.kill();
            server.start_again();
            let said = run(&mut server.command(&["audit", "witness", &file]));
            assert!(said.starts_with("exit: 0"), "round {round}: {said}");
        }
        let said = verify(
            &server,
            url.as_deref(),
            &["--checkpoint", &file, "--checkpoint", &folder.path().join("busy.jsonl").display().to_string()],
        );
        assert!(said.starts_with("exit: 0"), "{said}");
    }
}

#[test]
fn an_auditor_checks_a_package_without_the_server() {
    let files = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| files.path().join(name).display().to_string();
    let document = files.path().join("a.cdx.json");
    std::fs::write(&document, r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[]}"#)
        .expect("written");
    let server = Server::start();
    make(&server, "test");
    push(&server, &document);
    let (keys, _) = server.http("GET", "/../../.well-known/shipworthy-keys", &[], None);
    std::fs::write(path("keys.json"), keys.to_string()).expect("written");
    let made = run(&mut server.command(&["audit", "package", "--output", &path("audit.zip")]));
    assert!(made.starts_with("exit: 0"), "{made}");
    drop(server);
    let check = |name: &str| {
        let package = path(name);
        run(&mut command(&["audit", "verify", "--package", &package, "--server-keys", &path("keys.json")]))
    };
    let said = check("audit.zip");
    assert!(said.starts_with("exit: 0") && said.contains("the package is whole: "), "{said}");
    let mut archive =
        zip::ZipArchive::new(std::fs::File::open(path("audit.zip")).expect("open")).expect("a zip archive");
    let mut forged = zip::ZipWriter::new(std::fs::File::create(path("forged.zip")).expect("made"));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut text).expect("read");
        if name == "audit/entries.jsonl" {
            text = String::from_utf8(text).expect("text").replace("environment", "enviromnent").into_bytes();
        }
        forged.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
        std::io::Write::write_all(&mut forged, &text).expect("written");
    }
    forged.finish().expect("finished");
    let said = check("forged.zip");
    assert!(said.starts_with("exit: 1"), "{said}");
    assert!(said.contains("`audit/entries.jsonl` is not the file that was signed"), "{said}");
}
