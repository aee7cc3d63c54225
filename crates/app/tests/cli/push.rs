//! `shipworthy push`, and what can be seen of the evidence afterwards.

use crate::shipworthy::{Server, command, run};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

const COMMIT: &str = "3f2a9c1d5e7b8a6094c1f0e2d3b4a5968778695a";

/// The path of a sample document of the readers.
pub(crate) fn sample(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/samples").join(path).display().to_string()
}

#[test]
fn documents_get_receipts_and_a_retry_finds_the_first() {
    let server = Server::start();
    let (sbom, junit) = (sample("cyclonedx-json/npm-sbom.json"), sample("junit/pytest.xml"));
    let arguments = ["push", &sbom, &junit, "--commit", COMMIT];
    let first = run(&mut server.command(&arguments));
    let again = run(&mut server.command(&arguments));
    insta::assert_snapshot!("push_two_documents", first);
    insta::assert_snapshot!("push_them_again", again);
}

#[test]
fn in_a_run_of_a_build_system_the_context_is_taken_from_it() {
    let server = Server::start();
    let junit = sample("junit/node.xml");
    let mut push = server.command(&["push", &junit]);
    push.env("GITHUB_ACTIONS", "true")
        .env("GITHUB_REPOSITORY", "octo/shop")
        .env("GITHUB_SERVER_URL", "https://github.com")
        .env("GITHUB_SHA", COMMIT)
        .env("GITHUB_RUN_ID", "77")
        .env("GITHUB_ACTOR", "ada\u{1b}[31m");
    insta::assert_snapshot!("push_from_github_actions", run(&mut push));
    let without = run(&mut server.command(&["push", &junit]));
    insta::assert_snapshot!("push_without_context", without);
}

#[test]
fn evidence_of_a_release_is_in_its_bill_of_materials() {
    let server = Server::start();
    let token = format!("Bearer {}", server.token);
    let release = serde_json::json!({ "application": "shop", "service": "cart", "version": "1.4.0", "commit": COMMIT });
    let (made, _) = server.http("POST", "/releases", &[("authorization", &token)], Some(release));
    let id = made["id"].as_str().expect("an id").to_owned();
    let junit = sample("junit/pytest.xml");
    let push = run(&mut server.command(&["push", &junit, "--release", "shop/cart@1.4.0", "--output", "json"]));
    insta::assert_snapshot!("push_for_a_release", push.replace(&id, "ID"));
    let page = run(&mut server.command(&["dbom", "shop/cart@1.4.0"]));
    let lines = page.lines().map(|line| if line.starts_with("Digest of") { "Digest of …" } else { line });
    insta::assert_snapshot!("dbom_as_markdown", lines.collect::<Vec<_>>().join("\n"));
    let json = run(&mut server.command(&["dbom", "shop/cart@1.4.0", "--output", "json"]));
    assert!(json.starts_with("exit: 0\n--- stdout\n{\"schema\":1,"), "{json}");
    let absent = run(&mut server.command(&["dbom", "shop/cart@9"]));
    insta::assert_snapshot!("dbom_of_no_release", absent);
    let no_release = run(&mut server.command(&["dbom", "cart"]));
    assert!(no_release.starts_with("exit: 2\n"), "{no_release}");
}

#[test]
fn what_cannot_be_pushed_says_why() {
    let server = Server::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let strange = folder.path().join("strange.json");
    std::fs::write(&strange, "{\"strange\": true}").expect("written");
    let strange = strange.display().to_string();
    let unknown = run(&mut server.command(&["push", &strange, "--commit", COMMIT]));
    let kept = run(&mut server.command(&["push", &strange, "--commit", COMMIT, "--keep-unknown"]));
    insta::assert_snapshot!("push_an_unknown_format", unknown);
    insta::assert_snapshot!("push_an_unknown_format_to_keep", kept);
    let absent = run(&mut server.command(&["push", "/no/such/file.json"]));
    insta::assert_snapshot!("push_no_file", absent);
    let no_token = run(command(&["push", &strange]).env("SHIPWORTHY_SERVER", &server.url));
    insta::assert_snapshot!("push_without_token", no_token);
    let mut unreachable = command(&["push", &strange, "--retries", "1", "--server", "http://127.0.0.1:9"]);
    let unreachable = run(unreachable.env("SHIPWORTHY_TOKEN", "swt_x"));
    insta::assert_snapshot!("push_to_nobody", unreachable);
}

#[test]
fn a_server_that_fails_for_a_moment_is_asked_again() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let asked = std::thread::spawn(move || {
        let answers = ["503 Service Unavailable", "500 Internal Server Error", "201 Created"];
        let mut sizes = Vec::new();
        for status in answers {
            let (stream, _) = listener.accept().expect("somebody asks");
            sizes.push(answer(stream, status));
        }
        sizes
    });
    let junit = sample("junit/pytest.xml");
    let mut push = command(&["push", &junit, "--commit", COMMIT, "--server", &url]);
    let pushed = run(push.env("SHIPWORTHY_TOKEN", "swt_x"));
    let sizes = asked.join().expect("it ends");
    assert_eq!(sizes.len(), 3);
    assert!(sizes.iter().all(|size| *size > 2_000), "the whole document each time: {sizes:?}");
    insta::assert_snapshot!("push_with_retries", pushed);
}

/// Reads a whole request, answers it with an empty list of receipts or a problem, and gives the size of its body.
fn answer(stream: TcpStream, status: &str) -> usize {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body");
    let answer = if status.starts_with("201") { "{\"receipts\": []}" } else { "busy" };
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
    reader.get_mut().write_all(format!("{head}{answer}").as_bytes()).expect("the answer goes out");
    length
}
