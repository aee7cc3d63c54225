//! The order of versions, as each ecosystem defines it. Two texts come in; which of them is the later one comes out, or the
//! reason why nobody can say. Each order has a file with a link to its own specification.

mod alpm;
mod apk;
mod composer;
mod conan;
mod datetime;
mod debian;
mod dotted;
mod ecosystems;
mod gentoo;
mod golang;
mod libversion;
mod maven;
mod nuget;
mod number;
mod openssl;
mod pep440;
mod prerelease;
mod rpm;
mod rubygems;
mod semver;

use std::cmp::Ordering;
use std::fmt;

/// A way to say which of two versions is the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VersionOrder {
    /// Arch Linux, as `vercmp` compares. A release (`-1`) counts only where both versions have one, so that this is a total
    /// order among versions that all have one or all have none.
    Alpm,
    /// Alpine, Wolfi and Chainguard, as `apk version -t` compares.
    Apk,
    /// Composer: padded to four numbers, then stability.
    Composer,
    /// Conan: like semantic versions, with any number of parts.
    Conan,
    /// R packages: numbers between dots and dashes; a longer version is later.
    Cran,
    /// Instants by RFC 3339.
    Datetime,
    /// Debian and Ubuntu, as `dpkg --compare-versions` compares.
    Debian,
    /// What has no rules of its own, as in CPE names: the algorithm of libversion.
    Generic,
    /// Gentoo, by the Package Manager Specification.
    Gentoo,
    /// Go modules: semantic versions with or without `v`, pseudo-versions, `+incompatible`.
    Go,
    /// Haskell packages: numbers between dots; a longer version is later.
    Hackage,
    /// Numbers between dots, whatever follows them is ignored (`vers:intdot`).
    Intdot,
    /// The bytes of the text (`vers:lexicographic`).
    Lexicographic,
    /// Maven, by its `ComparableVersion`.
    Maven,
    /// NuGet: four numbers and a label, without regard to case.
    NuGet,
    /// Opam, which compares as Debian does, without epoch and revision.
    Opam,
    /// OpenSSL: letters after three numbers until 1.1.1, semantic versions since 3.0.0.
    OpenSsl,
    /// Python packages, by PEP 440.
    Pep440,
    /// RPM: epoch, version and release, with tilde and caret.
    Rpm,
    /// Ruby gems.
    RubyGems,
    /// Semantic versions 2.0.0. A leading `v` is ignored and missing parts are zero, because advisories write `1.2`.
    Semver,
    /// Semantic versions where the build metadata decides in the end: Dart's pub, Julia.
    SemverWithBuild,
}

/// A text that has no place in an order. Nothing may be concluded from it, neither `affected` nor `not affected`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` cannot be ordered as a version of {order}: expected {expected}")]
pub struct Unordered {
    /// The text, shortened to 200 characters.
    pub text: String,
    /// The order that did not understand it.
    pub order: VersionOrder,
    /// What would have been understood.
    pub expected: &'static str,
}

impl VersionOrder {
    /// Every order.
    pub const ALL: [Self; 22] = [
        Self::Alpm,
        Self::Apk,
        Self::Composer,
        Self::Conan,
        Self::Cran,
        Self::Datetime,
        Self::Debian,
        Self::Generic,
        Self::Gentoo,
        Self::Go,
        Self::Hackage,
        Self::Intdot,
        Self::Lexicographic,
        Self::Maven,
        Self::NuGet,
        Self::Opam,
        Self::OpenSsl,
        Self::Pep440,
        Self::Rpm,
        Self::RubyGems,
        Self::Semver,
        Self::SemverWithBuild,
    ];

