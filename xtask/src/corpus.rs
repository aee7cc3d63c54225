//! `cargo xtask corpus`: the readers over the public documents beside the project, and the page that says where our readings
//! differ from others'.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::workplace::{Workplace, say};

/// Where the differences are written down: path, what, our value, which reading is right, why.
const DIFFERENCES: &str = "crates/formats/tests/corpus/differences.tsv";

/// The page that is made of them.
pub(crate) const PAGE: &str = "docs/contributing/corpus.md";

/// `cargo xtask corpus`
///
/// The whole workspace with one more feature keeps every dependency as the tests built it; naming the crate alone would
/// choose other features for some and compile them again.
pub(crate) fn run(workplace: &Workplace) -> Result<ExitCode> {
    let features = "shipworthy-formats/corpus,shipworthy-advisories/corpus";
    let arguments = ["test", "--quiet", "--workspace", "--features", features, "--test", "corpus"];
    let mut command = workplace.command("cargo", &arguments);
    command.args(["--", "--show-output"]).env("INSTA_UPDATE", "no");
    let status = command.status().context("cargo cannot be started")?;
    if !status.success() {
        say("hint: a difference is a mistake of ours, or a row of the differences with its reason");
    }
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The page about the differences, by reason.
pub(crate) fn page(workplace: &Workplace) -> Result<String> {
    let path = workplace.root.join(DIFFERENCES);
    let table = std::fs::read_to_string(&path).with_context(|| format!("cannot read {DIFFERENCES}"))?;
    Ok(page_of(&table))
}

fn page_of(table: &str) -> String {
    let mut by_reason: BTreeMap<(&str, &str), Vec<[&str; 3]>> = BTreeMap::new();
    let mut count = 0;
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [path, what, ours, right, reason] = cells[..] else { continue };
        by_reason.entry((right, reason)).or_default().push([path, what, ours]);
        count += 1;
    }
    let mut page = format!(
        "# Readings that differ\n\n\
        `cargo xtask corpus` reads some thousand public documents, which lie beside the project and are not part of it, and \
        compares what we read with what others say of them. Here are the {count} places where the two differ, by reason. None \
        of them is a mistake of ours that we know of; where theirs is right, the reader is mended instead.\n"
    );
    for ((right, reason), rows) in by_reason {
        let whose = match right {
            "ours" => "ours is right",
            "theirs" => "theirs is right",
            _ => "both are right and mean different things",
        };
        let _ = writeln!(page, "\n## {}\n\n{}, {whose}:\n", heading(reason), places(rows.len()));
        for [path, what, ours] in rows {
            let _ = writeln!(page, "- {path}: {what}, ours is {}", shown(ours));
        }
    }
    page
}

/// The reason as a heading: its first letter large, what Markdown would take for its own made plain.
fn heading(reason: &str) -> String {
    let mut letters = reason.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn places(count: usize) -> String {
    if count == 1 { "1 place".to_owned() } else { format!("{count} places") }
}

fn shown(value: &str) -> String {
    if value.is_empty() { "nothing".to_owned() } else { format!("`{}`", value.replace('`', "'")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_listed_by_reason() {
        let table = "path\twhat\tours\tright\treason\nb.xml\ttests\t1\tours\tthe suite broke\na.xml\ttests\t\tours\tthe suite broke\n";
        let page = page_of(table);
        let (_, part) = page.split_once("## ").expect("a heading");
        assert_eq!(
            part,
            "The suite broke\n\n2 places, ours is right:\n\n- b.xml: tests, ours is `1`\n- a.xml: tests, ours is nothing\n"
        );
    }
}
