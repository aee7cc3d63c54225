//! The settings of where vulnerability data is fetched from, and how often.

use anyhow::bail;
use reqwest::Url;
use shipworthy_advisories::source::Kind;
use std::time::Duration;

/// The ecosystems that components of inventories mostly are of.
pub(super) const OSV_ECOSYSTEMS: &str = "AlmaLinux, Alpine, Bitnami, Chainguard, CRAN, crates.io, Debian, GitHub Actions, Go, \
     Hackage, Hex, Maven, npm, NuGet, openSUSE, Packagist, Pub, PyPI, Red Hat, Rocky Linux, RubyGems, SUSE, SwiftURL, Ubuntu, \
     Wolfi";

/// Where vulnerability data is fetched from, and how often.
#[derive(Clone, Debug)]
pub struct AdvisorySettings {
    /// Hours between two fetches; 0 means that nothing is fetched before somebody asks for it.
    pub sync_hours: u64,
    /// What is fetched.
    pub sources: Vec<Kind>,
    /// Address of the exports of OSV.
    pub osv_url: Url,
    /// The ecosystems of OSV that are fetched.
    pub osv_ecosystems: Vec<String>,
    /// Address of the table of EPSS.
    pub epss_url: Url,
    /// Address of CISA's catalogue.
    pub known_exploited_url: Url,
    /// Address of NVD's API.
    pub nvd_url: Url,
    /// Key for NVD.
    pub nvd_key: Option<String>,
    /// How long a server may say nothing before a connection is given up.
    pub longest_silence: Duration,
    /// How long is waited between two questions to NVD.
    pub nvd_pause: Duration,
}

const LONGEST_SILENCE: Duration = Duration::from_secs(60);

/// Ten years; more is a mistake.
const MOST_HOURS: u64 = 87_600;

impl AdvisorySettings {
    /// What `text` gives for each name; `wrong` makes the error of a name and what was expected.
    pub(super) fn understand(
        text: impl Fn(&'static str) -> String,
        wrong: impl Fn(&'static str, &str) -> anyhow::Error,
    ) -> anyhow::Result<Self> {
        let url = |name: &'static str| {
            let url = Url::parse(text(name).trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            // Not repeated by `wrong`: what is no address may still hold a password.
            url.ok_or_else(|| {
                anyhow::anyhow!("`{name}` is no address: expected one that begins with `https://` or `http://`")
            })
        };
        let hours = text("advisories_sync_hours").parse().ok().filter(|hours| *hours <= MOST_HOURS);
        let nvd_key = Some(text("advisories_nvd_key")).filter(|key| !key.is_empty());
        if nvd_key.as_ref().is_some_and(|key| !key.chars().all(|letter| letter.is_ascii_graphic())) {
            bail!("`advisories_nvd_key` is no key: expected letters, digits and hyphens");
        }
        let sources = listed(&text("advisories_sources")).iter().map(|name| fetched(name)).collect::<Option<_>>();
        Ok(Self {
            sync_hours: hours.ok_or_else(|| wrong("advisories_sync_hours", "a number of hours, or 0"))?,
            sources: sources.ok_or_else(|| {
                wrong("advisories_sources", "`osv`, `epss`, `known-exploited` and `nvd`, separated by commas")
            })?,
            osv_url: url("advisories_osv_url")?,
            osv_ecosystems: listed(&text("advisories_osv_ecosystems")),
            epss_url: url("advisories_epss_url")?,
            known_exploited_url: url("advisories_known_exploited_url")?,
            nvd_url: url("advisories_nvd_url")?,
            // NVD asks for a pause of 6 seconds, and allows ten times as many questions with a key.
            // <https://nvd.nist.gov/developers/start-here>
            nvd_pause: Duration::from_secs(if nvd_key.is_some() { 2 } else { 6 }),
            nvd_key,
            longest_silence: LONGEST_SILENCE,
        })
    }
}

/// What stands between commas, each once.
fn listed(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// A source that can be fetched, by its name.
pub(crate) fn fetched(name: &str) -> Option<Kind> {
    [Kind::Osv, Kind::Epss, Kind::KnownExploited, Kind::Nvd].into_iter().find(|kind| kind.as_str() == name)
}
