//! What the documents of JFrog Xray have in common: its names of components, its vulnerabilities with their CVEs, and its
//! ways of writing ratings and fixed versions.

use crate::json::{Entries, Odd, Text, stated};
use crate::{license, packages, ratings, severity, text};
use serde::Deserialize;
use shipworthy_model::{Component, ComponentRef, Cvss, Finding, FindingKind, Severity};
use std::collections::BTreeMap;

/// The names that one issue has in public, with their ratings. Some documents write a rating as `9.8/CVSS:3.0/AV:N/…`,
/// others score and vector apart.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Cve<'a> {
    #[serde(borrow, alias = "id")]
    cve: Option<Text<'a>>,
    #[serde(borrow)]
    cwe: Odd<Vec<Text<'a>>>,
    #[serde(borrow, alias = "cvssV2")]
    cvss_v2: Option<Text<'a>>,
    #[serde(borrow, alias = "cvssV3")]
    cvss_v3: Option<Text<'a>>,
    #[serde(borrow)]
    cvss_v2_score: Option<Text<'a>>,
    #[serde(borrow)]
    cvss_v2_vector: Option<Text<'a>>,
    #[serde(borrow)]
    cvss_v3_score: Option<Text<'a>>,
    #[serde(borrow)]
    cvss_v3_vector: Option<Text<'a>>,
}

impl Cve<'_> {
    fn ratings(&self) -> impl Iterator<Item = Cvss> {
        let joined = [("2.0", &self.cvss_v2), ("3.1", &self.cvss_v3)].into_iter();
        let joined = joined.filter_map(|(version, rating)| {
            let rating = rating.as_deref()?;
            let (score, vector) = rating.split_once('/').unwrap_or((rating, ""));
            ratings::cvss(Some(vector), ratings::number(score), version, None)
        });
        let apart =
            [("2.0", &self.cvss_v2_vector, &self.cvss_v2_score), ("3.1", &self.cvss_v3_vector, &self.cvss_v3_score)];
        let apart = apart.into_iter().filter_map(|(version, vector, score)| {
            ratings::cvss(vector.as_deref(), score.as_deref().and_then(ratings::number), version, None)
        });
        joined.chain(apart)
    }
}

/// What an issue says of itself, whatever the document calls it.
#[derive(Default)]
pub(crate) struct Issue {
    /// Xray's own name, such as `XRAY-94620`.
    pub(crate) id: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) severity_word: Option<String>,
    pub(crate) references: Vec<String>,
    pub(crate) remediation: Option<String>,
}

