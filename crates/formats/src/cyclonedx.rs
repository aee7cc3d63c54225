//! What CycloneDX means, whether it is written as JSON or XML: the parts of a bill of materials come in, a report goes
//! out. The parts are shaped like the JSON; `cyclonedx_xml` fills the same ones.
//! <https://cyclonedx.org/specification/overview/>

pub(crate) mod assets;
pub(crate) mod evidence;
mod parts;
pub(crate) mod xml_parts;

pub(crate) use parts::{
    Affected, AffectedVersion, Alias, Analysis, Contact, Hash, LicenseChoice, LicensePart, Metadata, Part, Property,
    Rating, Source, ToolPart, Vulnerability,
};

use crate::json::{At, stated};
use crate::{hashes, license, purl, severity, subjects, text};
use shipworthy_model::{
    Completeness, Component, ComponentRef, Cvss, Dependency, Finding, FindingKind, FindingStatus, Inventory, Report,
    Severity, Tool, VexStatement, VexStatus, Warning,
};
use std::collections::{HashMap, HashSet};
use std::fmt::Display;

/// The versions of the specification that are read.
const VERSIONS: &[&str] = &["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

impl Bill {
    /// Takes a service.
    pub(crate) fn serve(&mut self, part: &assets::ServicePart<'_>) {
        self.inventory.services.push(assets::service(part));
    }
}

/// A bill of materials while it is read.
#[derive(Debug, Default)]
pub(crate) struct Bill {
    pub(crate) report: Report,
    pub(crate) inventory: Inventory,
    references: HashSet<String>,
}

impl Bill {
    /// Begins with what the document says about itself.
    pub(crate) fn new(spec_version: &str, metadata: &Metadata<'_>) -> Self {
        let mut bill = Self::default();
        if !VERSIONS.contains(&spec_version) {
            let message = format!("expected a version from 1.0 to 1.7, found `{spec_version}`; read as the latest");
            bill.report.warnings.push(Warning { at: "/specVersion".to_owned(), message });
        }
        let named = |tool: &ToolPart<'_>| {
            let name = stated(tool.name.as_ref())?.to_lowercase();
            Some(Tool { name, version: stated(tool.version.as_ref()) })
        };
        bill.report.tool = metadata.tools.iter().find_map(named);
        bill.report.created_at = stated(metadata.timestamp.as_ref());
        bill.inventory.specification =
            Some(spec_version).filter(|version| !version.is_empty()).map(|version| format!("CycloneDX {version}"));
        bill.inventory.created_at = bill.report.created_at.clone();
        bill.inventory.lifecycles.clone_from(&metadata.lifecycles);
        bill.inventory.identifier = stated(metadata.serial.as_ref()).map(|serial| {
            let version = stated(metadata.revision.as_ref()).unwrap_or_else(|| "1".to_owned());
            format!("urn:cdx:{}/{version}", serial.trim_start_matches("urn:uuid:"))
        });
        let tools = metadata.tools.iter().filter_map(|tool| {
            let name = stated(tool.name.as_ref())?;
            Some(stated(tool.version.as_ref()).map_or(name.clone(), |version| format!("{name} {version}")))
        });
        let people = metadata.authors.iter().chain(&metadata.manufacturer).filter_map(Contact::stated);
        bill.inventory.authors = people.chain(tools).collect();
        bill
    }

    /// Takes the thing that is described, and learns from it which artifact the document is about.
    pub(crate) fn describe(&mut self, part: &Part<'_>, metadata: &Metadata<'_>, at: &dyn Display) {
        let mut component = self.component(part, at);
        component.supplier = component.supplier.or_else(|| metadata.supplier.as_ref().and_then(Contact::stated));
        let warnings = &mut self.report.warnings;
        let properties: Vec<Property<'_>> = part
            .properties
            .and_then(|raw| crate::json::part(raw, format_args!("{at}/properties"), warnings))
            .unwrap_or_default();
        self.report.subjects = subjects::of_component(&component);
        let digests = properties.iter().filter(|property| is_digest(&property.name));
        let digests = digests.filter_map(|property| property.value.as_deref());
        for digest in digests.chain(part.digests.iter().map(|digest| &**digest)) {
            subjects::add_artifact(&mut self.report.subjects, digest);
        }
        self.inventory.describes = Some(component);
    }

    /// Takes one component, which is inside of the one at the place `part_of`, and gives its own place.
    pub(crate) fn add(&mut self, part: &Part<'_>, part_of: Option<u32>, at: &dyn Display) -> Option<u32> {
        let place = u32::try_from(self.inventory.components.len()).ok();
        let component = self.component(part, at);
        self.inventory.components.push(Component { part_of, ..component });
        place
    }

    /// Takes what one component depends on.
    pub(crate) fn depend(&mut self, dependency: Dependency) {
        self.inventory.dependencies.push(dependency);
    }

    /// Takes what the maker says of the completeness of some parts. Without a word for it nothing is said.
    pub(crate) fn complete(&mut self, completeness: Completeness) {
        if !completeness.aggregate.is_empty() {
            self.inventory.completeness.push(completeness);
        }
    }

    /// Takes the name of a workflow that made the thing, or that there is a description of how it was made.
    pub(crate) fn made_by(&mut self, workflow: Option<String>) {
        self.inventory.workflows.get_or_insert_default().extend(workflow);
    }

    /// Ends with the vulnerabilities, which may speak of every component; `None` when the document has no place for
    /// them. A document of vulnerabilities alone has no inventory rather than an empty one.
    pub(crate) fn finish(mut self, vulnerabilities: Option<Vec<(String, Vulnerability<'_>)>>) -> Report {
        let has_inventory = vulnerabilities.as_ref().is_none_or(Vec::is_empty) || !self.inventory.components.is_empty();
        if let Some(vulnerabilities) = vulnerabilities {
            let components = self.inventory.components.iter().chain(&self.inventory.describes);
            let by_reference = components.map(|component| (component.reference.as_str(), component)).collect();
            let mut findings = Vec::new();
            for (at, vulnerability) in &vulnerabilities {
                find(vulnerability, at, &by_reference, &self.inventory, &mut self.report, &mut findings);
            }
            self.report.findings = Some(findings);
        }
        self.report.inventory = has_inventory.then_some(self.inventory);
        self.report
    }

    fn component(&mut self, part: &Part<'_>, at: &dyn Display) -> Component {
        let reference = self.reference(part, at);
        let warnings = &mut self.report.warnings;
        let purl = part.purl.as_ref().and_then(|text| purl::canonical(text, format_args!("{at}/purl"), warnings));
        let purl = purl.map(|purl| parts::with_source(part, purl));
        let name = stated(part.name.as_ref()).unwrap_or_default();
        if name.is_empty() {
            let message = "expected a name, found none; the component is kept without it".to_owned();
            warnings.push(Warning { at: at.to_string(), message });
        }
        let supplier = part.supplier.get(format_args!("{at}/supplier"), warnings).and_then(Contact::stated);
        let licenses = part.licenses.get(format_args!("{at}/licenses"), warnings);
        let hashes = part.hashes.get(format_args!("{at}/hashes"), warnings).map_or(&[][..], Vec::as_slice);
        let written =
            |hash: &Hash| hashes::written(&hash.algorithm, &hash.content, format_args!("{at}/hashes"), warnings);
        let hashes = hashes.iter().filter_map(written).collect();
        Component {
            part_of: None,
            reference,
            kind: stated(part.kind.as_ref()).unwrap_or_default(),
            name: purl::name_in_group(purl.as_deref(), stated(part.group.as_ref()), name),
            version: stated(part.version.as_ref()),
            cpe: stated(part.cpe.as_ref()),
            supplier: supplier.or_else(|| stated(part.publisher.as_ref())),
            license: licenses.and_then(|licenses| license_of(licenses)),
            hashes,
            purl,
            scope: stated(part.scope.as_ref()).filter(|scope| scope != "required"),
            pedigree: part
                .pedigree
                .get(format_args!("{at}/pedigree"), warnings)
                .and_then(Option::as_ref)
                .map(|part| assets::pedigree(part)),
            crypto: part
                .crypto
                .get(format_args!("{at}/cryptoProperties"), warnings)
                .and_then(Option::as_ref)
                .map(|part| assets::crypto(part)),
            evidence: part
                .evidence
                .get(format_args!("{at}/evidence"), warnings)
                .and_then(Option::as_ref)
                .and_then(|part| evidence::evidence(part)),
        }
    }

    /// The reference of a component. One that is there already would make dependencies ambiguous and is left out.
    fn reference(&mut self, part: &Part<'_>, at: &dyn Display) -> String {
        let Some(reference) = stated(part.reference.as_ref()) else { return String::new() };
        if self.references.insert(reference.clone()) {
            return reference;
        }
        let message = format!("expected a `bom-ref` of its own, found `{reference}` again; the component has none now");
        self.report.warnings.push(Warning { at: at.to_string(), message });
        String::new()
    }
}

/// Whether a property has the digest of an image in a repository, as Trivy and others say it.
pub(crate) fn is_digest(property: &str) -> bool {
    property.ends_with(":RepoDigest")
}

/// The licence of a component. Where some are concluded, the declared ones are only their reason.
fn license_of(choices: &[LicenseChoice<'_>]) -> Option<String> {
    let is_concluded = |choice: &&LicenseChoice<'_>| {
        let inner = choice.license.as_ref().and_then(|license| license.acknowledgement.as_ref());
        inner.or(choice.acknowledgement.as_ref()).is_some_and(|word| &**word == "concluded")
    };
    let text = |choice: &LicenseChoice<'_>| {
        let license = choice.license.as_ref();
        let id = license.and_then(|license| stated(license.id.as_ref()).or_else(|| stated(license.name.as_ref())));
        stated(choice.expression.as_ref()).or(id).and_then(|text| license::expression(&text))
    };
    let concluded: Vec<_> = choices.iter().filter(is_concluded).filter_map(text).collect();
    if concluded.is_empty() { license::all_of(choices.iter().filter_map(text)) } else { license::all_of(concluded) }
}

