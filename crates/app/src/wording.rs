//! Numbers and lists as people read them: `1,204 components`, `1 test`.

use shipworthy_model::SeverityCounts;

/// A number with its thing: `1 test`, `1,204 tests`. The plural is the singular with an `s`, or its `y` as `ies`.
pub(crate) fn counted(count: u64, singular: &str) -> String {
    let number = thousands(count);
    if count == 1 {
        return format!("{number} {singular}");
    }
    match singular.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
        Some(stem) => format!("{number} {stem}ies"),
        None => format!("{number} {singular}s"),
    }
}

/// A number with commas between the thousands.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join(",")
}

/// What there is of each severity, the worst first: `2 critical, 5 high`; empty when there is nothing.
pub(crate) fn severities(counts: &SeverityCounts) -> String {
    let SeverityCounts { critical, high, medium, low, info, unknown } = *counts;
    let all = [
        (critical, "critical"),
        (high, "high"),
        (medium, "medium"),
        (low, "low"),
        (info, "info"),
        (unknown, "of unknown severity"),
    ];
    let shown = all.iter().filter(|(count, _)| *count > 0);
    shown.map(|(count, word)| format!("{} {word}", thousands(*count))).collect::<Vec<_>>().join(", ")
}

/// Text of tools as a terminal or page can show it: characters that would move the cursor, change colours or turn the
/// direction of writing become visible marks, and a line stays a line.
pub(crate) fn shown(text: &str) -> String {
    let is_trick = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| {
            if c == '\n' || c == '\t' {
                ' '
            } else if is_trick(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_tools_cannot_steer_a_terminal() {
        assert_eq!(shown("a\u{1b}[31mb\nc\u{202e}d"), "a\u{fffd}[31mb c\u{fffd}d");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(counted(1, "vulnerability"), "1 vulnerability");
        assert_eq!(counted(0, "test"), "0 tests");
        assert_eq!(counted(12, "vulnerability"), "12 vulnerabilities");
        assert_eq!(counted(1_234_567, "component"), "1,234,567 components");
        assert_eq!(thousands(100_000), "100,000");
    }

    #[test]
    fn severities_are_listed_worst_first_without_the_absent() {
        let counts = SeverityCounts { critical: 2, low: 1_000, unknown: 1, ..SeverityCounts::default() };
        assert_eq!(severities(&counts), "2 critical, 1,000 low, 1 of unknown severity");
        assert_eq!(severities(&SeverityCounts::default()), "");
    }
}
