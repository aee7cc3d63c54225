//! Versions of Go modules, <https://go.dev/ref/mod#versions>: semantic versions with `v`, which advisories leave out.
//! `+incompatible` says how a module is built and not which version it is; a pseudo-version is a label with a date.

use super::number::{Number, split_while};
use super::{Parse, semver};

/// The version of a module, or that of a release of Go itself (`go1.21.3`, `1.22rc1`).
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a>(semver::Version<'a>);

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "a version of a module, such as `v1.2.3` or `v0.0.0-20230102150405-abcdef123456`";

    fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix("go").unwrap_or(text);
        semver::Version::parse(text).or_else(|| release_candidate(text)).map(Self)
    }
}

/// `1.22rc1` and `1.4beta1`, as the toolchain names what comes before a release and advisories name `1.22.0-rc.1`.
fn release_candidate(text: &str) -> Option<semver::Version<'_>> {
    let letters = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    let (numbers, label) = text.split_at_checked(letters)?;
    let (word, digits) = split_while(label, |byte| byte.is_ascii_alphabetic());
    let label = semver::Label::numbered(word, Number::parse(digits)?);
    let semver::Version { core, .. } = semver::Version::parse(numbers)?;
    matches!(word, "rc" | "beta").then_some(semver::Version { core, label })
}
