//! `shipworthy read` and `shipworthy format`, which need no server.

use crate::push::sample;
use crate::shipworthy::{command, run};

#[test]
fn a_document_is_read_without_a_server() {
    let read = run(&mut command(&["read", &sample("junit/pytest.xml")]));
    let read = read.replace(&sample(""), "SAMPLES/");
    insta::assert_snapshot!("read_a_document", read);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, "{\"bomFormat\": \"CycloneDX\", \"specVersion\"").expect("written");
    let broken = broken.display().to_string();
    let read = run(&mut command(&["read", &broken, &sample("junit/node.xml"), "/no/such/file"]));
    let lines: Vec<&str> = read.lines().collect();
    assert_eq!(lines.iter().filter(|line| line.starts_with("{\"file\":")).count(), 1, "{read}");
    let told: Vec<&str> = lines.into_iter().filter(|line| !line.starts_with('{')).collect();
    insta::assert_snapshot!("read_what_is_broken", told.join("\n").replace(&broken, "BROKEN"));
}

#[test]
fn formats_are_listed_and_shown() {
    let list = run(&mut command(&["format", "list"]));
    assert!(shipworthy_formats::FORMATS.iter().all(|format| list.contains(format.name)), "{list}");
    insta::assert_snapshot!("format_show", run(&mut command(&["format", "show", "junit"])));
    insta::assert_snapshot!("format_show_json", run(&mut command(&["format", "show", "junit", "--output", "json"])));
    let nothing = run(&mut command(&["format", "show", "junti"]));
    insta::assert_snapshot!("format_show_nothing", nothing);
    let read = run(&mut command(&["format", "read", &sample("junit/node.xml")]));
    assert!(read.starts_with("exit: 0\n--- stdout\n{\"file\":"), "{read}");
}

const DESCRIPTION: &str = r#"
name = "house-rules"
title = "House rules"
phase = "source"
media = "csv"
[recognise]
columns = ["rule", "shout"]
[findings]
kind = "code"
rule = "rule"
title = "text"
severity = "shout"
path = "file"
line = "line"
[findings.severities]
"STOP" = "critical"
"hm" = "low"
"#;

#[test]
fn a_format_of_ones_own_is_tested_with_samples() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let description = write("house-rules.toml", DESCRIPTION);
    let broken = write("broken.toml", &DESCRIPTION.replace("critical", "terrible"));
    let good = write("good.csv", "rule,text,shout,file,line\nH1,Plain HTTP,STOP,till/main.rs,7\nH2,No owner,meh,,\n");
    let other = write("other.csv", "a,b\n1,2\n");
    let shown = |arguments: &[&str]| {
        let folder = folder.path().display().to_string();
        run(&mut command(arguments)).replace(&folder, "FOLDER")
    };
    let junit = sample("junit/node.xml");
    insta::assert_snapshot!("format_test", shown(&["format", "test", &description, &good]));
    let failing = shown(&["format", "test", &description, &other, &junit]).replace(&sample(""), "SAMPLES/");
    insta::assert_snapshot!("format_test_failing", failing);
    insta::assert_snapshot!("format_test_broken", shown(&["format", "test", &broken]));
    insta::assert_snapshot!("read_with", shown(&["read", "--with", &description, &good]));
}
