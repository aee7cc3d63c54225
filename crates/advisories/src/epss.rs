//! Reads the Exploit Prediction Scoring System's daily table: how likely each vulnerability is exploited in the next 30
//! days. <https://www.first.org/epss/data_stats>

use jiff::Timestamp;
use shipworthy_model::Warning;

use crate::reading::{Unreadable, capped, instant};

/// What the first line of the table says of it; older tables have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edition {
    /// The model, such as `v2025.03.14`.
    pub model: Option<String>,
    /// When the scores were computed.
    pub scored: Option<Timestamp>,
    /// Rows that could not be read, and where.
    pub warnings: Vec<Warning>,
}

/// The score of one vulnerability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score<'a> {
    /// Its CVE id.
    pub vulnerability: &'a str,
    /// The probability of exploitation in the next 30 days, from 0 to 1.
    pub probability: f64,
    /// The share of all scored vulnerabilities that score the same or lower, from 0 to 1.
    pub percentile: f64,
}

const HEAD: &str = "cve,epss,percentile";

/// Reads the table and gives each score to `keep`. A row that cannot be read is left out and becomes a warning with its
/// line; after 100 of them nothing more is said.
///
/// # Errors
/// When the first lines are not those of the table, or no row can be read.
pub fn read<'a>(document: &'a str, keep: &mut dyn FnMut(Score<'a>)) -> Result<Edition, Unreadable> {
    let mut lines = document.trim_start_matches('\u{feff}').lines().enumerate().peekable();
    let mut edition = Edition::default();
    if let Some((_, comment)) = lines.next_if(|(_, line)| line.starts_with('#')) {
        let value = |key| comment.trim_start_matches('#').split(',').find_map(|part| part.strip_prefix(key));
        edition.model = value("model_version:").map(str::to_owned);
        edition.scored = instant(value("score_date:").map(with_colon).as_deref());
    }
    let head = lines.next().map_or("", |(_, line)| line);
    if head.trim() != HEAD {
        let found = capped(head, 60);
        return Err(Unreadable(format!("the document is not the table of EPSS: expected `{HEAD}`, found `{found}`")));
    }
    let mut found = 0_usize;
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        if let Some(score) = score_of(line) {
            found += 1;
            keep(score);
        } else if edition.warnings.len() < 100 {
            let message = format!("expected an id and two numbers from 0 to 1, found `{}`", capped(line, 60));
            edition.warnings.push(Warning { at: format!("line {}", number + 1), message });
        }
    }
    if found == 0 {
        return Err(Unreadable("the table of EPSS holds no score, which cannot be".to_owned()));
    }
    Ok(edition)
}

/// `+0000` is how the table writes what RFC 3339 writes as `+00:00`.
fn with_colon(stated: &str) -> String {
    stated.strip_suffix("+0000").map_or_else(|| stated.to_owned(), |rest| format!("{rest}Z"))
}

fn score_of(line: &str) -> Option<Score<'_>> {
    let mut cells = line.trim().split(',');
    let (vulnerability, probability, percentile) = (cells.next()?, cells.next()?, cells.next()?);
    let share = |cell: &str| cell.trim().parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    let (probability, percentile) = (share(probability)?, share(percentile)?);
    vulnerability.starts_with("CVE-").then_some(Score { vulnerability, probability, percentile })
}