/// One vulnerability becomes one finding for each component that it affects, and one VEX statement where it is analysed.
fn find(
    vulnerability: &Vulnerability<'_>,
    at: &str,
    by_reference: &HashMap<&str, &Component>,
    about: &Inventory,
    report: &mut Report,
    findings: &mut Vec<Finding>,
) {
    let warnings = &mut report.warnings;
    let Some(rule) = stated(vulnerability.id.as_ref()) else {
        warnings.push(Warning { at: at.to_owned(), message: "left out: a vulnerability without an id".to_owned() });
        return;
    };
    let affects = vulnerability.affects.get(format_args!("{at}/affects"), warnings).map_or(&[][..], Vec::as_slice);
    let analysis = vulnerability.analysis.get(format_args!("{at}/analysis"), warnings);
    let state = analysis.and_then(|analysis| stated(analysis.state.as_ref()));
    if let (Some(analysis), Some(status)) = (analysis, state.as_deref().and_then(vex_status)) {
        let said_at = analysis.last_updated.as_ref().or(analysis.first_issued.as_ref());
        let said_at = crate::instant::utc(said_at, format_args!("{at}/analysis"), warnings);
        let said = VexStatement {
            vulnerability: rule.clone(),
            status,
            justification: stated(analysis.justification.as_ref()),
            detail: stated(analysis.detail.as_ref()),
            action: stated(vulnerability.recommendation.as_ref()).filter(|_| status == VexStatus::Affected),
            stated_at: said_at.or_else(|| report.created_at.clone()),
            author: about.authors.first().cloned(),
            ..VexStatement::default()
        };
        for (product, components) in by_product(affects, about.identifier.as_deref(), by_reference) {
            let products = product.into_iter().map(|name| ComponentRef { name, ..ComponentRef::default() }).collect();
            report.vex.push(VexStatement { products, components, ..said.clone() });
        }
    }
    let finding = finding(vulnerability, rule, state.as_deref(), at, warnings);
    if affects.is_empty() {
        findings.push(finding);
        return;
    }
    for affected in affects {
        let component = component_of(affected, by_reference);
        let is_fixed = |version: &&AffectedVersion<'_>| version.status.as_deref() == Some("unaffected");
        let fixed = affected.versions.iter().filter(is_fixed).filter_map(|version| stated(version.version.as_ref()));
        findings.push(Finding { fixed_versions: fixed.collect(), component: Some(component), ..finding.clone() });
    }
}

