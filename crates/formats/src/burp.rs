//! What the reports of Burp Suite say of an issue, in XML and in the JSON of its interfaces alike.

use crate::web::{self, Place};
use crate::{text, weakness};
use shipworthy_model::{Finding, FindingStatus, Severity, Tool};

pub(crate) const TOOL: &str = "burp";

/// What makes an issue the same one, for all layouts.
pub(crate) const IDENTIFIES: &str =
    "the type of issue with host, path and parameter; Burp's serial numbers are new with every scan";

/// The tool, in a version where the document says it.
pub(crate) fn tool(version: Option<String>) -> Tool {
    Tool { name: TOOL.to_owned(), version }
}

/// An issue at a place.
#[derive(Debug, Default)]
pub(crate) struct Issue<'a> {
    /// The number of its type, where the layout has it.
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    pub(crate) origin: &'a str,
    pub(crate) path: &'a str,
    /// The path again, with the parameter in brackets where there is one.
    pub(crate) location: &'a str,
    pub(crate) severity: Option<&'a str>,
    pub(crate) confidence: Option<&'a str>,
    /// What Burp says of this issue, and of all of its type.
    pub(crate) descriptions: [Option<&'a str>; 2],
    pub(crate) remediations: [Option<&'a str>; 2],
    pub(crate) references: Option<&'a str>,
    pub(crate) classifications: Option<&'a str>,
}

impl Issue<'_> {
    pub(crate) fn finding(&self) -> Finding {
        let rule = if self.kind.is_empty() { self.name } else { self.kind };
        let url = web::joined(self.origin, self.path);
        let parameter = self.location.rsplit_once('[').map_or("", |(_, rest)| rest.trim_end_matches(']'));
        // `[id parameter]`, `[Referer HTTP header]`, `[name of a parameter]`; the last is the same for every name.
        let seen = web::finding(rule, self.name, Place { url: &url, parameter, method: "" });
        let (severity, word) = web::rated(TOOL, self.severity);
        let is_false =
            word.as_deref().is_some_and(|word| word.to_ascii_lowercase().replace(['_', ' '], "") == "falsepositive");
        let plain = |texts: [Option<&str>; 2]| {
            let texts = texts.into_iter().flatten().map(text::plain).filter(|text| !text.is_empty());
            Some(text::capped(texts.collect::<Vec<_>>().join("\n"))).filter(|text| !text.is_empty())
        };
        Finding {
            severity: if is_false { Severity::Unknown } else { severity },
            severity_word: web::with_confidence(word, self.confidence),
            description: plain(self.descriptions),
            remediation: plain(self.remediations),
            references: self.references.map(text::addresses).unwrap_or_default(),
            cwes: self.classifications.map(weakness::numbers).unwrap_or_default(),
            status: if is_false { FindingStatus::FalsePositive } else { FindingStatus::Open },
            ..seen
        }
    }
}