impl Issue {
    /// The finding about a component, rule and names from the CVEs, with Xray's own name behind them.
    pub(crate) fn vulnerability(&self, cves: &[Cve<'_>], component: Option<ComponentRef>) -> Finding {
        let mut names: Vec<String> = cves.iter().filter_map(|cve| stated(cve.cve.as_ref())).collect();
        names.extend(self.id.clone());
        names.dedup();
        let mut names = names.into_iter();
        let rule = names.next().unwrap_or_else(|| self.summary.clone().unwrap_or_default());
        let mut cwes: Vec<u32> = cves
            .iter()
            .filter_map(|cve| cve.cwe.0.as_ref().ok())
            .flatten()
            .filter_map(|cwe| ratings::cwe(cwe))
            .collect();
        cwes.dedup();
        Finding {
            aliases: names.collect(),
            cvss: cves.iter().flat_map(Cve::ratings).collect(),
            cwes,
            component,
            ..self.finding(FindingKind::Vulnerability, &rule)
        }
    }

    /// A finding of which nothing is known but what every issue states.
    pub(crate) fn finding(&self, kind: FindingKind, rule: &str) -> Finding {
        let title = self.summary.as_deref().or(self.description.as_deref()).and_then(text::title);
        let description = self.description.clone().or_else(|| self.summary.clone());
        Finding {
            severity: rated(self.severity_word.as_deref()),
            severity_word: self.severity_word.clone(),
            description: description.map(text::capped),
            references: self.references.clone(),
            remediation: self.remediation.clone().map(text::capped),
            ..Finding::new(kind, rule, title.unwrap_or_else(|| rule.to_owned()))
        }
    }
}

pub(crate) fn rated(word: Option<&str>) -> Severity {
    word.map_or(Severity::Unknown, |word| severity::of_word("jfrog", word))
}

/// The component that an id such as `deb://debian:bookworm:libssl3:3.0.13-1` names.
/// <https://jfrog.com/help/r/xray-rest-apis/component-identifiers>
pub(crate) fn component(id: &str) -> ComponentRef {
    let id = id.trim();
    let (kind, rest) = id.split_once("://").unwrap_or(("", id));
    let parts: Vec<&str> = rest.splitn(4, ':').collect();
    let (name, version, purl) = match (kind, parts.as_slice()) {
        ("deb", [vendor, release, name, version @ ..]) => {
            let version = version.first().copied();
            (*name, version, packages::purl("deb", &format!("{vendor}/{name}"), version, &[("distro", release)]))
        }
        ("alpine", [release, name, version @ ..]) => {
            let version = version.first().copied();
            (*name, version, packages::purl("apk", &format!("alpine/{name}"), version, &[("distro", release)]))
        }
        ("rpm", [_, name, epoch, version]) => {
            let epoch = if *epoch == "0" { "" } else { epoch };
            (*name, Some(*version), packages::purl("rpm", name, Some(version), &[("epoch", epoch)]))
        }
        ("rpm", [_, name, version @ ..]) => {
            let version = version.first().copied();
            (*name, version, packages::purl("rpm", name, version, &[]))
        }
        ("generic", [_, digest_and_name, ..]) => (digest_and_name.rsplit('/').next().unwrap_or(rest), None, None),
        // Without a version only Maven has a colon in its names.
        ("gav", [_, _]) => (rest, None, of_ecosystem(kind, rest, None)),
        _ => {
            let (name, version) = rest.rsplit_once(':').map_or((rest, None), |(name, version)| (name, Some(version)));
            (name, version, of_ecosystem(kind, name, version))
        }
    };
    ComponentRef { purl, name: name.to_owned(), version: version.map(str::to_owned) }
}

fn of_ecosystem(kind: &str, name: &str, version: Option<&str>) -> Option<String> {
    let kind = packages::of_ecosystem(kind)?;
    // The scope of npm stands before a colon in some documents, as the namespace does in Maven's.
    let name = if kind == "maven" { name.to_owned() } else { name.replace(':', "/") };
    packages::purl(kind, &name, version, &[])
}

/// The version in `[1.9.4]` and `≥ 2:1.6.4-3`; an interval of several versions stays as it is.
pub(crate) fn fixed_version(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(['≥', '>', '=']).trim();
    let only = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|text| !text.contains(','));
    Some(only.unwrap_or(text)).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The components that a document names with their licences, by their ids.
#[derive(Default)]
pub(crate) struct Licensed(BTreeMap<String, Vec<String>>);

impl Licensed {
    pub(crate) fn add(&mut self, id: &str, name: Option<&Text<'_>>) {
        let expression =
            name.filter(|name| !name.eq_ignore_ascii_case("unknown")).and_then(|name| license::expression(name));
        self.0.entry(id.to_owned()).or_default().extend(expression);
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn components(self) -> Vec<Component> {
        let component = |(id, licenses): (String, Vec<String>)| {
            let ComponentRef { purl, name, version } = component(&id);
            let license = license::all_of(licenses);
            Component {
                reference: id,
                kind: "library".to_owned(),
                name,
                version,
                purl,
                license,
                ..Component::default()
            }
        };
        self.0.into_iter().map(component).collect()
    }
}

/// The keys of an object whose values are of no interest, such as components by their ids.
pub(crate) type Ids<'a> = Entries<'a, serde::de::IgnoredAny>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn component_ids_become_package_urls() {
        for (id, name, version, purl) in [
            ("gav://org.shop:cart:1.0", "org.shop:cart", Some("1.0"), Some("pkg:maven/org.shop/cart@1.0")),
            ("gav://org.shop:cart", "org.shop:cart", None, Some("pkg:maven/org.shop/cart")),
            ("npm://lodash:4.17.20", "lodash", Some("4.17.20"), Some("pkg:npm/lodash@4.17.20")),
            (
                "deb://debian:stretch:libx11:2:1.6.4-3",
                "libx11",
                Some("2:1.6.4-3"),
                Some("pkg:deb/debian/libx11@2:1.6.4-3?distro=stretch"),
            ),
            (
                "alpine://3.18:libssl3:3.1.1-r1",
                "libssl3",
                Some("3.1.1-r1"),
                Some("pkg:apk/alpine/libssl3@3.1.1-r1?distro=3.18"),
            ),
            ("rpm://7:bash:0:4.2-1.el7", "bash", Some("4.2-1.el7"), Some("pkg:rpm/bash@4.2-1.el7")),
            ("rpm://7:bind:32:9.9-1.el7", "bind", Some("9.9-1.el7"), Some("pkg:rpm/bind@9.9-1.el7?epoch=32")),
            ("docker://shop/cart:1.4", "shop/cart", Some("1.4"), None),
            ("generic://sha256:0a1b/cart.tar", "cart.tar", None, None),
            ("", "", None, None),
        ] {
            let found = component(id);
            let ComponentRef { purl: found_purl, name: found_name, version: found_version } = &found;
            assert_eq!(
                (found_name.as_str(), found_version.as_deref(), found_purl.as_deref()),
                (name, version, purl),
                "{id}"
            );
        }
    }

    #[test]
    fn a_fixed_version_is_a_version() {
        let all: Vec<_> = ["[1.9.4]", "≥ 2:1.6.4-3", "2.0", "(1.0, 2.0]", " "].into_iter().map(fixed_version).collect();
        assert_eq!(
            all,
            [Some("1.9.4"), Some("2:1.6.4-3"), Some("2.0"), Some("(1.0, 2.0]"), None].map(|v| v.map(str::to_owned))
        );
    }
}
