//! What the documents of Prisma Cloud Compute have in common: its issues, which the command line, the web API and the CSV
//! exports name a little differently, and its words for packages and fixes.

use crate::json::{List, Odd, Text, stated};
use crate::{identity, json, license, packages, ratings, severity, text};
use serde::Deserialize;
use shipworthy_model::{Component, ComponentRef, Finding, FindingKind, Location, Severity, Warning};
use std::collections::HashMap;

/// A vulnerability, or a failed check of compliance. The command line has the vulnerability's name in `id`, the web API
/// in `cve`, where `id` is the number of a check.
#[derive(Deserialize)]
pub(crate) struct Issue<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) cve: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) description: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) cause: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) severity: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) cvss: Option<Text<'a>>,
    #[serde(borrow, alias = "vecStr")]
    pub(crate) vector: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) status: Option<Text<'a>>,
    #[serde(borrow, rename = "packageName")]
    pub(crate) package: Option<Text<'a>>,
    #[serde(borrow, rename = "packageVersion")]
    pub(crate) version: Option<Text<'a>>,
    #[serde(borrow, rename = "packageType")]
    pub(crate) package_type: Option<Text<'a>>,
    #[serde(borrow, rename = "packagePath")]
    pub(crate) path: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) link: Option<Text<'a>>,
}

/// A package, as the command line lists it and as a group of the web API does.
#[derive(Deserialize)]
pub(crate) struct Package<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, default)]
    licenses: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    license: Option<Text<'a>>,
}

/// The thing that was scanned, as far as it helps to understand its issues.
#[derive(Default)]
pub(crate) struct Scanned {
    /// Its name, such as `registry.shopwright.example/cart:1.4`.
    pub(crate) name: String,
    /// The distribution, such as `Debian GNU/Linux 12 (bookworm)`.
    pub(crate) distribution: String,
    /// The release of the distribution, such as `bookworm`.
    pub(crate) release: String,
    /// Types of packages by name and version, for vulnerabilities that do not state them.
    kinds: HashMap<(String, String), String>,
    /// The packages.
    pub(crate) components: Vec<Component>,
}

