//! What the reports of ZAP say of an alert, in JSON and in XML alike.

use crate::web::{self, Place};
use crate::{identity, text, weakness};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Tool};

pub(crate) const TOOL: &str = "zap";

/// What makes an alert the same one, for both layouts.
pub(crate) const IDENTIFIES: &str = "the alert on a site, as ZAP counts them; its instances are listed in the finding";

/// The tool, in a version where the document says it.
pub(crate) fn tool(version: Option<String>) -> Tool {
    Tool { name: TOOL.to_owned(), version }
}

/// An alert of a site, with its instances.
#[derive(Debug, Default)]
pub(crate) struct Alert<'a> {
    /// `10038-1`, or the plug-in's id in reports that do not tell its alerts apart.
    pub(crate) rule: &'a str,
    pub(crate) name: &'a str,
    /// 0 to 3.
    pub(crate) risk: Option<&'a str>,
    /// Risk and confidence in words, such as `Low (Medium)`.
    pub(crate) risk_words: Option<String>,
    /// 0 to 4; 0 is a false positive.
    pub(crate) confidence: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) solution: Option<&'a str>,
    pub(crate) references: Option<&'a str>,
    pub(crate) weakness: Option<&'a str>,
    pub(crate) instances: Vec<Place<'a>>,
}

impl Alert<'_> {
    pub(crate) fn finding(&self, site: &str) -> Finding {
        let rule = if self.rule.is_empty() { self.name } else { self.rule };
        let (place, seen) = web::spread(&self.instances, site);
        // The words begin with the risk; the number is what ZAP goes by.
        let (severity, number) = web::rated(TOOL, self.risk);
        let texts = [self.description.map(text::plain), Some(seen).filter(|seen| !seen.is_empty())];
        let description = texts.into_iter().flatten().collect::<Vec<_>>().join("\n");
        Finding {
            severity,
            severity_word: self.risk_words.clone().or(number),
            description: Some(text::capped(description)).filter(|text| !text.is_empty()),
            remediation: self.solution.map(text::plain).filter(|text| !text.is_empty()),
            references: self.references.map(text::addresses).unwrap_or_default(),
            cwes: self.weakness.map(weakness::numbers).unwrap_or_default(),
            location: Some(Location { path: place, ..Location::default() }).filter(|place| !place.path.is_empty()),
            status: match self.confidence {
                Some("0") => FindingStatus::FalsePositive,
                _ => FindingStatus::Open,
            },
            identity: identity::of_parts(rule, &[&web::address(site)]),
            ..Finding::new(FindingKind::Dynamic, rule, self.name)
        }
    }
}
