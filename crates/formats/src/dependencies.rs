//! What the readers of dependency and image scanners have in common: the component that a tool names by ecosystem, name
//! and version, and the names, ratings, weaknesses and fixes of its vulnerability.

use crate::json::{Text, stated};
use crate::{purl, severity};
use packageurl::PackageUrl;
use shipworthy_model::{ComponentRef, Cvss, Finding, FindingKind, Report, Severity, Tool};

/// The words of tools for ecosystems, in lower case, and the type of package URL that they mean.
const TYPES: &[(&str, &str)] = &[
    ("a-name", "npm"),
    ("bundler", "gem"),
    ("cargo", "cargo"),
    ("cocoapods", "cocoapods"),
    ("composer", "composer"),
    ("conan", "conan"),
    ("conda", "conda"),
    ("cran", "cran"),
    // OSV's word, put together because it is the name of a host, too, and hosts are for settings.
    (concat!("crates", ".io"), "cargo"),
    ("dart", "pub"),
    ("dotnet", "nuget"),
    ("elixir", "hex"),
    ("gem", "gem"),
    ("node_packaged_module", "npm"),
    ("go", "golang"),
    ("go-module", "golang"),
    ("go_stdlib", "golang"),
    ("golang", "golang"),
    ("golangdep", "golang"),
    ("gomod", "golang"),
    ("gomodules", "golang"),
    ("govendor", "golang"),
    ("gradle", "maven"),
    ("hackage", "hackage"),
    ("hex", "hex"),
    ("ivy", "maven"),
    ("jar", "maven"),
    ("java", "maven"),
    ("java-archive", "maven"),
    ("javascript", "npm"),
    ("javascript/node.js", "npm"),
    ("maven", "maven"),
    ("maven_artifact", "maven"),
    ("mvn", "maven"),
    ("node", "npm"),
    ("nodejs", "npm"),
    ("npm", "npm"),
    ("npmjs", "npm"),
    ("nuget", "nuget"),
    ("nuget_package_module", "nuget"),
    ("packagist", "composer"),
    ("paket", "nuget"),
    ("php", "composer"),
    ("pip", "pypi"),
    ("pipenv", "pypi"),
    ("pnpm", "npm"),
    ("poetry", "pypi"),
    ("pub", "pub"),
    ("pypi", "pypi"),
    ("python", "pypi"),
    ("python_package", "pypi"),
    ("ruby", "gem"),
    ("rubygems", "gem"),
    ("rust", "cargo"),
    ("rust-crate", "cargo"),
    ("sbt", "maven"),
    ("swift", "swift"),
    ("yarn", "npm"),
];

/// Distributions with the type and the namespace that package URLs have for them.
const DISTRIBUTIONS: &[(&str, &str, &str)] = &[
    ("alma", "rpm", "almalinux"),
    ("alpine", "apk", "alpine"),
    ("amazon", "rpm", "amzn"),
    ("amzn", "rpm", "amzn"),
    ("centos", "rpm", "centos"),
    ("debian", "deb", "debian"),
    ("fedora", "rpm", "fedora"),
    ("opensuse", "rpm", "opensuse"),
    ("oracle", "rpm", "oracle"),
    ("photon", "rpm", "photon"),
    ("red hat", "rpm", "redhat"),
    ("redhat", "rpm", "redhat"),
    ("rhel", "rpm", "redhat"),
    ("rocky", "rpm", "rocky"),
    ("sles", "rpm", "suse"),
    ("suse", "rpm", "suse"),
    ("ubuntu", "deb", "ubuntu"),
    ("wolfi", "apk", "wolfi"),
];

/// The component that a tool names by the word for its ecosystem or distribution, its name as the ecosystem writes it
/// (`org.shop:cart`, `@shop/cart`) and its version. Without a package URL where the word is unknown.
pub(crate) fn component(ecosystem: &str, name: &str, version: Option<&str>) -> ComponentRef {
    let word = ecosystem.trim().to_lowercase();
    let name = name.trim();
    let version = version.map(str::trim).filter(|version| !version.is_empty());
    let found = TYPES.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
    let purl = match found {
        Some(kind) => package_url(kind, name, version),
        None => of_distribution(&word, name, version),
    };
    ComponentRef { purl, name: name.to_owned(), version: version.map(str::to_owned) }
}

