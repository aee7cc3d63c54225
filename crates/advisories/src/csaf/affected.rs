//! What the statuses of a CSAF document say in the words of an advisory: packages with ranges, products with CPE names.
//!
//! An exact version that is affected is listed, a range is a range. A package that is affected in every version and fixed in
//! one is affected before that. The packages of a distribution that are fixed in it are affected before that version: so
//! vendors of distributions publish what they mend, and OSV repeats it in this way.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use packageurl::PackageUrl;

use crate::advisory::{Affected, Event, Package, Range, RangeKind};
use crate::configuration::{Bound, Configuration, Node, Operator, Product as CpeProduct};
use crate::cpe::{Attribute, Cpe, Value};
use crate::csaf::events::{self, Stated};
use crate::csaf::status::Statuses;
use crate::csaf::tree::{Product, Products, Resolved, Versions};
use crate::ecosystem::{Named, named};

/// What one vulnerability is in.
#[derive(Default)]
pub(super) struct Told {
    pub(super) affected: Vec<Affected>,
    pub(super) configurations: Vec<Configuration>,
    /// Of how many affected products nothing could be told.
    pub(super) untold: usize,
}

/// Which package: its ecosystem with the release, its name, its module.
type Place = (String, String, Option<String>);

/// What is said of one package.
#[derive(Default)]
struct Said {
    /// Whether it is a package of a distribution, and the distribution says so.
    is_of_distribution: bool,
    is_all_affected: bool,
    is_unreadable: bool,
    versions: BTreeSet<String>,
    ranges: Vec<Vec<Event>>,
    first: BTreeSet<String>,
    last: BTreeSet<String>,
    fixed: BTreeSet<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Affected,
    First,
    Last,
    Fixed,
}

/// What the statuses of one vulnerability say.
pub(super) fn told(statuses: &Statuses, products: &Products<'_>) -> Told {
    let mut told = Told::default();
    let mut packages: BTreeMap<Place, Said> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let lists = [
        (&statuses.known_affected, Status::Affected),
        (&statuses.first_affected, Status::First),
        (&statuses.last_affected, Status::Last),
        (&statuses.fixed, Status::Fixed),
        (&statuses.first_fixed, Status::Fixed),
    ];
    for (id, status) in lists.iter().flat_map(|(ids, status)| ids.iter().map(move |id| (id, *status))) {
        let resolved = products.resolve(id);
        let is_told = match resolved.product.purl.and_then(named) {
            Some(named) => add_package(&mut packages, named, &resolved, status),
            None if status == Status::Fixed => true,
            None => configuration_of(&resolved).is_some_and(|product| {
                if seen.insert(format!("{product:?}")) {
                    told.configurations.push(product);
                }
                true
            }),
        };
        told.untold += usize::from(!is_told && status != Status::Fixed);
    }
    told.affected = packages.into_iter().filter_map(|(place, said)| affected_of(place, said)).collect();
    told
}

/// Adds what is said of a package; whether it could be told. What a library is said to be as a part of some product holds for
/// it as a part of that product alone.
fn add_package(packages: &mut BTreeMap<Place, Said>, named: Named, resolved: &Resolved<'_>, status: Status) -> bool {
    let Named { purl_type, ecosystem, name, version, release, module, is_distribution } = named;
    if !resolved.runs_on_outer && !is_distribution {
        return false;
    }
    let of_vendor = resolved.outer.iter().find_map(|outer| release_of(&ecosystem, outer.cpe?));
    let is_of_distribution = of_vendor.is_some();
    let module = module.or_else(|| resolved.outer.iter().find_map(|outer| module_of(outer.purl?)));
    let release = of_vendor.or(release).map(|release| format!(":{release}")).unwrap_or_default();
    let said = packages.entry((format!("{ecosystem}{release}"), name, module)).or_default();
    said.is_of_distribution = is_of_distribution;
    let by_branch = resolved.product.versions.filter(|_| !is_distribution);
    match (version.as_deref().map(Versions::One).or(by_branch), status) {
        (Some(Versions::One(version)), Status::Affected) => _ = said.versions.insert(version.to_owned()),
        (Some(Versions::One(version)), Status::First) => _ = said.first.insert(version.to_owned()),
        (Some(Versions::One(version)), Status::Last) => _ = said.last.insert(version.to_owned()),
        (Some(Versions::One(version)), Status::Fixed) => _ = said.fixed.insert(version.to_owned()),
        (Some(Versions::Range(range)), Status::Affected) => match events::read(range, &purl_type) {
            Some(Stated { events, versions }) => {
                said.versions.extend(versions);
                said.ranges.extend(Some(events).filter(|events| !events.is_empty()));
            }
            None => said.is_unreadable = true,
        },
        (None, Status::Affected) => said.is_all_affected = true,
        (Some(Versions::Range(_)) | None, Status::First | Status::Last) => said.is_unreadable = true,
        // What is fixed in a range or in no version says nothing about where the others end.
        (Some(Versions::Range(_)) | None, Status::Fixed) => {}
    }
    true
}

