//! From a tool's word for severity to ours. The one table is `severity.tsv`: a row for each word of each tool, sorted,
//! with the source of the row. The tool's own word is kept beside ours in the finding.

use shipworthy_model::Severity;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Tool and word, in lower case, to our severity and the source of the row.
static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| include_str!("severity.tsv").lines().skip(1).map(row).collect());

static BY_WORD: LazyLock<HashMap<(&str, &str), Severity>> =
    LazyLock::new(|| TABLE.iter().map(|row| ((row.tool, row.word), row.severity)).collect());

/// One row of the table of severities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The tool, as [`crate::Format::severities`] names it.
    pub tool: &'static str,
    /// Its word, in lower case.
    pub word: &'static str,
    /// Ours.
    pub severity: Severity,
    /// Where that is written.
    pub source: &'static str,
}

fn row(line: &'static str) -> Row {
    let mut cells = line.split('\t');
    let mut cell = || cells.next().unwrap_or_default();
    let (tool, word, ours, source) = (cell(), cell(), cell(), cell());
    Row { tool, word, severity: ours.parse().unwrap_or_default(), source }
}

/// Every row of the table, sorted by tool and word.
#[must_use]
pub fn table() -> &'static [Row] {
    &TABLE
}

/// Our severity for a tool's word, without regard to case; unknown for a word that the table does not have.
pub(crate) fn of_word(tool: &str, word: &str) -> Severity {
    let word = word.trim().to_ascii_lowercase();
    BY_WORD.get(&(tool, word.as_str())).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_whole_sorted_and_there_once() {
        let lines: Vec<_> = include_str!("severity.tsv").lines().collect();
        for line in &lines[1..] {
            let cells: Vec<_> = line.split('\t').collect();
            let [tool, word, ours, source] = cells[..] else { panic!("expected four cells: {line}") };
            assert!(!tool.is_empty() && !source.is_empty(), "{line}");
            assert_eq!(word, word.to_lowercase(), "{line}");
            assert!(ours.parse::<Severity>().is_ok(), "{line}");
        }
        let keys: Vec<_> = table().iter().map(|row| (row.tool, row.word)).collect();
        let out_of_order: Vec<_> = keys.windows(2).filter(|pair| pair[0] >= pair[1]).collect();
        assert!(out_of_order.is_empty(), "{out_of_order:?}");
    }

    #[test]
    fn every_tool_of_the_table_is_that_of_a_format_and_the_other_way_round() {
        let of_formats: std::collections::BTreeSet<_> =
            crate::FORMATS.iter().map(|format| format.severities).filter(|tool| !tool.is_empty()).collect();
        let of_table: std::collections::BTreeSet<_> = table().iter().map(|row| row.tool).collect();
        assert_eq!(of_formats, of_table);
    }
}