fn package_url(kind: &str, name: &str, version: Option<&str>) -> Option<String> {
    let separator = if kind == "maven" { ':' } else { '/' };
    let is_grouped = matches!(kind, "maven" | "npm" | "golang" | "composer" | "swift");
    let (group, short) = match name.rsplit_once(separator).filter(|_| is_grouped) {
        Some((group, short)) => (Some(group), short),
        None => (None, name),
    };
    // A name of Maven without its group names no package.
    if kind == "maven" && group.is_none() {
        return None;
    }
    written(kind, group, short, version, None)
}

fn of_distribution(word: &str, name: &str, version: Option<&str>) -> Option<String> {
    let (_, kind, namespace) = DISTRIBUTIONS.iter().find(|(known, ..)| word.starts_with(known))?;
    let (epoch, version) = match version.and_then(|version| version.split_once(':')) {
        Some((epoch, rest)) if *kind == "rpm" => (Some(epoch).filter(|epoch| *epoch != "0"), Some(rest)),
        _ => (None, version),
    };
    written(kind, Some(namespace), name, version, epoch)
}

fn written(kind: &str, group: Option<&str>, name: &str, version: Option<&str>, epoch: Option<&str>) -> Option<String> {
    let mut purl = PackageUrl::new(kind, name).ok()?;
    if let Some(group) = group.filter(|group| !group.is_empty()) {
        purl.with_namespace(group).ok()?;
    }
    if let Some(version) = version {
        purl.with_version(version).ok()?;
    }
    if let Some(epoch) = epoch {
        purl.add_qualifier("epoch", epoch).ok()?;
    }
    // What does not read back as it is written would be another component.
    purl::component(&purl.to_string())?.purl
}

/// One rating; nothing without a vector and a score.
pub(crate) fn cvss(vector: Option<&str>, score: Option<f64>, source: Option<&str>) -> Option<Cvss> {
    let vector = vector.map(str::trim).filter(|vector| vector.contains(':'));
    let score = score.filter(|score| (0.0..=10.0).contains(score));
    let version = match vector {
        Some(vector) => vector_version(vector),
        None => "3.1",
    };
    if vector.is_none() && score.is_none() {
        return None;
    }
    Some(Cvss {
        version: version.to_owned(),
        vector: vector.map(str::to_owned),
        score,
        source: source.map(str::to_owned).filter(|source| !source.is_empty()),
    })
}

/// The version of a vector. Version 2 has no prefix, and some tools leave out that of version 3, too.
fn vector_version(vector: &str) -> &'static str {
    let known = ["4.0", "3.1", "3.0"].into_iter().find(|version| vector.starts_with(&format!("CVSS:{version}")));
    let unprefixed = if vector.contains("PR:") { "3.0" } else { "2.0" };
    known.unwrap_or(unprefixed)
}

/// The rating with the version that the tool states beside a score.
pub(crate) fn cvss_of_version(version: &str, vector: Option<&str>, score: Option<f64>) -> Option<Cvss> {
    let vector = vector.map(str::trim).filter(|vector| !vector.is_empty());
    let score = score.filter(|score| (0.0..=10.0).contains(score));
    if vector.is_none() && score.is_none() {
        return None;
    }
    Some(Cvss { version: version.to_owned(), vector: vector.map(str::to_owned), score, source: None })
}