/// The release as OSV writes it, by the CPE name of the platform that a package is a component of.
fn release_of(ecosystem: &str, platform: &str) -> Option<String> {
    let cpe = Cpe::parse(platform).ok()?;
    let literal = |attribute| match cpe.value(attribute) {
        Value::Text(text) => text.literal(),
        Value::Any | Value::NotApplicable => None,
    };
    let (vendor, product) = (literal(Attribute::Vendor)?, literal(Attribute::Product)?);
    let version = literal(Attribute::Version);
    match (ecosystem, vendor) {
        ("Red Hat", "redhat") => {
            let uri = cpe.to_uri();
            let release = uri.strip_prefix("cpe:/")?.splitn(3, ':').nth(2)?;
            Some(release.to_owned())
        }
        ("SUSE", "suse") => {
            let pack = literal(Attribute::Update).filter(|update| update.starts_with("sp")).unwrap_or_default();
            let release = format!("Linux Enterprise {product} {} {}", version?, pack.to_uppercase());
            (product.starts_with("sle") || product.contains("linux_enterprise")).then(|| release.trim_end().to_owned())
        }
        ("openSUSE", "opensuse") if product == "leap" => Some(format!("Leap {}", version?)),
        ("openSUSE", "opensuse") if product == "tumbleweed" => Some("Tumbleweed".to_owned()),
        ("AlmaLinux", "almalinux") | ("Rocky Linux", "rocky") | ("Debian", "debian") | ("Ubuntu", "canonical") => {
            version.map(str::to_owned)
        }
        _ => None,
    }
}

/// The module stream of an outer product: `pkg:rpmmod/redhat/nodejs@18:8100020240807161023:489197e6` is `nodejs:18`.
fn module_of(purl: &str) -> Option<String> {
    let url = PackageUrl::from_str(purl).ok().filter(|url| url.ty() == "rpmmod")?;
    let stream = url.version()?.split(':').next()?;
    Some(format!("{}:{stream}", url.name()))
}

