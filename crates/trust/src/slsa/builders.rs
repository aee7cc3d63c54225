//! The list of trusted builders: who signs for which builder, and how far he is trusted. What stands in it is the
//! administrator's decision; [`known_builders`] only offers those that are met in practice.

use super::{BuildLevel, Case, tag};
use crate::predicate::{Provenance, canonical_repository};
use crate::verify::Signer;
use crate::verify::identity::{Identity, IdentityRule, Pattern};
use serde::{Deserialize, Serialize};

/// A builder whom somebody trusts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedBuilder {
    /// What it is called here.
    pub name: String,
    /// Its id in provenance.
    pub builder: Pattern,
    /// Who signs for it, any of these. Nobody does for an entry without signers.
    pub signers: Vec<SignerRule>,
    /// The build types of which it is known what their parameters mean. Empty: any.
    #[serde(default)]
    pub build_types: Vec<Pattern>,
    /// What must hold besides.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// The highest level that it is trusted for.
    pub level: BuildLevel,
}

/// Who signs for a builder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum SignerRule {
    /// The holder of a key.
    Key {
        /// The key's id: the SHA-256 of its `SubjectPublicKeyInfo` in hexadecimal digits.
        id: String,
    },
    /// Somebody whom a certificate authority knew.
    Identity(IdentityRule),
}

/// What must hold besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The builder's id is the name of who signed.
    SignerIsBuilder,
    /// Who signed, and the builder where its id has a ref, is a finished version: `@refs/tags/v1.2.3`.
    VersionTag,
    /// The workflow that signed is in the repository that was built.
    WorkflowOfSource,
    /// The certificate says which repository was built, and the provenance says the same.
    SourceInCertificate,
    /// The certificate says that the job ran on the vendor's own machines.
    HostedRunner,
}

/// A builder that is met in practice, as an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownBuilder {
    /// The entry as it would stand in the list.
    pub builder: TrustedBuilder,
    /// What to know before trusting it.
    pub note: String,
    /// Where it is described.
    pub source: String,
}

/// Builders that are met in practice. Nothing in it is trusted until an administrator takes it over.
#[must_use]
pub fn known_builders() -> Vec<KnownBuilder> {
    serde_json::from_str(include_str!("builders.json")).expect("a test reads the table")
}

/// What the list says of a provenance and who signed it.
pub(super) enum Mapping<'a> {
    /// Nobody is known to have signed it, so nobody can be looked for.
    Unsigned,
    /// There is no provenance.
    Nothing,
    /// The builder and its signer are in the list.
    Trusted(&'a TrustedBuilder),
    /// Neither the builder nor the signer is.
    Unlisted,
    /// The signer signs for other builders, or the builder is signed for by others, or a condition does not hold.
    Refused(String),
}

impl<'a> Mapping<'a> {
    pub(super) fn entry(&self) -> Option<&'a TrustedBuilder> {
        match self {
            Self::Trusted(entry) => Some(entry),
            Self::Unsigned | Self::Nothing | Self::Unlisted | Self::Refused(_) => None,
        }
    }

    pub(super) fn is_unlisted(&self) -> bool {
        matches!(self, Self::Unlisted)
    }
}

/// Looks for the pair of builder and signer. Of several entries that fit the one with the highest level counts.
pub(super) fn map<'a>(case: &Case<'a>) -> Mapping<'a> {
    let Some(provenance) = case.provenance else { return Mapping::Nothing };
    if !case.attested.outcome.is_verified() || case.attested.signers.is_empty() {
        return Mapping::Unsigned;
    }
    let mut best: Option<&TrustedBuilder> = None;
    let mut refusals = Vec::new();
    for entry in case.builders {
        match entry.judges(provenance, &case.attested.signers) {
            Ok(true) => best = best.filter(|best| best.level >= entry.level).or(Some(entry)),
            Ok(false) => {}
            Err(refusal) => refusals.push(refusal),
        }
    }
    // The entry that came closest says best what is wrong.
    refusals.sort_by_key(|refusal| refusal.distance);
    match (best, refusals.into_iter().next()) {
        (Some(entry), _) => Mapping::Trusted(entry),
        (None, Some(refusal)) => Mapping::Refused(refusal.words),
        (None, None) => Mapping::Unlisted,
    }
}

/// Why an entry refuses what is about its builder or its signer.
struct Refusal {
    distance: u8,
    words: String,
}

