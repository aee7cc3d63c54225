//! Whether an advisory affects a component that is known by a CPE name: NVD's configurations over the name matching of
//! NISTIR 7696 (<https://nvlpubs.nist.gov/nistpubs/Legacy/IR/nistir7696.pdf>). For what has a package URL,
//! [`crate::matching`] knows better.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::advisory::{Advisory, Event};
use crate::configuration::{Bound, Configuration, Node, Operator, Product};
use crate::cpe::{Attribute, Cpe, Relation, Value};
use crate::ecosystem::Key;
use crate::fixes::{Fixes, nearest};
use crate::matching::{Answer, Reason, Why, in_words};
use crate::version::{Unordered, VersionOrder};

/// A component by its CPE name, and what it runs on.
#[derive(Clone, Debug)]
pub struct Installed<'a> {
    /// Its name.
    pub cpe: &'a Cpe,
    /// The version that is stated beside the name; counts where the name has none.
    pub version: Option<&'a str>,
    /// The names of what it runs on or together with, as far as they are known: the operating system above all.
    pub beside: &'a [Cpe],
}

/// Under which advisories about a product are filed: by vendor and product. `None` where the name leaves one of them open.
#[must_use]
pub fn key_of_product(cpe: &Cpe) -> Option<Key> {
    Some(Key::of_product(literal(cpe, Attribute::Vendor)?, literal(cpe, Attribute::Product)?))
}

/// The keys of all vulnerable products of an advisory.
#[must_use]
pub fn product_keys(advisory: &Advisory) -> BTreeSet<Key> {
    let products = advisory.configurations.iter().flat_map(vulnerable_products);
    products.filter_map(|product| key_of_product(&Cpe::parse(&product.cpe).ok()?)).collect()
}

/// Whether a product of this key is vulnerable in a configuration.
pub(crate) fn has_product(configuration: &Configuration, key: &Key) -> bool {
    let is_it =
        |product: &Product| Cpe::parse(&product.cpe).is_ok_and(|cpe| key_of_product(&cpe).as_ref() == Some(key));
    vulnerable_products(configuration).any(is_it)
}

/// What an advisory says of a component that is known by this name. One of its configurations is enough. What holds only on
/// a platform that is not among [`Installed::beside`] is unknown; that firmware runs on its hardware is taken for granted.
#[must_use]
pub fn assess_product(installed: &Installed<'_>, advisory: &Advisory) -> Answer {
    if advisory.withdrawn.is_some() {
        return Answer::NotAffected;
    }
    match any(advisory.configurations.iter().map(|configuration| holds(configuration, installed))) {
        Ok(true) => Answer::Affected(Box::new(reason(installed, advisory))),
        Ok(false) => Answer::NotAffected,
        Err(why) => Answer::Unknown { why },
    }
}

fn vulnerable_products(configuration: &Configuration) -> impl Iterator<Item = &Product> {
    configuration.nodes.iter().flat_map(|node| &node.products).filter(|product| product.is_vulnerable)
}

/// Whether a configuration holds, and this component is what is vulnerable in it.
fn holds(configuration: &Configuration, installed: &Installed<'_>) -> Result<bool, Why> {
    let is_it = any(vulnerable_products(configuration).map(|product| fits(product, installed)));
    if is_it == Ok(false) {
        return Ok(false);
    }
    let nodes = configuration.nodes.iter().map(|node| node_holds(node, installed));
    let holds = combined(configuration.operator, nodes).map(|holds| holds != configuration.is_negated);
    all([is_it, holds].into_iter())
}

fn node_holds(node: &Node, installed: &Installed<'_>) -> Result<bool, Why> {
    let products = node
        .products
        .iter()
        .map(|product| if product.is_vulnerable { fits(product, installed) } else { is_beside(product, installed) });
    combined(node.operator, products).map(|holds| holds != node.is_negated)
}

fn combined(operator: Operator, parts: impl Iterator<Item = Result<bool, Why>>) -> Result<bool, Why> {
    match operator {
        Operator::Any => any(parts),
        Operator::All => all(parts),
    }
}

/// True when one is, undecided when one of the others is.
fn any(parts: impl Iterator<Item = Result<bool, Why>>) -> Result<bool, Why> {
    let mut whole = Ok(false);
    for part in parts {
        match part {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(why) => whole = Err(why),
        }
    }
    whole
}

