//! `shipworthy match`: says without a server which vulnerabilities the components of inventories have, and why.

mod data;
mod pair;
mod sarif;

use crate::cli::output::{Exit, Failure, print_json, print_table, say};
use crate::wording::{counted, shown};
use pair::{Pair, State};
use serde::Serialize;
use shipworthy_advisories::cpe::Cpe;
use shipworthy_advisories::knowledge::Index;
use shipworthy_formats::Reader;
use shipworthy_model::{Component, Inventory, Report, Severity, VexStatement};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Say which vulnerabilities the components of inventories have, and why, without a server.
///
/// Vulnerability data are files: records of OSV and exports of its ecosystems (zip), GitHub advisories, NVD, CVE records, EPSS
/// and the catalogue of known exploited vulnerabilities, packed or not, or folders of them.
#[derive(Debug, clap::Args)]
pub(crate) struct Match {
    /// Inventories, such as CycloneDX or SPDX documents.
    #[arg(required = true, value_name = "SBOM")]
    inventories: Vec<PathBuf>,
    /// Vulnerability data, a file or a folder; may be given more than once.
    #[arg(long, required = true, value_name = "FILE|DIR")]
    advisories: Vec<PathBuf>,
    /// Statements of VEX about these products, to be heard; may be given more than once. Those in the inventories are heard, too.
    #[arg(long, value_name = "FILE")]
    vex: Vec<PathBuf>,
    /// Exit with 1 when a component has, or may have, a vulnerability of this severity or worse that no statement excludes.
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Severity>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    output: Layout,
}

/// How matches are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Layout {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For what shows code scanning results.
    Sarif,
}

/// What was found in all inventories.
#[derive(Debug, Default, Serialize)]
struct Found {
    /// Every vulnerability of every component, the worst first.
    matches: Vec<Pair>,
    /// Components of which nothing can be known, and why.
    unidentified: Vec<Unidentified>,
}

/// A component of which nothing can be known.
#[derive(Debug, Serialize)]
struct Unidentified {
    inventory: String,
    component: String,
    why: String,
}

impl Match {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Self { inventories, advisories, vex, fail_on, output } = self;
        let knowledge = data::known(&advisories)?;
        let index = knowledge.index();
        let mut statements = Vec::new();
        for file in &vex {
            statements.extend(read(file)?.vex);
        }
        let mut found = Found::default();
        for file in &inventories {
            let Report { inventory, vex, .. } = read(file)?;
            let Some(inventory) = inventory else {
                return Err(Failure::usage(format_args!("{}: it has no inventory", file.display())));
            };
            let statements: Vec<&VexStatement> = statements.iter().chain(&vex).collect();
            found.look(&index, file, &inventory, &statements);
        }
        found
            .matches
            .sort_by(|left, right| right.rank().cmp(&left.rank()).then_with(|| left.order().cmp(&right.order())));
        match output {
            Layout::Text => found.show(),
            Layout::Json => print_json(&found)?,
            Layout::Sarif => print_json(&sarif::write(&found.matches))?,
        }
        let is_too_bad = |pair: &Pair| fail_on.is_some_and(|worst| pair.is_as_bad_as(worst));
        Ok(if found.matches.iter().any(is_too_bad) { Exit::Denied } else { Exit::Done })
    }
}

fn read(file: &Path) -> Result<Report, Failure> {
    let bytes = std::fs::read(file).map_err(|error| Failure::usage(format_args!("{}: {error}", file.display())))?;
    let reading = Reader::default().read(&bytes, None);
    Ok(reading.map_err(|error| Failure::usage(format_args!("{}: {error}", file.display())))?.report)
}

impl Found {
    fn look(&mut self, index: &Index<'_>, file: &Path, inventory: &Inventory, statements: &[&VexStatement]) {
        let name = file.display().to_string();
        let systems = inventory.components.iter().filter(|component| component.kind == "operating-system");
        let beside: Vec<Cpe> = systems.filter_map(|system| Cpe::parse(system.cpe.as_deref()?).ok()).collect();
        let is_package = |component: &&Component| component.kind != "file";
        for component in inventory.components.iter().chain(&inventory.describes).filter(is_package) {
            match index.matches(component, &beside) {
                Ok(matches) => {
                    let pair = |found| Pair::new(&name, component, inventory, found, statements);
                    self.matches.extend(matches.into_iter().map(pair));
                }
                // What is described is told by its parts.
                Err(_) if inventory.describes.as_ref() == Some(component) => {}
                Err(why) => {
                    let version = component.version.as_deref().map(|version| format!("@{version}"));
                    let component = format!("{}{}", component.name, version.unwrap_or_default());
                    self.unidentified.push(Unidentified { inventory: name.clone(), component, why });
                }
            }
        }
    }

    fn show(&self) {
        let heading = ["VULNERABILITY", "SEVERITY", "COMPONENT", "VERSION", "FIXED IN", "STATE", "WHY"];
        let rows: Vec<Vec<String>> = self.matches.iter().map(Pair::row).collect();
        if !rows.is_empty() {
            print_table(&heading, &rows);
        }
        let count = |state| self.matches.iter().filter(|pair| pair.state == state).count() as u64;
        let affected = counted(count(State::Affected), "vulnerability");
        say(format_args!("{affected}, and {} of which it is not known", count(State::Unknown)));
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for Unidentified { component, why, .. } in &self.unidentified {
            by_reason.entry(why).or_default().push(component);
        }
        for (why, components) in by_reason {
            let names = components.iter().take(5).map(|name| shown(name)).collect::<Vec<_>>().join(", ");
            let more = if components.len() > 5 { ", …" } else { "" };
            let components = counted(components.len() as u64, "component");
            say(format_args!("nothing can be said of {components}, because {why}: {names}{more}"));
        }
    }
}
