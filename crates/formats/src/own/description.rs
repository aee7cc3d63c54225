//! The TOML of a format that a user describes.

use super::document::Item;
use crate::FORMATS;
use serde::Deserialize;
use shipworthy_model::{FindingKind, FindingStatus, Phase, Severity};
use std::collections::BTreeMap;

/// A description that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidFormat {
    /// What was expected, what was found and where.
    pub message: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Description {
    pub(super) name: String,
    pub(super) title: String,
    #[serde(default)]
    pub(super) homepage: String,
    pub(super) phase: Phase,
    pub(super) tool: Option<String>,
    pub(super) media: Media,
    pub(super) recognise: Option<Recognise>,
    pub(super) findings: Fields,
}

/// What the documents are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Media {
    Json,
    JsonLines,
    Xml,
    Csv,
}

/// How documents are known: all of it must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Recognise {
    /// The root of XML.
    pub(super) root: Option<String>,
    /// Paths that are there.
    #[serde(default)]
    pub(super) has: Vec<String>,
    /// Paths with the value that stands there.
    #[serde(default)]
    pub(super) values: BTreeMap<String, String>,
    /// Columns of the table.
    #[serde(default)]
    pub(super) columns: Vec<String>,
}

/// Where the findings are, and where in each of them its parts are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Fields {
    pub(super) items: Option<String>,
    pub(super) kind: FindingKind,
    pub(super) rule: Option<Field>,
    pub(super) title: Option<Field>,
    pub(super) description: Option<Field>,
    pub(super) severity: Option<Field>,
    #[serde(default)]
    pub(super) severities: BTreeMap<String, Severity>,
    pub(super) score: Option<Field>,
    pub(super) status: Option<Field>,
    #[serde(default)]
    pub(super) statuses: BTreeMap<String, FindingStatus>,
    pub(super) component: Option<Field>,
    pub(super) component_version: Option<Field>,
    pub(super) purl: Option<Field>,
    /// The type of package URL that components have, such as `npm`, where the documents give names and versions alone.
    pub(super) ecosystem: Option<String>,
    pub(super) path: Option<Field>,
    pub(super) line: Option<Field>,
    pub(super) fixed_versions: Option<Field>,
    pub(super) remediation: Option<Field>,
    pub(super) references: Option<Field>,
    pub(super) aliases: Option<Field>,
    pub(super) cwes: Option<Field>,
    pub(super) fingerprint: Option<Field>,
}

/// Where a part of a finding is: a path, or several of which the first with a value is taken.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "PathOrPaths")]
pub(super) struct Field(Vec<String>);

impl Field {
    /// The first value at the path.
    pub(super) fn of(&self, item: &Item) -> Option<String> {
        self.all_of(item).into_iter().next()
    }

    /// Every value at the first path that has one.
    pub(super) fn all_of(&self, item: &Item) -> Vec<String> {
        self.0.iter().map(|path| item.texts(path)).find(|texts| !texts.is_empty()).unwrap_or_default()
    }
}

/// TOML gives either a text or a list of texts.
struct PathOrPaths(Vec<String>);

impl<'de> Deserialize<'de> for PathOrPaths {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(path) => Ok(Self(vec![path])),
            toml::Value::Array(paths) => {
                let paths = paths.into_iter().map(|path| path.as_str().map(str::to_owned));
                let paths: Option<Vec<_>> = paths.collect();
                paths.map(Self).ok_or_else(|| serde::de::Error::custom("expected a list of paths"))
            }
            other => Err(serde::de::Error::custom(format!("expected a path or a list of paths, found {other}"))),
        }
    }
}

impl TryFrom<PathOrPaths> for Field {
    type Error = &'static str;
    fn try_from(PathOrPaths(paths): PathOrPaths) -> Result<Self, &'static str> {
        let is_blank = |path: &String| path.trim().is_empty();
        if paths.is_empty() || paths.iter().any(is_blank) {
            return Err("expected a path, found a blank one");
        }
        Ok(Self(paths))
    }
}

impl Description {
    pub(super) fn parse(source: &str) -> Result<Self, InvalidFormat> {
        let invalid = |message: String| InvalidFormat { message };
        let description: Self =
            toml::from_str(source).map_err(|error| invalid(error.to_string().trim_end().to_owned()))?;
        description.check().map_err(invalid)?;
        Ok(description)
    }

    fn check(&self) -> Result<(), String> {
        let Self { name, title, homepage, media, recognise, findings, .. } = self;
        let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 60 || !name.chars().all(is_kebab) || !name.starts_with(char::is_alphabetic) {
            return Err(format!(
                "`name`: expected at most 60 of `a-z`, `0-9` and `-`, beginning with a letter, found `{name}`"
            ));
        }
        if FORMATS.iter().any(|format| format.name == *name) {
            return Err(format!("`name`: `{name}` is a format that comes with Shipworthy\nhint: choose another name"));
        }
        if title.trim().is_empty() || title.len() > 200 {
            return Err("`title`: expected a name for people of at most 200 bytes".to_owned());
        }
        if !homepage.is_empty() && !homepage.starts_with("https://") && !homepage.starts_with("http://") {
            return Err(format!("`homepage`: expected an address on the web, found `{homepage}`"));
        }
        if findings.rule.is_none() && findings.title.is_none() {
            return Err("`[findings]`: expected a `rule` or a `title`, found neither".to_owned());
        }
        if *media == Media::Csv && findings.items.is_some() {
            return Err("`findings.items`: every row of a table is an item\nhint: leave it out".to_owned());
        }
        if *media == Media::Xml && findings.items.is_none() {
            return Err("`findings.items`: expected the path of the elements that are findings, found none".to_owned());
        }
        let Some(Recognise { root, has, values, columns }) = recognise else { return Ok(()) };
        if root.is_some() && *media != Media::Xml {
            return Err("`recognise.root`: only XML has a root".to_owned());
        }
        if !columns.is_empty() && *media != Media::Csv {
            return Err("`recognise.columns`: only a table has columns".to_owned());
        }
        if root.is_none() && has.is_empty() && values.is_empty() && columns.is_empty() {
            return Err("`[recognise]`: expected something by which documents are known, found nothing\n\
                hint: leave the section out to read documents by the name of the format alone"
                .to_owned());
        }
        Ok(())
    }
}
