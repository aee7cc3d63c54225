//! Licences as SPDX expressions: the known ones in their registered spelling, the others as `LicenseRef-…` terms.
//! A name that could mean several licences ("BSD", "GPL") is never guessed into one of them.

use spdx::{Expression, ParseMode};
use std::borrow::Cow;

/// Names that mean one licence and are neither its id nor its full name in the SPDX list. The first part is how people
/// write it in package metadata, the second how Debian's machine-readable copyright files do
/// (<https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/#license-short-name>).
const OTHER_NAMES: &[(&str, &str)] = &[
    ("Apache 2", "Apache-2.0"),
    ("Apache 2.0", "Apache-2.0"),
    ("Apache-2", "Apache-2.0"),
    ("Apache License Version 2.0", "Apache-2.0"),
    ("Apache License, Version 2.0", "Apache-2.0"),
    ("Apache Software License 2.0", "Apache-2.0"),
    ("The Apache License, Version 2.0", "Apache-2.0"),
    ("The Apache Software License, Version 2.0", "Apache-2.0"),
    ("3-Clause BSD License", "BSD-3-Clause"),
    ("BSD 3-Clause", "BSD-3-Clause"),
    ("BSD 3-Clause License", "BSD-3-Clause"),
    ("New BSD License", "BSD-3-Clause"),
    ("2-Clause BSD License", "BSD-2-Clause"),
    ("BSD 2-Clause", "BSD-2-Clause"),
    ("BSD 2-Clause License", "BSD-2-Clause"),
    ("Simplified BSD License", "BSD-2-Clause"),
    ("Eclipse Public License - v 1.0", "EPL-1.0"),
    ("Eclipse Public License - v 2.0", "EPL-2.0"),
    ("GPLv2", "GPL-2.0-only"),
    ("GPLv3", "GPL-3.0-only"),
    ("LGPLv2.1", "LGPL-2.1-only"),
    ("LGPLv3", "LGPL-3.0-only"),
    ("MIT X11", "MIT"),
    ("The MIT License", "MIT"),
    ("The MIT License (MIT)", "MIT"),
    ("MPL 2.0", "MPL-2.0"),
    ("Mozilla Public License, Version 2.0", "MPL-2.0"),
    ("Expat", "MIT"),
    ("GPL-1", "GPL-1.0-only"),
    ("GPL-1+", "GPL-1.0-or-later"),
    ("GPL-2", "GPL-2.0-only"),
    ("GPL-2+", "GPL-2.0-or-later"),
    ("GPL-3", "GPL-3.0-only"),
    ("GPL-3+", "GPL-3.0-or-later"),
    ("LGPL-2", "LGPL-2.0-only"),
    ("LGPL-2+", "LGPL-2.0-or-later"),
    ("LGPL-3", "LGPL-3.0-only"),
    ("LGPL-3+", "LGPL-3.0-or-later"),
    ("AGPL-3", "AGPL-3.0-only"),
    ("AGPL-3+", "AGPL-3.0-or-later"),
];

/// The SPDX expression of what a document calls a licence: an id, a name or an expression. `NONE` stays, `NOASSERTION`
/// and blanks are nothing stated; a name that SPDX does not know becomes a `LicenseRef-…`.
pub(crate) fn expression(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("NOASSERTION") {
        return None;
    }
    if text.eq_ignore_ascii_case("NONE") {
        return Some("NONE".to_owned());
    }
    // No name of a licence has these operators in capitals, so an expression need not be looked up among the names.
    let is_compound = text.contains(" OR ") || text.contains(" AND ");
    let known = if is_compound { None } else { registered(text).map(Cow::into_owned) };
    known.or_else(|| canonical(text)).or_else(|| with_references(text)).or_else(|| Some(reference(text)))
}

/// Several licences that hold together. `NONE` beside another says nothing.
pub(crate) fn all_of(expressions: impl IntoIterator<Item = String>) -> Option<String> {
    let mut distinct: Vec<String> = Vec::new();
    for expression in expressions {
        if !distinct.contains(&expression) {
            distinct.push(expression);
        }
    }
    if distinct.len() > 1 {
        distinct.retain(|expression| expression != "NONE");
    }
    if distinct.len() < 2 {
        return distinct.pop();
    }
    let grouped = distinct.iter().map(|e| if e.contains(" OR ") { format!("({e})") } else { e.clone() });
    Some(grouped.collect::<Vec<_>>().join(" AND "))
}

/// The id of one licence in its registered spelling, from the id in any case, its full name or another name.
fn registered(name: &str) -> Option<Cow<'_, str>> {
    // The list's own search also takes `GPL-2.0+` for `GPL-2.0`.
    if let Some(id) = spdx::license_id(name).filter(|id| id.name == name) {
        return Some(Cow::Borrowed(if id.is_deprecated() { undeprecated(id.name) } else { id.name }));
    }
    if let Some((_, id)) = OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
        return Some(Cow::Borrowed(id));
    }
    let is_meant = |l: &&spdx::License| l.name.eq_ignore_ascii_case(name) || l.full_name.eq_ignore_ascii_case(name);
    let license = spdx::identifiers::LICENSES.iter().find(is_meant)?;
    Some(Cow::Borrowed(undeprecated(license.name)))
}

