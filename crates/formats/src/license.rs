//! Licences as SPDX expressions: the known ones in their registered spelling, the others as `LicenseRef-…` terms.

use spdx::{Expression, ParseMode};

/// The SPDX expression of what a document calls a licence, an id or an expression alike. `NONE` stays, `NOASSERTION`
/// and blanks are nothing stated; a name that SPDX does not know becomes a `LicenseRef-…`.
pub(crate) fn expression(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("NOASSERTION") {
        return None;
    }
    if text.eq_ignore_ascii_case("NONE") {
        return Some("NONE".to_owned());
    }
    if let Ok(Some(canonical)) = Expression::canonicalize(text)
        && is_known(&canonical)
    {
        return Some(canonical);
    }
    if is_known(text) { Some(text.to_owned()) } else { Some(reference(text)) }
}

/// Several licences that hold together.
pub(crate) fn all_of(mut expressions: Vec<String>) -> Option<String> {
    expressions.dedup();
    if let [only] = expressions.as_slice() {
        return Some(only.clone());
    }
    let grouped = expressions.iter().map(|e| if e.contains(" OR ") { format!("({e})") } else { e.clone() });
    Some(grouped.collect::<Vec<_>>().join(" AND ")).filter(|joined| !joined.is_empty())
}

/// Accepts deprecated ids such as `GPL-2.0` and `GPL-2.0+`, which many tools still write.
fn is_known(text: &str) -> bool {
    let mode = ParseMode { allow_deprecated: true, ..ParseMode::STRICT };
    Expression::parse_mode(text, mode).is_ok()
}

/// A term for a licence that SPDX does not know, out of the characters that such a term may have.
fn reference(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' };
    let replaced: String = name.chars().take(100).map(allowed).collect();
    let words: Vec<_> = replaced.split('-').filter(|word| !word.is_empty()).collect();
    let name = if words.is_empty() { "unnamed".to_owned() } else { words.join("-") };
    format!("LicenseRef-{name}")
}
