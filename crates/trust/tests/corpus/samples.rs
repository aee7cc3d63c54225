//! Where the public documents lie, and what is known of those with which we do not agree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Path, what, our answer, which is right (`ours`, `theirs`, `both`), why.
const DIFFERENCES: &str = include_str!("differences.tsv");

/// The folder of all samples.
pub(crate) fn root() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    std::env::var_os("SHIPWORTHY_SAMPLES").map_or(beside, PathBuf::from)
}

/// Every file below a folder of the samples, as paths from the samples' root, in order.
pub(crate) fn below(folder: &str) -> Vec<String> {
    let mut waiting = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(place) = waiting.pop() {
        let entries = std::fs::read_dir(&place).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path.strip_prefix(root()).expect("below the root").display().to_string());
            }
        }
    }
    found.sort();
    found
}

/// The bytes of a sample.
pub(crate) fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text of a sample.
pub(crate) fn text(path: &str) -> String {
    String::from_utf8(bytes(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A file of the samples, where it is there.
pub(crate) fn optional(path: &str) -> Option<Vec<u8>> {
    std::fs::read(root().join(path)).ok()
}

/// What others say of the samples: path, what, value.
pub(crate) fn expected() -> Vec<[String; 3]> {
    let text = text("expected.tsv");
    let rows = text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    rows.filter_map(|cells| Some([cells.get(1)?.clone(), cells.get(2)?.clone(), cells.get(3)?.clone()])).collect()
}

/// Answers compared with those of others. It fails at the end on a difference that has no row, on a row that is no
/// difference any more, and where less was compared than there is known to be.
#[derive(Default)]
pub(crate) struct Comparison {
    agree: usize,
    differ: usize,
    unexplained: Vec<String>,
    explained: BTreeSet<(String, String)>,
}

impl Comparison {
    pub(crate) fn add(&mut self, path: &str, what: &str, ours: &str, theirs: &str) {
        if ours == theirs {
            self.agree += 1;
            return;
        }
        self.differ += 1;
        let row =
            rows().find(|[in_path, in_what, in_ours, ..]| *in_path == path && *in_what == what && *in_ours == ours);
        if row.is_none() {
            self.unexplained.push(format!("{path}\t{what}\t{ours}\t(theirs is {theirs})"));
        }
        self.explained.insert((path.to_owned(), what.to_owned()));
    }

    #[expect(clippy::print_stdout, reason = "the table is what one runs it for")]
    pub(crate) fn end(self, title: &str, folder: &str, at_least: usize) {
        println!("{title}: {} agree, {} differ", self.agree, self.differ);
        assert!(self.unexplained.is_empty(), "differences without a row:\n{}", self.unexplained.join("\n"));
        let idle: Vec<_> = rows()
            .filter(|[path, what, ..]| {
                path.starts_with(folder) && !self.explained.contains(&((*path).to_owned(), (*what).to_owned()))
            })
            .collect();
        assert!(idle.is_empty(), "rows that are no difference: {idle:?}");
        assert!(self.agree + self.differ >= at_least, "{title}: fewer cases than {at_least}");
    }
}

fn rows() -> impl Iterator<Item = [&'static str; 5]> {
    DIFFERENCES.lines().skip(1).filter_map(|line| <[&str; 5]>::try_from(line.split('\t').collect::<Vec<_>>()).ok())
}