fn affected_of((ecosystem, name, module): Place, said: Said) -> Option<Affected> {
    let Said { is_of_distribution, is_all_affected, is_unreadable, mut versions, mut ranges, first, last, fixed } =
        said;
    let begin = |version: Option<&String>| Event::Introduced(version.cloned().unwrap_or_else(|| "0".to_owned()));
    let mut is_unreadable = is_unreadable;
    if is_of_distribution {
        ranges.extend(fixed.iter().map(|fixed| vec![begin(None), Event::Fixed(fixed.clone())]));
    }
    let is_one = first.len() <= 1 && last.len() <= 1 && first.len() + last.len() > 0;
    match (last.first(), fixed.first()) {
        (Some(last), _) if is_one => ranges.push(vec![begin(first.first()), Event::LastAffected(last.clone())]),
        (None, None) if is_one => ranges.push(vec![begin(first.first())]),
        (None, Some(_)) if is_one && fixed.len() > 1 => is_unreadable = true,
        (None, Some(fixed)) if is_one => ranges.push(vec![begin(first.first()), Event::Fixed(fixed.clone())]),
        // Which of several belong together is not said.
        (Some(_) | None, _) => versions.extend(first.into_iter().chain(last)),
    }
    match (fixed.first(), fixed.len()) {
        (None, _) if is_all_affected => ranges.push(vec![begin(None)]),
        (Some(fixed), 1) if is_all_affected => ranges.push(vec![begin(None), Event::Fixed(fixed.clone())]),
        // Which versions each of several fixes belongs to is not said.
        (Some(_), _) if is_all_affected && !is_of_distribution => is_unreadable = true,
        (Some(_) | None, _) => {}
    }
    let range = |events| Range { kind: RangeKind::Ecosystem, repository: None, events };
    let mut stated: Vec<Range> = Vec::new();
    for range in ranges.into_iter().map(range).chain(is_unreadable.then(Range::default)) {
        if !stated.contains(&range) {
            stated.push(range);
        }
    }
    let says_nothing = stated.is_empty() && versions.is_empty();
    let package = Package { ecosystem, name, purl: None };
    let versions = versions.into_iter().collect();
    (!says_nothing).then(|| Affected { package, ranges: stated, versions, module, ..Affected::default() })
}

/// The products of a product by its CPE name, with what it has to run on.
fn configuration_of(resolved: &Resolved<'_>) -> Option<Configuration> {
    let Resolved { product, outer, runs_on_outer } = resolved;
    if !runs_on_outer {
        return None;
    }
    let node = |products| Node { operator: Operator::Any, is_negated: false, products };
    let platforms = outer.iter().filter_map(|outer| Cpe::parse(outer.cpe?).ok());
    let platforms: Vec<_> = platforms
        .map(|cpe| CpeProduct { is_vulnerable: false, cpe: cpe.to_string(), ..CpeProduct::default() })
        .collect();
    // What it runs on has to be named, else it would be taken to be affected everywhere.
    if platforms.is_empty() && !outer.is_empty() {
        return None;
    }
    let platforms = Some(node(platforms)).filter(|node| !node.products.is_empty());
    let nodes = std::iter::once(node(products_of(product)?)).chain(platforms).collect();
    Some(Configuration { operator: Operator::All, is_negated: false, nodes })
}

/// A name with a version speaks for itself; else the branches say the version.
fn products_of(product: &Product<'_>) -> Option<Vec<CpeProduct>> {
    let cpe = Cpe::parse(product.cpe?).ok()?;
    let alone = CpeProduct { is_vulnerable: true, cpe: cpe.to_string(), ..CpeProduct::default() };
    let bound = |version: &str, is_included| Some(Bound { version: version.to_owned(), is_included });
    let exact = |version: &str| CpeProduct { from: bound(version, true), to: bound(version, true), ..alone.clone() };
    if *cpe.value(Attribute::Version) != Value::Any {
        return Some(vec![alone]);
    }
    let range = match product.versions {
        None => return Some(vec![alone]),
        Some(Versions::One(version)) => return Some(vec![exact(version)]),
        Some(Versions::Range(range)) => events::read(range, "generic")?,
    };
    let mut products: Vec<CpeProduct> = range.versions.iter().map(|version| exact(version)).collect();
    let mut open: Option<CpeProduct> = None;
    for event in &range.events {
        match event {
            Event::Introduced(version) | Event::IntroducedAfter(version) => {
                products.extend(open.take());
                let is_included = matches!(event, Event::Introduced(_));
                let from = if version == "0" { None } else { bound(version, is_included) };
                open = Some(CpeProduct { from, ..alone.clone() });
            }
            Event::Fixed(version) | Event::LastAffected(version) => {
                let to = bound(version, matches!(event, Event::LastAffected(_)));
                products.extend(open.take().map(|product| CpeProduct { to, ..product }));
            }
            Event::Limit(_) => {}
        }
    }
    products.extend(open);
    Some(products)
}
