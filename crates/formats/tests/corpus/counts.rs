//! What we count in a document against what others counted in it.

use crate::documents::{Expectation, all, bytes, expectations, of_our_formats, row_of, rows};
use crate::fields::Fields;
use crate::values;
use shipworthy_model::Report;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Where our reading differs from others': path, what, our value, which is right, why. That is `ours`; `both`, where the two
/// answer different questions and cannot be compared; or `unstated`, where the document says nothing and theirs is a value
/// of their own, with which nothing can be compared either. A row where theirs is right is mended and not written down.
const DIFFERENCES: &str = include_str!("differences.tsv");

/// Kinds of rows of which our reports say nothing, and why.
const NOT_COMPARED: &str = include_str!("not_compared.tsv");

/// What became of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Agrees,
    /// Listed, and ours is right.
    Differs,
    /// Listed, and no reading of the same thing.
    Incomparable,
    /// Our reports say nothing of the kind.
    NotCompared,
    /// Its document is of none of our formats.
    NotRead,
}

/// How many rows became what, in the order of [`Outcome`].
#[derive(Clone, Copy, Default)]
struct Outcomes([usize; 5]);

impl Outcomes {
    fn add(&mut self, outcome: Outcome) {
        self.0[outcome as usize] += 1;
    }
}

/// What was compared of one format.
#[derive(Clone, Copy, Default)]
struct Compared {
    files: usize,
    read: usize,
    outcomes: Outcomes,
}

/// Everything that the comparison needs.
struct Comparison {
    reports: BTreeMap<String, (&'static str, Report)>,
    /// Folders that hold documents of our formats.
    folders: BTreeSet<String>,
    fields: Fields,
    known: Vec<Vec<&'static str>>,
    met: BTreeSet<usize>,
    differences: Vec<String>,
    without_reason: BTreeSet<String>,
}

impl Comparison {
    fn new(table: &mut BTreeMap<&'static str, Compared>) -> Self {
        let mut reports = BTreeMap::new();
        let mut folders = BTreeSet::new();
        for (path, format) in of_our_formats() {
            let compared = table.entry(format).or_default();
            compared.files += 1;
            folders.insert(folder(&path).to_owned());
            if let Ok(reading) = shipworthy_formats::read(&bytes(&path), Some(format)) {
                compared.read += 1;
                reports.insert(path, (format, reading.report));
            }
        }
        let known = DIFFERENCES.lines().skip(1).map(|line| line.split('\t').collect()).collect();
        let (met, differences, without_reason) = Default::default();
        Self { reports, folders, fields: Fields::of(&expectations()), known, met, differences, without_reason }
    }

    /// Our value of a row; nothing where our report says nothing of the kind.
    fn ours(&self, row: &Expectation) -> Option<String> {
        if row.what == "dd_parse_error" {
            return self.refusal(row);
        }
        let (_, report) = self.reports.get(&row.path)?;
        values::value(report, row, &self.fields)
    }

    /// Of a document that others refuse whether we do, where we read others of its kind.
    fn refusal(&self, Expectation { path, value, .. }: &Expectation) -> Option<String> {
        self.folders.contains(folder(path)).then_some(())?;
        let reading = shipworthy_formats::read(&bytes(path), None);
        Some(reading.map_or_else(|_| value.clone(), |reading| format!("read as {}", reading.format.name)))
    }

