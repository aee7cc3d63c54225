//! VEX: what is said of the vulnerabilities of a release, and how it is handed on. What we say ourselves follows from our
//! exceptions; what others say is handed on when that is asked for, with their names.

pub(crate) mod openvex;
mod said;

pub(crate) use said::{By, Heard, Word};

use crate::sbom::vulnerabilities::Vulnerability;
use crate::sbom::{Bill, Contents, cyclonedx};
use jiff::Timestamp;
use shipworthy_store::release::OwnedRelease;

/// What a document of statements is written from.
#[derive(Debug)]
pub(crate) struct Issued<'a> {
    /// The release.
    pub(crate) owned: &'a OwnedRelease,
    /// The vulnerabilities of which something is said that is handed on.
    pub(crate) vulnerabilities: Vec<Vulnerability>,
    /// When the newest of the statements was made.
    pub(crate) made_at: Timestamp,
    /// The address of this installation, which is the author.
    pub(crate) author: &'a str,
}

/// Picks what is handed on: what we say, and what others said where that is asked for.
pub(crate) fn handed_on(vulnerabilities: Vec<Vulnerability>, with_received: bool) -> Vec<Vulnerability> {
    let is_handed_on = |vulnerability: &Vulnerability| match vulnerability.word.as_ref().map(|word| &word.by) {
        Some(By::Exception { .. }) => true,
        Some(By::Statement { .. }) => with_received,
        None => false,
    };
    vulnerabilities.into_iter().filter(is_handed_on).collect()
}

impl Issued<'_> {
    /// The statements as CycloneDX: the vulnerabilities with their analysis, and no components but those that have them.
    pub(crate) fn as_cyclonedx(&self) -> Vec<u8> {
        let Self { owned, vulnerabilities, made_at, author } = self;
        let contents = Contents::default();
        let vulnerabilities = Some(vulnerabilities.as_slice());
        cyclonedx::bytes(&Bill { owned, contents: &contents, vulnerabilities, made_at: *made_at, author })
    }
}