impl Scanned {
    pub(crate) fn new(name: Option<String>, distribution: Option<String>, release: Option<String>) -> Self {
        Self {
            name: name.unwrap_or_default(),
            distribution: distribution.unwrap_or_default(),
            release: release.unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Takes the packages of the list at `at`; `kind` is that of a group whose packages do not state their own.
    pub(crate) fn packages(
        &mut self,
        list: &List<'_>,
        kind: Option<&Text<'_>>,
        at: impl std::fmt::Display,
        warnings: &mut Vec<Warning>,
    ) {
        for (index, package) in json::parts::<Package<'_>>(list, &at, warnings) {
            let kind = stated(package.kind.as_ref().or(kind)).unwrap_or_default();
            let Some(name) = stated(package.name.as_ref()) else { continue };
            let version = stated(package.version.as_ref());
            let named = package.licenses.get(format_args!("{at}/{index}/licenses"), warnings).into_iter().flatten();
            let licenses = named.chain(package.license.as_ref()).filter_map(|license| license::expression(license));
            self.components.push(Component {
                reference: format!("{}#{}", self.name, self.components.len()),
                kind: "library".to_owned(),
                purl: self.purl(&kind, &name, version.as_deref()),
                license: license::all_of(licenses),
                name: name.clone(),
                version: version.clone(),
                ..Component::default()
            });
            self.kinds.insert((name, version.unwrap_or_default()), kind);
        }
    }

    /// The name without tag and digest, which the next release changes.
    fn repository(&self) -> &str {
        let name = self.name.split('@').next().unwrap_or_default();
        match name.rsplit_once(':') {
            Some((before, tag)) if !tag.contains('/') => before,
            _ => name,
        }
    }

    fn purl(&self, kind: &str, name: &str, version: Option<&str>) -> Option<String> {
        if let "os" | "package" = kind {
            let (kind, vendor) = packages::of_distribution(&self.distribution)?;
            return packages::purl(kind, &format!("{vendor}/{name}"), version, &[("distro", &self.release)]);
        }
        let kind = packages::of_ecosystem(kind)?;
        // Group and artifact are joined with `_`, which group names do not have.
        let joined = name.split_once('_').filter(|_| kind == "maven").map(|(group, name)| format!("{group}:{name}"));
        packages::purl(kind, joined.as_deref().unwrap_or(name), version, &[])
    }
}

/// A vulnerability of a package.
pub(crate) fn vulnerability(issue: &Issue<'_>, scanned: &Scanned) -> Finding {
    let rule = stated(issue.cve.as_ref()).or_else(|| stated(issue.id.as_ref())).unwrap_or_default();
    let package = stated(issue.package.as_ref()).unwrap_or_default();
    // `glibc (used in libc6, libc-bin)` is the source package with those that were built of it.
    let name = package.split(" (used in ").next().unwrap_or_default().to_owned();
    let version = stated(issue.version.as_ref());
    let listed = (name.clone(), version.clone().unwrap_or_default());
    let kind = stated(issue.package_type.as_ref()).or_else(|| scanned.kinds.get(&listed).cloned());
    let purl = kind.and_then(|kind| scanned.purl(&kind, &name, version.as_deref()));
    let (severity, severity_word) = rated(issue.severity.as_ref());
    let vector = issue.vector.as_deref().filter(|vector| vector.contains('/'));
    let score = issue.cvss.as_deref().and_then(ratings::number).filter(|score| *score > 0.0);
    Finding {
        severity,
        severity_word,
        score,
        // Of a score without its vector nobody knows the version.
        cvss: vector.and_then(|vector| ratings::cvss(Some(vector), score, "3.1", None)).into_iter().collect(),
        description: stated(issue.description.as_ref()).map(text::capped),
        fixed_versions: fixed_versions(issue.status.as_deref().unwrap_or_default()),
        references: issue.link.iter().filter_map(Text::stated).collect(),
        location: stated(issue.path.as_ref()).map(|path| Location { path, ..Location::default() }),
        component: Some(ComponentRef { purl, name: name.clone(), version }),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}

/// A check of compliance that failed.
pub(crate) fn compliance(issue: &Issue<'_>, kind: FindingKind, scanned: &Scanned) -> Finding {
    let title = stated(issue.title.as_ref()).unwrap_or_default();
    let rule = stated(issue.id.as_ref()).unwrap_or_else(|| title.clone());
    let cause = stated(issue.cause.as_ref());
    let identity = identity::of_parts(&rule, &[scanned.repository(), cause.as_deref().unwrap_or_default()]);
    let (severity, severity_word) = rated(issue.severity.as_ref());
    let description = stated(issue.description.as_ref());
    let description: Vec<_> = [cause, description].into_iter().flatten().collect();
    Finding {
        severity,
        severity_word,
        description: Some(description.join("\n\n")).filter(|text| !text.is_empty()).map(text::capped),
        identity,
        ..Finding::new(kind, rule.clone(), text::title(&title).unwrap_or(rule))
    }
}

/// Our severity and Prisma Cloud's word.
pub(crate) fn rated(word: Option<&Text<'_>>) -> (Severity, Option<String>) {
    let word = stated(word);
    (word.as_deref().map_or(Severity::Unknown, |word| severity::of_word("prisma-cloud", word)), word)
}

/// The versions in `fixed in 1.2, 1.3`; every other status names none.
pub(crate) fn fixed_versions(status: &str) -> Vec<String> {
    let versions = status.trim().strip_prefix("fixed in ").unwrap_or_default();
    let versions = versions.split(',').map(|version| version.trim().trim_start_matches(">=").trim());
    versions.filter(|version| !version.is_empty()).map(str::to_owned).collect()
}
