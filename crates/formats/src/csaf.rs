//! CSAF: advisories of vendors, and their VEX profile. What is said of a product becomes a VEX statement; where the
//! document is an advisory, what it says to be affected is a finding, too.

mod document;
mod products;

use crate::json::{self, At, Text, stated};
use crate::{Format, Probe, ReadError, instant, severity, subjects, text};
use document::{About, Document, Engine, Rating, Remark, Statuses, Vulnerability};
use products::Products;
use shipworthy_model::{
    ComponentRef, Cvss, Finding, FindingKind, Phase, Report, Severity, Tool, VexStatement, VexStatus, Warning,
};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "csaf",
    title: "CSAF 2",
    homepage: "https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html",
    phase: Phase::Artifact,
    tool: "csaf",
    reads: "versions 2.0 and 2.1 of all profiles: each status of a vulnerability as a VEX statement, and what advisories \
            say to be affected as findings",
    identifies: "vulnerability and component",
    severities: "csaf",
    marks: &["document", "product_tree", "vulnerabilities"],
    recognises,
    read,
};

/// Profiles that are no advisories of problems.
const WITHOUT_FINDINGS: &[&str] = &["csaf_vex", "csaf_informational_advisory", "csaf_security_incident_response"];

/// More references from groups to their products than this are those of a document made to harm.
const MAX_MEMBERS: usize = 1_000_000;

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("document")) && probe.has("document.csaf_version")
}

/// Everything that is said of one product in one vulnerability.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Said<'v> {
    justification: Option<&'v str>,
    details: Vec<&'v str>,
    actions: Vec<&'v str>,
    /// The vendor's word for how bad it is.
    severity_word: Option<&'v str>,
}

impl<'v> Said<'v> {
    fn add(&mut self, kind: RemarkKind, remark: &'v Remark<'_>) {
        let details = remark.details.trim();
        match kind {
            RemarkKind::Flag => self.justification = self.justification.or(Some(&remark.label)),
            RemarkKind::Threat if &*remark.category != "impact" || details.is_empty() => {}
            RemarkKind::Threat if severity::of_word("csaf", details) != Severity::Unknown => {
                self.severity_word = self.severity_word.or(Some(details));
            }
            RemarkKind::Threat if !self.details.contains(&details) => self.details.push(details),
            RemarkKind::Remediation if !details.is_empty() && !self.actions.contains(&details) => {
                self.actions.push(details);
            }
            RemarkKind::Threat | RemarkKind::Remediation => {}
        }
    }

    fn joined(texts: &[&str]) -> Option<String> {
        (!texts.is_empty()).then(|| text::capped(texts.join("\n\n")))
    }
}

#[derive(Clone, Copy)]
enum RemarkKind {
    Flag,
    Threat,
    Remediation,
}

/// The remarks of one vulnerability, by product.
#[derive(Default)]
struct Remarks<'v> {
    of: HashMap<&'v str, Said<'v>>,
    of_all: Said<'v>,
}

