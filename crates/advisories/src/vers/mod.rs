//! Ranges of versions in the notation `vers:npm/>=1.2.0|<2.0.0`, as the VERS standard defines them:
//! <https://github.com/package-url/vers-spec/blob/main/docs/specification/standard/Clause-5-VERS-Specification.md>.

mod bounds;
mod encoding;
mod lists;
mod native;
mod node;

use crate::version::{Unordered, VersionOrder};
use std::cmp::Ordering;
use std::fmt;

pub use native::UnreadableRange;

/// A range of versions of one type: the versions at which it begins, ends or makes an exception, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vers {
    versions_type: String,
    constraints: Vec<Constraint>,
}

/// What is said of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Which versions are meant.
    pub comparator: Comparator,
    /// The version as it is, not percent-encoded; empty with [`Comparator::Any`].
    pub version: String,
}

/// Which versions a constraint means, in the order in which those about one version are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparator {
    /// `*`, every version.
    Any,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// No sign: this very version.
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
}

/// Why a text is no range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersError {
    /// It has not the form of a range.
    #[error("`{text}` is not a range of versions: {problem}")]
    Malformed {
        /// The text, shortened to 200 characters.
        text: String,
        /// What is wrong, and what was expected.
        problem: &'static str,
    },
    /// One of its versions cannot be ordered.
    #[error(transparent)]
    Unordered(#[from] Unordered),
    /// It is a range, but not written in the one way that the standard allows.
    #[error("`{text}` is not in its canonical form: expected {canonical}")]
    NotCanonical {
        /// The text, shortened to 200 characters.
        text: String,
        /// The canonical form, or the rule that it breaks.
        canonical: String,
    },
}

/// Why nobody can say whether a version is in a range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    /// The version cannot be ordered.
    #[error(transparent)]
    Unordered(#[from] Unordered),
    /// No order is known for versions of this type.
    #[error("no order of versions is known for the type `{versions_type}`")]
    NoOrder {
        /// The type of the range.
        versions_type: String,
    },
}

impl Vers {
    /// Reads a range as people and tools write it: in any order, with `=`, with blanks around the constraints.
    ///
    /// # Errors
    ///
    /// When it is no range, or when one of its versions cannot be ordered in an order that is known.
    pub fn parse(text: &str) -> Result<Self, VersError> {
        let malformed = |problem| VersError::Malformed { text: shortened(text), problem };
        let (scheme, specifier) = text.split_once(':').ok_or_else(|| malformed("expected `vers:type/constraints`"))?;
        let (versions_type, constraints) =
            specifier.split_once('/').ok_or_else(|| malformed("expected `/` behind the type"))?;
        if !scheme.eq_ignore_ascii_case("vers") {
            return Err(malformed("expected `vers:` at the beginning"));
        }
        let versions_type = versions_type.to_ascii_lowercase();
        if !is_type(&versions_type) {
            return Err(malformed("expected a type of letters, digits, `.` and `-`, and not `invalid`"));
        }
        let read = |constraint: &str| read_constraint(constraint.trim()).map_err(malformed);
        let constraints = constraints.split('|').map(read).collect::<Result<Vec<_>, _>>()?;
        let has_any = constraints.iter().any(|constraint| constraint.comparator == Comparator::Any);
        if has_any && constraints.len() > 1 {
            return Err(malformed("expected nothing beside `*`"));
        }
        if !has_any && matches!(versions_type.as_str(), "all" | "none") {
            return Err(malformed("expected `*` behind this type"));
        }
        Ok(Self::new(&versions_type, constraints)?)
    }

    /// Reads a range that is written in the one way that the standard allows: lower-case, sorted, without a version that is
    /// named twice and without a constraint that says nothing new.
    ///
    /// # Errors
    ///
    /// When it is no range, when its versions cannot be ordered, or when it is written in another way.
    pub fn parse_canonical(text: &str) -> Result<Self, VersError> {
        let range = Self::parse(text)?;
        let canonical = range.to_string();
        if canonical != text {
            return Err(VersError::NotCanonical { text: shortened(text), canonical: format!("`{canonical}`") });
        }
        if let Some(rule) = range.broken_rule()? {
            return Err(VersError::NotCanonical { text: shortened(text), canonical: rule.to_owned() });
        }
        Ok(range)
    }

