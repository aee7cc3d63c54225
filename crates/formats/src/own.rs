//! Formats that users describe: one TOML file says how documents of a tool are known and where in them the findings are.
//!
//! ```toml
//! name = "house-rules"
//! title = "House rules"
//! homepage = "https://wiki.shopwright.example/house-rules"
//! phase = "source"
//! media = "json"
//!
//! [recognise]
//! has = ["tool", "report.problems.code"]
//! values = { tool = "house-rules" }
//!
//! [findings]
//! items = "report.problems"
//! kind = "code"
//! rule = "code"
//! title = "text"
//! severity = "level"
//! path = "place.file"
//! line = "place.line"
//!
//! [findings.severities]
//! "must fix" = "high"
//! "should fix" = "medium"
//! ```
//!
//! A path names keys from the outside in, separated by dots; lists are passed through. In XML it names elements below the
//! root and, with an `@`, an attribute; in a table it names a column.

mod description;
mod document;

use crate::{Known, Probe, ReadError, identity, text};
use description::{Description, Field, Fields, Media, Recognise};
use document::{Item, items};
use packageurl::PackageUrl;
use shipworthy_model::{ComponentRef, Finding, FindingStatus, Location, Report, Severity, Tool, Warning};
use std::str::FromStr;

pub use description::InvalidFormat;

/// A format that a user described, checked.
#[derive(Clone, Debug)]
pub struct OwnFormat {
    source: String,
    description: Description,
}

impl OwnFormat {
    /// Takes a description in TOML.
    ///
    /// # Errors
    /// When it is no TOML, has a key that means nothing, lacks one that is needed, or has the name of one of
    /// [`crate::FORMATS`]; the error says where.
    pub fn parse(source: &str) -> Result<Self, InvalidFormat> {
        Ok(Self { source: source.to_owned(), description: Description::parse(source)? })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.description.name
    }

    /// The description as it was given.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Where the tool documents it; empty when the description does not say.
    #[must_use]
    pub fn homepage(&self) -> &str {
        &self.description.homepage
    }

    /// What is known of it as of every format.
    #[must_use]
    pub fn known(&self) -> Known<'_> {
        let Description { name, title, phase, tool, .. } = &self.description;
        Known { name, title, phase: *phase, tool: tool.as_deref().unwrap_or(name) }
    }

    /// Whether a document is of this format. One without `[recognise]` is only read when its name is given.
    #[must_use]
    pub fn recognises(&self, probe: &Probe) -> bool {
        let Some(Recognise { root, has, values, columns }) = &self.description.recognise else { return false };
        let is_of_media = match self.description.media {
            Media::Json => probe.object().is_some() || matches!(probe.media, crate::Media::JsonArray(_)),
            Media::JsonLines => probe.first_of_lines().is_some(),
            Media::Xml => probe.root().is_some(),
            Media::Csv => probe.is_text(),
        };
        is_of_media
            && root.as_ref().is_none_or(|root| probe.root().is_some_and(|found| found.name == *root))
            && has.iter().all(|path| probe.has(path))
            && values.iter().all(|(path, value)| probe.value(path) == Some(value))
            && columns.iter().all(|column| probe.has_columns(&[column]))
    }

    /// Understands a document in UTF-8.
    pub(crate) fn read(&self, bytes: &[u8]) -> Result<Report, ReadError> {
        let Description { media, findings: fields, .. } = &self.description;
        let mut warnings = Vec::new();
        let items = items(*media, fields.items.as_deref(), bytes)?;
        let mut findings = Vec::with_capacity(items.len());
        for item in &items {
            findings.extend(finding(fields, item, &mut warnings));
        }
        let tool = self.description.tool.clone().unwrap_or_else(|| self.description.name.clone());
        Ok(Report {
            tool: Some(Tool { name: tool, version: None }),
            findings: Some(findings),
            looked_for: vec![fields.kind],
            warnings,
            ..Report::default()
        })
    }
}