/// `GPL-2.0` has become `GPL-2.0-only`, and `GPL-2.0+` has become `GPL-2.0-or-later`, as have their like.
fn undeprecated(id: &'static str) -> &'static str {
    let (base, suffix) = id.strip_suffix('+').map_or((id, "-only"), |base| (base, "-or-later"));
    let is_successor = |l: &&spdx::License| l.name.strip_suffix(suffix) == Some(base);
    spdx::identifiers::LICENSES.iter().find(is_successor).map_or(id, |license| license.name)
}

/// The expression with registered spellings, where every term of it is known.
fn canonical(text: &str) -> Option<String> {
    let words = words(text).into_iter().map(|word| match word.to_ascii_uppercase().as_str() {
        operator @ ("AND" | "OR" | "WITH") => Cow::Owned(operator.to_owned()),
        _ => registered(word).or_else(|| exception(word)).unwrap_or(Cow::Borrowed(word)),
    });
    valid(&joined(words.collect()))
}

/// The expression with its unknown terms as `LicenseRef-…`. Only upper-case operators count here, because the unknown
/// terms may be prose.
fn with_references(text: &str) -> Option<String> {
    let mut terms: Vec<Cow<'_, str>> = Vec::new();
    let mut name: Vec<&str> = Vec::new();
    for word in words(text).into_iter().chain([""]) {
        if !matches!(word, "AND" | "OR" | "(" | ")" | "") {
            name.push(word);
            continue;
        }
        if !name.is_empty() {
            let name = std::mem::take(&mut name).join(" ");
            terms.push(Cow::Owned(canonical(&name).unwrap_or_else(|| reference(&name))));
        }
        terms.push(Cow::Borrowed(word));
    }
    if terms.iter().any(|term| matches!(term.as_ref(), "AND" | "OR")) { valid(&joined(terms)) } else { None }
}

/// Accepts the deprecated ids that have no successor, which tools still write.
fn valid(expression: &str) -> Option<String> {
    let mode = ParseMode { allow_deprecated: true, ..ParseMode::STRICT };
    Expression::parse_mode(expression, mode).is_ok().then(|| expression.to_owned())
}

fn exception(word: &str) -> Option<Cow<'_, str>> {
    let known = spdx::identifiers::EXCEPTIONS.iter().find(|exception| exception.name.eq_ignore_ascii_case(word));
    known.map(|exception| Cow::Borrowed(exception.name))
}

/// The words and parentheses of an expression.
fn words(text: &str) -> Vec<&str> {
    let spaced = text.split_whitespace();
    let parts = spaced.flat_map(|word| word.split_inclusive(['(', ')']));
    let split = parts.flat_map(|part| match part.strip_suffix(['(', ')']) {
        Some(word) => [word, &part[word.len()..]],
        None => [part, ""],
    });
    split.filter(|word| !word.is_empty()).collect()
}

fn joined(words: Vec<Cow<'_, str>>) -> String {
    let text = words.iter().filter(|word| !word.is_empty()).map(AsRef::as_ref).collect::<Vec<&str>>().join(" ");
    text.replace("( ", "(").replace(" )", ")")
}

/// A term for a licence that SPDX does not know, out of the characters that such a term may have.
fn reference(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' };
    let replaced: String = name.chars().take(100).map(allowed).collect();
    let words: Vec<_> = replaced.split('-').filter(|word| !word.is_empty()).collect();
    let name = if words.is_empty() { "unnamed".to_owned() } else { words.join("-") };
    if name.starts_with("LicenseRef-") { name } else { format!("LicenseRef-{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_write_becomes_an_expression() {
        for (written, expected) in [
            ("MIT", Some("MIT")),
            ("mit", Some("MIT")),
            ("MIT License", Some("MIT")),
            ("The Apache Software License, Version 2.0", Some("Apache-2.0")),
            ("GPL-2.0", Some("GPL-2.0-only")),
            ("GPL-2.0+", Some("GPL-2.0-or-later")),
            ("LGPL-2.1+", Some("LGPL-2.1-or-later")),
            ("GPL-2+", Some("GPL-2.0-or-later")),
            ("GPL-2.0-with-classpath-exception", Some("GPL-2.0-with-classpath-exception")),
            ("GPL-2.0 with classpath-exception-2.0", Some("GPL-2.0-only WITH Classpath-exception-2.0")),
            ("(mit or apache-2.0) AND BSD-3-Clause", Some("(MIT OR Apache-2.0) AND BSD-3-Clause")),
            ("Apache-2.0+", Some("Apache-2.0+")),
            ("LicenseRef-Shop-1", Some("LicenseRef-Shop-1")),
            ("DocumentRef-a:LicenseRef-b", Some("DocumentRef-a:LicenseRef-b")),
            ("BSD", Some("LicenseRef-BSD")),
            ("GPL", Some("LicenseRef-GPL")),
            ("Shop House License (v2)", Some("LicenseRef-Shop-House-License-v2")),
            ("MIT AND Shop House License", Some("MIT AND LicenseRef-Shop-House-License")),
            ("MIT OR (GPL AND Zlib)", Some("MIT OR (LicenseRef-GPL AND Zlib)")),
            ("MIT AND (", Some("LicenseRef-MIT-AND")),
            ("§§", Some("LicenseRef-unnamed")),
            ("NONE", Some("NONE")),
            ("NOASSERTION", None),
            (" ", None),
        ] {
            assert_eq!(expression(written).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn several_licences_hold_together() {
        let all = |list: &[&str]| all_of(list.iter().map(|&text| text.to_owned()));
        assert_eq!(all(&[]), None);
        assert_eq!(all(&["MIT", "MIT"]).as_deref(), Some("MIT"));
        assert_eq!(all(&["MIT OR Zlib", "NONE", "ISC"]).as_deref(), Some("(MIT OR Zlib) AND ISC"));
    }
}