impl<'v> Remarks<'v> {
    /// Takes remarks. `budget` is how many more products of groups may be looked at in the whole document.
    fn take(&mut self, kind: RemarkKind, remarks: &'v [Remark<'_>], products: &'v Products<'_>, budget: &mut usize) {
        for remark in remarks {
            if remark.product_ids.is_empty() && remark.group_ids.is_empty() {
                self.of_all.add(kind, remark);
            }
            let members = remark.group_ids.iter().flat_map(|group| products.group(group));
            for id in remark.product_ids.iter().map(|id| &**id).chain(members.copied()).take(*budget) {
                *budget -= 1;
                self.of.entry(id).or_default().add(kind, remark);
            }
        }
    }

    fn of(&self, product: &str) -> Said<'v> {
        let mut said = self.of.get(product).cloned().unwrap_or_default();
        let all = &self.of_all;
        said.justification = said.justification.or(all.justification);
        said.severity_word = said.severity_word.or(all.severity_word);
        said.details.extend(&all.details);
        said.actions.extend(&all.actions);
        said
    }
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let about = &document.document;
    if !matches!(&*about.csaf_version, "2.0" | "2.1") {
        let message = format!("expected the version `2.0` or `2.1`, found `{}`", &*about.csaf_version);
        return Err(ReadError::lacks("CSAF document", "/document/csaf_version", message));
    }
    let mut report = Report::default();
    let mut author = None;
    let root = At::Root;
    if let Some(publisher) = about.publisher.get("/document/publisher", &mut report.warnings) {
        author = stated(publisher.name.as_ref());
    }
    if let Some(tracking) = about.tracking.get("/document/tracking", &mut report.warnings) {
        let at = "/document/tracking/current_release_date";
        report.created_at = instant::utc(tracking.current_release_date.as_ref(), at, &mut report.warnings);
        report.tool = tracking.generator.0.as_ref().ok().and_then(|by| by.engine.0.as_ref().ok()).and_then(tool);
    }
    let tree = document.product_tree.get("/product_tree", &mut report.warnings);
    let products = tree.map(|tree| Products::new(tree, &mut report.warnings)).unwrap_or_default();
    let mut reading = Reading { about, products: &products, author, budget: MAX_MEMBERS, report };
    let list = root.key("vulnerabilities");
    let vulnerabilities =
        json::parts::<Vulnerability<'_>>(&document.vulnerabilities, list, &mut reading.report.warnings);
    for (index, vulnerability) in vulnerabilities {
        reading.take(&vulnerability, list.index(index));
    }
    Ok(reading.report)
}

fn tool(engine: &Engine<'_>) -> Option<Tool> {
    let name = stated(engine.name.as_ref())?.to_lowercase();
    Some(Tool { name, version: stated(engine.version.as_ref()) })
}

/// A document while it is read.
struct Reading<'d> {
    about: &'d About<'d>,
    products: &'d Products<'d>,
    author: Option<String>,
    budget: usize,
    report: Report,
}

