//! Which of several VEX statements speaks about a vulnerability in a component of a product, and what it says. That nobody
//! said anything is an answer of its own.
//!
//! Of the statements that fit, the first by this order speaks:
//!
//! 1. the one that names the product more closely: in this version, in any version, not at all;
//! 2. then the one that names the component more closely: in this version with its qualifiers, in this version, in any
//!    version, not at all;
//! 3. then the later one; what states no time is older than what does;
//! 4. then the more cautious: `affected`, `under investigation`, `fixed`, `not affected`.
//!
//! Whose statements are heard at all is the caller's decision: this module believes what it is given.
//! <https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>

use std::cmp::Reverse;
use std::str::FromStr;

use jiff::Timestamp;
use packageurl::PackageUrl;
use shipworthy_model::{ComponentRef, VexStatement, VexStatus};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// All ids of the vulnerability.
    pub vulnerability: &'a [String],
    /// The component in which it is.
    pub component: &'a ComponentRef,
    /// The product that the component is part of, by each of its names.
    pub products: &'a [ComponentRef],
}

/// A statement and where it was found.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a> {
    /// The statement.
    pub statement: &'a VexStatement,
    /// Whether the document in which it stands describes the product that is asked about, so that a statement without a
    /// product is about this one.
    pub is_about_product: bool,
}

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// No statement fits.
    Nothing,
    /// One speaks.
    Status {
        /// What it says.
        status: VexStatus,
        /// The statement.
        by: &'a VexStatement,
        /// Why this one, in words.
        because: String,
        /// The others that fit and say something else, in the order in which they would have spoken.
        against: Vec<&'a VexStatement>,
    },
}

/// How closely a statement names something. Later is closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    Unnamed,
    AnyVersion,
    ThisVersion,
    WithQualifiers,
}

/// What is known of the vulnerability in this component of this product. The order of the statements does not matter.
#[must_use]
pub fn said<'a>(statements: impl IntoIterator<Item = Stated<'a>>, question: Question<'_>) -> Said<'a> {
    let fitting = statements.into_iter().filter_map(|stated| Some((rank(stated, question)?, stated.statement)));
    let mut fitting: Vec<_> = fitting.collect();
    fitting.sort_by(|(left, by), (right, other)| left.cmp(right).then_with(|| words(by).cmp(&words(other))));
    let Some((rank, by)) = fitting.first() else { return Said::Nothing };
    let against = fitting.iter().map(|(_, statement)| *statement).filter(|statement| statement.status != by.status);
    Said::Status {
        status: by.status,
        by,
        because: because(rank, fitting.get(1).map(|(rank, _)| rank)),
        against: against.collect(),
    }
}

type Rank = (Reverse<Closeness>, Reverse<Closeness>, Reverse<Option<Timestamp>>, u8);

/// Its place in the order; `None` when it does not fit.
fn rank(stated: Stated<'_>, question: Question<'_>) -> Option<Rank> {
    let statement = stated.statement;
    let is_it = |id: &String| *id == statement.vulnerability || statement.aliases.contains(id);
    if !question.vulnerability.iter().any(is_it) {
        return None;
    }
    let closest = |named: &[ComponentRef], asked: &[ComponentRef]| {
        named.iter().flat_map(|named| asked.iter().filter_map(move |asked| closeness(named, asked))).max()
    };
    let component = std::slice::from_ref(question.component);
    let product = closest(&statement.products, question.products);
    // A statement of whoever makes the component names it as the product.
    let of_component = closest(&statement.products, component);
    let (product, component) = match (product, statement.components.as_slice()) {
        (Some(product), []) => (product, Closeness::Unnamed),
        (None, []) if statement.products.is_empty() && stated.is_about_product => {
            (Closeness::Unnamed, Closeness::Unnamed)
        }
        (None, []) => (Closeness::Unnamed, of_component?),
        (Some(product), parts) => (product, closest(parts, component)?),
        (None, parts) if statement.products.is_empty() && stated.is_about_product => {
            (Closeness::Unnamed, closest(parts, component)?)
        }
        (None, _) => return None,
    };
    let at = statement.stated_at.as_deref().and_then(|at| at.parse().ok());
    Some((Reverse(product), Reverse(component), Reverse(at), caution(statement.status)))
}

fn caution(status: VexStatus) -> u8 {
    match status {
        VexStatus::Affected => 0,
        VexStatus::UnderInvestigation => 1,
        VexStatus::Fixed => 2,
        VexStatus::NotAffected => 3,
    }
}

/// How closely the reference of a statement names what is asked; `None` when it names something else. A package URL
/// without a version means all versions, and qualifiers that it does not state may be any.
fn closeness(named: &ComponentRef, asked: &ComponentRef) -> Option<Closeness> {
    let urls = named.purl.as_deref().zip(asked.purl.as_deref());
    let parsed =
        urls.and_then(|(named, asked)| Some((PackageUrl::from_str(named).ok()?, PackageUrl::from_str(asked).ok()?)));
    let Some((url, asked_url)) = parsed else {
        return (named.name == asked.name && !named.name.is_empty())
            .then(|| of_versions(named.version.as_deref(), asked.version.as_deref()))?;
    };
    let is_same =
        url.ty() == asked_url.ty() && url.namespace() == asked_url.namespace() && url.name() == asked_url.name();
    let is_within = url.subpath().is_none_or(|subpath| asked_url.subpath() == Some(subpath));
    let has_all = url.qualifiers().iter().all(|(key, value)| asked_url.qualifiers().get(key) == Some(value));
    if !is_same || !is_within || !has_all {
        return None;
    }
    let version = url.version().or(named.version.as_deref());
    let closeness = of_versions(version, asked_url.version().or(asked.version.as_deref()))?;
    let is_closest = closeness == Closeness::ThisVersion && !url.qualifiers().is_empty();
    Some(if is_closest { Closeness::WithQualifiers } else { closeness })
}

fn of_versions(named: Option<&str>, asked: Option<&str>) -> Option<Closeness> {
    let Some(named) = named.filter(|named| !named.is_empty()) else { return Some(Closeness::AnyVersion) };
    (Some(named) == asked).then_some(Closeness::ThisVersion)
}

/// What is left to tell two statements apart, so that the order in which they come decides nothing.
fn words(statement: &VexStatement) -> impl Ord + '_ {
    let VexStatement { vulnerability, author, justification, detail, action, .. } = statement;
    (author, justification, detail, action, vulnerability)
}

fn because(rank: &Rank, next: Option<&Rank>) -> String {
    let (Reverse(product), Reverse(component), _, _) = rank;
    let words = |closeness: &Closeness, what: &str| match closeness {
        Closeness::Unnamed => None,
        Closeness::AnyVersion => Some(format!("names the {what} in any version")),
        Closeness::ThisVersion => Some(format!("names the {what} in this version")),
        Closeness::WithQualifiers => Some(format!("names the {what} in this version and build")),
    };
    let named: Vec<_> = words(product, "product").into_iter().chain(words(component, "component")).collect();
    let named =
        if named.is_empty() { "stands in a document about the product".to_owned() } else { named.join(" and ") };
    let Some(next) = next else { return named };
    let decided = match (rank.0 == next.0 && rank.1 == next.1, rank.2 == next.2, rank.3 == next.3) {
        (false, _, _) => "more closely than the others",
        (true, false, _) => "and is the latest",
        (true, true, false) => "and is the most cautious",
        (true, true, true) => "as others do that say the same",
    };
    format!("{named}, {decided}")
}