/// The finding without its component.
fn finding(
    vulnerability: &Vulnerability<'_>,
    rule: String,
    state: Option<&str>,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Finding {
    let Vulnerability { description, detail, recommendation, .. } = vulnerability;
    let source = vulnerability.source.get(format_args!("{at}/source"), warnings);
    let aliases = vulnerability.references.get(format_args!("{at}/references"), warnings);
    let ratings = vulnerability.ratings.get(format_args!("{at}/ratings"), warnings).map_or(&[][..], Vec::as_slice);
    let cwes = vulnerability.cwes.get(format_args!("{at}/cwes"), warnings);
    let advisories = vulnerability.advisories.get(format_args!("{at}/advisories"), warnings);
    let (severity, severity_word) = severity(ratings, source.and_then(|source| source.name.as_deref()));
    let description = stated(description.as_ref());
    let mut aliases: Vec<_> =
        aliases.into_iter().flatten().filter_map(|alias| stated(alias.id.as_ref())).filter(|id| *id != rule).collect();
    aliases.dedup();
    let urls = source.into_iter().chain(advisories.into_iter().flatten());
    Finding {
        kind: FindingKind::Vulnerability,
        identity: String::new(),
        title: description.as_deref().and_then(text::title).unwrap_or_else(|| rule.clone()),
        rule,
        aliases,
        description: match (description, stated(detail.as_ref())) {
            (Some(description), Some(detail)) => Some(format!("{description}\n\n{detail}")),
            (description, detail) => description.or(detail),
        },
        severity,
        severity_word,
        score: None,
        cvss: ratings.iter().filter_map(cvss).collect(),
        cwes: cwes.cloned().unwrap_or_default(),
        component: None,
        location: None,
        fixed_versions: Vec::new(),
        remediation: stated(recommendation.as_ref()),
        references: urls.filter_map(|source| stated(source.url.as_ref())).collect(),
        status: state.map_or(FindingStatus::Open, finding_status),
    }
}

/// The rating by the vulnerability's own source where that one says how bad it is, else the worst of all.
fn severity(ratings: &[Rating<'_>], source: Option<&str>) -> (Severity, Option<String>) {
    let rated = |rating: &Rating<'_>| {
        let word = stated(rating.severity.as_ref());
        let by_score = || rating.score.filter(|_| cvss(rating).is_some()).map_or(Severity::Unknown, Severity::of_score);
        (word.as_deref().map_or_else(by_score, |word| severity::of_word("cyclonedx", word)), word)
    };
    let is_own = |rating: &&Rating<'_>| {
        let by = rating.source.as_ref().and_then(|by| by.name.as_deref());
        source.is_some() && by == source
    };
    let own = ratings.iter().filter(is_own).map(rated).find(|(severity, _)| *severity != Severity::Unknown);
    let worst = || ratings.iter().map(rated).max_by_key(|(severity, _)| *severity);
    own.or_else(worst).unwrap_or((Severity::Unknown, None))
}