/// False when one is, undecided when one of the others is.
fn all(parts: impl Iterator<Item = Result<bool, Why>>) -> Result<bool, Why> {
    any(parts.map(|part| part.map(|holds| !holds))).map(|fails| !fails)
}

/// Whether the platform is there.
fn is_beside(product: &Product, installed: &Installed<'_>) -> Result<bool, Why> {
    let platform = Cpe::parse(&product.cpe).map_err(Why::NotACpe)?;
    let is_hardware = literal(&platform, Attribute::Part) == Some("h");
    let is_firmware = literal(installed.cpe, Attribute::Part) == Some("o");
    let is_known = installed.beside.iter().any(|known| {
        fits(product, &Installed { cpe: known, version: None, beside: &[] }) == Ok(true)
            || platform_of(&platform, known)
    });
    if is_known || (is_hardware && is_firmware) {
        Ok(true)
    } else {
        Err(Why::NeedsPlatform { platform: product.cpe.clone() })
    }
}

/// `windows:-` as a platform is Windows in any version.
fn platform_of(platform: &Cpe, known: &Cpe) -> bool {
    let same = |attribute| literal(platform, attribute).is_some_and(|value| literal(known, attribute) == Some(value));
    *platform.value(Attribute::Version) == Value::NotApplicable && same(Attribute::Vendor) && same(Attribute::Product)
}

/// Whether the component is this product in one of these versions.
fn fits(product: &Product, installed: &Installed<'_>) -> Result<bool, Why> {
    let criteria = Cpe::parse(&product.cpe).map_err(Why::NotACpe)?;
    let mut unsaid = None;
    for attribute in Attribute::ALL {
        if attribute == Attribute::Version || (attribute == Attribute::Update && has_bounds(product)) {
            continue;
        }
        match criteria.relation_of(attribute, installed.cpe) {
            Relation::Equal | Relation::Superset => {}
            Relation::Disjoint => return Ok(false),
            Relation::Subset | Relation::Undefined => unsaid = Some(Why::NoAttribute { attribute }),
        }
    }
    let is_version = version_fits(product, &criteria, installed);
    if is_version == Ok(false) {
        return Ok(false);
    }
    unsaid.map_or(is_version, Err)
}

fn has_bounds(product: &Product) -> bool {
    product.from.is_some() || product.to.is_some()
}

fn version_fits(product: &Product, criteria: &Cpe, installed: &Installed<'_>) -> Result<bool, Why> {
    match criteria.value(Attribute::Version) {
        Value::Any if !has_bounds(product) => return Ok(true),
        Value::NotApplicable => return Ok(*installed.cpe.value(Attribute::Version) == Value::NotApplicable),
        Value::Text(text) if text.literal().is_none() => {
            let relation = criteria.relation_of(Attribute::Version, installed.cpe);
            return Ok(matches!(relation, Relation::Equal | Relation::Superset));
        }
        Value::Any | Value::Text(_) => {}
    }
    within(product, criteria, &version_of(installed).ok_or(Why::NoVersion)?).map_err(Why::Unordered)
}

/// Whether a version lies between the bounds of a product, or is the version of its name.
fn within(product: &Product, criteria: &Cpe, version: &str) -> Result<bool, Unordered> {
    let order = order_of(criteria);
    if let Some(exact) = literal(criteria, Attribute::Version) {
        return Ok(exact == version || order.compare(version, exact)?.is_eq());
    }
    let place = |bound: &Bound| order.compare(version, &bound.version).map(|place| (place, bound.is_included));
    let after = product.from.as_ref().map(place).transpose()?;
    let before = product.to.as_ref().map(place).transpose()?;
    let is_after = after.is_none_or(|(place, is_included)| place.is_gt() || (is_included && place.is_eq()));
    Ok(is_after && before.is_none_or(|(place, is_included)| place.is_lt() || (is_included && place.is_eq())))
}

