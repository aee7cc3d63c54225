//! How many tests ran: in comes what a test runner printed, out come the numbers of its closing lines.

/// The result of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    /// Nothing may skip itself, so these count as failures in the end.
    pub(crate) skipped: u32,
}

impl Counts {
    pub(crate) const ONE_PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub(crate) const ONE_FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
}

/// Reads a runner's output; `None` when the runner's closing line is not there.
pub(crate) type Reader = fn(&str) -> Option<Counts>;

pub(crate) fn count_nextest(output: &str) -> Option<Counts> {
    sum(output, |line| line.starts_with("Summary ["))
}

pub(crate) fn count_cargo(output: &str) -> Option<Counts> {
    sum(output, |line| line.starts_with("test result:"))
}

pub(crate) fn count_vitest(output: &str) -> Option<Counts> {
    sum(output, |line| line.starts_with("Tests ") || line.starts_with("Snapshots "))
}

pub(crate) fn count_playwright(output: &str) -> Option<Counts> {
    let closing_words = ["passed", "failed", "flaky", "skipped", "did"];
    sum(output, |line| {
        pairs(line).next().is_some_and(|(_, word)| closing_words.contains(&word)) && starts_with_digit(line)
    })
}

/// `shipworthy policy test` gives each policy a line, such as `ok    tests-passed: 6 cases`; a policy of which a case
/// fails has one that begins with `FAIL` and counts as one failure.
pub(crate) fn count_policies(output: &str) -> Option<Counts> {
    let mut counts = Counts::default();
    for line in output.lines() {
        if line.starts_with("FAIL ") {
            counts.failed += 1;
        } else if line.starts_with("ok ") {
            counts.passed +=
                pairs(line).filter(|(_, word)| ["case", "cases"].contains(word)).map(|(number, _)| number).sum::<u32>();
        }
    }
    (counts != Counts::default()).then_some(counts)
}

fn starts_with_digit(line: &str) -> bool {
    line.starts_with(|first: char| first.is_ascii_digit())
}

fn sum(output: &str, is_closing_line: impl Fn(&str) -> bool) -> Option<Counts> {
    let plain = without_colours(output);
    let mut lines = plain.lines().map(str::trim).filter(|line| is_closing_line(line)).peekable();
    lines.peek()?;
    let mut counts = Counts::default();
    for (number, word) in lines.flat_map(pairs) {
        match word {
            "passed" => counts.passed += number,
            "failed" | "timed" | "exec" | "flaky" | "obsolete" => counts.failed += number,
            "skipped" | "ignored" | "todo" | "did" => counts.skipped += number,
            _ => {}
        }
    }
    Some(counts)
}

/// Every number that is followed by a word, as in `11 passed, 1 failed`.
fn pairs(line: &str) -> impl Iterator<Item = (u32, &str)> {
    let words = line.split_whitespace();
    words.clone().zip(words.skip(1)).filter_map(|(number, word)| {
        Some((number.parse().ok()?, word.trim_matches(|letter: char| !letter.is_alphabetic())))
    })
}

/// Terminal colours are `ESC [ … m`.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u32, failed: u32, skipped: u32) -> Option<Counts> {
        Some(Counts { passed, failed, skipped })
    }

    #[test]
    fn nextest_says_what_passed_failed_and_timed_out() {
        let output = "     Summary [   0.054s] 15 tests run: 12 passed, 2 failed, 1 timed out, 3 skipped\n";
        assert_eq!(count_nextest(output), counts(12, 3, 3));
    }

    #[test]
    fn colours_do_not_hide_the_closing_line() {
        let output = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.054s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m skipped\n";
        assert_eq!(count_nextest(output), counts(2, 0, 0));
    }

    #[test]
    fn cargo_test_adds_up_its_binaries() {
        let output = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                      test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(count_cargo(output), counts(7, 2, 1));
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        let output = " Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 12 passed | 1 todo (15)\n";
        assert_eq!(count_vitest(output), counts(12, 2, 1));
    }

    #[test]
    fn a_snapshot_that_no_test_of_the_ui_reads_is_a_failure() {
        let output = "  Snapshots  1 obsolete\n Test Files  3 passed (3)\n      Tests  12 passed (12)\n";
        assert_eq!(count_vitest(output), counts(12, 1, 0));
    }

    #[test]
    fn playwright_gives_each_number_a_line() {
        let output = "Running 9 tests using 1 worker\n  1 failed\n    [chromium] › a.spec.ts\n  1 flaky\n  2 did not run\n  5 passed (30.1s)\n";
        assert_eq!(count_playwright(output), counts(5, 2, 2));
    }

    #[test]
    fn policies_count_their_cases() {
        let output = "ok    quality-gate: 6 cases\nFAIL  tests-passed: 1 of 6 cases\nok    sbom-complete: 7 cases\n";
        assert_eq!(count_policies(output), counts(13, 1, 0));
    }

    #[test]
    fn a_runner_that_says_nothing_ran_nothing() {
        assert_eq!(count_nextest("error: could not compile"), None);
        assert_eq!(count_policies(""), None);
    }
}