/// The base score of a vector of version 3, as the specification computes it (CVSS 3.1 §7.1); tools state the vector alone
/// where they could state both.
pub(crate) fn base_score(vector: &str) -> Option<f64> {
    let rest = vector.trim().strip_prefix("CVSS:3.")?;
    let metric = |name: &str| rest.split('/').find_map(|part| part.strip_prefix(name)?.strip_prefix(':'));
    let is_changed = match metric("S")? {
        "C" => true,
        "U" => false,
        _ => return None,
    };
    let weight = |name: &str, weights: &[(&str, f64)]| {
        let value = metric(name)?;
        weights.iter().find(|(known, _)| *known == value).map(|(_, weight)| *weight)
    };
    let loss = &[("H", 0.56), ("L", 0.22), ("N", 0.0)];
    let lost = (1.0 - weight("C", loss)?) * (1.0 - weight("I", loss)?) * (1.0 - weight("A", loss)?);
    let lost = 1.0 - lost;
    let impact = if is_changed { 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02).powi(15) } else { 6.42 * lost };
    let privileges = if is_changed { [0.85, 0.68, 0.5] } else { [0.85, 0.62, 0.27] };
    let [none, low, high] = privileges;
    let exploitability = 8.22
        * weight("AV", &[("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)])?
        * weight("AC", &[("L", 0.77), ("H", 0.44)])?
        * weight("PR", &[("N", none), ("L", low), ("H", high)])?
        * weight("UI", &[("N", 0.85), ("R", 0.62)])?;
    if impact <= 0.0 {
        return Some(0.0);
    }
    let sum = impact + exploitability;
    let score = if is_changed { (1.08 * sum).min(10.0) } else { sum.min(10.0) };
    // Rounded up to one decimal, without what binary fractions add.
    Some(((score * 100_000.0).round() / 10_000.0).ceil() / 10.0)
}

/// The numbers of the weaknesses that a text names: `CWE-79`, `CWE-79: Cross-site scripting`, or the bare number.
pub(crate) fn cwes(text: &str) -> Vec<u32> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return if number > 0 { vec![number] } else { Vec::new() };
    }
    let mut numbers = Vec::new();
    for part in text.split("CWE-").skip(1) {
        let digits = part.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        if let Some(number) = digits.parse().ok().filter(|number| *number > 0)
            && !numbers.contains(&number)
        {
            numbers.push(number);
        }
    }
    numbers
}

/// The CVE and GHSA names that a text holds, each once.
pub(crate) fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
        if is_name(word) && !names.iter().any(|name| name == word) {
            names.push(word.to_owned());
        }
    }
    names
}

fn is_name(word: &str) -> bool {
    let parts: Vec<_> = word.split('-').collect();
    match parts[..] {
        ["CVE", year, number] => {
            year.len() == 4
                && number.len() >= 4
                && [year, number].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        }
        ["GHSA", ref parts @ ..] => parts.len() == 3 && parts.iter().all(|part| part.len() == 4),
        _ => false,
    }
}

/// The other names of a problem: those of `names` that are stated, are not its rule, and once.
pub(crate) fn aliases(rule: &str, names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut aliases: Vec<String> = Vec::new();
    for name in names {
        let name = name.trim();
        if !name.is_empty() && !name.eq_ignore_ascii_case(rule) && !aliases.iter().any(|known| known == name) {
            aliases.push(name.to_owned());
        }
    }
    aliases
}

/// The first versions without the problem out of a range such as `>= 1.6.4 < 2.0.0 || >= 2.1.3` or `~> 2.1.3`.
pub(crate) fn lower_bounds(range: &str) -> Vec<String> {
    let mut bounds = Vec::new();
    for part in range.split([',', '|']) {
        for operator in [">=", "~>", "^", "="] {
            let Some((before, rest)) = part.split_once(operator) else { continue };
            if before.trim_end().ends_with(['<', '>', '!']) {
                continue;
            }
            let version: String = rest.trim().chars().take_while(|c| !c.is_whitespace()).collect();
            if version.starts_with(|c: char| c.is_ascii_alphanumeric()) && !bounds.contains(&version) {
                bounds.push(version);
            }
            break;
        }
    }
    bounds
}

/// The versions in a list of them, separated by commas, semicolons or bars.
pub(crate) fn versions(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', '|']).map(str::trim);
    parts.filter(|part| part.starts_with(|c: char| c.is_ascii_alphanumeric())).map(str::to_owned).collect()
}

/// A path in an image or a repository, relative to its root.
pub(crate) fn relative(path: &str) -> String {
    path.trim_start_matches('/').to_owned()
}

/// The component that a package URL names; what is none is kept as the name.
pub(crate) fn of_package_url(text: &str) -> ComponentRef {
    purl::component(text).unwrap_or_else(|| ComponentRef { name: text.to_owned(), ..ComponentRef::default() })
}

/// A number that some tools write as text.
pub(crate) fn number(text: Option<&Text<'_>>) -> Option<f64> {
    text.and_then(|text| text.trim().parse::<f64>().ok()).filter(|number| number.is_finite())
}