impl Reading<'_> {
    fn take(&mut self, vulnerability: &Vulnerability<'_>, at: At<'_>) {
        let products = self.products;
        let warnings = &mut self.report.warnings;
        let Some((name, aliases)) = names(vulnerability, at, warnings) else {
            let message = "left out: a vulnerability with neither `cve` nor `ids`".to_owned();
            return warnings.push(Warning { at: at.to_string(), message });
        };
        let mut remarks = Remarks::default();
        for (kind, key, list) in [
            (RemarkKind::Flag, "flags", &vulnerability.flags),
            (RemarkKind::Threat, "threats", &vulnerability.threats),
            (RemarkKind::Remediation, "remediations", &vulnerability.remediations),
        ] {
            let list = list.get(at.key(key), warnings).map_or(&[][..], Vec::as_slice);
            remarks.take(kind, list, products, &mut self.budget);
        }
        let Some(statuses) = vulnerability.product_status.get(at.key("product_status"), warnings) else { return };
        let said = VexStatement {
            vulnerability: name.clone(),
            aliases: aliases.clone(),
            stated_at: self.report.created_at.clone(),
            author: self.author.clone(),
            ..VexStatement::default()
        };
        for (status, ids) in by_status(statuses) {
            products.check(ids.iter().copied(), at.key("product_status"), &mut self.report.warnings);
            self.state(status, &ids, &remarks, &said);
        }
        if !WITHOUT_FINDINGS.contains(&&*self.about.category) {
            let finding = self.finding(vulnerability, name, aliases, at);
            self.find(vulnerability, statuses, &remarks, &finding);
        }
    }

    /// Takes what is said of products in one status: one statement for all of the same components of which the same is
    /// said.
    fn state<'v>(&mut self, status: VexStatus, ids: &[&'v str], remarks: &Remarks<'v>, said: &VexStatement)
    where
        Self: 'v,
    {
        let products = self.products;
        let mut by_product: Vec<(Said<'v>, &str, Vec<&str>)> = Vec::new();
        let mut places = HashMap::new();
        for id in ids.iter().copied() {
            let (product, component) = products.resolve(id);
            let said = remarks.of(id);
            let place = *places.entry((said.clone(), product)).or_insert_with(|| {
                by_product.push((said, product, Vec::new()));
                by_product.len() - 1
            });
            by_product[place].2.extend(component);
        }
        let mut groups: Vec<(Said<'v>, Vec<&str>, Vec<&str>)> = Vec::new();
        let mut places = HashMap::new();
        for (said, product, components) in by_product {
            let place = *places.entry((said.clone(), components.clone())).or_insert_with(|| {
                groups.push((said, Vec::new(), components));
                groups.len() - 1
            });
            groups[place].1.push(product);
        }
        for (reasons, of, components) in groups {
            for digest in of.iter().flat_map(|id| products.digests(id)) {
                subjects::add_artifact(&mut self.report.subjects, digest);
            }
            let action = Said::joined(&reasons.actions).filter(|_| status == VexStatus::Affected);
            self.report.vex.push(VexStatement {
                products: of.into_iter().map(|id| products.component(id)).collect(),
                components: components.into_iter().map(|id| products.component(id)).collect(),
                status,
                justification: reasons.justification.map(str::to_owned),
                detail: Said::joined(&reasons.details),
                action,
                ..said.clone()
            });
        }
    }

    /// One finding for each product that is affected, or component in it.
    fn find(
        &mut self,
        vulnerability: &Vulnerability<'_>,
        statuses: &Statuses<'_>,
        remarks: &Remarks<'_>,
        finding: &Finding,
    ) {
        let products = self.products;
        let mut repaired: HashMap<String, Vec<String>> = HashMap::new();
        for id in statuses.fixed.iter().chain(&statuses.first_fixed) {
            if let ComponentRef { name, version: Some(version), .. } = component_in(products, id) {
                let versions = repaired.entry(name).or_default();
                if !versions.contains(&version) {
                    versions.push(version);
                }
            }
        }
        let ratings = ratings(vulnerability);
        let stated_word =
            self.about.aggregate_severity.0.as_ref().ok().and_then(|severity| stated(severity.text.as_ref()));
        let affected = statuses.known_affected.iter().chain(&statuses.first_affected).chain(&statuses.last_affected);
        for id in affected {
            let component = component_in(products, id);
            let said = remarks.of(id);
            let of_product = ratings.get(&**id).map_or(&[][..], Vec::as_slice);
            let rated = |rating: &&Rating<'_>| stated(rating.base_severity.as_ref());
            let word = said.severity_word.map(str::to_owned).or_else(|| of_product.iter().find_map(rated));
            let score = of_product.iter().find_map(|rating| rating.base_score);
            let word = word.or_else(|| if score.is_none() { stated_word.clone() } else { None });
            let by_score = || score.map_or(Severity::Unknown, Severity::of_score);
            let found = Finding {
                severity: word.as_deref().map_or_else(by_score, |word| severity::of_word("csaf", word)),
                severity_word: word,
                cvss: of_product.iter().filter_map(|rating| cvss(rating)).collect(),
                fixed_versions: repaired.get(&component.name).cloned().unwrap_or_default(),
                remediation: Said::joined(&said.actions),
                component: Some(component),
                ..finding.clone()
            };
            self.report.findings.get_or_insert_default().push(found);
        }
    }

    /// The finding without its component.
    fn finding(
        &mut self,
        vulnerability: &Vulnerability<'_>,
        name: String,
        aliases: Vec<String>,
        at: At<'_>,
    ) -> Finding {
        let warnings = &mut self.report.warnings;
        let notes = vulnerability.notes.get(at.key("notes"), warnings).map_or(&[][..], Vec::as_slice);
        let note =
            |category: &str| notes.iter().find(|note| &*note.category == category).and_then(|note| note.text.stated());
        let description = note("description").or_else(|| note("summary")).or_else(|| note("general"));
        let title = stated(vulnerability.title.as_ref()).or_else(|| note("summary").or(description.clone()));
        let title = title.as_deref().and_then(text::title).unwrap_or_else(|| name.clone());
        let one = vulnerability.cwe.get(at.key("cwe"), warnings).and_then(Option::as_ref);
        let several = vulnerability.cwes.get(at.key("cwes"), warnings);
        let cwes = one.into_iter().chain(several.into_iter().flatten());
        let references = vulnerability.references.get(at.key("references"), warnings).into_iter().flatten();
        Finding {
            aliases,
            description: description.map(text::capped),
            cwes: cwes.filter_map(|cwe| cwe.id.trim().strip_prefix("CWE-")?.parse().ok()).collect(),
            references: references.filter_map(|reference| reference.url.stated()).collect(),
            ..Finding::new(FindingKind::Vulnerability, name, title)
        }
    }
}

/// The vulnerability's name and its other names. An `ids` entry that is an address is no name.
fn names(vulnerability: &Vulnerability<'_>, at: At<'_>, warnings: &mut Vec<Warning>) -> Option<(String, Vec<String>)> {
    let ids = vulnerability.ids.get(at.key("ids"), warnings).into_iter().flatten();
    let ids = ids.filter_map(|id| id.text.stated()).filter(|id| !id.contains("://"));
    let mut all = stated(vulnerability.cve.as_ref()).into_iter().chain(ids);
    let name = all.next()?;
    let aliases = all.filter(|alias| *alias != name).collect();
    Some((name, aliases))
}

fn by_status<'v>(statuses: &'v Statuses<'_>) -> Vec<(VexStatus, Vec<&'v str>)> {
    let Statuses { known_affected, first_affected, last_affected, known_not_affected, fixed, first_fixed, .. } =
        statuses;
    let lists: [(VexStatus, &[&Vec<Text<'_>>]); 4] = [
        (VexStatus::Affected, &[known_affected, first_affected, last_affected]),
        (VexStatus::NotAffected, &[known_not_affected]),
        (VexStatus::Fixed, &[fixed, first_fixed]),
        (VexStatus::UnderInvestigation, &[&statuses.under_investigation]),
    ];
    let ids = |lists: &[&'v Vec<Text<'_>>]| lists.iter().flat_map(|list| list.iter()).map(|id| &**id).collect();
    lists.into_iter().map(|(status, lists)| (status, ids(lists))).collect()
}

/// The component that a product id stands for, or the product where it is not one in another.
fn component_in(products: &Products<'_>, id: &str) -> ComponentRef {
    let (product, component) = products.resolve(id);
    products.component(component.unwrap_or(product))
}

/// The ratings of each product, the newest version of CVSS first.
fn ratings<'v>(vulnerability: &'v Vulnerability<'_>) -> HashMap<&'v str, Vec<&'v Rating<'v>>> {
    let lists = [&vulnerability.scores, &vulnerability.metrics].into_iter();
    let mut ratings: HashMap<&str, Vec<&Rating<'_>>> = HashMap::new();
    for score in lists.filter_map(|list| list.0.as_ref().ok()).flatten() {
        let content = score.content.as_ref();
        let of_content = content.and_then(|content| content.cvss_v4.as_ref()).into_iter();
        let v3 = score.cvss_v3.as_ref().or_else(|| content.and_then(|content| content.cvss_v3.as_ref()));
        let v2 = score.cvss_v2.as_ref().or_else(|| content.and_then(|content| content.cvss_v2.as_ref()));
        let all: Vec<_> = of_content.chain(v3).chain(v2).collect();
        for product in &score.products {
            ratings.entry(product).or_default().extend(&all);
        }
    }
    ratings
}

fn cvss(rating: &Rating<'_>) -> Option<Cvss> {
    let version = rating.version.stated()?;
    Some(Cvss { version, vector: stated(rating.vector_string.as_ref()), score: rating.base_score, source: None })
}