    /// The range of these constraints, sorted where the type has a known order.
    ///
    /// # Errors
    ///
    /// When a version cannot be ordered.
    pub fn new(versions_type: &str, mut constraints: Vec<Constraint>) -> Result<Self, Unordered> {
        if let Some(order) = order_of(versions_type)
            && constraints.first().is_some_and(|constraint| constraint.comparator != Comparator::Any)
        {
            constraints = bounds::sorted(order, constraints)?;
        }
        Ok(Self { versions_type: versions_type.to_owned(), constraints })
    }

    /// The type of the versions, lower-case: a type of package URLs or a general one such as `semver` and `intdot`.
    pub fn versions_type(&self) -> &str {
        &self.versions_type
    }

    /// What is said of which version, sorted.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// Whether a version is in the range. A range that only makes exceptions (`!=5`) contains every other version.
    ///
    /// # Errors
    ///
    /// When the version cannot be ordered, or no order is known for the type.
    pub fn contains(&self, version: &str) -> Result<bool, Undecided> {
        match (self.versions_type.as_str(), self.constraints.as_slice()) {
            ("none", _) => return Ok(false),
            (_, [Constraint { comparator: Comparator::Any, .. }]) => return Ok(true),
            _ => {}
        }
        let no_order = || Undecided::NoOrder { versions_type: self.versions_type.clone() };
        let order = order_of(&self.versions_type).ok_or_else(no_order)?;
        let mut excluded = false;
        let mut below = None;
        let mut above = None;
        for Constraint { comparator, version: bound } in &self.constraints {
            let compared = order.compare(version, bound)?;
            match (compared, comparator) {
                (Ordering::Equal, Comparator::Equal | Comparator::LessOrEqual | Comparator::GreaterOrEqual) => {
                    return Ok(true);
                }
                (Ordering::Equal, Comparator::NotEqual) => excluded = true,
                (_, Comparator::Equal | Comparator::NotEqual | Comparator::Any) => {}
                (Ordering::Greater, _) => below = Some(*comparator),
                (Ordering::Less, _) => above = above.or(Some(*comparator)),
                (Ordering::Equal, Comparator::Less) => below = Some(Comparator::Less),
                (Ordering::Equal, Comparator::Greater) => above = above.or(Some(Comparator::Greater)),
            }
        }
        Ok(!excluded && self.is_between(below, above))
    }

    /// Whether what stands between these two neighbouring bounds is in the range.
    fn is_between(&self, below: Option<Comparator>, above: Option<Comparator>) -> bool {
        let is_lower = |bound| matches!(bound, Comparator::Greater | Comparator::GreaterOrEqual);
        match (below, above) {
            (Some(below), Some(above)) => is_lower(below) || !is_lower(above),
            (Some(below), None) => is_lower(below),
            (None, Some(above)) => !is_lower(above),
            (None, None) => self.constraints.iter().all(|constraint| constraint.comparator == Comparator::NotEqual),
        }
    }

