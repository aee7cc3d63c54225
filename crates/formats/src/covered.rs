//! What the readers of coverage reports share: what is known of each line, branch and method of each file. A document may
//! tell of the same line again and again, for functions that are instantiated or merged; each is counted once.

use crate::counts::LARGEST;
use shipworthy_model::{Counter, Coverage, Warning};
use std::collections::HashMap;

/// The files of a document with what is known of them.
#[derive(Default)]
pub(crate) struct Covered {
    files: HashMap<String, usize>,
    /// The lines of each file that can be covered, from first to last and in any order.
    lines: HashMap<usize, Vec<(u64, u64)>>,
    /// Those of them that are.
    covered_lines: HashMap<usize, Vec<(u64, u64)>>,
    branches: HashMap<(usize, u64, String), bool>,
    /// Branches of a line of which only the numbers are known.
    counted_branches: HashMap<(usize, u64), Counter>,
    methods: HashMap<(usize, String), bool>,
}

impl Covered {
    /// The number of a file, for what follows.
    pub(crate) fn file(&mut self, name: &str) -> usize {
        let next = self.files.len();
        match self.files.get(name) {
            Some(number) => *number,
            None => *self.files.entry(name.to_owned()).or_insert(next),
        }
    }

    /// Notes a line; it was covered if any part of it was.
    pub(crate) fn line(&mut self, file: usize, number: u64, is_covered: bool) {
        self.range(file, number, number, is_covered);
    }

    /// Notes the lines from `first` to `last`.
    pub(crate) fn range(&mut self, file: usize, first: u64, last: u64, is_covered: bool) {
        let range = (first, last.clamp(first, LARGEST.max(first)));
        self.lines.entry(file).or_default().push(range);
        if is_covered {
            self.covered_lines.entry(file).or_default().push(range);
        }
    }

    /// Notes a branch of a line.
    pub(crate) fn branch(&mut self, file: usize, line: u64, name: impl Into<String>, is_covered: bool) {
        *self.branches.entry((file, line, name.into())).or_default() |= is_covered;
    }

    /// Notes how many branches a line has, where they have no names.
    pub(crate) fn branches(&mut self, file: usize, line: u64, counter: Counter) {
        let known = self.counted_branches.entry((file, line)).or_default();
        known.covered = known.covered.max(counter.covered);
        known.total = known.total.max(counter.total);
    }

    /// Notes a method or function.
    pub(crate) fn method(&mut self, file: usize, name: impl Into<String>, is_covered: bool) {
        *self.methods.entry((file, name.into())).or_default() |= is_covered;
    }

    /// What was counted. A counter of nothing is absent: what a tool did not measure is not known.
    pub(crate) fn coverage(self) -> Coverage {
        let lines = Counter { covered: distinct(self.covered_lines), total: distinct(self.lines) };
        let mut branches = counter(self.branches.values());
        for Counter { covered, total } in self.counted_branches.into_values() {
            branches.covered = branches.covered.saturating_add(covered);
            branches.total = branches.total.saturating_add(total);
        }
        Coverage {
            lines: measured(lines),
            branches: measured(branches),
            methods: measured(counter(self.methods.values())),
            ..Coverage::default()
        }
    }
}

/// How many lines there are in the ranges, each counted once in its file.
fn distinct(files: HashMap<usize, Vec<(u64, u64)>>) -> u64 {
    let mut count: u64 = 0;
    for mut ranges in files.into_values() {
        ranges.sort_unstable();
        let mut next = 0;
        for (first, last) in ranges {
            let first = first.max(next);
            if first <= last {
                count = count.saturating_add(last - first).saturating_add(1);
                next = last.saturating_add(1);
            }
        }
    }
    count
}

/// The counter of what is covered or not.
pub(crate) fn counter<'a>(of: impl Iterator<Item = &'a bool>) -> Counter {
    let mut counter = Counter::default();
    for is_covered in of {
        counter.total += 1;
        counter.covered += u64::from(*is_covered);
    }
    counter
}

/// The counter, unless there was nothing to count.
pub(crate) fn measured(counter: Counter) -> Option<Counter> {
    Some(counter).filter(|counter| counter.total > 0)
}

/// The counter of two numbers that a document states; nothing for what cannot be.
pub(crate) fn stated(covered: Option<u64>, total: Option<u64>) -> Option<Counter> {
    let counter = Counter { covered: covered?, total: total? };
    Some(counter).filter(|counter| counter.covered <= counter.total && counter.total <= LARGEST)
}

/// Adds a counter to the sum of such counters.
pub(crate) fn add(sum: &mut Option<Counter>, part: Option<Counter>) {
    if let Some(Counter { covered, total }) = part {
        let sum = sum.get_or_insert_default();
        sum.covered = sum.covered.saturating_add(covered);
        sum.total = sum.total.saturating_add(total);
    }
}

/// Warns where a document states another counter than was counted in it. Nothing counted is nothing to compare with.
pub(crate) fn compare(
    what: &str,
    stated: Option<Counter>,
    counted: Option<Counter>,
    at: &str,
    warnings: &mut Vec<Warning>,
) {
    if let (Some(stated), Some(counted)) = (stated, counted)
        && stated != counted
    {
        let message = format!(
            "the document states {} of {} {what}, it shows {} of {}; what it shows is counted",
            stated.covered, stated.total, counted.covered, counted.total
        );
        warnings.push(Warning { at: at.to_owned(), message });
    }
}

#[cfg(test)]
mod tests {
    use super::Covered;
    use shipworthy_model::Counter;

    #[test]
    fn a_line_is_counted_once_and_is_covered_where_any_part_of_it_is() {
        let mut covered = Covered::default();
        let (cart, till) = (covered.file("cart.c"), covered.file("till.c"));
        assert_eq!(covered.file("cart.c"), cart);
        covered.range(cart, 1, 10, false);
        covered.range(cart, 3, 4, true);
        covered.line(cart, 4, true);
        covered.line(cart, 12, false);
        covered.line(till, 4, true);
        assert_eq!(covered.coverage().lines, Some(Counter { covered: 3, total: 12 }));
    }
}
