//! Package URLs out of the words that scanners have for ecosystems and distributions. Nothing is guessed: a word that
//! could mean several, or none that is known, gives no package URL.

use packageurl::PackageUrl;

/// The package URL of a package in canonical form. `name` is written as its ecosystem does: `org.shop:cart` for Maven,
/// `@shop/cart` for npm, and `debian/cart` with its distribution for a package of an operating system.
pub(crate) fn purl(kind: &str, name: &str, version: Option<&str>, qualifiers: &[(&str, &str)]) -> Option<String> {
    let name = name.trim();
    let split = if kind == "maven" { name.rsplit_once(':') } else { name.rsplit_once('/') };
    let (namespace, name) = split.map_or((None, name), |(namespace, name)| (Some(namespace), name));
    // A Maven artifact without its group could be anybody's.
    if name.is_empty() || (kind == "maven" && namespace.is_none()) {
        return None;
    }
    let mut purl = PackageUrl::new(kind, name).ok()?;
    if let Some(namespace) = namespace.filter(|namespace| !namespace.is_empty()) {
        purl.with_namespace(namespace).ok()?;
    }
    if let Some(version) = version.map(str::trim).filter(|version| !version.is_empty()) {
        purl.with_version(version).ok()?;
    }
    for (key, value) in qualifiers.iter().filter(|(_, value)| !value.is_empty()) {
        purl.add_qualifier(*key, *value).ok()?;
    }
    Some(purl.to_string())
}

/// The type of package URLs for a scanner's word for an ecosystem of programming.
pub(crate) fn of_ecosystem(word: &str) -> Option<&'static str> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "npm" | "nodejs" | "node" | "node.js" | "yarn" => "npm",
        "python" | "pypi" | "pip" | "python-pkg" => "pypi",
        "jar" | "maven" | "java" | "gav" | "gradle" => "maven",
        "gem" | "ruby" | "rubygems" => "gem",
        "go" | "golang" | "gobinary" | "go_module" => "golang",
        "nuget" | ".net" | "dotnet" => "nuget",
        "cargo" | "rust" | "rust-crate" => "cargo",
        "composer" | "php" | "php-composer" => "composer",
        "conan" => "conan",
        _ => return None,
    })
}

/// The type and the namespace of package URLs for a distribution, of which only the beginning of the name need be known:
/// `Debian GNU/Linux 12 (bookworm)` is `deb` and `debian`.
pub(crate) fn of_distribution(name: &str) -> Option<(&'static str, &'static str)> {
    const KNOWN: &[(&str, &str, &str)] = &[
        ("debian", "deb", "debian"),
        ("ubuntu", "deb", "ubuntu"),
        ("alpine", "apk", "alpine"),
        ("wolfi", "apk", "wolfi"),
        ("chainguard", "apk", "chainguard"),
        ("red hat", "rpm", "redhat"),
        ("redhat", "rpm", "redhat"),
        ("rhel", "rpm", "redhat"),
        ("centos", "rpm", "centos"),
        ("rocky", "rpm", "rocky"),
        ("alma", "rpm", "alma"),
        ("fedora", "rpm", "fedora"),
        ("oracle", "rpm", "oracle"),
        ("amazon", "rpm", "amazon"),
        ("opensuse", "rpm", "opensuse"),
        ("suse", "rpm", "suse"),
        ("photon", "rpm", "photon"),
    ];
    let name = name.trim().to_ascii_lowercase();
    let found = KNOWN.iter().find(|(beginning, _, _)| name.starts_with(beginning));
    found.map(|(_, kind, namespace)| (*kind, *namespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_url_is_canonical() {
        for (kind, name, version, expected) in [
            ("maven", "org.shop:cart", Some("1.0"), Some("pkg:maven/org.shop/cart@1.0")),
            ("maven", "cart", Some("1.0"), None),
            ("npm", "@shop/cart", Some("1.0"), Some("pkg:npm/%40shop/cart@1.0")),
            ("pypi", "Shop_Cart", Some("1.0"), Some("pkg:pypi/shop-cart@1.0")),
            ("golang", "example.com/shop/cart", None, Some("pkg:golang/example.com/shop/cart")),
            ("deb", "debian/libssl3", Some("3.0.13"), Some("pkg:deb/debian/libssl3@3.0.13")),
            ("npm", "", None, None),
        ] {
            assert_eq!(purl(kind, name, version, &[]).as_deref(), expected, "{name}");
        }
    }
}
