//! Which product of endoflife.date a component is, and in which of its lines: package URLs and CPE names come in, keys by
//! which products are filed come out. <https://endoflife.date/docs/api/v1/>

use std::str::FromStr;

use packageurl::PackageUrl;

use crate::end_of_life::{Line, Product};

/// Under which a product is looked up, and the version whose line is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// One of [`Product::keys`].
    pub key: String,
    /// The version; absent where the component states none.
    pub version: Option<String>,
    /// Whether it is the distribution that the component is a package of, rather than the component.
    pub is_distribution: bool,
}

/// The distributions by the word before the first dash of the qualifier `distro`, and what they are called there.
const DISTRIBUTIONS: &[(&str, &[&str])] = &[
    ("alma", &["almalinux"]),
    ("almalinux", &["almalinux"]),
    ("alpine", &["alpine-linux", "alpine"]),
    ("amzn", &["amazon-linux"]),
    ("centos", &["centos"]),
    ("debian", &["debian"]),
    ("fedora", &["fedora"]),
    ("ol", &["oracle-linux"]),
    ("opensuse", &["opensuse"]),
    ("photon", &["photon"]),
    ("redhat", &["rhel"]),
    ("rhel", &["rhel"]),
    ("rocky", &["rocky-linux"]),
    ("rockylinux", &["rocky-linux"]),
    ("sles", &["sles"]),
    ("ubuntu", &["ubuntu"]),
];

impl Product {
    /// Under which it is filed: its name, and what its package URLs and CPE names say.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let name = self.name.iter().map(|name| key_of_name(name));
        let identifiers = self.identifiers.iter().filter_map(|identifier| match identifier.strip_prefix("pkg:") {
            Some(_) => key_of_url(&PackageUrl::from_str(identifier).ok()?),
            None => key_of_cpe(identifier),
        });
        let mut keys: Vec<String> = name.chain(identifiers).collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// The line in which a version is: the one whose name it begins with, of several the longest.
    #[must_use]
    pub fn line_of(&self, version: &str) -> Option<&Line> {
        let version = parts(version);
        let begins = |line: &&Line| {
            let name = parts(&line.name);
            !name.is_empty() && version.starts_with(&name)
        };
        self.lines.iter().filter(begins).max_by_key(|line| parts(&line.name).len())
    }
}

/// Under which products a component is to be looked up: the closest first. A package of a distribution has the life of that
/// distribution, unless it is a product of its own.
#[must_use]
pub fn sought(purl: Option<&str>, version: Option<&str>, cpe: Option<&str>) -> Vec<Sought> {
    let url = purl.and_then(|purl| PackageUrl::from_str(purl).ok());
    let version = url.as_ref().and_then(|url| url.version()).or(version).map(str::to_owned);
    let own = url.as_ref().and_then(key_of_url).into_iter().chain(cpe.and_then(key_of_cpe));
    let own = own.map(|key| Sought { key, version: version.clone(), is_distribution: false });
    own.chain(url.as_ref().map(of_distribution).unwrap_or_default()).collect()
}

fn of_distribution(url: &PackageUrl<'_>) -> Vec<Sought> {
    if !matches!(url.ty(), "apk" | "deb" | "rpm") {
        return Vec::new();
    }
    let distro = url.qualifiers().get("distro").map(|distro| distro.to_lowercase()).unwrap_or_default();
    let Some((name, release)) = distro.split_once('-') else { return Vec::new() };
    // `opensuse-leap-15.5` and `opensuse-leap` are words about openSUSE.
    let release = release.rsplit('-').next().unwrap_or(release).to_owned();
    let names = DISTRIBUTIONS.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, names)| names);
    let sought = |name: &&str| Sought { key: key_of_name(name), version: Some(release.clone()), is_distribution: true };
    names.iter().map(sought).collect()
}

fn key_of_name(name: &str) -> String {
    format!("name/{}", name.to_lowercase())
}

/// Without version and qualifiers, which say nothing about which product it is. A release number in the name of an
/// operating system's package stays.
fn key_of_url(url: &PackageUrl<'_>) -> Option<String> {
    let namespace = url.namespace().map(|namespace| format!("{namespace}/")).unwrap_or_default();
    let key = format!("pkg:{}/{namespace}{}", url.ty(), url.name()).to_lowercase();
    (!url.name().is_empty()).then_some(key)
}

/// Vendor and product of a CPE name in either form. Those of endoflife.date are shorter than the specification demands.
fn key_of_cpe(name: &str) -> Option<String> {
    let rest = name.strip_prefix("cpe:2.3:").or_else(|| name.strip_prefix("cpe:/"))?;
    let mut parts = rest.split(':').skip(1).map(|part| part.replace('\\', "").to_lowercase());
    let (vendor, product) = (parts.next()?, parts.next()?);
    let is_open = |part: &str| part.is_empty() || part == "*" || part == "-";
    (!is_open(&vendor) && !is_open(&product)).then(|| format!("cpe/{vendor}/{product}"))
}

/// The parts of a version or of a line's name: `v18.2.1-rc1` has `18`, `2`, `1` and `rc1`.
fn parts(version: &str) -> Vec<String> {
    let lower = version.trim().to_lowercase();
    let plain = lower.strip_prefix('v').filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    let plain = plain.unwrap_or(&lower);
    // An epoch says nothing about the line.
    let plain = plain.split_once(':').map_or(plain, |(_, rest)| rest);
    let parts = plain.split(['.', '-', '_', '+', '~', ' ']).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}
