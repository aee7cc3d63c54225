//! The pages `docs/guide/first-release.md`, `log4shell.md` and `verify.md`, run line by line against the real binary.

use crate::shipworthy::{Server, run};
use std::path::Path;

/// A block of shell lines of the page, and whether it must be refused.
struct Block {
    script: String,
    is_refused: bool,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut parts = page.split("\n```sh");
    parts.next();
    for part in parts {
        let (info, rest) = part.split_once('\n').expect("a block has lines");
        let (script, _) = rest.split_once("\n```").expect("a block ends");
        blocks.push(Block { script: script.to_owned(), is_refused: info.trim() == "refused" });
    }
    blocks
}

/// Runs a page's blocks in a folder of the guide, each of which must end as it says, and gives what each said.
fn walk(server: &Server, page: &str, folder: &str) -> Vec<String> {
    let own = tempfile::tempdir().expect("a folder");
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide");
    let text = std::fs::read_to_string(guide.join(format!("{page}.md"))).expect("the page is there");
    let binary = Path::new(env!("CARGO_BIN_EXE_shipworthy")).parent().expect("it is in a folder");
    let path = std::env::var("PATH").expect("there is a PATH");
    let mut said = Vec::new();
    for block in blocks(&text) {
        let mut command = std::process::Command::new("bash");
        command
            .args(["-euo", "pipefail", "-c", &block.script])
            .env_clear()
            .env("PATH", format!("{}:{path}", binary.display()))
            .env("SHIPWORTHY_SERVER", &server.url)
            .env("SHIPWORTHY_TOKEN", &server.token)
            .env("FOLDER", own.path())
            .current_dir(guide.join(folder));
        let output = run(&mut command);
        let expected = if block.is_refused { "exit: 1\n" } else { "exit: 0\n" };
        assert!(output.starts_with(expected), "{}\n{output}", block.script);
        said.push(output);
    }
    said
}

#[test]
fn the_first_release_is_refused_and_then_allowed() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(repository.join("docs/guide/first-release.md")).expect("the page is there");
    let blocks = blocks(&page);
    let lines: usize = blocks.iter().map(|block| block.script.lines().count()).sum();
    assert_eq!(lines, 10, "the page promises ten lines");
    assert_eq!(blocks.iter().filter(|block| block.is_refused).count(), 1);
    let said = walk(&Server::start(), "first-release", "first-release");
    assert!(said[2].contains("test_a_label_is_printed_once"), "the reason is named: {}", said[2]);
    assert!(said[3].contains("label-shop/printer 1.0.1"), "the bill of materials is printed: {}", said[3]);
}

#[test]
fn a_release_that_was_let_through_is_refused_once_a_vulnerability_is_known() {
    let said = walk(&Server::start(), "log4shell", "log4shell");
    insta::assert_snapshot!("log4shell_is_imported", said[2]);
    insta::assert_snapshot!("where_is_log4shell", said[3]);
    assert!(said[4].contains("1 critical vulnerability, at most 0 allowed"), "the reason is named: {}", said[4]);
}

#[test]
fn an_auditor_verifies_a_release_without_the_server() {
    let said = walk(&Server::start(), "verify", "first-release");
    assert!(
        said[2].contains("passed   environment: it was decided for `test`"),
        "the decision is in order: {}",
        said[2]
    );
    assert!(
        said[3].contains("passed   documents: all 3 documents are there, unchanged"),
        "so is the rest: {}",
        said[3]
    );
    assert!(said[4].contains("failed   documents: 1 of 3 documents"), "the changed document is missed: {}", said[4]);
}
