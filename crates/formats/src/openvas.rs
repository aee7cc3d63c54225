//! What the reports of OpenVAS and Greenbone say of a result, in XML and in CSV alike.

use crate::web::{self, Place};
use crate::{identity, ratings, text};
use shipworthy_model::{Finding, Severity, Tool};

pub(crate) const TOOL: &str = "openvas";

/// What makes a result the same one, for both layouts.
pub(crate) const IDENTIFIES: &str = "the test's OID with host and port; ids of results are new with every scan";

/// The tool. Reports do not say its version.
pub(crate) fn tool() -> Tool {
    Tool { name: TOOL.to_owned(), version: None }
}

/// A result of a test at a host and port.
#[derive(Debug, Default)]
pub(crate) struct Outcome<'a> {
    pub(crate) oid: &'a str,
    pub(crate) name: &'a str,
    pub(crate) host: &'a str,
    pub(crate) port: Option<&'a str>,
    pub(crate) threat: Option<&'a str>,
    /// From 0 to 10.
    pub(crate) score: Option<f64>,
    /// The quality of detection in per cent.
    pub(crate) quality: Option<&'a str>,
    pub(crate) vector: Option<&'a str>,
    pub(crate) cves: Vec<String>,
    pub(crate) summary: Option<&'a str>,
    pub(crate) seen: Option<&'a str>,
    pub(crate) solution: Option<&'a str>,
    pub(crate) references: Vec<String>,
}

impl Outcome<'_> {
    pub(crate) fn finding(&self) -> Finding {
        let rule = if self.oid.is_empty() { self.name } else { self.oid };
        // `general/tcp` is the host as a whole.
        let port = self.port.filter(|port| port.starts_with(|first: char| first.is_ascii_digit()));
        let number = port.and_then(|port| port.split('/').next());
        let place = web::host(self.host, number);
        let (by_word, word) = web::rated(TOOL, self.threat);
        let by_score = self.score.map_or(Severity::Unknown, Severity::of_score);
        let quality = self.quality.map(|quality| format!("{quality} %"));
        let description = [self.summary, self.seen].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
        Finding {
            severity: if by_word == Severity::Unknown { by_score } else { by_word },
            severity_word: web::with_confidence(word, quality.as_deref()),
            score: self.score,
            cvss: ratings::cvss(self.vector, self.score, "3.1", None)
                .into_iter()
                .filter(|_| self.vector.is_some())
                .collect(),
            aliases: self.cves.clone(),
            description: Some(text::capped(description)).filter(|text| !text.is_empty()),
            remediation: self.solution.map(|text| text::capped(text.to_owned())),
            references: self.references.clone(),
            identity: identity::of_parts(rule, &[self.host, self.port.unwrap_or_default()]),
            ..web::finding(rule, self.name, Place::of(&place))
        }
    }
}
