//! Intervals, with which ranges are computed before they are written as constraints.

use super::{Comparator, Constraint};
use crate::version::{Unordered, VersionOrder};
use std::cmp::Ordering;

/// All versions that fulfil several conditions at once: those between two bounds.
#[derive(Debug, Clone, Default)]
pub(super) struct Interval {
    pub(super) lower: Option<Constraint>,
    pub(super) upper: Option<Constraint>,
}

impl Interval {
    /// One condition more; `=` is kept as both bounds.
    pub(super) fn narrow(&mut self, order: VersionOrder, condition: Constraint) -> Result<(), Unordered> {
        match condition.comparator {
            Comparator::Any | Comparator::NotEqual => {}
            Comparator::Greater | Comparator::GreaterOrEqual => {
                keep(order, &mut self.lower, condition, Ordering::Greater)?
            }
            Comparator::Less | Comparator::LessOrEqual => keep(order, &mut self.upper, condition, Ordering::Less)?,
            Comparator::Equal => {
                let bound = |comparator| Constraint { comparator, version: condition.version.clone() };
                keep(order, &mut self.lower, bound(Comparator::GreaterOrEqual), Ordering::Greater)?;
                keep(order, &mut self.upper, bound(Comparator::LessOrEqual), Ordering::Less)?;
            }
        }
        Ok(())
    }

    /// The constraints that say the same; an empty interval has none.
    fn constraints(self, order: VersionOrder) -> Result<Vec<Constraint>, Unordered> {
        Ok(match (self.lower, self.upper) {
            (None, None) => vec![Constraint { comparator: Comparator::Any, version: String::new() }],
            (Some(lower), Some(upper)) => match order.compare(&lower.version, &upper.version)? {
                Ordering::Less => vec![lower, upper],
                Ordering::Equal if is_inclusive(&lower) && is_inclusive(&upper) => {
                    vec![Constraint { comparator: Comparator::Equal, ..lower }]
                }
                Ordering::Equal | Ordering::Greater => Vec::new(),
            },
            (lower, upper) => lower.into_iter().chain(upper).collect(),
        })
    }
}

/// Keeps the stricter of two bounds.
fn keep(
    order: VersionOrder,
    bound: &mut Option<Constraint>,
    other: Constraint,
    stricter: Ordering,
) -> Result<(), Unordered> {
    let Some(kept) = bound else {
        *bound = Some(other);
        return Ok(());
    };
    let compared = order.compare(&other.version, &kept.version)?;
    if compared == stricter || (compared.is_eq() && !is_inclusive(&other)) {
        *kept = other;
    }
    Ok(())
}

fn is_inclusive(bound: &Constraint) -> bool {
    matches!(bound.comparator, Comparator::GreaterOrEqual | Comparator::LessOrEqual)
}

/// The constraints for what is in any of the intervals. Intervals that overlap are joined where their bounds, one behind the
/// other, would mean something else.
pub(super) fn any_of(order: VersionOrder, intervals: Vec<Interval>) -> Result<Vec<Constraint>, Unordered> {
    let mut written = Vec::new();
    let mut joined: Vec<Interval> = Vec::new();
    for interval in by_beginning(order, intervals)? {
        let constraints = interval.clone().constraints(order)?;
        if matches!(constraints.as_slice(), [Constraint { comparator: Comparator::Any, .. }]) {
            return Ok(constraints);
        }
        if constraints.is_empty() {
            continue;
        }
        written.extend(constraints);
        match joined.last_mut() {
            Some(last) if overlaps(order, last, &interval)? => {
                last.upper = later(order, last.upper.take(), interval.upper)?
            }
            _ => joined.push(interval),
        }
    }
    let mut apart = Vec::new();
    for interval in joined {
        apart.extend(interval.constraints(order)?);
    }
    let written = sorted(order, written)?;
    Ok(if simplified(&written) == apart { written } else { apart })
}

/// The intervals by where they begin.
fn by_beginning(order: VersionOrder, mut intervals: Vec<Interval>) -> Result<Vec<Interval>, Unordered> {
    let mut problem = None;
    intervals.sort_by(|left, right| match (&left.lower, &right.lower) {
        (Some(left), Some(right)) => {
            let compared = order.compare(&left.version, &right.version).unwrap_or_else(|unordered| {
                problem = Some(unordered);
                Ordering::Equal
            });
            compared.then(left.comparator.cmp(&right.comparator))
        }
        (left, right) => left.is_some().cmp(&right.is_some()),
    });
    problem.map_or(Ok(intervals), Err)
}

/// Whether an interval that begins later begins before the first one has ended.
fn overlaps(order: VersionOrder, first: &Interval, second: &Interval) -> Result<bool, Unordered> {
    match (&first.upper, &second.lower) {
        (Some(upper), Some(lower)) => Ok(match order.compare(&lower.version, &upper.version)? {
            Ordering::Less => true,
            Ordering::Equal => is_inclusive(lower) && is_inclusive(upper),
            Ordering::Greater => false,
        }),
        _ => Ok(true),
    }
}

/// The end that is later; none is the latest.
fn later(
    order: VersionOrder,
    left: Option<Constraint>,
    right: Option<Constraint>,
) -> Result<Option<Constraint>, Unordered> {
    let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
    Ok(Some(match order.compare(&left.version, &right.version)? {
        Ordering::Less => right,
        Ordering::Equal if is_inclusive(&right) => right,
        Ordering::Equal | Ordering::Greater => left,
    }))
}

/// The constraints by their versions.
pub(super) fn sorted(order: VersionOrder, mut constraints: Vec<Constraint>) -> Result<Vec<Constraint>, Unordered> {
    let mut problem = None;
    constraints.sort_by(|left, right| {
        let compared = order.compare(&left.version, &right.version).unwrap_or_else(|unordered| {
            problem = Some(unordered);
            Ordering::Equal
        });
        compared.then(left.comparator.cmp(&right.comparator))
    });
    problem.map_or(Ok(constraints), Err)
}

/// What sorted constraints mean: of several beginnings in a row the first, of several ends the last, and no version alone
/// that is between a beginning and an end.
fn simplified(constraints: &[Constraint]) -> Vec<Constraint> {
    let mut kept: Vec<Constraint> = Vec::new();
    let mut is_open = false;
    for constraint in constraints {
        match constraint.comparator {
            Comparator::Greater | Comparator::GreaterOrEqual if is_open => continue,
            Comparator::Equal if is_open => continue,
            Comparator::Greater | Comparator::GreaterOrEqual => is_open = true,
            Comparator::Less | Comparator::LessOrEqual if !is_open => {
                let is_end = |kept: &Constraint| matches!(kept.comparator, Comparator::Less | Comparator::LessOrEqual);
                kept.truncate(kept.iter().rposition(is_end).unwrap_or(0));
            }
            Comparator::Less | Comparator::LessOrEqual => is_open = false,
            Comparator::Any | Comparator::Equal | Comparator::NotEqual => {}
        }
        kept.push(constraint.clone());
    }
    kept
}