/// One item as a finding; nothing, with a warning, when it has neither rule nor title.
fn finding(fields: &Fields, item: &Item, warnings: &mut Vec<Warning>) -> Option<Finding> {
    let get = |field: &Option<Field>| field.as_ref().and_then(|field| field.of(item));
    let all = |field: &Option<Field>| field.as_ref().map(|field| field.all_of(item)).unwrap_or_default();
    let (rule, title) = (get(&fields.rule), get(&fields.title));
    let Some(rule) = rule.or_else(|| title.clone()) else {
        let message = "left out: it has neither the rule nor the title that the format describes".to_owned();
        warnings.push(Warning { at: item.place.clone(), message });
        return None;
    };
    let (severity, severity_word, score) = severity(fields, item, warnings);
    let component = component(fields, item, warnings);
    let location = get(&fields.path).map(|path| Location {
        path,
        line: get(&fields.line).and_then(|line| line.parse().ok()),
        end_line: None,
    });
    let place = location.as_ref().map_or("", |location| location.path.as_str());
    let distinction = component.as_ref().map_or(String::new(), |component| component.name.clone());
    let identity = match get(&fields.fingerprint) {
        Some(fingerprint) => identity::of_fingerprint(&rule, &fingerprint),
        None => identity::of_parts(&rule, &[place, &distinction, title.as_deref().unwrap_or_default()]),
    };
    let cwe = |text: &String| text.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok();
    Some(Finding {
        aliases: all(&fields.aliases),
        description: get(&fields.description).map(text::capped),
        severity,
        severity_word,
        score,
        cwes: all(&fields.cwes).iter().filter_map(cwe).collect(),
        component,
        location,
        fixed_versions: all(&fields.fixed_versions),
        remediation: get(&fields.remediation).map(text::capped),
        references: all(&fields.references),
        status: status(fields, item),
        identity,
        ..Finding::new(
            fields.kind,
            rule.clone(),
            title.as_deref().and_then(text::title).unwrap_or_else(|| rule.clone()),
        )
    })
}

/// Our severity by the words of the description, else by the score; the tool's own word and score.
fn severity(fields: &Fields, item: &Item, warnings: &mut Vec<Warning>) -> (Severity, Option<String>, Option<f64>) {
    let word = fields.severity.as_ref().and_then(|field| field.of(item));
    let score = fields.score.as_ref().and_then(|field| field.of(item)).and_then(|score| score.parse::<f64>().ok());
    let score = score.filter(|score| score.is_finite());
    let by_word = word.as_ref().map(|word| {
        let known = fields.severities.iter().find(|(known, _)| known.eq_ignore_ascii_case(word.trim()));
        let ours = known.map(|(_, severity)| *severity).or_else(|| word.trim().to_ascii_lowercase().parse().ok());
        if ours.is_none() {
            let message = format!("`{word}` is no severity of the format; taken for `unknown`");
            warnings.push(Warning { at: item.place.clone(), message });
        }
        ours.unwrap_or_default()
    });
    let severity = by_word.or(score.map(Severity::of_score)).unwrap_or_default();
    (severity, word, score)
}

fn component(fields: &Fields, item: &Item, warnings: &mut Vec<Warning>) -> Option<ComponentRef> {
    let get = |field: &Option<Field>| field.as_ref().and_then(|field| field.of(item));
    let purl = get(&fields.purl).and_then(|purl| crate::purl::canonical(&purl, &item.place, warnings));
    let named = purl.as_deref().and_then(crate::purl::component);
    let version = get(&fields.component_version);
    let name = get(&fields.component).or_else(|| named.as_ref().map(|named| named.name.clone()))?;
    let version = version.or_else(|| named.and_then(|named| named.version));
    let purl = purl.or_else(|| {
        let mut purl = PackageUrl::new(fields.ecosystem.clone()?, name.clone()).ok()?;
        if let Some(version) = &version {
            purl.with_version(version.clone()).ok()?;
        }
        PackageUrl::from_str(&purl.to_string()).ok().map(|purl| purl.to_string())
    });
    Some(ComponentRef { purl, name, version })
}

fn status(fields: &Fields, item: &Item) -> FindingStatus {
    let word = fields.status.as_ref().and_then(|field| field.of(item));
    let known = word.and_then(|word| fields.statuses.get(word.trim()).copied());
    known.unwrap_or_default()
}
