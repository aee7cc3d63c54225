//! Where the components that have vulnerabilities stand in a bill of materials. What a scanner found and no inventory names
//! is a component, too: somebody saw it.

use crate::sbom::Contents;
use crate::sbom::vulnerabilities::Vulnerability;
use shipworthy_model::{Component, ComponentRef};
use shipworthy_store::finding::without_qualifiers;
use std::collections::HashMap;

/// The components that have vulnerabilities.
#[derive(Debug, Default)]
pub(super) struct Affected {
    /// Those that no inventory names.
    pub(super) further: Vec<Component>,
    /// The reference of each vulnerability's component, in the order of the vulnerabilities; absent for the release.
    pub(super) references: Vec<Option<String>>,
}

/// Finds the components of these vulnerabilities.
pub(super) fn affected(contents: &Contents, vulnerabilities: &[Vulnerability]) -> Affected {
    let mut known: HashMap<String, String> = HashMap::new();
    for component in &contents.components {
        let names = names(component.purl.as_deref(), &component.name, component.version.as_deref());
        for name in names {
            known.entry(name).or_insert_with(|| component.reference.clone());
        }
    }
    let mut affected = Affected::default();
    for vulnerability in vulnerabilities {
        // What a statement says of another document's components, it says of the release as far as we know.
        let component = vulnerability.component.as_ref().filter(|component| !component.name.starts_with("urn:cdx:"));
        let Some(ComponentRef { purl, name, version }) = component else {
            affected.references.push(None);
            continue;
        };
        let names = names(purl.as_deref(), name, version.as_deref());
        let reference = names.iter().find_map(|name| known.get(name)).cloned().unwrap_or_else(|| {
            let reference = names.first().cloned().unwrap_or_default();
            known.extend(names.iter().map(|name| (name.clone(), reference.clone())));
            affected.further.push(Component {
                reference: reference.clone(),
                kind: "library".to_owned(),
                name: name.clone(),
                version: version.clone(),
                purl: purl.clone(),
                ..Component::default()
            });
            reference
        });
        affected.references.push(Some(reference));
    }
    affected.further.sort_by(|one, other| one.reference.cmp(&other.reference));
    affected
}

/// The names under which a component is looked for, the closest first.
fn names(purl: Option<&str>, name: &str, version: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = purl.into_iter().map(str::to_owned).collect();
    names.extend(purl.map(without_qualifiers).filter(|plain| Some(*plain) != purl).map(str::to_owned));
    names.push(version.map_or_else(|| name.to_owned(), |version| format!("{name}@{version}")));
    names
}