    /// The rule of the standard (§5.4) that the constraints break, if any.
    fn broken_rule(&self) -> Result<Option<&'static str>, Unordered> {
        let has_small_letters = |constraint: &Constraint| constraint.version.contains(['t', 'z']);
        if self.versions_type == "datetime" && self.constraints.iter().any(has_small_letters) {
            return Ok(Some("a capital `T` and `Z`"));
        }
        let order = order_of(&self.versions_type);
        for pair in self.constraints.windows(2) {
            let [left, right] = [&pair[0].version, &pair[1].version];
            let is_same = match order {
                Some(order) => order.compare(left, right)?.is_eq(),
                None => left == right,
            };
            if is_same {
                return Ok(Some("every version once"));
            }
        }
        let is_lower = |bound| matches!(bound, Comparator::Greater | Comparator::GreaterOrEqual);
        let comparators = self.constraints.iter().map(|constraint| constraint.comparator);
        let comparators: Vec<_> = comparators.filter(|comparator| *comparator != Comparator::NotEqual).collect();
        let points = |pair: &&[Comparator]| {
            pair[0] == Comparator::Equal && matches!(pair[1], Comparator::Less | Comparator::LessOrEqual)
        };
        if comparators.windows(2).any(|pair| points(&pair) || (is_lower(pair[0]) && pair[1] == Comparator::Equal)) {
            return Ok(Some("no version that an interval contains anyway"));
        }
        let mut bounds = comparators.into_iter().filter(|comparator| *comparator != Comparator::Equal).map(is_lower);
        let mut previous = bounds.next();
        for bound in bounds {
            if previous.replace(bound) == Some(bound) {
                return Ok(Some("beginnings and ends of intervals in turn"));
            }
        }
        Ok(None)
    }
}

impl fmt::Display for Vers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "vers:{}/", self.versions_type)?;
        for (at, constraint) in self.constraints.iter().enumerate() {
            let divider = if at == 0 { "" } else { "|" };
            write!(out, "{divider}{}{}", constraint.comparator.sign(), encoding::encoded(&constraint.version))?;
        }
        Ok(())
    }
}

impl Comparator {
    /// As it stands before the version.
    fn sign(self) -> &'static str {
        match self {
            Self::Any => "*",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "",
            Self::NotEqual => "!=",
            Self::GreaterOrEqual => ">=",
            Self::Greater => ">",
        }
    }

    /// The sign at the beginning of a text, and what follows it.
    fn split(text: &str) -> (Self, &str) {
        let signs = [
            (">=", Self::GreaterOrEqual),
            ("<=", Self::LessOrEqual),
            ("!=", Self::NotEqual),
            ("==", Self::Equal),
            (">", Self::Greater),
            ("<", Self::Less),
            ("=", Self::Equal),
        ];
        let found =
            signs.into_iter().find_map(|(sign, comparator)| Some((comparator, text.strip_prefix(sign)?.trim())));
        found.unwrap_or((Self::Equal, text.trim()))
    }
}

/// The order of the versions of a type.
fn order_of(versions_type: &str) -> Option<VersionOrder> {
    Some(match versions_type {
        "alpine" => VersionOrder::Apk,
        "arch" | "archlinux" => VersionOrder::Alpm,
        "dart" => VersionOrder::SemverWithBuild,
        "datetime" => VersionOrder::Datetime,
        "debian" => VersionOrder::Debian,
        "generic" => VersionOrder::Generic,
        "gentoo" => VersionOrder::Gentoo,
        "intdot" => VersionOrder::Intdot,
        "lexicographic" => VersionOrder::Lexicographic,
        "nginx" | "semver" => VersionOrder::Semver,
        "openssl" => VersionOrder::OpenSsl,
        _ => return VersionOrder::of_purl_type(versions_type),
    })
}

/// A type is letters, digits, dots and dashes and begins with a letter; `invalid` is one that never is (§5.3.2).
fn is_type(text: &str) -> bool {
    let belongs = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    text.starts_with(|letter: char| letter.is_ascii_lowercase()) && text.bytes().all(belongs) && text != "invalid"
}

fn read_constraint(text: &str) -> Result<Constraint, &'static str> {
    if text == "*" {
        return Ok(Constraint { comparator: Comparator::Any, version: String::new() });
    }
    let (comparator, version) = Comparator::split(text);
    if version.is_empty() {
        return Err("expected a version in every constraint");
    }
    if version.contains(['<', '>', '=', '*']) {
        return Err("expected `<`, `>`, `=` and `*` of a version to be percent-encoded");
    }
    let version = encoding::decoded(version).ok_or("expected two hexadecimal digits behind `%`")?;
    Ok(Constraint { comparator, version })
}

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