impl TrustedBuilder {
    /// Whether the entry is about this builder and this signer. One of the two alone is refused: whoever signs for one
    /// builder could otherwise speak for another.
    fn judges(&self, provenance: &Provenance, signers: &[Signer]) -> Result<bool, Refusal> {
        let builder = &provenance.builder_id;
        let names_builder = self.builder.fits(builder);
        let signer = signers.iter().find(|signer| self.signers.iter().any(|rule| rule.names(signer)));
        match (names_builder, signer) {
            (true, Some(signer)) => self.holds(provenance, signer).map(|()| true),
            (false, None) => Ok(false),
            // An entry for every builder of one signer says nothing of other signers.
            (true, None) if self.builder == Pattern::Any => Ok(false),
            (true, None) => {
                let words = format!("the builder `{builder}` is `{}`, and somebody else signs for that", self.name);
                Err(Refusal { distance: 1, words })
            }
            (false, Some(_)) => {
                let words = format!("who signed it signs for `{}`, and it names the builder `{builder}`", self.name);
                Err(Refusal { distance: 2, words })
            }
        }
    }

    fn holds(&self, provenance: &Provenance, signer: &Signer) -> Result<(), Refusal> {
        let breach = self.conditions.iter().find_map(|condition| condition.breach(provenance, signer));
        let refusal =
            |words| Refusal { distance: 0, words: format!("it names a builder of `{}`, but {words}", self.name) };
        breach.map_or(Ok(()), |words| Err(refusal(words)))
    }

    /// Whether the parameters of this build type are understood.
    pub(super) fn knows(&self, build_type: &str) -> bool {
        self.build_types.is_empty() || self.build_types.iter().any(|pattern| pattern.fits(build_type))
    }
}

impl SignerRule {
    /// Whether this signer is meant.
    #[must_use]
    pub fn names(&self, signer: &Signer) -> bool {
        match (self, signer) {
            (Self::Key { id }, Signer::Key { id: other, .. }) => !id.is_empty() && id == other,
            (Self::Identity(rule), Signer::Identity(identity)) => rule.names(identity),
            (Self::Key { .. } | Self::Identity(_), Signer::Key { .. } | Signer::Identity(_)) => false,
        }
    }
}

impl Condition {
    /// Why it does not hold, as the end of a sentence. A key says nothing of what the conditions ask.
    fn breach(self, provenance: &Provenance, signer: &Signer) -> Option<String> {
        let Signer::Identity(identity) = signer else {
            return Some("a key says nothing of the workflow that signed".to_owned());
        };
        match self {
            Self::SignerIsBuilder => (identity.san != provenance.builder_id)
                .then(|| format!("it was signed by `{}`, which is not that builder", identity.san)),
            Self::VersionTag => version_breach(&identity.san, &provenance.builder_id),
            Self::WorkflowOfSource => workflow_breach(identity, provenance),
            Self::SourceInCertificate => certificate_breach(identity, provenance),
            Self::HostedRunner => (identity.runner_environment.as_deref() != Some("github-hosted"))
                .then(|| "the certificate does not say that it ran on the vendor's own machines".to_owned()),
        }
    }
}

fn version_breach(san: &str, builder_id: &str) -> Option<String> {
    let ends = [(san, true), (builder_id, builder_id.contains('@'))];
    let bad = ends.into_iter().filter(|(_, asked)| *asked).find_map(|(text, _)| {
        let reference = text.rsplit_once('@').map_or("", |(_, reference)| reference);
        (!tag::is_version_tag(reference)).then_some(text)
    });
    bad.map(|text| format!("`{text}` is not a finished version (`@refs/tags/vX.Y.Z`)"))
}

fn workflow_breach(identity: &Identity, provenance: &Provenance) -> Option<String> {
    let repository = identity.san.split_once("/.github/workflows/").and_then(|(start, _)| canonical_repository(start));
    let source = provenance.source.repository.as_deref().unwrap_or("a repository that it does not state");
    let is_same = repository.is_some() && repository == provenance.source.repository;
    (!is_same).then(|| format!("it was signed by the workflow `{}`, which is not of {source}", identity.san))
}

fn certificate_breach(identity: &Identity, provenance: &Provenance) -> Option<String> {
    let certified = identity.source_repository_uri.as_deref().and_then(canonical_repository);
    let is_same = certified.is_some() && certified == provenance.source.repository;
    let words = |name: Option<&str>| name.unwrap_or("no repository").to_owned();
    let source = words(provenance.source.repository.as_deref());
    (!is_same).then(|| format!("the certificate says {}, and the provenance {source}", words(certified.as_deref())))
}
