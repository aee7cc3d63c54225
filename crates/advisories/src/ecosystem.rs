//! By which names a component is looked up among advisories: from a package URL, the ecosystems of OSV and the names there.
//! Advisories of distributions mostly name source packages, so a binary package is looked up by its source too.
//! <https://ossf.github.io/osv-schema/#defined-ecosystems>, <https://packageurl.org/types/>

use std::fmt;
use std::str::FromStr;

use packageurl::PackageUrl;

use crate::advisory::{Affected, Package};

/// Under which a package is filed: an ecosystem without its release, and a name, both folded so that equal texts mean
/// the same package. The text form `ecosystem/name` is what an index keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    fn new(ecosystem: &str, name: &str) -> Self {
        Self(format!("{}/{}", ecosystem.to_lowercase(), folded(ecosystem, name)))
    }

    /// Where advisories about a product by its CPE name are filed.
    pub(crate) fn of_product(vendor: &str, product: &str) -> Self {
        Self(format!("cpe/{vendor}/{product}"))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ecosystem alone, folded.
    #[must_use]
    pub fn ecosystem(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(ecosystem, _)| ecosystem)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// One name by which a component is known to advisories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Where advisories about it are filed.
    pub key: Key,
    /// The ecosystem without its release, as OSV writes it.
    pub ecosystem: String,
    /// The version in that ecosystem's way, where one is stated.
    pub version: Option<String>,
    /// The release of the distribution, such as `12` or `9.4`, as far as the package URL says it.
    pub release: Option<String>,
    /// The module stream of RPM, such as `nodejs:18`, as far as the package URL says it.
    pub module: Option<String>,
    /// Whether it is the source package that the component was built from.
    pub is_source: bool,
}

/// The names of a component by its package URL and, where that has no version, the version that is stated beside it.
/// Empty for a type of packages that no advisories are filed by, such as `docker`.
///
/// # Errors
/// A sentence when the text is no package URL.
pub fn identities(purl: &str, version: Option<&str>) -> Result<Vec<Identity>, String> {
    let url = PackageUrl::from_str(purl).map_err(|error| format!("`{purl}` is not a package URL: {error}"))?;
    let version = url.version().or(version).map(str::trim).filter(|version| !version.is_empty());
    if matches!(url.ty(), "deb" | "apk" | "rpm") {
        return Ok(of_distribution(&url, version));
    }
    let registry = of_registry(&url).map(|(ecosystem, name)| {
        // A vendor of patched packages files them under names of its own.
        let is_patched = name.starts_with("@rootio/") || name.starts_with("rootio");
        (if is_patched { format!("Root:{ecosystem}") } else { ecosystem.to_owned() }, name)
    });
    let repository = repository_of(&url).map(|address| ("GIT".to_owned(), address));
    let identity = |(ecosystem, name): (String, String)| Identity {
        key: Key::new(&ecosystem, &name),
        version: version.map(|version| plain_version(&ecosystem, version)),
        release: qualifier(&url, "repository_url").map(str::to_owned),
        ecosystem,
        module: None,
        is_source: false,
    };
    Ok(registry.into_iter().chain(repository).map(identity).collect())
}

/// A package as an advisory names it by a package URL.
pub(crate) struct Named {
    pub(crate) purl_type: String,
    /// The ecosystem of OSV without its release.
    pub(crate) ecosystem: String,
    pub(crate) name: String,
    /// In that ecosystem's way.
    pub(crate) version: Option<String>,
    /// The release of the distribution as OSV writes it, where the package URL says it in that way.
    pub(crate) release: Option<String>,
    pub(crate) module: Option<String>,
    pub(crate) is_distribution: bool,
}

