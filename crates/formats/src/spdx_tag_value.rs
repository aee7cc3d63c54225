//! SPDX 2 as tags and values, a line each: packages with their licences and relationships.
//! <https://spdx.github.io/spdx-spec/v2.3/conformance/#44-standard-data-format-requirements>

use crate::json::Text;
use crate::spdx_document::{Bill, Checksum, Creation, File, Header, Package, Reference, Relationship};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report, Warning};
use std::borrow::Cow;

pub(crate) static FORMAT: Format = Format {
    name: "spdx-tag-value",
    title: "SPDX 2 (tag-value)",
    homepage: "https://spdx.github.io/spdx-spec/v2.3/",
    phase: Phase::Artifact,
    tool: "spdx",
    reads: "versions 2.0 to 2.3; vulnerabilities whose advisories packages name",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["SPDXVersion"],
    recognises,
    read,
};

const OPENS: &str = "<text>";
const CLOSES: &str = "</text>";

fn recognises(probe: &Probe) -> bool {
    probe.is_text() && states_version(probe.head)
}

fn states_version(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"SPDXVersion:"))
}

/// What the tags of the next lines are about.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    Document,
    Package,
    File,
    /// Snippets, texts of licences and other things that are not read.
    Other,
}

#[derive(Default)]
struct Parts<'a> {
    header: Header<'a>,
    creation: Creation<'a>,
    packages: Vec<Package<'a>>,
    files: Vec<File<'a>>,
    relationships: Vec<Relationship<'a>>,
    warnings: Vec<Warning>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    if !states_version(bytes) {
        return Err(ReadError::lacks("SPDX document", "its lines", "expected the tag `SPDXVersion`, found none"));
    }
    let text = String::from_utf8_lossy(bytes);
    let mut parts = Parts::default();
    let mut section = Section::Document;
    let mut rest: &str = &text;
    let mut line_number = 0;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        line_number += 1;
        let at = line_number;
        rest = after;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((tag, value)) = line.split_once(':') else {
            parts.warn(at, "left out: expected a tag, a colon and a value, found another line");
            continue;
        };
        let value = value.trim();
        // A text in several lines goes on to its closing mark.
        if value.starts_with(OPENS) && !value.contains(CLOSES) {
            let Some((inside, after)) = rest.split_once(CLOSES) else {
                let message = format!("expected `{CLOSES}`, found the end of the document");
                return Err(ReadError::lacks("SPDX document", &format!("line {at}"), message));
            };
            line_number += inside.matches('\n').count();
            rest = after.split_once('\n').map_or("", |(_, after)| after);
            line_number += 1;
        }
        let value = value.trim_start_matches(OPENS).trim_end_matches(CLOSES).trim();
        parts.take(tag.trim(), value, &mut section, at);
    }
    let Parts { mut header, creation, packages, files, relationships, warnings } = parts;
    header.creation = creation;
    Ok(Bill::of(&header, &packages, &files, &relationships, warnings))
}

impl<'a> Parts<'a> {
    fn warn(&mut self, line: usize, message: &str) {
        self.warnings.push(Warning { at: format!("line {line}"), message: message.to_owned() });
    }

    fn take(&mut self, tag: &str, value: &'a str, section: &mut Section, line: usize) {
        let text = Text(Cow::Borrowed(value));
        match tag {
            "SPDXVersion" => self.header.version = text,
            "DocumentNamespace" => self.header.namespace = Some(text),
            "Creator" => self.creation.creators.push(text),
            "Created" => self.creation.created = Some(text),
            "Relationship" => self.relate(value, line),
            "PackageName" => {
                *section = Section::Package;
                self.packages.push(Package { name: Some(text), ..Package::default() });
            }
            "FileName" => {
                *section = Section::File;
                self.files.push(File { name: Some(text), ..File::default() });
            }
            "SnippetSPDXID" | "SnippetSPDXIdentifier" | "LicenseID" => *section = Section::Other,
            _ if *section == Section::Package => self.take_of_package(tag, text, line),
            _ if *section == Section::File => self.take_of_file(tag, text, line),
            _ => {}
        }
    }

    fn take_of_package(&mut self, tag: &str, text: Text<'a>, line: usize) {
        let Some(package) = self.packages.last_mut() else { return };
        match tag {
            "SPDXID" => package.id = Some(text),
            "PackageVersion" => package.version = Some(text),
            "PackageSupplier" => package.supplier = Some(text),
            "PackageLicenseConcluded" => package.concluded = Some(text),
            "PackageLicenseDeclared" => package.declared = Some(text),
            "PackageSourceInfo" => package.source = Some(text),
            "PrimaryPackagePurpose" => package.purpose = Some(text),
            "PackageChecksum" => match (checksum(&text), &mut package.checksums.0) {
                (Some(checksum), Ok(checksums)) => checksums.push(checksum),
                _ => self.warn(line, "left out: expected an algorithm, a colon and a checksum"),
            },
            "ExternalRef" => match (reference(&text), &mut package.references.0) {
                (Some(reference), Ok(references)) => references.push(reference),
                _ => self.warn(line, "left out: expected a category, a type and a locator"),
            },
            _ => {}
        }
    }

    fn take_of_file(&mut self, tag: &str, text: Text<'a>, line: usize) {
        let Some(file) = self.files.last_mut() else { return };
        match tag {
            "SPDXID" => file.id = Some(text),
            "LicenseConcluded" => file.concluded = Some(text),
            "FileChecksum" => match (checksum(&text), &mut file.checksums.0) {
                (Some(checksum), Ok(checksums)) => checksums.push(checksum),
                _ => self.warn(line, "left out: expected an algorithm, a colon and a checksum"),
            },
            _ => {}
        }
    }

    fn relate(&mut self, value: &'a str, line: usize) {
        let mut words = value.split_whitespace().map(|word| Text(Cow::Borrowed(word)));
        match (words.next(), words.next(), words.next()) {
            (Some(element), Some(kind), Some(related)) => {
                self.relationships.push(Relationship { element, related, kind });
            }
            _ => self.warn(line, "left out: expected an element, a type of relationship and an element"),
        }
    }
}

/// `SHA1: 85ed…`
fn checksum<'a>(text: &Text<'a>) -> Option<Checksum<'a>> {
    let Text(Cow::Borrowed(text)) = text else { return None };
    let (algorithm, value) = text.split_once(':')?;
    Some(Checksum { algorithm: Text(Cow::Borrowed(algorithm.trim())), value: Text(Cow::Borrowed(value.trim())) })
}

/// `PACKAGE-MANAGER purl pkg:npm/till@1.0.0`
fn reference<'a>(text: &Text<'a>) -> Option<Reference<'a>> {
    let Text(Cow::Borrowed(text)) = text else { return None };
    let mut words = text.split_whitespace().skip(1).map(|word| Text(Cow::Borrowed(word)));
    Some(Reference { kind: words.next()?, locator: words.next()? })
}
