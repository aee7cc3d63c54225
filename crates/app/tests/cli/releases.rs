//! `shipworthy release`, `deployment`, `environment` and `application`.

use crate::push::sample;
use crate::shipworthy::{Server, command, run};

const COMMIT: &str = "3f2a9c1d5e7b8a6094c1f0e2d3b4a5968778695a";
const IMAGE: &str =
    "registry.example/cart:1.4.0@sha256:5e3c0b4bd3ff5fd4b0a9a6a8e3a3c27f4d4b8f5b8f6f4c9b7f2b7b6c5d4e3f2a";

/// Runs commands one after the other and gives what they said.
fn session(server: &Server, lines: &[&[&str]]) -> String {
    let said = lines.iter().map(|line| format!("$ shipworthy {}\n{}", line.join(" "), run(&mut server.command(line))));
    said.collect::<Vec<_>>().join("\n")
}

fn made(server: &Server) {
    for line in [
        &["environment", "create", "test", "--kind", "test"][..],
        &["release", "create", "--application", "shop", "--service", "cart", "--version", "1.4.0", "--commit", COMMIT]
            [..],
    ] {
        let mut command = server.command(line);
        if line.contains(&"release") {
            command.args(["--build", "jenkins/cart/7", "--artifact", IMAGE]);
        }
        let said = run(&mut command);
        assert!(said.starts_with("exit: 0\n"), "{said}");
    }
}

#[test]
fn a_release_is_created_once_listed_shown_and_approved() {
    let server = Server::start();
    made(&server);
    let create = ["release", "create", "--application", "shop", "--service", "cart", "--version", "1.4.0"];
    let other = [&create[..], &["--commit", "0000000000000000000000000000000000000000"]].concat();
    insta::assert_snapshot!(session(
        &server,
        &[
            &other,
            &["release", "list", "--application", "shop"],
            &["release", "show", "shop/cart@1.4.0"],
            &["release", "approve", "shop/cart@1.4.0", "--environment", "test", "--comment", "looked at it"],
            &["release", "show", "shop/cart@9.9.9"],
            &["application", "list", "--output", "json"],
        ]
    ));
}

#[test]
fn a_release_takes_commit_and_build_from_the_build_system() {
    let server = Server::start();
    let line = ["release", "create", "--application", "shop", "--service", "cart", "--version", "1.5.0"];
    let mut command = server.command(&line);
    command.env("GITLAB_CI", "true").env("CI_COMMIT_SHA", COMMIT).env("CI_PIPELINE_ID", "812");
    command
        .env("CI_PROJECT_URL", "https://git.example/shop/cart")
        .env("CI_COMMIT_REF_NAME", "main")
        .env("CI_PROJECT_PATH", "shop/cart");
    insta::assert_snapshot!(run(&mut command));
}

#[test]
fn a_deployment_is_told_from_its_start_to_its_end() {
    let server = Server::start();
    made(&server);
    let start = ["deployment", "start", "--release", "shop/cart@1.4.0", "--environment", "test", "--tool", "argo-cd"];
    let started = run(&mut server.command(&start));
    let json = [&start[..], &["--output", "json"]].concat();
    let output = server.command(&json).output().expect("the binary starts");
    let again: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let id = again["id"].as_str().expect("an id");
    let wrong = format!("sha256:{}", "0".repeat(64));
    let rest = session(
        &server,
        &[
            &["deployment", "finish", id, "--running", &wrong],
            &["deployment", "finish", id],
            &["deployment", "list", "--environment", "test"],
            &["deployment", "rollback", id],
            &["deployment", "fail", id, "--reason", "too late"],
        ],
    );
    insta::assert_snapshot!(format!("{started}\n{rest}").replace(id, "ID"));
}

#[test]
fn an_environment_is_created_listed_and_changed() {
    let server = Server::start();
    insta::assert_snapshot!(session(
        &server,
        &[
            &["environment", "create", "production", "--kind", "production", "--exposure", "internet"],
            &["environment", "update", "production", "--unknowns", "open", "--gate-mode", "warn"],
            &["environment", "list"],
            &["environment", "update", "moon", "--gate-mode", "off"],
            &["environment", "create", "moon", "--kind", "satellite"],
        ]
    ));
}

#[test]
fn without_a_token_nobody_is_asked() {
    insta::assert_snapshot!(run(&mut command(&["release", "list"])));
}

#[test]
fn a_release_is_handed_on_and_compared_with_the_one_before() {
    let server = Server::start();
    made(&server);
    let next = ["release", "create", "--application", "shop", "--service", "cart", "--version", "1.5.0"];
    assert!(run(&mut server.command(&next)).starts_with("exit: 0\n"));
    for (release, file) in [
        ("shop/cart@1.4.0", "cyclonedx-json/npm-sbom.json"),
        ("shop/cart@1.4.0", "trivy/image.json"),
        ("shop/cart@1.5.0", "cyclonedx-json/image-with-vulnerabilities.json"),
    ] {
        let said = run(&mut server.command(&["push", &sample(file), "--release", release]));
        assert!(said.starts_with("exit: 0\n"), "{said}");
    }
    let compared = session(
        &server,
        &[
            &["release", "compare", "shop/cart@1.5.0"],
            &["release", "compare", "shop/cart@1.4.0"],
            &["release", "compare", "shop/cart@1.5.0", "--with", "shop/cart@1.4.0", "--limit", "1"],
            &["release", "sbom", "shop/cart@9.9.9"],
        ],
    );
    let mut documents = Vec::new();
    for line in [
        &["release", "sbom", "shop/cart@1.4.0", "--vulnerabilities"][..],
        &["release", "sbom", "shop/cart@1.4.0", "--format", "spdx"],
        &["release", "vex", "shop/cart@1.5.0", "--received"],
        &["release", "vex", "shop/cart@1.5.0", "--format", "cyclonedx"],
    ] {
        let output = server.command(line).output().expect("the binary starts");
        assert!(output.status.success());
        let reading = shipworthy_formats::read(&output.stdout, None).expect("it is read");
        let components = reading.report.inventory.map(|inventory| inventory.components.len());
        let (findings, statements) = (reading.report.findings.map(|findings| findings.len()), reading.report.vex.len());
        documents.push(format!(
            "{}: {}, components {components:?}, findings {findings:?}, statements {statements}",
            line.join(" "),
            reading.format.name
        ));
    }
    insta::assert_snapshot!(format!("{compared}\n{}", documents.join("\n")));
}