/// The package that a package URL names; `None` where it is none or of no ecosystem that has advisories.
pub(crate) fn named(purl: &str) -> Option<Named> {
    let url = PackageUrl::from_str(purl).ok()?;
    let purl_type = url.ty().to_owned();
    let identity = identities(purl, None).ok()?.into_iter().next()?;
    let is_distribution = matches!(url.ty(), "deb" | "apk" | "rpm");
    let Identity { key, ecosystem, version, release, module, .. } = identity;
    if !is_distribution {
        let (ecosystem, name) = of_registry(&url)?;
        let (ecosystem, release) = (ecosystem.to_owned(), None);
        return Some(Named { purl_type, ecosystem, name, version, release, module, is_distribution });
    }
    // The names of distributions are not folded.
    let name = key.as_str().split_once('/')?.1.to_owned();
    let digits = release.as_deref().and_then(|release| release.get(release.find(|c: char| c.is_ascii_digit())?..));
    let release = match ecosystem.as_str() {
        "Alpine" | "Ubuntu" => digits,
        "Debian" => digits.and_then(|digits| digits.split('.').next()),
        _ => None,
    };
    let release = release.map(str::to_owned);
    Some(Named { purl_type, ecosystem, name, version, release, module, is_distribution })
}

/// Where an entry of an advisory is filed: by its package, or by its repository when it names no package.
#[must_use]
pub fn key_of(affected: &Affected) -> Option<Key> {
    let Package { ecosystem, name, .. } = &affected.package;
    if name.is_empty() {
        let repository = affected.ranges.iter().find_map(|range| range.repository.as_deref())?;
        return Some(Key::new("GIT", repository));
    }
    Some(Key::new(base_and_release(ecosystem).0, name))
}

/// An ecosystem without its release, and the release. The vendors that patch packages of other ecosystems name those
/// behind a first colon: `Root:Debian:12`.
pub(crate) fn base_and_release(ecosystem: &str) -> (&str, Option<&str>) {
    let vendors = ["Root:", "TuxCare:", "Echo:", "Docker Hardened Images:"];
    let skipped = vendors.iter().find(|vendor| ecosystem.starts_with(**vendor)).map_or(0, |vendor| vendor.len());
    let colon = ecosystem.get(skipped..).and_then(|rest| rest.find(':')).map(|place| skipped + place);
    let split = colon.and_then(|place| Some((ecosystem.get(..place)?, ecosystem.get(place + 1..)?)));
    split.map_or((ecosystem, None), |(base, release)| (base, Some(release)))
}

fn qualifier<'a>(url: &'a PackageUrl<'_>, key: &str) -> Option<&'a str> {
    url.qualifiers().get(key).map(|value| value.as_ref().trim()).filter(|value| !value.is_empty())
}

/// The registries of programming languages and the like: one name each.
fn of_registry(url: &PackageUrl<'_>) -> Option<(&'static str, String)> {
    let (namespace, name) = (url.namespace(), url.name());
    let joined =
        |separator: &str| namespace.map_or(name.to_owned(), |namespace| format!("{namespace}{separator}{name}"));
    Some(match url.ty() {
        "bioconductor" => ("Bioconductor", name.to_owned()),
        "bitnami" => ("Bitnami", name.to_owned()),
        "cargo" => ("crates.io", name.to_owned()),
        "composer" => ("Packagist", joined("/")),
        "conan" => ("ConanCenter", name.to_owned()),
        "cran" => ("CRAN", name.to_owned()),
        "gem" => ("RubyGems", name.to_owned()),
        "github" | "githubactions" => ("GitHub Actions", joined("/")),
        "golang" if matches!((namespace, name), (None, "std" | "stdlib" | "go")) => ("Go", "stdlib".to_owned()),
        "golang" => ("Go", joined("/")),
        "hackage" => ("Hackage", name.to_owned()),
        "hex" => ("Hex", name.to_owned()),
        "julia" => ("Julia", name.to_owned()),
        "k8s" => ("Kubernetes", joined("/")),
        "maven" => ("Maven", joined(":")),
        "npm" => ("npm", joined("/")),
        "nuget" => ("NuGet", name.to_owned()),
        "opam" => ("opam", name.to_owned()),
        "pub" => ("Pub", name.to_owned()),
        "pypi" => ("PyPI", name.to_owned()),
        "swift" => ("SwiftURL", joined("/")),
        "vscode-extension" => ("VSCode", joined(".")),
        _ => return None,
    })
}

