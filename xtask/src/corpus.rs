//! `cargo xtask corpus`: the readers over the public documents beside the project, and the page that says where our readings
//! differ from others'.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::workplace::{Workplace, say};

/// Where the test and its tables are.
const FOLDER: &str = "crates/formats/tests/corpus";

/// Where the differences are written down: path, what, our value, which reading is right, why.
const DIFFERENCES: &str = "differences.tsv";

/// Which kinds of values are not compared, and why.
const NOT_COMPARED: &str = "not_compared.tsv";

/// How many values of each kind agree and do not, as the test counted them.
const ROWS: &str = "snapshots/corpus__counts__rows.snap";

/// The page that is made of these.
pub(crate) const PAGE: &str = "docs/contributing/corpus.md";

/// `cargo xtask corpus`
///
/// The whole workspace with one more feature keeps every dependency as the tests built it; naming the crate alone would
/// choose other features for some and compile them again.
pub(crate) fn run(workplace: &Workplace) -> Result<ExitCode> {
    let features = "shipworthy-formats/corpus,shipworthy-advisories/corpus,shipworthy-trust/corpus";
    let arguments = ["test", "--quiet", "--workspace", "--features", features, "--test", "corpus"];
    let mut command = workplace.command("cargo", &arguments);
    command.args(["--", "--show-output"]).env("INSTA_UPDATE", "no");
    let status = command.status().context("cargo cannot be started")?;
    if !status.success() {
        say("hint: a difference is a mistake of ours, or a row of the differences with its reason");
    }
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The page about what was compared, where the two differ, and what cannot be compared.
pub(crate) fn page(workplace: &Workplace) -> Result<String> {
    let text = |file: &str| {
        let path = workplace.root.join(FOLDER).join(file);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {FOLDER}/{file}"))
    };
    let rows = text(ROWS)?;
    let (_, rows) = rows.rsplit_once("---\n").context("the snapshot of the rows has no contents")?;
    Ok(page_of(rows, &text(DIFFERENCES)?, &text(NOT_COMPARED)?))
}

/// What became of the rows of a kind: how many agree, differ, answer another question, were not compared, and are of
/// documents that no format reads.
struct Kind<'a> {
    name: &'a str,
    numbers: [usize; 5],
}

fn page_of(rows: &str, differences: &str, not_compared: &str) -> String {
    let kind = |line| {
        let (name, numbers) = str::split_once(line, '\t')?;
        let numbers: Vec<usize> = numbers.split('\t').filter_map(|number| number.parse().ok()).collect();
        Some(Kind { name, numbers: numbers.try_into().ok()? })
    };
    let kinds: Vec<Kind<'_>> = rows.lines().skip(1).filter_map(kind).collect();
    let sum = |place: usize| kinds.iter().map(|kind| kind.numbers[place]).sum::<usize>();
    let [agree, differ, incomparable, left_out, not_read] = [0, 1, 2, 3, 4].map(sum);
    let tenths = (agree * 1000).checked_div(agree + differ).unwrap_or_default();
    let mut page = format!(
        "# Readings compared with others'\n\n\
        `cargo xtask corpus` reads some thousand public documents, which lie beside the project and are not part of it, and \
        compares what we read with what others say of them.\n\n\
        Of {} values that can be compared, {agree} agree ({}.{} %) and {differ} differ. Of those that differ none is a \
        mistake of ours that we know of; where theirs is right, the reader is mended instead. {incomparable} more values \
        cannot be compared, because they answer another question than ours do or are made up where the document states \
        nothing, and {left_out} are of a kind of which our reports say \
        nothing. The remaining {not_read} are about documents that no format reads, such as lists of vulnerabilities and \
        versions to order, which other tests have.\n",
        agree + differ,
        tenths / 10,
        tenths % 10
    );
    let by_reason = by_reason(differences);
    for (word, title) in [
        ("ours", "Differ, and ours is right"),
        ("both", "Not comparable: both are right"),
        ("unstated", "Not comparable: the document states nothing, and theirs is a value of their own"),
    ] {
        list(&mut page, title, by_reason.iter().filter(|((right, _), _)| *right == word));
    }
    page.push_str("\n## Not compared\n\n| what | values | why |\n|---|---:|---|\n");
    for (what, reason) in not_compared.lines().skip(1).filter_map(|line| line.split_once('\t')) {
        let values = kinds.iter().find(|kind| kind.name == what).map_or(0, |kind| kind.numbers[3]);
        let _ = writeln!(page, "| {} | {values} | {reason} |", shown(what));
    }
    page.push_str("\n## Kinds of values\n\n| what | agree | differ | not comparable |\n|---|---:|---:|---:|\n");
    for Kind { name, numbers: [agree, differ, incomparable, ..] } in &kinds {
        if agree + differ + incomparable > 0 {
            let _ = writeln!(page, "| {} | {agree} | {differ} | {incomparable} |", shown(name));
        }
    }
    page
}