/// The ecosystem of a lock file, a manifest or an archive, by its name.
pub(crate) fn ecosystem_of_file(path: &str) -> Option<&'static str> {
    const FILES: &[(&str, &str)] = &[
        ("go.mod", "golang"),
        ("go.sum", "golang"),
        ("package.json", "npm"),
        ("package-lock.json", "npm"),
        ("yarn.lock", "npm"),
        ("pnpm-lock.yaml", "npm"),
        ("requirements.txt", "pypi"),
        ("poetry.lock", "pypi"),
        ("Pipfile.lock", "pypi"),
        ("METADATA", "pypi"),
        ("pom.xml", "maven"),
        ("build.gradle", "maven"),
        ("gradle.lockfile", "maven"),
        (".jar", "maven"),
        ("Gemfile.lock", "gem"),
        ("Cargo.lock", "cargo"),
        ("composer.lock", "composer"),
        ("packages.lock.json", "nuget"),
        (".csproj", "nuget"),
        (".deps.json", "nuget"),
        ("mix.lock", "hex"),
        ("pubspec.lock", "pub"),
    ];
    FILES.iter().find(|(end, _)| path.ends_with(end)).map(|(_, ecosystem)| *ecosystem)
}

/// Our severity for the tool's word, with that word.
pub(crate) fn rated(tool: &str, word: Option<&Text<'_>>) -> (Severity, Option<String>) {
    let word = stated(word);
    (word.as_deref().map_or(Severity::Unknown, |word| severity::of_word(tool, word)), word)
}

/// The report of a tool that looks for vulnerabilities.
pub(crate) fn report(tool: &str, version: Option<String>, findings: Vec<Finding>) -> Report {
    Report {
        tool: Some(Tool { name: tool.to_owned(), version }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Vulnerability],
        ..Report::default()
    }
}

/// A time with its offset as RFC 3339 in UTC; nothing for what is none or has no offset.
pub(crate) fn utc(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    let odd = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f %z", "%Y-%m-%d %H:%M:%S %z"];
    let instant = text.parse::<jiff::Timestamp>().ok();
    let instant = instant.or_else(|| odd.iter().find_map(|form| jiff::Timestamp::strptime(form, text).ok()));
    instant.map(|instant| instant.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_named_as_package_urls_name_them() {
        for (ecosystem, name, version, expected) in [
            ("npm", "@shop/cart", "1.0.0", Some("pkg:npm/%40shop/cart@1.0.0")),
            ("Maven", "org.shop:cart", "1.0", Some("pkg:maven/org.shop/cart@1.0")),
            ("maven", "cart", "1.0", None),
            ("Go", "shop.example/cart", "v1.0.0", Some("pkg:golang/shop.example/cart@v1.0.0")),
            ("PyPI", "Shop_Cart", "1", Some("pkg:pypi/shop-cart@1")),
            ("composer", "shop/cart", "1", Some("pkg:composer/shop/cart@1")),
            ("Debian:12", "cart", "1:2-3", Some("pkg:deb/debian/cart@1:2-3")),
            ("centos:7", "perl", "4:5.16.3-293.el7", Some("pkg:rpm/centos/perl@5.16.3-293.el7?epoch=4")),
            ("elsewhere", "cart", "1", None),
        ] {
            assert_eq!(component(ecosystem, name, Some(version)).purl.as_deref(), expected, "{ecosystem} {name}");
        }
    }

    #[test]
    fn first_versions_without_a_problem_are_found_in_ranges() {
        for (range, expected) in [
            (">=1.2.3", vec!["1.2.3"]),
            (">= 2.11.2 < 3.0.0|| >= 3.6.4 < 4.0.0", vec!["2.11.2", "3.6.4"]),
            ("~> 2.1.3", vec!["2.1.3"]),
            ("<0.0.0", vec![]),
            ("^1.2.3", vec!["1.2.3"]),
            ("<=1.0", vec![]),
        ] {
            assert_eq!(lower_bounds(range), expected, "{range}");
        }
    }

    #[test]
    fn base_scores_are_those_of_the_specification() {
        for (vector, expected) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(9.8)),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", Some(10.0)),
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some(6.1)),
            ("CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:N/I:N/A:H/RL:O", Some(4.7)),
            ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", Some(0.0)),
            ("CVSS:3.1/AV:N", None),
            ("AV:N/AC:L/Au:N/C:P/I:P/A:P", None),
        ] {
            assert_eq!(base_score(vector), expected, "{vector}");
        }
    }

    #[test]
    fn names_and_weaknesses_are_found_in_texts() {
        assert_eq!(
            names("see [CVE-2024-1234] and GHSA-abcd-efgh-1234, CVE-x"),
            ["CVE-2024-1234", "GHSA-abcd-efgh-1234"]
        );
        assert_eq!(cwes("CWE-79: and CWE-80"), [79, 80]);
        assert_eq!(cwes("770"), [770]);
    }
}
