//! Reads a policy: a Rego source that opens with a `# METADATA` block in YAML. What comes out is checked so far as it
//! can be without running anything; whether the engine accepts it shows when the worker compiles it.
//!
//! ```rego
//! # METADATA
//! # title: No more findings than allowed
//! # description: Why this matters.
//! # custom:
//! #   id: findings-by-severity
//! #   phase: artifact
//! #   severity: critical
//! #   remediation: What to do.
//! #   controls: [{framework: NIST SP 800-53, control: RA-5}]
//! #   requires: [artifact.vulnerabilities]
//! #   parameters:
//! #     properties:
//! #       critical: {type: integer, minimum: 0, default: 10, description: How many are allowed}
//! package shipworthy.findings_by_severity
//! ```
//!
//! The package is `shipworthy.` and the id with `_` for `-`; the folder is called like the id. Facts are in `input`,
//! parameter values in `data.parameters`. The one rule that is asked for is the set `violations`.

use crate::names::{check_fact, check_names};
use crate::parameters::Parameters;
use crate::tokens::{Reference, Step, Word, references};
use serde::{Deserialize, Serialize};
use shipworthy_model::{Digest, Phase, Severity};
use std::collections::BTreeSet;

/// How many bytes a policy may have.
const SIZE_LIMIT_BYTES: usize = 256 * 1024;
/// How many lines a policy may have.
const LINES_LIMIT: usize = 20_000;
/// How many bytes a line may have; the engine refuses longer ones.
const LINE_LIMIT_BYTES: usize = 1024;

/// A policy that was read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Its name, such as `findings-by-severity`: the `id` of its metadata and the name of its folder.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Why it matters.
    pub description: String,
    /// The phase it is about.
    pub phase: Phase,
    /// How much it matters.
    pub severity: Severity,
    /// What to do about violations in general.
    pub remediation: String,
    /// What it helps to fulfil.
    pub controls: Vec<ControlReference>,
    /// Facts that must be present, as paths in dots; where one is absent the outcome is `unknown`.
    pub requires: Vec<String>,
    /// The parameters it declares.
    pub parameters: Parameters,
    /// Its source.
    pub source: String,
    /// The digest of its source.
    pub digest: Digest,
}

/// A control of a framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlReference {
    /// The framework, such as `NIST SP 800-53`.
    pub framework: String,
    /// The control there, such as `RA-5`.
    pub control: String,
}

