//! What a document of vulnerability data is, by what stands at its top, so that nobody has to name it.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::reading::{Unreadable, capped};

/// The sources whose documents are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Records in the OSV schema, see [`crate::osv`].
    Osv,
    /// Answers of GitHub's API, see [`crate::github`].
    GitHub,
    /// Pages of NVD's API, see [`crate::nvd`].
    Nvd,
    /// CVE records, see [`crate::cve`].
    Cve,
    /// Advisories of vendors, see [`crate::csaf`].
    Csaf,
    /// The daily table of EPSS, see [`crate::epss`].
    Epss,
    /// CISA's catalogue, see [`crate::known_exploited`].
    KnownExploited,
    /// Products of endoflife.date, see [`crate::end_of_life`].
    EndOfLife,
}

impl Kind {
    /// Its name, as it is kept with what came from it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Osv => "osv",
            Self::GitHub => "github",
            Self::Nvd => "nvd",
            Self::Cve => "cve",
            Self::Csaf => "csaf",
            Self::Epss => "epss",
            Self::KnownExploited => "known-exploited",
            Self::EndOfLife => "end-of-life",
        }
    }

    /// What a document is.
    ///
    /// # Errors
    /// When it is none of these; the error says what it begins like.
    pub fn of(document: &str) -> Result<Self, Unreadable> {
        let text = document.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('#') || text.starts_with("cve,epss") {
            return Ok(Self::Epss);
        }
        if text.starts_with("id:") || text.starts_with("schema_version:") {
            return Ok(Self::Osv);
        }
        let top = if text.starts_with('[') {
            // Of a list the first record speaks for all.
            serde_json::from_str::<Vec<&RawValue>>(text)
                .map(|records| records.first().map_or(Ok(Top::default()), |first| serde_json::from_str(first.get())))
                .and_then(|top| top)
        } else {
            serde_json::from_str::<Top>(text)
        };
        let top = top.map_err(|error| unknown(text, &error.to_string()))?;
        top.kind().ok_or_else(|| unknown(text, "nothing at its top tells which"))
    }
}

fn unknown(text: &str, why: &str) -> Unreadable {
    let begin = capped(text.lines().next().unwrap_or_default(), 80);
    Unreadable(format!(
        "this is no vulnerability data that is read: {why}; expected OSV, GitHub advisories, NVD 2.0, CVE records, CSAF, EPSS, \
         CISA's catalogue or endoflife.date, found `{begin}`"
    ))
}

/// The members at the top that tell documents apart.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Top {
    document: Option<About>,
    catalog_version: Option<IgnoredAny>,
    data_type: Option<String>,
    cve_metadata: Option<IgnoredAny>,
    data: Option<IgnoredAny>,
    #[serde(alias = "ghsa_id")]
    ghsa_id: Option<IgnoredAny>,
    cve: Option<IgnoredAny>,
    #[serde(rename = "resultsPerPage")]
    results: Option<IgnoredAny>,
    vulnerabilities: Option<IgnoredAny>,
    vulns: Option<IgnoredAny>,
    id: Option<IgnoredAny>,
    #[serde(rename = "schema_version")]
    schema_version: Option<IgnoredAny>,
    modified: Option<IgnoredAny>,
    affected: Option<IgnoredAny>,
    result: Option<IgnoredAny>,
    cycle: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
struct About {
    csaf_version: Option<IgnoredAny>,
}

impl Top {
    fn kind(&self) -> Option<Kind> {
        let is_cve = self.data_type.as_deref() == Some("CVE_RECORD") || self.cve_metadata.is_some();
        let is_osv = self.vulns.is_some()
            || self.id.is_some()
                && (self.schema_version.is_some() || self.affected.is_some() || self.modified.is_some());
        Some(match () {
            () if self.catalog_version.is_some() => Kind::KnownExploited,
            () if self.document.as_ref().is_some_and(|about| about.csaf_version.is_some()) => Kind::Csaf,
            () if is_cve => Kind::Cve,
            () if self.ghsa_id.is_some() || self.data.is_some() => Kind::GitHub,
            () if self.cve.is_some() || self.results.is_some() && self.vulnerabilities.is_some() => Kind::Nvd,
            () if is_osv => Kind::Osv,
            () if self.result.is_some() || self.cycle.is_some() => Kind::EndOfLife,
            () => return None,
        })
    }
}