    /// Compares two versions: `Less` when `left` is the earlier one. Two different texts may be the same version
    /// (`1.0` and `1.0.0` of a gem).
    ///
    /// # Errors
    ///
    /// When one of the two is not a version in this order.
    pub fn compare(self, left: &str, right: &str) -> Result<Ordering, Unordered> {
        match self {
            Self::Alpm => self.parsed::<alpm::Version>(left, right),
            Self::Apk => self.parsed::<apk::Version>(left, right),
            Self::Composer => self.parsed::<composer::Version>(left, right),
            Self::Conan => self.parsed::<conan::Version>(left, right),
            Self::Cran => self.parsed::<dotted::Cran>(left, right),
            Self::Datetime => self.parsed::<datetime::Instant>(left, right),
            Self::Debian => self.parsed::<debian::Version>(left, right),
            Self::Generic => self.parsed::<libversion::Version>(left, right),
            Self::Gentoo => self.parsed::<gentoo::Version>(left, right),
            Self::Go => self.parsed::<golang::Version>(left, right),
            Self::Hackage => self.parsed::<dotted::Hackage>(left, right),
            Self::Intdot => self.parsed::<dotted::Intdot>(left, right),
            Self::Lexicographic => Ok(left.cmp(right)),
            Self::Maven => self.parsed::<maven::Version>(left, right),
            Self::NuGet => self.parsed::<nuget::Version>(left, right),
            Self::Opam => self.parsed::<debian::Opam>(left, right),
            Self::OpenSsl => self.parsed::<openssl::Version>(left, right),
            Self::Pep440 => self.parsed::<pep440::Version>(left, right),
            Self::Rpm => self.parsed::<rpm::Version>(left, right),
            Self::RubyGems => self.parsed::<rubygems::Version>(left, right),
            Self::Semver => self.parsed::<semver::Version>(left, right),
            Self::SemverWithBuild => self.parsed::<semver::WithBuild>(left, right),
        }
    }

    fn parsed<'a, V: Parse<'a>>(self, left: &'a str, right: &'a str) -> Result<Ordering, Unordered> {
        Ok(self.version::<V>(left)?.cmp(&self.version::<V>(right)?))
    }

    fn version<'a, V: Parse<'a>>(self, text: &'a str) -> Result<V, Unordered> {
        let unordered = |expected| Unordered { text: text.chars().take(200).collect(), order: self, expected };
        if text.len() > LONGEST_VERSION {
            return Err(unordered("at most 4096 bytes"));
        }
        V::parse(text).ok_or_else(|| unordered(V::EXPECTED))
    }
}

/// Versions of more bytes than this are nobody's; some orders would need memory in proportion.
const LONGEST_VERSION: usize = 4096;

impl fmt::Display for VersionOrder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Alpm => "Arch Linux",
            Self::Apk => "apk",
            Self::Composer => "Composer",
            Self::Conan => "Conan",
            Self::Cran => "R",
            Self::Datetime => "RFC 3339",
            Self::Debian => "Debian",
            Self::Generic => "no known ecosystem",
            Self::Gentoo => "Gentoo",
            Self::Go => "Go",
            Self::Hackage => "Haskell",
            Self::Intdot => "numbers between dots",
            Self::Lexicographic => "text",
            Self::Maven => "Maven",
            Self::NuGet => "NuGet",
            Self::Opam => "opam",
            Self::OpenSsl => "OpenSSL",
            Self::Pep440 => "Python (PEP 440)",
            Self::Rpm => "RPM",
            Self::RubyGems => "Ruby gems",
            Self::Semver => "Semantic Versioning",
            Self::SemverWithBuild => "Semantic Versioning with builds",
        })
    }
}

/// Makes two versions equal when neither is before the other.
macro_rules! equal_by_order {
    ($version:ident) => {
        impl PartialOrd for $version<'_> {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq for $version<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }

        impl Eq for $version<'_> {}
    };
}
use equal_by_order;

/// A version as its order understands it. Equal means the same version, not the same text.
trait Parse<'a>: Ord + Sized {
    /// What a text must look like, for the one who wrote another.
    const EXPECTED: &'static str;

    /// The version that the text is, if it is one.
    fn parse(text: &'a str) -> Option<Self>;
}