/// Why a text is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Too many bytes.
    #[error("the policy has {size_bytes} bytes, at most {limit} are allowed")]
    TooLarge {
        /// How many it has.
        size_bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// Too many lines.
    #[error("the policy has {lines} lines, at most {limit} are allowed")]
    TooManyLines {
        /// How many it has.
        lines: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A line is too long.
    #[error("line {line} is longer than {limit} bytes")]
    LineTooLong {
        /// The line.
        line: usize,
        /// How many bytes it may have.
        limit: usize,
    },
    /// Brackets nest too deep.
    #[error("brackets nest deeper than {limit} in line {line}\nhint: give the inner parts names of their own")]
    TooDeep {
        /// The line.
        line: usize,
        /// How deep they may nest.
        limit: usize,
    },
    /// A bracket closes what was not opened.
    #[error("`{bracket}` in line {line} closes nothing")]
    Bracket {
        /// The bracket.
        bracket: char,
        /// The line.
        line: usize,
    },
    /// A string does not end.
    #[error("the string that begins in line {line} does not end")]
    OpenText {
        /// The line.
        line: usize,
    },
    /// The metadata is missing or not as expected.
    #[error("the metadata is not understood: {0}")]
    Metadata(String),
    /// The package is not named as the metadata says.
    #[error("the package is `{found}`, but `{expected}` was expected, after the `id` in the metadata")]
    Package {
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// A name that no policy may use.
    #[error("`{name}` in line {line} is not allowed: {why}")]
    Forbidden {
        /// The name.
        name: String,
        /// The line.
        line: usize,
        /// Why not.
        why: String,
    },
    /// A function that nobody defines.
    #[error("there is no function `{name}`, called in line {line}")]
    UnknownFunction {
        /// Its name.
        name: String,
        /// The line.
        line: usize,
    },
    /// A fact that does not exist.
    #[error("there is no fact `{path}`, named in line {line}: {why}")]
    Fact {
        /// The path.
        path: String,
        /// The line.
        line: usize,
        /// What is there instead.
        why: String,
    },
    /// A parameter that is used and not declared.
    #[error("parameter `{name}`, used in line {line}, is not declared in the metadata")]
    UndeclaredParameter {
        /// Its name.
        name: String,
        /// The line.
        line: usize,
    },
}

impl Policy {
    /// Reads and checks a policy.
    ///
    /// # Errors
    /// The first thing that is not as expected, with its line.
    pub fn parse(source: &str) -> Result<Self, PolicyError> {
        check_size(source)?;
        let references = references(source)?;
        let Metadata { title, description, custom } = metadata(source)?;
        let Custom { id, phase, severity, remediation, controls, requires, parameters } = custom;
        let expected = package_of(&id);
        let package = references.iter().find(|found| found.previous == Some(Word::Name("package")));
        let found = package.map(Reference::dotted).unwrap_or_default();
        if found != expected {
            return Err(PolicyError::Package { found, expected });
        }
        parameters.check_defaults().map_err(PolicyError::Metadata)?;
        for path in &requires {
            check_fact(path.split('.').map(Step::Field))
                .map_err(|why| PolicyError::Metadata(format!("`requires` names `{path}`: {why}")))?;
        }
        let declared: BTreeSet<&str> = parameters.properties.keys().map(String::as_str).collect();
        check_names(&references, &declared)?;
        let digest = Digest::of(source.as_bytes());
        let (name, source) = (id, source.to_owned());
        Ok(Self {
            name,
            title,
            description,
            phase,
            severity,
            remediation,
            controls,
            requires,
            parameters,
            source,
            digest,
        })
    }

    /// Its package, such as `shipworthy.findings_by_severity`.
    #[must_use]
    pub fn package(&self) -> String {
        package_of(&self.name)
    }
}

/// The package of a policy's name.
fn package_of(name: &str) -> String {
    format!("shipworthy.{}", name.replace('-', "_"))
}

fn check_size(source: &str) -> Result<(), PolicyError> {
    if source.len() > SIZE_LIMIT_BYTES {
        return Err(PolicyError::TooLarge { size_bytes: source.len(), limit: SIZE_LIMIT_BYTES });
    }
    let lines = source.lines().count();
    if lines > LINES_LIMIT {
        return Err(PolicyError::TooManyLines { lines, limit: LINES_LIMIT });
    }
    match source.lines().position(|line| line.len() > LINE_LIMIT_BYTES) {
        Some(before) => Err(PolicyError::LineTooLong { line: before + 1, limit: LINE_LIMIT_BYTES }),
        None => Ok(()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    title: String,
    description: String,
    custom: Custom,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Custom {
    id: String,
    phase: Phase,
    severity: Severity,
    remediation: String,
    #[serde(default)]
    controls: Vec<ControlReference>,
    #[serde(default)]
    requires: Vec<String>,
    #[serde(default)]
    parameters: Parameters,
}

/// The metadata of the package: the comment that opens with `# METADATA` and comes before it.
fn metadata(source: &str) -> Result<Metadata, PolicyError> {
    let invalid = |why: String| PolicyError::Metadata(why);
    let start = source.lines().position(|line| line.trim_end() == "# METADATA");
    let start = start.ok_or_else(|| invalid("a comment that begins with `# METADATA` was expected".to_owned()))?;
    let mut yaml = String::new();
    for line in source.lines().skip(start + 1) {
        let Some(comment) = line.strip_prefix('#') else { break };
        yaml.push_str(comment.strip_prefix(' ').unwrap_or(comment));
        yaml.push('\n');
    }
    let metadata: Metadata = serde_saphyr::from_str(&yaml).map_err(|error| invalid(describe(&error, start + 1)))?;
    let id = &metadata.custom.id;
    let is_name = id
        .split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    if !is_name || id.len() > 80 || !id.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Err(invalid(format!(
            "`{id}` is not an id: expected words of `a` to `z` and digits with `-` between them"
        )));
    }
    Ok(metadata)
}

/// One line about what is wrong in YAML, with the line it would have if `lines_before` came before the text.
pub(crate) fn describe(error: &serde_saphyr::Error, lines_before: usize) -> String {
    let message = error.without_snippet().to_string();
    let message = message.lines().next().unwrap_or_default();
    match error.location() {
        Some(location) => {
            let message = message.split(" at line ").next().unwrap_or(message);
            format!("{message} (line {})", location.line() + lines_before as u64)
        }
        None => message.to_owned(),
    }
}
