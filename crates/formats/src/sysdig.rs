//! What the reports of Sysdig Secure have in common: a vulnerability of a package in an image, in whatever words.

use crate::{packages, ratings, severity};
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Location};

/// A vulnerability of a package, as a document states it.
#[derive(Default)]
pub(crate) struct Vulnerability {
    pub(crate) name: String,
    pub(crate) severity_word: Option<String>,
    pub(crate) package: String,
    pub(crate) version: Option<String>,
    /// The ecosystem, or `os` for a package of the distribution.
    pub(crate) kind: Option<String>,
    pub(crate) path: Option<String>,
    /// The distribution, such as `debian 12.9`.
    pub(crate) distribution: Option<String>,
    pub(crate) cvss_version: Option<String>,
    pub(crate) score: Option<f64>,
    pub(crate) vector: Option<String>,
    pub(crate) fixed: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) is_accepted: bool,
}

impl Vulnerability {
    pub(crate) fn finding(self) -> Finding {
        let purl = self.purl();
        let version = match self.cvss_version.as_deref().unwrap_or_default().trim() {
            "2" => "2.0",
            "3" => "3.0",
            "4" => "4.0",
            other => other,
        };
        let rating = ratings::cvss(self.vector.as_deref(), self.score, version, None);
        Finding {
            severity: self
                .severity_word
                .as_deref()
                .map_or_else(Default::default, |word| severity::of_word("sysdig", word)),
            severity_word: self.severity_word,
            score: self.score,
            cvss: rating.into_iter().filter(|rating| !rating.version.is_empty()).collect(),
            fixed_versions: self.fixed.into_iter().collect(),
            references: self.url.into_iter().collect(),
            location: self.path.map(|path| Location { path, ..Location::default() }),
            status: if self.is_accepted { FindingStatus::Suppressed } else { FindingStatus::Open },
            component: Some(ComponentRef { purl, name: self.package.clone(), version: self.version }),
            ..Finding::new(FindingKind::Vulnerability, self.name.clone(), format!("{} in {}", self.name, self.package))
        }
    }

    fn purl(&self) -> Option<String> {
        purl(self.kind.as_deref()?, &self.package, self.version.as_deref(), self.distribution.as_deref())
    }
}

/// The package URL of a package of the ecosystem `kind`, or of the distribution for the kind `os`.
pub(crate) fn purl(kind: &str, name: &str, version: Option<&str>, distribution: Option<&str>) -> Option<String> {
    if kind.eq_ignore_ascii_case("os") {
        let distribution = distribution?;
        let (kind, vendor) = packages::of_distribution(distribution)?;
        let release = distribution.rsplit(' ').next().unwrap_or_default();
        return packages::purl(kind, &format!("{vendor}/{name}"), version, &[("distro", release)]);
    }
    packages::purl(packages::of_ecosystem(kind)?, name, version, &[])
}
