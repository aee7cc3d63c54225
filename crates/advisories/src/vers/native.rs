//! Ranges as the tools of an ecosystem write them, as ranges in the notation of VERS.

use super::bounds::{Interval, any_of};
use super::{Comparator, Constraint, Vers, lists, node, order_of, shortened};
use crate::version::{Unordered, VersionOrder};

/// Why a range of an ecosystem cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableRange {
    /// It has not the form of the ecosystem.
    #[error("`{range}` is not a range of {versions_type}: expected {expected}")]
    Malformed {
        /// The range, shortened to 200 characters.
        range: String,
        /// The type of the versions.
        versions_type: String,
        /// What would have been understood.
        expected: &'static str,
    },
    /// One of its versions cannot be ordered.
    #[error(transparent)]
    Unordered(#[from] Unordered),
    /// Ranges of this type are not read.
    #[error(
        "ranges of `{versions_type}` are not read: expected one of conan, gem, maven, nginx, npm, nuget, openssl and pypi"
    )]
    UnknownType {
        /// The type of the versions.
        versions_type: String,
    },
}

/// A range that was read: intervals of which one must contain the version, and versions that are excepted. A range without
/// an interval contains nothing.
#[derive(Debug, Default)]
pub(super) struct Native {
    pub(super) intervals: Vec<Interval>,
    pub(super) excluded: Vec<String>,
}

impl Vers {
    /// Reads a range as the tools of an ecosystem write it: `^1.2 || >=3` of npm and Conan, `~> 2.0.8` of gems, `[1.0,2.0)` of
    /// Maven and NuGet, `>=1,!=1.5` of Python, `1.5.0+, 1.4.1+` of nginx, lists of versions of OpenSSL. A range that no version
    /// fulfils becomes `vers:none/*`.
    ///
    /// # Errors
    ///
    /// When it is none, when its versions cannot be ordered, or when ranges of this type are not read.
    pub fn from_native(versions_type: &str, range: &str) -> Result<Self, UnreadableRange> {
        let unknown = || UnreadableRange::UnknownType { versions_type: versions_type.to_owned() };
        let order = order_of(versions_type).ok_or_else(unknown)?;
        let (native, expected) = match versions_type {
            "npm" => (node::npm(order, range)?, "comparators such as `^1.2.3 || >=2.0.0 <3.0.0`"),
            "conan" => (node::conan(order, range)?, "comparators such as `~1.2 || >=2.0 <3.0`"),
            "gem" => (lists::gem(order, range)?, "comparators such as `~> 2.0.8, != 2.0.9`"),
            "pypi" => (lists::pypi(order, range)?, "specifiers such as `>=1.0,<2.0`, where `!=1.*` stands alone"),
            "maven" | "nuget" => (lists::bracketed(order, range)?, "intervals such as `[1.0,2.0)`"),
            "openssl" => (lists::openssl(order, range)?, "versions such as `1.0.2k, 3.0.1`"),
            "nginx" => (lists::nginx(order, range)?, "`1.4.1+`, `0.7.52-0.8.39`, versions or `all`"),
            _ => return Err(unknown()),
        };
        let malformed = || UnreadableRange::Malformed {
            range: shortened(range),
            versions_type: versions_type.to_owned(),
            expected,
        };
        let constraints = native.ok_or_else(malformed)?.constraints(order)?;
        if constraints.is_empty() {
            let constraints = vec![condition(Comparator::Any, "")];
            return Ok(Self { versions_type: "none".to_owned(), constraints });
        }
        Ok(Self::new(versions_type, constraints)?)
    }
}

impl Native {
    /// What fulfils all of these conditions.
    pub(super) fn all_of(order: VersionOrder, conditions: Vec<Constraint>) -> Result<Self, Unordered> {
        let mut native = Self::default();
        native.intervals.push(interval(order, &conditions)?);
        let excluded = conditions.into_iter().filter(|condition| condition.comparator == Comparator::NotEqual);
        native.excluded = excluded.map(|condition| condition.version).collect();
        Ok(native)
    }

    fn constraints(self, order: VersionOrder) -> Result<Vec<Constraint>, Unordered> {
        let mut constraints = any_of(order, self.intervals)?;
        if !self.excluded.is_empty() {
            constraints.retain(|constraint| constraint.comparator != Comparator::Any);
        }
        constraints.extend(self.excluded.into_iter().map(|version| condition(Comparator::NotEqual, version)));
        Ok(constraints)
    }
}

/// What is between the strictest of several conditions.
pub(super) fn interval(order: VersionOrder, conditions: &[Constraint]) -> Result<Interval, Unordered> {
    let mut interval = Interval::default();
    for condition in conditions.iter().filter(|condition| condition.comparator != Comparator::Any) {
        order.compare(&condition.version, &condition.version)?;
        interval.narrow(order, condition.clone())?;
    }
    Ok(interval)
}

/// A condition.
pub(super) fn condition(comparator: Comparator, version: impl Into<String>) -> Constraint {
    Constraint { comparator, version: version.into() }
}