/// The version of the name with its update, else the one beside it. What comes before a release (`rc1`) is written as every
/// order knows it, Java's updates as Java writes them (`1.8.0_401`); a service pack does not move the version.
fn version_of(installed: &Installed<'_>) -> Option<String> {
    let Some(version) = literal(installed.cpe, Attribute::Version) else { return installed.version.map(str::to_owned) };
    let update = literal(installed.cpe, Attribute::Update).unwrap_or_default();
    let words = ["alpha", "beta", "dev", "milestone", "pre", "preview", "rc", "snapshot"];
    let word = update.trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '_' | '-'));
    let number = update.get(word.len()..).unwrap_or_default().trim_start_matches(['.', '_', '-']);
    Some(match word {
        "update" => format!("{version}_{number}"),
        word if words.contains(&word) => format!("{version}-{word}{number}"),
        _ => version.to_owned(),
    })
}

fn literal(cpe: &Cpe, attribute: Attribute) -> Option<&str> {
    match cpe.value(attribute) {
        Value::Text(text) => text.literal(),
        Value::Any | Value::NotApplicable => None,
    }
}

/// OpenSSL's letters after the number are an order of their own.
fn order_of(criteria: &Cpe) -> VersionOrder {
    if literal(criteria, Attribute::Product) == Some("openssl") { VersionOrder::OpenSsl } else { VersionOrder::Generic }
}

fn reason(installed: &Installed<'_>, advisory: &Advisory) -> Reason {
    let products: Vec<&Product> = advisory.configurations.iter().flat_map(vulnerable_products).collect();
    let fitting = products.iter().find(|product| fits(product, installed) == Ok(true));
    let begin = fitting.and_then(|product| product.from.as_ref()).map(|Bound { version, is_included }| {
        if *is_included { Event::Introduced(version.clone()) } else { Event::IntroducedAfter(version.clone()) }
    });
    let end = fitting.and_then(|product| product.to.as_ref()).map(|Bound { version, is_included }| {
        if *is_included { Event::LastAffected(version.clone()) } else { Event::Fixed(version.clone()) }
    });
    let exact = fitting.filter(|product| !has_bounds(product)).and_then(|product| Cpe::parse(&product.cpe).ok());
    let exact = exact.and_then(|cpe| literal(&cpe, Attribute::Version).map(|version| format!("version {version}")));
    let from_start = Event::Introduced("0".to_owned());
    Reason {
        advisory: advisory.id.clone(),
        package: fitting.map(|product| product.cpe.clone()).unwrap_or_default(),
        ecosystem: "CPE".to_owned(),
        is_source: false,
        version: version_of(installed),
        range: exact.unwrap_or_else(|| in_words(begin.as_ref().unwrap_or(&from_start), end.as_ref())),
        begin,
        end,
        fixes: fixes(installed, &products),
    }
}

/// The ends of ranges about this product that lie after its version and in no other of them.
fn fixes(installed: &Installed<'_>, products: &[&Product]) -> Fixes {
    let Some(version) = version_of(installed) else { return Fixes::default() };
    let order = order_of(installed.cpe);
    let is_about = |product: &&&Product| {
        Cpe::parse(&product.cpe).is_ok_and(|cpe| key_of_product(&cpe) == key_of_product(installed.cpe))
    };
    let about: Vec<&Product> = products.iter().filter(is_about).copied().collect();
    let ends = about
        .iter()
        .filter_map(|product| product.to.as_ref())
        .filter(|to| !to.is_included)
        .map(|to| to.version.as_str());
    let later = ends.filter(|end| order.compare(end, &version).is_ok_and(Ordering::is_gt)).collect();
    let is_outside = |product: &Product, fix: &str| {
        Cpe::parse(&product.cpe).is_ok_and(|criteria| within(product, &criteria, fix) == Ok(false))
    };
    nearest(&version, later, order, |fix| about.iter().all(|product| is_outside(product, fix)))
}

/// What an attribute is called in a sentence.
pub(crate) fn word(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Part => "part",
        Attribute::Vendor => "vendor",
        Attribute::Product => "product",
        Attribute::Version => "version",
        Attribute::Update => "update",
        Attribute::Edition => "edition",
        Attribute::Language => "language",
        Attribute::SwEdition => "software edition",
        Attribute::TargetSw => "target software",
        Attribute::TargetHw => "target hardware",
        Attribute::Other => "other attributes",
    }
}