/// The repository of what is known by it alone: by the type of the package URL, or by the qualifier `vcs_url`, such as
/// `git+https://example.org/hole.git@1.0`.
fn repository_of(url: &PackageUrl<'_>) -> Option<String> {
    let host = match url.ty() {
        "bitbucket" => "bitbucket.org",
        "github" => "github.com",
        "gitlab" => "gitlab.com",
        "generic" => {
            let address = qualifier(url, "vcs_url")?.trim_start_matches("git+");
            let (scheme, rest) = address.split_once("://")?;
            return Some(format!("{scheme}://{}", rest.split(['@', '#']).next()?));
        }
        _ => return None,
    };
    Some(format!("https://{host}/{}/{}", url.namespace()?, url.name()))
}

/// The distributions by namespace or by the word before the first dash of the qualifier `distro`.
const DISTRIBUTIONS: &[(&str, &str, &str)] = &[
    ("apk", "alpaquita", "Alpaquita"),
    ("apk", "alpine", "Alpine"),
    ("apk", "chainguard", "Chainguard"),
    ("apk", "cleanstart", "CleanStart"),
    ("apk", "minimos", "MinimOS"),
    ("apk", "wolfi", "Wolfi"),
    ("deb", "debian", "Debian"),
    ("deb", "echo", "Echo"),
    ("deb", "ubuntu", "Ubuntu"),
    ("rpm", "almalinux", "AlmaLinux"),
    ("rpm", "alma", "AlmaLinux"),
    ("rpm", "azurelinux", "Azure Linux"),
    ("rpm", "mariner", "Azure Linux"),
    // A rebuild of Red Hat's packages under the same names and versions, without advisories of its own.
    ("rpm", "centos", "Red Hat"),
    ("rpm", "mageia", "Mageia"),
    ("rpm", "openeuler", "openEuler"),
    ("rpm", "opensuse", "openSUSE"),
    ("rpm", "photon", "Photon OS"),
    ("rpm", "redhat", "Red Hat"),
    ("rpm", "rhel", "Red Hat"),
    ("rpm", "rocky", "Rocky Linux"),
    ("rpm", "rockylinux", "Rocky Linux"),
    ("rpm", "sles", "SUSE"),
    ("rpm", "suse", "SUSE"),
];

fn of_distribution(url: &PackageUrl<'_>, version: Option<&str>) -> Vec<Identity> {
    let distro = qualifier(url, "distro").unwrap_or_default().to_lowercase();
    let namespace = url.namespace().unwrap_or_default().to_lowercase();
    // `opensuse-leap-15.5` and `opensuse.leap` are words about openSUSE.
    let is_named = |word: &str, text: &str| text.split(['-', '.']).next() == Some(word);
    let known = |text: &str| DISTRIBUTIONS.iter().find(|(ty, word, _)| *ty == url.ty() && is_named(word, text));
    let is_tumbleweed = is_named("opensuse", &distro);
    let row = if is_tumbleweed { known(&distro) } else { known(&namespace).or_else(|| known(&distro)) };
    let Some((_, _, ecosystem)) = row else { return Vec::new() };
    let vendor = url.name().starts_with("rootio-").then(|| format!("Root:{ecosystem}"));
    let version = version.map(|version| with_epoch(url, version));
    let identity = |name: &str, version: Option<String>, is_source| Identity {
        key: Key::new(vendor.as_deref().unwrap_or(ecosystem), name),
        ecosystem: vendor.clone().unwrap_or_else(|| (*ecosystem).to_owned()),
        release: if distro.is_empty() { version.as_deref().and_then(of_dist_tag) } else { Some(distro.clone()) },
        version,
        module: qualifier(url, "rpmmod").or_else(|| qualifier(url, "modularitylabel")).map(str::to_owned),
        is_source,
    };
    let is_source = matches!(qualifier(url, "arch"), Some("source" | "src"));
    let source =
        qualifier(url, "upstream").filter(|_| !is_source).and_then(|source| source_of(url, source, version.as_deref()));
    let Some((source, of_source)) = source else { return vec![identity(url.name(), version, is_source)] };
    let of_source = identity(&source, of_source, true);
    // Debian's and Ubuntu's advisories name source packages only; those of others name either.
    if url.ty() == "deb" || source == url.name() {
        return vec![of_source];
    }
    vec![identity(url.name(), version, false), of_source]
}

