//! What the rules look at: the texts of the working tree that Git knows or would add, and the packages that Cargo
//! resolved for this machine. Tests build a small one by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::workplace::output_of;

/// The working tree as the rules see it.
#[derive(Default)]
pub(crate) struct House {
    /// Path from the root, with `/`, to text. What is no UTF-8 is there with replacement characters.
    pub(crate) files: BTreeMap<String, String>,
    /// Cargo's id of a package to what matters of it.
    pub(crate) packages: BTreeMap<String, Package>,
}

/// A crate of ours or of others.
#[derive(Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) is_ours: bool,
    /// Ids of what it is built with.
    pub(crate) needs: BTreeSet<String>,
    /// Ids of what its tests need besides.
    pub(crate) tests_need: BTreeSet<String>,
}

impl House {
    pub(crate) fn at(root: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for name in Self::file_names(root)? {
            let bytes = fs::read(root.join(&name)).with_context(|| format!("cannot read {name}"))?;
            files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
        Ok(Self { files, packages: packages(root)? })
    }

    /// Every file that is committed or would be, in order. What was deleted and not yet committed is left out.
    pub(crate) fn file_names(root: &Path) -> Result<Vec<String>> {
        let mut git = Command::new("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
        let output = output_of(&mut git)?;
        let mut names: Vec<String> = String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|name| !name.is_empty() && root.join(name).is_file())
            .map(str::to_owned)
            .collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// Files whose name ends like this, without what tools wrote or gave us.
    pub(crate) fn written_by_hand<'a>(&'a self, endings: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        files.filter(|(name, _)| endings.iter().any(|ending| name.ends_with(ending)) && !is_made_by_tools(name))
    }

    /// Whether a file, or a folder with anything in it, lies there.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.files.contains_key(path)
            || self.files.range(folder.clone()..).next().is_some_and(|(name, _)| name.starts_with(&folder))
    }
}

/// Samples come from tools, snapshots and reference pages from our own commands, lock files from package managers.
fn is_made_by_tools(name: &str) -> bool {
    let places = ["crates/formats/samples/", "docs/contributing/corpus.md", "docs/reference/", "ui/src/api/schema"];
    let endings = [".snap", ".lock", "package-lock.json", ".svg", "openapi.json", ".schema.json"];
    places.iter().any(|place| name.starts_with(place))
        || name.contains("/testdata/")
        || endings.iter().any(|ending| name.ends_with(ending))
}

fn packages(root: &Path) -> Result<BTreeMap<String, Package>> {
    let mut cargo = Command::new("cargo");
    // Without a filter Cargo fetches the crates of every platform just to describe them.
    cargo.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &this_platform()?]);
    let output = output_of(cargo.current_dir(root))?;
    let answer: Metadata = serde_json::from_slice(&output.stdout).context("`cargo metadata` gave unexpected JSON")?;

    let ours: BTreeSet<String> = answer.workspace_members.into_iter().collect();
    let mut packages = BTreeMap::new();
    for Described { id, name, version, license } in answer.packages {
        let is_ours = ours.contains(&id);
        packages.insert(id, Package { name, version, license, is_ours, ..Package::default() });
    }
    for node in answer.resolve.nodes {
        let package = packages.get_mut(&node.id).context("`cargo metadata` resolved a package it did not describe")?;
        for link in node.deps {
            let is_for_tests = link.dep_kinds.iter().all(|kind| kind.kind.as_deref() == Some("dev"));
            let place = if is_for_tests { &mut package.tests_need } else { &mut package.needs };
            place.insert(link.pkg);
        }
    }
    // A package for another platform is described and never resolved to; nothing of ours contains it.
    let reached: BTreeSet<String> =
        packages.values().flat_map(|p| p.needs.iter().chain(&p.tests_need)).cloned().collect();
    packages.retain(|id, package| package.is_ours || reached.contains(id));
    Ok(packages)
}

fn this_platform() -> Result<String> {
    let answer = output_of(Command::new("rustc").arg("-vV"))?;
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("`rustc -vV` does not name its host")
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Described>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Described {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    pkg: String,
    dep_kinds: Vec<LinkKind>,
}

#[derive(Deserialize)]
struct LinkKind {
    kind: Option<String>,
}

#[cfg(test)]
pub(crate) mod build {
    //! Houses for the tests of rules.

    use super::{House, Package};

    impl House {
        pub(crate) fn of(files: &[(&str, &str)]) -> Self {
            let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            Self { files, ..Self::default() }
        }

        /// In tests a package's id is its name.
        pub(crate) fn with(mut self, name: &str, is_ours: bool, needs: &[&str]) -> Self {
            let needs = needs.iter().map(|need| (*need).to_owned()).collect();
            let package = Package { name: name.to_owned(), is_ours, needs, ..Package::default() };
            self.packages.insert(name.to_owned(), package);
            self
        }
    }
}
