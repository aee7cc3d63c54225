//! Who a certificate of Fulcio says that the signer is, and the patterns by which rules name such identities.
//! <https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md>

use serde::{Deserialize, Serialize};

/// What a certificate says of its holder. All but the name stems from the token by which he got it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// The subject alternative name: a workflow's address, an email address, or another name.
    pub san: String,
    /// Who vouched for it: the address of the OpenID Connect issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The workflow that signed, with its ref.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_signer_uri: Option<String>,
    /// Its commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_signer_digest: Option<String>,
    /// `github-hosted` or `self-hosted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_environment: Option<String>,
    /// The repository that was built.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_repository_uri: Option<String>,
    /// Its commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_repository_digest: Option<String>,
    /// Its branch or tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_repository_ref: Option<String>,
    /// Its lasting id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_repository_identifier: Option<String>,
    /// Its owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_repository_owner_uri: Option<String>,
    /// The lasting id of its owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_repository_owner_identifier: Option<String>,
    /// `public`, `private` or `internal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_repository_visibility: Option<String>,
    /// The workflow that was started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_config_uri: Option<String>,
    /// Its commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_config_digest: Option<String>,
    /// What started it: `push`, `workflow_dispatch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_trigger: Option<String>,
    /// The run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_invocation_uri: Option<String>,
}

/// How a rule names something: exactly, by a pattern that fits from the first to the last character, or anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "match", content = "value", rename_all = "snake_case")]
pub enum Pattern {
    /// This text and no other.
    Exact(String),
    /// A text in which each `*` stands for any characters, none included.
    Pattern(String),
    /// Whatever it is. To be spelled out by whoever wants it.
    Any,
}

/// How a rule names a signer by his identity. Both halves are needed: a name is worth what its issuer is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityRule {
    /// The name.
    pub san: Pattern,
    /// Who vouched for it.
    pub issuer: Pattern,
}

impl IdentityRule {
    /// Whether the rule names this identity.
    #[must_use]
    pub fn names(&self, identity: &Identity) -> bool {
        self.san.fits(&identity.san) && self.issuer.fits(identity.issuer.as_deref().unwrap_or_default())
    }
}

impl Pattern {
    /// Whether the text is meant. An empty text is meant by [`Pattern::Any`] alone.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        match self {
            Self::Exact(exact) => !text.is_empty() && exact == text,
            Self::Pattern(pattern) => !text.is_empty() && fits_pattern(pattern, text),
            Self::Any => true,
        }
    }
}

/// Whether `text` fits from its first to its last character. The parts between the stars are looked for from the left,
/// which is enough, because a star may stand for anything; no pattern takes more than one look at each place.
fn fits_pattern(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let (between, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = text.strip_prefix(first).and_then(|text| text.strip_suffix(last));
    let Some(mut inner) = inner else { return false };
    for part in between.split('*') {
        let Some(at) = inner.find(part) else { return false };
        inner = &inner[at + part.len()..];
    }
    true
}