/// The release that an RPM was built for, as its version says: `9` of `1.2-3.el9`, `8.6` of `1.2-3.el8_6`.
fn of_dist_tag(version: &str) -> Option<String> {
    let (_, rest) = version.rsplit_once('-')?.1.split_once("el")?;
    let tag = rest.split(|letter: char| !letter.is_ascii_digit() && letter != '_').next()?.trim_end_matches('_');
    tag.starts_with(|letter: char| letter.is_ascii_digit()).then(|| tag.replace('_', "."))
}

/// An epoch stands beside the version in package URLs of RPMs, and of some Debian packages.
fn with_epoch(url: &PackageUrl<'_>, version: &str) -> String {
    let epoch = qualifier(url, "epoch").filter(|_| !version.contains(':') && url.ty() != "apk");
    epoch.map_or(version.to_owned(), |epoch| format!("{epoch}:{version}"))
}

/// The source package of the qualifier `upstream`: `openssl`, `openssl@3.0.11-1`, or the file name of a source RPM, which
/// leaves the epoch out; there it is taken from the binary package. Without a version of its own it has that of the binary.
fn source_of(url: &PackageUrl<'_>, source: &str, version: Option<&str>) -> Option<(String, Option<String>)> {
    let first = source.split(',').next()?.trim();
    if url.ty() != "rpm" {
        let (name, stated) = first.split_once('@').map_or((first, None), |(name, stated)| (name, Some(stated)));
        return (!name.is_empty()).then(|| (name.to_owned(), stated.or(version).map(str::to_owned)));
    }
    let Some(stem) = first.strip_suffix(".src.rpm").or_else(|| first.strip_suffix(".nosrc.rpm")) else {
        return Some((first.to_owned(), version.map(str::to_owned)));
    };
    let (rest, release) = stem.rsplit_once('-')?;
    let (name, of_source) = rest.rsplit_once('-')?;
    Some((name.to_owned(), Some(with_epoch(url, &format!("{of_source}-{release}")))))
}

/// The version as advisories write it: Go's without `v`, its own releases without `go`, Actions' tags without `v`.
fn plain_version(ecosystem: &str, version: &str) -> String {
    let plain = match ecosystem {
        "Go" => version.strip_prefix("go").or_else(|| version.strip_prefix('v')),
        "GitHub Actions" | "SwiftURL" | "Kubernetes" => version.strip_prefix('v'),
        _ => None,
    };
    plain.unwrap_or(version).to_owned()
}

/// A name such that equal texts are the same package by the rules of its registry.
fn folded(ecosystem: &str, name: &str) -> String {
    let (_, folding) = ecosystem.rsplit_once(':').unwrap_or(("", ecosystem));
    match folding {
        "PyPI" => {
            let lower = name.to_lowercase();
            let parts: Vec<_> = lower.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect();
            parts.join("-")
        }
        "crates.io" => name.to_lowercase().replace('_', "-"),
        "Go" | "GitHub Actions" | "Hex" | "NuGet" | "Packagist" | "Pub" | "VSCode" => name.to_lowercase(),
        "SwiftURL" | "GIT" => {
            let lower = name.to_lowercase();
            let address = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
            address.trim_end_matches('/').trim_end_matches(".git").to_owned()
        }
        _ => name.to_owned(),
    }
}
