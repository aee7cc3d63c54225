//! What a document is about. Evidence and release meet at their subjects, in any order of arrival.

use crate::{DeploymentId, Digest, ReleaseId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a document is about, in its one written form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// `git:<commit>`: a source commit, 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
    Commit(String),
    /// `build:<system>/<id>`: one run of a build system, such as `build:jenkins/shop-cart/128`.
    Build {
        /// The build system, such as `jenkins`, in lower case.
        system: String,
        /// What that system calls the run; may contain slashes.
        id: String,
    },
    /// `sha256:<hex>`: an artifact.
    Artifact(Digest),
    /// `release:<id>`.
    Release(ReleaseId),
    /// `deployment:<id>`.
    Deployment(DeploymentId),
    /// `environment:<name>`.
    Environment(String),
}

/// A text that was given as a subject and is none.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{text}` is not a subject: {why}; expected `git:<commit>`, `build:<system>/<id>`, `sha256:<digest>`, \
     `release:<id>`, `deployment:<id>` or `environment:<name>`"
)]
pub struct InvalidSubject {
    text: String,
    why: String,
}

impl Subject {
    /// The subject for a commit, checked and in lower case.
    ///
    /// # Errors
    /// When `commit` is not a full commit id: abbreviated ones name nothing for ever.
    pub fn commit(commit: &str) -> Result<Self, InvalidSubject> {
        format!("git:{commit}").parse()
    }

    /// The subject for one run of a build system.
    ///
    /// # Errors
    /// When a part is empty or holds white space or control characters.
    pub fn build(system: &str, id: &str) -> Result<Self, InvalidSubject> {
        format!("build:{system}/{id}").parse()
    }
}

impl FromStr for Subject {
    type Err = InvalidSubject;

    fn from_str(text: &str) -> Result<Self, InvalidSubject> {
        let invalid = |why: String| InvalidSubject { text: text.chars().take(200).collect(), why };
        let (kind, rest) = text.split_once(':').ok_or_else(|| invalid("it has no kind before a colon".to_owned()))?;
        match kind {
            "git" => {
                let is_commit = matches!(rest.len(), 40 | 64) && rest.bytes().all(|b| b.is_ascii_hexdigit());
                if !is_commit {
                    return Err(invalid("a commit is 40 or 64 hexadecimal digits, not abbreviated".to_owned()));
                }
                Ok(Self::Commit(rest.to_ascii_lowercase()))
            }
            "build" => {
                let (system, id) =
                    rest.split_once('/').ok_or_else(|| invalid("a build is `<system>/<id>`".to_owned()))?;
                if !is_plain(system) || !is_plain(id) {
                    return Err(invalid("a build's parts are not empty and hold no white space".to_owned()));
                }
                Ok(Self::Build { system: system.to_ascii_lowercase(), id: id.to_owned() })
            }
            "sha256" => Ok(Self::Artifact(text.parse().map_err(|e: crate::InvalidDigest| invalid(e.to_string()))?)),
            "release" => Ok(Self::Release(rest.parse().map_err(|e: crate::InvalidId| invalid(e.to_string()))?)),
            "deployment" => Ok(Self::Deployment(rest.parse().map_err(|e: crate::InvalidId| invalid(e.to_string()))?)),
            "environment" if is_plain(rest) => Ok(Self::Environment(rest.to_owned())),
            "environment" => Err(invalid("an environment's name is not empty and holds no white space".to_owned())),
            other => Err(invalid(format!("`{other}` is not a kind of subject"))),
        }
    }
}

/// Not empty, at most 512 bytes, without white space and control characters.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= 512 && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(commit) => write!(f, "git:{commit}"),
            Self::Build { system, id } => write!(f, "build:{system}/{id}"),
            Self::Artifact(digest) => write!(f, "{digest}"),
            Self::Release(id) => write!(f, "release:{id}"),
            Self::Deployment(id) => write!(f, "deployment:{id}"),
            Self::Environment(name) => write!(f, "environment:{name}"),
        }
    }
}

impl TryFrom<String> for Subject {
    type Error = InvalidSubject;
    fn try_from(text: String) -> Result<Self, InvalidSubject> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_subject_reads_back_as_written() {
        for text in [
            "git:0123456789abcdef0123456789abcdef01234567",
            "build:jenkins/shop/cart/128",
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "release:01937b4e-8f3a-7c55-9d21-0c6f0e7a41b2",
            "deployment:01937b4e-8f3a-7c55-9d21-0c6f0e7a41b2",
            "environment:production",
        ] {
            assert_eq!(text.parse::<Subject>().expect("a subject").to_string(), text);
        }
    }

    #[test]
    fn what_is_no_subject_is_refused_with_the_reason() {
        for (text, why) in [
            ("", "no kind"),
            ("git:abc123", "not abbreviated"),
            ("build:jenkins", "`<system>/<id>`"),
            ("build:/1", "not empty"),
            ("sha256:abc", "64 hexadecimal"),
            ("release:x", "expected a UUID"),
            ("environment:", "not empty"),
            ("image:shop", "not a kind"),
        ] {
            let error = text.parse::<Subject>().expect_err("must be refused").to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
