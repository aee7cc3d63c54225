//! Whether a version is a preview of one to come, by the words that its ecosystem has for that. Nobody is behind because of one.

use super::VersionOrder;

/// The words that say so anywhere.
const WORDS: &[&str] = &[
    "alpha",
    "beta",
    "canary",
    "cr",
    "dev",
    "ea",
    "experimental",
    "insider",
    "insiders",
    "milestone",
    "next",
    "nightly",
    "pre",
    "preview",
    "rc",
    "snapshot",
];

impl VersionOrder {
    /// Whether a version is a preview: `2.0.0-rc.1`, `2.0b3`, `2.0-SNAPSHOT`. A text that is no version is none.
    #[must_use]
    pub fn is_preview(self, version: &str) -> bool {
        let lower = version.to_lowercase();
        let lower = lower.split('+').next().unwrap_or_default();
        let mut words = lower.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty());
        match self {
            // What follows a dash is a preview there, whatever it is called.
            Self::Go | Self::NuGet | Self::Semver | Self::SemverWithBuild => lower.contains('-'),
            Self::RubyGems => words.next().is_some(),
            Self::Pep440 => words.any(|word| matches!(word, "a" | "b" | "c") || WORDS.contains(&word)),
            Self::Maven => words.any(|word| matches!(word, "a" | "b" | "m") || WORDS.contains(&word)),
            Self::Alpm
            | Self::Apk
            | Self::Composer
            | Self::Conan
            | Self::Cran
            | Self::Datetime
            | Self::Debian
            | Self::Generic
            | Self::Gentoo
            | Self::Hackage
            | Self::Intdot
            | Self::Lexicographic
            | Self::Opam
            | Self::OpenSsl
            | Self::Rpm => words.any(|word| WORDS.contains(&word)),
        }
    }
}
