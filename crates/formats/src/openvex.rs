//! OpenVEX: what an author says of vulnerabilities in products and in the components inside of them.
//! <https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>

use crate::json::{self, At, Entries, List, NameOr, Odd, Text, stated};
use crate::{Format, Probe, ReadError, instant, purl, subjects, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Phase, Report, Tool, VexStatement, VexStatus, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "openvex",
    title: "OpenVEX",
    homepage: "https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md",
    phase: Phase::Artifact,
    tool: "openvex",
    reads: "versions 0.0.1 to 0.2.0, also as the predicate of an in-toto statement; a statement for each product that \
            has components of its own",
    identifies: "",
    severities: "",
    marks: &["@context", "@id", "author", "role", "statements", "tooling"],
    recognises,
    read,
};

const CONTEXT: &str = "https://openvex.dev/ns";

fn recognises(probe: &Probe) -> bool {
    let context = probe.object().and_then(|members| members.value("@context"));
    // `vexctl merge` once left the context empty.
    let is_stated = || probe.has_all(&["statements.vulnerability", "statements.products", "statements.status"]);
    context.is_some_and(|context| context.starts_with(CONTEXT) || context.is_empty() && is_stated())
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    author: Option<Text<'a>>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    tooling: Option<Text<'a>>,
    #[serde(borrow)]
    statements: List<'a>,
}

#[derive(Deserialize)]
struct Statement<'a> {
    #[serde(borrow)]
    vulnerability: NameOr<'a, Vulnerability<'a>>,
    #[serde(borrow, default)]
    products: Odd<Vec<NameOr<'a, Product<'a>>>>,
    /// Of every product, in 0.0.1.
    #[serde(borrow, default)]
    subcomponents: Odd<Vec<NameOr<'a, Product<'a>>>>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    status_notes: Option<Text<'a>>,
    #[serde(borrow)]
    justification: Option<Text<'a>>,
    #[serde(borrow)]
    impact_statement: Option<Text<'a>>,
    #[serde(borrow)]
    action_statement: Option<Text<'a>>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    last_updated: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow, rename = "@id")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    aliases: Vec<Text<'a>>,
}

/// A product or a component in one.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Product<'a> {
    #[serde(borrow, rename = "@id")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    identifiers: Odd<Identifiers<'a>>,
    #[serde(borrow)]
    hashes: Odd<Entries<'a, Text<'a>>>,
    #[serde(borrow)]
    subcomponents: Odd<Vec<NameOr<'a, Product<'a>>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Identifiers<'a> {
    #[serde(borrow)]
    purl: Option<Text<'a>>,
    #[serde(borrow)]
    cpe23: Option<Text<'a>>,
    #[serde(borrow)]
    cpe22: Option<Text<'a>>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report { tool: document.tooling.as_deref().and_then(tool), ..Report::default() };
    report.created_at = instant::utc(document.timestamp.as_ref(), "/timestamp", &mut report.warnings);
    let root = At::Root;
    let list = root.key("statements");
    for (index, statement) in json::parts::<Statement<'_>>(&document.statements, list, &mut report.warnings) {
        state(&statement, &document, list.index(index), &mut report);
    }
    Ok(report)
}

/// `vexctl/v0.3.0`; texts that are more than a name and a version say nothing that could be compared.
fn tool(text: &str) -> Option<Tool> {
    let (name, version) = text.trim().split_once(['/', '@']).unwrap_or((text.trim(), ""));
    let is_name = !name.is_empty() && !name.contains([' ', ':']) && !version.contains(['/', ' ']);
    let version = Some(version.trim_start_matches('v').to_owned()).filter(|version| !version.is_empty());
    is_name.then(|| Tool { name: name.to_lowercase(), version })
}

/// Takes one statement: one of ours for each run of products that have the same components.
fn state(statement: &Statement<'_>, document: &Document<'_>, at: At<'_>, report: &mut Report) {
    let warnings = &mut report.warnings;
    let Some((vulnerability, aliases)) = names(&statement.vulnerability) else {
        let message = "left out: a statement whose vulnerability has no name".to_owned();
        return warnings.push(Warning { at: at.to_string(), message });
    };
    let Some(status) = status(&statement.status) else {
        let message = format!(
            "left out: expected a status `affected`, `fixed`, `not_affected` or `under_investigation`, found `{}`",
            &*statement.status
        );
        return warnings.push(Warning { at: at.to_string(), message });
    };
    let said_at = statement.last_updated.as_ref().or(statement.timestamp.as_ref());
    let said = VexStatement {
        vulnerability,
        aliases,
        status,
        justification: stated(statement.justification.as_ref()),
        detail: detail(statement),
        action: stated(statement.action_statement.as_ref()).map(text::capped),
        stated_at: instant::utc(said_at, at.key("timestamp"), warnings).or_else(|| report.created_at.clone()),
        author: stated(document.author.as_ref()),
        ..VexStatement::default()
    };
    let of_all = statement.subcomponents.get(at.key("subcomponents"), warnings).map_or(&[][..], Vec::as_slice);
    let products = statement.products.get(at.key("products"), warnings).map_or(&[][..], Vec::as_slice);
    let groups = grouped(products, of_all, at, report);
    if groups.is_empty() {
        let components = of_all.iter().filter_map(|part| component(part, at, &mut report.warnings)).collect();
        report.vex.push(VexStatement { components, ..said });
        return;
    }
    let statements =
        groups.into_iter().map(|(products, components)| VexStatement { products, components, ..said.clone() });
    report.vex.extend(statements);
}