/// The rows of the differences: which is right and why, to path, what and our value.
fn by_reason(table: &str) -> BTreeMap<(&str, &str), Vec<[&str; 3]>> {
    let mut by_reason: BTreeMap<(&str, &str), Vec<[&str; 3]>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [path, what, ours, right, reason] = cells[..] else { continue };
        by_reason.entry((right, reason)).or_default().push([path, what, ours]);
    }
    by_reason
}

type Reason<'r, 'a> = (&'r (&'a str, &'a str), &'r Vec<[&'a str; 3]>);

/// A section of the page: every reason with its places.
fn list<'r, 'a: 'r>(page: &mut String, title: &str, reasons: impl Iterator<Item = Reason<'r, 'a>>) {
    let _ = writeln!(page, "\n## {title}");
    for ((_, reason), rows) in reasons {
        let _ = writeln!(page, "\n### {}\n\n{}:\n", heading(reason), places(rows.len()));
        for [path, what, ours] in rows {
            let _ = writeln!(page, "- {path}: {what}, ours is {}", shown(ours));
        }
    }
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
    fn the_page_says_what_was_compared_and_lists_what_differs_by_reason() {
        let rows = "kind\tagree\tdiffer\tnot comparable\tnot compared\tnot read\ntests\t8\t2\t1\t0\t4\nbranch\t0\t0\t0\t3\t0\n";
        let differences = "path\twhat\tours\tright\treason\nb.xml\ttests\t1\tours\tthe suite broke\n\
            a.xml\ttests\t\tours\tthe suite broke\nc.xml\ttests\t2\tboth\tthey count suites\n\
            d.xml\tseverity\t\tunstated\tnobody rated it\n";
        let page = page_of(rows, differences, "what\treason\nbranch\tnobody keeps it\n");
        assert!(page.contains("Of 10 values that can be compared, 8 agree (80.0 %) and 2 differ."), "{page}");
        let (_, part) = page.split_once("\n## ").expect("a heading");
        assert_eq!(
            part,
            "Differ, and ours is right\n\n### The suite broke\n\n2 places:\n\n- b.xml: tests, ours is `1`\n\
            - a.xml: tests, ours is nothing\n\n## Not comparable: both are right\n\n### They count suites\n\n1 place:\n\n\
            - c.xml: tests, ours is `2`\n\n\
            ## Not comparable: the document states nothing, and theirs is a value of their own\n\n### Nobody rated it\n\n\
            1 place:\n\n- d.xml: severity, ours is nothing\n\n## Not compared\n\n| what | values | why |\n|---|---:|---|\n\
            | `branch` | 3 | nobody keeps it |\n\n## Kinds of values\n\n| what | agree | differ | not comparable |\n\
            |---|---:|---:|---:|\n| `tests` | 8 | 2 | 1 |\n"
        );
    }
}