    fn outcome(&mut self, row: &Expectation) -> Outcome {
        let Some(ours) = self.ours(row) else {
            let is_read = self.reports.contains_key(&row.path);
            if is_read && reason_not_compared(&kind(row)).is_none() {
                self.without_reason.insert(format!("{}\t{}", kind(row), row.path));
            }
            return if is_read { Outcome::NotCompared } else { Outcome::NotRead };
        };
        if ours == row.value {
            return Outcome::Agrees;
        }
        let Expectation { path, what, value, source } = row;
        let is_of_row = |known: &Vec<&str>| known[..3] == [path.as_str(), what.as_str(), ours.as_str()];
        let Some(position) = self.known.iter().position(is_of_row) else {
            self.differences.push(format!("{path}\t{what}\t{ours}\t(theirs: {value})\t{source}"));
            return Outcome::Differs;
        };
        self.met.insert(position);
        match self.known[position][3] {
            "ours" => Outcome::Differs,
            "both" | "unstated" => Outcome::Incomparable,
            other => panic!("{path} {what}: expected `ours`, `both` or `unstated`, found `{other}`"),
        }
    }
}

#[test]
fn our_counts_are_those_of_others_but_for_the_listed_differences() {
    let mut table: BTreeMap<&str, Compared> = BTreeMap::new();
    let mut comparison = Comparison::new(&mut table);
    let mut kinds: BTreeMap<String, Outcomes> = BTreeMap::new();
    for row in expectations() {
        let outcome = comparison.outcome(&row);
        if let Some((format, _)) = comparison.reports.get(&row.path) {
            table.entry(format).or_default().outcomes.add(outcome);
        }
        kinds.entry(kind(&row)).or_default().add(outcome);
    }
    print_table(&table);
    let Comparison { reports, known, met, differences, without_reason, .. } = comparison;
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
    assert!(without_reason.is_empty(), "not compared without a reason:\n{without_reason:#?}");
    let rows = known.iter().enumerate().filter(|(_, row)| reports.contains_key(row[0]));
    let stale: Vec<_> = rows.filter(|(position, _)| !met.contains(position)).map(|(_, row)| row.join("\t")).collect();
    assert!(stale.is_empty(), "listed without a difference:\n{}", stale.join("\n"));
    for (format, Compared { files, read, .. }) in table {
        assert_eq!(read, files, "documents of {format} that it reads, and all of it");
    }
    // Of some formats alone the numbers are others.
    if std::env::var_os("SHIPWORTHY_CORPUS_ONLY").is_none() {
        let compared: usize = kinds.values().map(|Outcomes([agrees, differs, ..])| agrees + differs).sum();
        assert!(compared > 2_000, "{compared} values compared");
        insta::assert_snapshot!("rows", lines(&kinds));
    }
}

#[test]
fn every_reason_not_to_compare_is_of_a_kind_of_rows() {
    let kinds: BTreeSet<_> = expectations().iter().map(kind).collect();
    let known = NOT_COMPARED.lines().skip(1).filter_map(|line| line.split('\t').next());
    let stale: Vec<_> = known.filter(|known| !kinds.contains(*known)).collect();
    assert!(stale.is_empty(), "{stale:?}");
}

/// A row that no document needs would hide that a document is gone, or is of another format than it says.
#[test]
fn every_row_of_the_documents_says_something_of_one() {
    let rows = rows();
    let needed: BTreeSet<_> = all().iter().filter_map(|path| row_of(&rows, path).copied()).collect();
    let dead: Vec<_> = rows.iter().filter(|row| !needed.contains(*row)).map(|row| row.join("\t")).collect();
    assert!(dead.is_empty(), "{}", dead.join("\n"));
    let unique: BTreeSet<_> = rows.iter().map(|[start, end, _]| (start, end)).collect();
    assert_eq!(unique.len(), rows.len(), "no two rows for the same paths");
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Why our reports say nothing of a kind of rows.
fn reason_not_compared(kind: &str) -> Option<&'static str> {
    let known = NOT_COMPARED.lines().skip(1).filter_map(|line| line.split_once('\t'));
    known.into_iter().find(|(known, _)| *known == kind).map(|(_, reason)| reason)
}

/// The sort of row: what it tells of, without the number of the finding, of the test and the like.
fn kind(Expectation { what, value, .. }: &Expectation) -> String {
    let what = what.strip_suffix(" (mode=detailed)").unwrap_or(what);
    if what == "schema_valid" {
        return format!("{what} = {value}");
    }
    // What follows says with which key, arguments or number.
    let ends = [" {", " (", ": ", " key", " secret=", " --", " test "];
    let end = ends.iter().filter_map(|end| what.find(end)).min();
    let what = end.map_or(what, |end| &what[..end]);
    let mut kind = String::new();
    let mut rest = what;
    while let Some((before, (_, after))) = rest.split_once('[').map(|(b, a)| (b, a.split_once(']').unwrap_or((a, ""))))
    {
        let _ = write!(kind, "{before}[]");
        rest = after;
    }
    kind + rest
}

/// One line for each kind of rows, as the page of the documentation reads it. Kinds that are of no document that is read
/// are one line together.
fn lines(kinds: &BTreeMap<String, Outcomes>) -> String {
    let mut lines = "kind\tagree\tdiffer\tnot comparable\tnot compared\tnot read\n".to_owned();
    let mut line = |kind: &str, numbers: &[usize]| {
        let numbers: Vec<_> = numbers.iter().map(usize::to_string).collect();
        let _ = writeln!(lines, "{kind}\t{}", numbers.join("\t"));
    };
    let mut others = 0;
    for (kind, Outcomes(numbers)) in kinds {
        match numbers {
            [0, 0, 0, 0, not_read] => others += not_read,
            numbers => line(kind, numbers),
        }
    }
    line("other", &[0, 0, 0, 0, others]);
    lines
}

/// The table that `cargo xtask corpus` shows.
#[expect(clippy::print_stdout, reason = "this test's output is what the command is for")]
fn print_table(table: &BTreeMap<&str, Compared>) {
    println!("{:<34} {:>6} {:>6} {:>7} {:>8} {:>14}", "format", "files", "read", "agrees", "differs", "not comparable");
    let line =
        |name: &str, Compared { files, read, outcomes: Outcomes([agrees, differs, incomparable, ..]) }: Compared| {
            println!("{name:<34} {files:>6} {read:>6} {agrees:>7} {differs:>8} {incomparable:>14}");
        };
    let mut all = Compared::default();
    for (name, compared) in table {
        line(name, *compared);
        all.files += compared.files;
        all.read += compared.read;
        for (sum, number) in all.outcomes.0.iter_mut().zip(compared.outcomes.0) {
            *sum += number;
        }
    }
    line("all", all);
    let Outcomes([agrees, differs, incomparable, ..]) = all.outcomes;
    let compared = agrees + differs;
    let tenths = (agrees * 1000).checked_div(compared).unwrap_or_default();
    println!(
        "{}.{} % of {compared} values agree; of the others ours is right, and {incomparable} more cannot be compared: \
        each is listed with its reason",
        tenths / 10,
        tenths % 10
    );
}
