//! Which order the versions of a package have, by the type of its purl (<https://packageurl.org/types/>) or by the name of its
//! ecosystem in OSV (<https://ossf.github.io/osv-schema/#defined-ecosystems>).

use super::VersionOrder;

impl VersionOrder {
    /// The order for a type of package URLs, such as `npm` or `deb`. None where there is none that could be relied upon:
    /// `generic` and `docker` say nothing about versions.
    pub fn of_purl_type(purl_type: &str) -> Option<Self> {
        Some(match purl_type {
            "alpm" => Self::Alpm,
            "apk" => Self::Apk,
            "bioconductor" | "cran" => Self::Cran,
            "composer" => Self::Composer,
            "conan" => Self::Conan,
            "deb" => Self::Debian,
            "ebuild" => Self::Gentoo,
            "gem" => Self::RubyGems,
            "golang" => Self::Go,
            "hackage" => Self::Hackage,
            "julia" | "pub" => Self::SemverWithBuild,
            "maven" => Self::Maven,
            "nuget" => Self::NuGet,
            "opam" => Self::Opam,
            "pypi" => Self::Pep440,
            "rpm" => Self::Rpm,
            "bitnami" | "cargo" | "cocoapods" | "elm" | "github" | "githubactions" | "hex" | "npm" | "swift"
            | "vscode-extension" => Self::Semver,
            _ => return None,
        })
    }

    /// The order for an ecosystem as OSV names it, with or without what follows the colon: `Debian:12`, `Red Hat:…`,
    /// `Root:PyPI`. None where it has no order, as `Android` and `GIT`.
    pub fn of_ecosystem(ecosystem: &str) -> Option<Self> {
        let (name, suffix) = ecosystem.split_once(':').unwrap_or((ecosystem, ""));
        Some(match name {
            "Alpaquita"
            | "Alpine"
            | "BellSoft Hardened Containers"
            | "Chainguard"
            | "CleanStart"
            | "MinimOS"
            | "Wolfi" => Self::Apk,
            "Bioconductor" | "CRAN" => Self::Cran,
            "ConanCenter" => Self::Conan,
            "Debian" | "Ubuntu" => Self::Debian,
            "Echo" if suffix.is_empty() => Self::Debian,
            // Vendors that patch packages of other ecosystems name those behind the colon.
            "Docker Hardened Images" | "Echo" | "Root" | "TuxCare" => return Self::of_ecosystem(suffix),
            "GHC" | "Hackage" => Self::Hackage,
            "Go" => Self::Go,
            "Julia" | "Pub" => Self::SemverWithBuild,
            "Maven" => Self::Maven,
            "NuGet" => Self::NuGet,
            "opam" => Self::Opam,
            "Packagist" => Self::Composer,
            "PyPI" => Self::Pep440,
            "RubyGems" => Self::RubyGems,
            "AlmaLinux" | "Azure Linux" | "Mageia" | "Photon OS" | "Red Hat" | "Rocky Linux" | "SUSE" | "openEuler"
            | "openSUSE" => Self::Rpm,
            "Bitnami" | "GitHub Actions" | "Hex" | "Kubernetes" | "Linux" | "SwiftURL" | "VSCode" | "crates.io"
            | "npm" => Self::Semver,
            _ => return None,
        })
    }
}
