//! What the reports of Wapiti say of an entry, in JSON and in XML alike.

use crate::web::{self, Place};
use crate::{text, weakness};
use shipworthy_model::{Finding, Tool};

pub(crate) const TOOL: &str = "wapiti";

/// What makes an entry the same one, for both layouts.
pub(crate) const IDENTIFIES: &str = "the kind of vulnerability with path, parameter, method and what is said of it";

/// The tool, in a version where the document says it.
pub(crate) fn tool(version: Option<&str>) -> Tool {
    let version = version.map(|version| version.trim_start_matches("Wapiti").trim().to_owned());
    Tool { name: TOOL.to_owned(), version }
}

/// An entry of a kind of vulnerability.
#[derive(Debug, Default)]
pub(crate) struct Entry<'a> {
    pub(crate) kind: &'a str,
    /// What is said of every entry of the kind.
    pub(crate) description: Option<&'a str>,
    pub(crate) solution: Option<&'a str>,
    pub(crate) references: Vec<&'a str>,
    pub(crate) target: &'a str,
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    /// 0 to 4.
    pub(crate) level: Option<&'a str>,
    pub(crate) parameter: &'a str,
    pub(crate) info: &'a str,
}

impl Entry<'_> {
    pub(crate) fn finding(&self) -> Finding {
        let url = web::joined(&web::origin(self.target), self.path);
        // A parameter may come with its value, which is that of one request.
        let names = self.parameter.split('&').map(|pair| pair.split('=').next().unwrap_or(pair));
        let parameter = names.collect::<Vec<_>>().join("&");
        let title = if self.info.is_empty() { self.kind.to_owned() } else { format!("{}: {}", self.kind, self.info) };
        let title = text::title(&title).unwrap_or_default();
        let mut seen = web::finding(self.kind, &title, Place { url: &url, parameter: &parameter, method: self.method });
        if parameter.is_empty() {
            seen.identity.push_str(&crate::identity::of_parts("", &[self.info]));
        }
        let (severity, severity_word) = web::rated(TOOL, self.level);
        let mut cwes = Vec::new();
        for number in
            self.references.iter().filter(|text| text.contains("://cwe.")).flat_map(|text| weakness::numbers(text))
        {
            if !cwes.contains(&number) {
                cwes.push(number);
            }
        }
        Finding {
            severity,
            severity_word,
            cwes,
            description: self.description.map(|text| text::capped(text.to_owned())),
            remediation: self.solution.map(|text| text::capped(text.to_owned())),
            references: self.references.iter().flat_map(|text| text::addresses(text)).collect(),
            ..seen
        }
    }
}