/// A rating by CVSS; others, such as OWASP's, have no place in the common form.
fn cvss(rating: &Rating<'_>) -> Option<Cvss> {
    let version = match rating.method.as_deref()? {
        "CVSSv2" => "2.0",
        "CVSSv3" => "3.0",
        "CVSSv31" => "3.1",
        "CVSSv4" => "4.0",
        _ => return None,
    };
    let source = rating.source.as_ref().and_then(|source| stated(source.name.as_ref()));
    Some(Cvss { version: version.to_owned(), vector: stated(rating.vector.as_ref()), score: rating.score, source })
}

/// <https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis_state>
fn vex_status(state: &str) -> Option<VexStatus> {
    match state {
        "exploitable" => Some(VexStatus::Affected),
        "in_triage" => Some(VexStatus::UnderInvestigation),
        "false_positive" | "not_affected" => Some(VexStatus::NotAffected),
        "resolved" | "resolved_with_pedigree" => Some(VexStatus::Fixed),
        _ => None,
    }
}

fn finding_status(state: &str) -> FindingStatus {
    match state {
        "resolved" | "resolved_with_pedigree" => FindingStatus::Fixed,
        "false_positive" => FindingStatus::FalsePositive,
        "not_affected" => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    }
}

/// The affected components, by the document that they are in: this one, which has no name here, or others by BOM-Link.
/// A link to a whole document speaks of the thing that it describes.
fn by_product(
    affects: &[Affected<'_>],
    own: Option<&str>,
    by_reference: &HashMap<&str, &Component>,
) -> Vec<(Option<String>, Vec<ComponentRef>)> {
    let mut groups: Vec<(Option<String>, Vec<ComponentRef>)> = Vec::new();
    let mut places = HashMap::new();
    for affected in affects {
        let reference = affected.reference.trim();
        let link = Some(reference).filter(|reference| reference.starts_with("urn:cdx:"));
        let (document, local) = link.map_or((None, Some(reference)), |link| match link.split_once('#') {
            Some((document, local)) => (Some(document), Some(local)),
            None => (Some(link), None),
        });
        let product = document.filter(|document| Some(*document) != own);
        let place = *places.entry(product).or_insert_with(|| {
            groups.push((product.map(str::to_owned), Vec::new()));
            groups.len() - 1
        });
        if let (Some(_), Some((_, components))) = (local, groups.get_mut(place)) {
            components.push(component_of(affected, by_reference));
        }
    }
    if groups.is_empty() {
        groups.push((None, Vec::new()));
    }
    groups
}

/// The component behind a reference: of this document, or of another one by BOM-Link (`urn:cdx:serial/version#ref`).
fn component_of(affected: &Affected<'_>, by_reference: &HashMap<&str, &Component>) -> ComponentRef {
    let reference = affected.reference.trim();
    let local = reference.strip_prefix("urn:cdx:").and_then(|link| link.split_once('#')).map(|(_, local)| local);
    let local = local.unwrap_or(reference);
    if let Some(component) = by_reference.get(local) {
        let Component { name, version, purl, .. } = component;
        return ComponentRef { purl: purl.clone(), name: name.clone(), version: version.clone() };
    }
    purl::component(local).unwrap_or_else(|| ComponentRef { name: local.to_owned(), ..ComponentRef::default() })
}

/// Where a member of a list of the document is.
pub(crate) fn at(list: &'static str, index: usize) -> String {
    At::Root.key(list).index(index).to_string()
}