/// Products and the components in each of them; neighbours with the same components stand together.
type Group = (Vec<ComponentRef>, Vec<ComponentRef>);

fn grouped(
    products: &[NameOr<'_, Product<'_>>],
    of_all: &[NameOr<'_, Product<'_>>],
    at: At<'_>,
    report: &mut Report,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for product in products {
        let Some(named) = component(product, at.key("products"), &mut report.warnings) else { continue };
        about(product, &named, report);
        let own = match product {
            NameOr::Object(part) => part.subcomponents.get(at.key("products"), &mut report.warnings),
            NameOr::Name(_) => None,
        };
        let parts = own.filter(|own| !own.is_empty()).map_or(of_all, Vec::as_slice);
        let components = parts.iter().filter_map(|part| component(part, at.key("products"), &mut report.warnings));
        let components: Vec<_> = components.collect();
        match groups.last_mut() {
            Some((together, same)) if *same == components => together.push(named),
            _ => groups.push((vec![named], components)),
        }
    }
    groups
}

/// Learns from a product which artifact the document is about.
fn about(product: &NameOr<'_, Product<'_>>, named: &ComponentRef, report: &mut Report) {
    let digest = named.purl.as_deref().and_then(purl::digest);
    subjects::add_artifact(&mut report.subjects, digest.as_deref().unwrap_or(&named.name));
    let NameOr::Object(Product { hashes: Odd(Ok(hashes)), .. }) = product else { return };
    for (_, value) in hashes.0.iter().filter(|(algorithm, _)| &**algorithm == "sha-256") {
        subjects::add_artifact(&mut report.subjects, &format!("sha256:{}", value.trim()));
    }
}

fn names(vulnerability: &NameOr<'_, Vulnerability<'_>>) -> Option<(String, Vec<String>)> {
    match vulnerability {
        NameOr::Name(name) => Some((name.stated()?, Vec::new())),
        NameOr::Object(Vulnerability { id, name, aliases }) => {
            let name = stated(name.as_ref()).or_else(|| stated(id.as_ref()))?;
            let aliases = aliases.iter().filter_map(Text::stated).filter(|alias| *alias != name).collect();
            Some((name, aliases))
        }
    }
}

/// The product by its package URL, else by whatever it is called.
fn component(
    product: &NameOr<'_, Product<'_>>,
    at: impl std::fmt::Display,
    warnings: &mut Vec<Warning>,
) -> Option<ComponentRef> {
    let (id, identifiers) = match product {
        NameOr::Name(name) => (name.stated(), None),
        NameOr::Object(part) => (stated(part.id.as_ref()), part.identifiers.get(&at, warnings)),
    };
    let package = identifiers.and_then(|known| stated(known.purl.as_ref()));
    let cpe = identifiers.and_then(|known| stated(known.cpe23.as_ref()).or_else(|| stated(known.cpe22.as_ref())));
    let by_url = [package.as_deref(), id.as_deref()].into_iter().flatten().find_map(purl::component);
    let by_name = || Some(ComponentRef { name: id.or(cpe).or(package)?, ..ComponentRef::default() });
    let named = by_url.or_else(by_name);
    if named.is_none() {
        let message = "left out: expected a product with an `@id` or a package URL, found neither".to_owned();
        warnings.push(Warning { at: at.to_string(), message });
    }
    named
}

fn status(word: &str) -> Option<VexStatus> {
    match word.trim() {
        "affected" => Some(VexStatus::Affected),
        "fixed" => Some(VexStatus::Fixed),
        "not_affected" => Some(VexStatus::NotAffected),
        "under_investigation" => Some(VexStatus::UnderInvestigation),
        _ => None,
    }
}

fn detail(statement: &Statement<'_>) -> Option<String> {
    let texts = [&statement.impact_statement, &statement.status_notes].into_iter();
    let texts: Vec<_> = texts.filter_map(|text| stated(text.as_ref())).collect();
    (!texts.is_empty()).then(|| text::capped(texts.join("\n\n")))
}
