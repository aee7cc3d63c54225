//! Tables in text (CSV and its kin, RFC 4180): rows whose columns are asked for by name.

use crate::ReadError;
use crate::probe::separator;
use std::collections::HashMap;

/// A table whose first line names its columns.
pub(crate) struct Table {
    what: &'static str,
    columns: HashMap<String, usize>,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    table: &'t Table,
    /// The line of the document, from 1.
    pub(crate) line: u64,
    cells: &'t csv::StringRecord,
}

impl Table {
    /// Parses a table; `what` is its name for people, such as `CSV report of Qualys`. The columns are separated by
    /// whichever of comma, semicolon and tab its first line has most of. Rows may be shorter or longer than the first.
    pub(crate) fn parse(what: &'static str, bytes: &[u8]) -> Result<Self, ReadError> {
        let first_line = bytes.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
        let separator = separator(&String::from_utf8_lossy(first_line.unwrap_or_default()));
        let mut reader = csv::ReaderBuilder::new().delimiter(separator as u8).flexible(true).from_reader(bytes);
        let broken = |error: csv::Error| {
            let line = error.position().map_or(0, csv::Position::line);
            ReadError::lacks(what, &format!("line {line}"), error.to_string())
        };
        let header = reader.headers().map_err(broken)?.clone();
        let mut columns = HashMap::new();
        let mut occurrences: HashMap<&str, usize> = HashMap::new();
        for (position, name) in header.iter().enumerate() {
            let name = name.trim().trim_start_matches('\u{feff}');
            let occurrence = occurrences.entry(name).or_default();
            *occurrence += 1;
            let name = if *occurrence == 1 { name.to_owned() } else { format!("{name}#{occurrence}") };
            columns.entry(name).or_insert(position);
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(broken)?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                rows.push((line, record));
            }
        }
        Ok(Self { what, columns, rows })
    }

    /// Makes sure that the first line names each of `columns`.
    pub(crate) fn require(&self, columns: &[&str]) -> Result<(), ReadError> {
        match columns.iter().find(|column| !self.columns.contains_key(**column)) {
            Some(column) => {
                Err(ReadError::lacks(self.what, "line 1", format!("expected the column `{column}`, found none")))
            }
            None => Ok(()),
        }
    }

    /// Its rows, blank ones left out.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }
}

impl<'t> Row<'t> {
    /// The cell of a column, trimmed; nothing where it is blank or there is no such column. The second column of a name
    /// is asked for as `Name#2`.
    pub(crate) fn get(&self, column: &str) -> Option<&'t str> {
        let position = self.table.columns.get(column)?;
        self.cells.get(*position).map(str::trim).filter(|cell| !cell.is_empty())
    }

    /// Every column with its cell, trimmed; blank ones left out.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&'t str, &'t str)> {
        let Self { table, .. } = *self;
        let row = *self;
        table.columns.keys().filter_map(move |column| Some((column.as_str(), row.get(column)?)))
    }

    /// The cell of a column, owned.
    pub(crate) fn stated(&self, column: &str) -> Option<String> {
        self.get(column).map(str::to_owned)
    }
}
