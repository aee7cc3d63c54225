//! What makes two components the same, and what is known of one that several inventories name.

use shipworthy_model::{Component, ComponentEvidence, InventoryService};
use std::collections::HashSet;

/// What makes it the same component in another inventory: its package URL, else its name and version. Files and
/// cryptographic assets are told apart by their contents, too: an image has many files of one name.
pub(crate) fn identity(component: &Component) -> String {
    if let Some(purl) = &component.purl {
        return purl.clone();
    }
    let mut identity = named(component);
    if component.kind == "file" {
        identity.extend(component.hashes.iter().map(|hash| format!("|{hash}")));
    }
    if let Some(crypto) = &component.crypto {
        identity.push_str(&format!("|{crypto:?}"));
    }
    identity
}

fn named(component: &Component) -> String {
    match &component.version {
        Some(version) => format!("{}@{version}", component.name),
        None => component.name.clone(),
    }
}

/// Adds to a component what an older inventory says of it.
pub(crate) fn hear(known: &mut Component, older: Component) {
    let Component { reference: _, kind, name, version, purl: _, cpe, supplier, license, hashes, scope, .. } = older;
    if known.kind.is_empty() {
        known.kind = kind;
    }
    if known.name.is_empty() {
        known.name = name;
    }
    fill(&mut known.version, version);
    fill(&mut known.cpe, cpe);
    fill(&mut known.supplier, supplier);
    fill(&mut known.license, license);
    fill(&mut known.pedigree, older.pedigree);
    fill(&mut known.crypto, older.crypto);
    for hash in hashes {
        if !known.hashes.contains(&hash) {
            known.hashes.push(hash);
        }
    }
    known.hashes.sort_unstable();
    // Needed for everything, as soon as one says so.
    if known.scope != scope {
        known.scope = None;
    }
    match (&mut known.evidence, older.evidence) {
        (Some(known), Some(older)) => see(known, *older),
        (evidence @ None, older) => *evidence = older,
        (Some(_), None) => {}
    }
}

fn fill<T>(known: &mut Option<T>, older: Option<T>) {
    if known.is_none() {
        *known = older;
    }
}

fn see(known: &mut ComponentEvidence, older: ComponentEvidence) {
    let ComponentEvidence { confidence_percent, techniques, places, license } = older;
    known.confidence_percent = known.confidence_percent.max(confidence_percent);
    fill(&mut known.license, license);
    let new = |mine: &[String], theirs: Vec<String>| {
        theirs.into_iter().filter(|text| !mine.contains(text)).collect::<Vec<_>>()
    };
    let (techniques, places) = (new(&known.techniques, techniques), new(&known.places, places));
    known.techniques.extend(techniques);
    known.places.extend(places);
}

/// Adds to a service what an older inventory says of it.
pub(crate) fn hear_service(known: &mut InventoryService, older: InventoryService) {
    let InventoryService { reference: _, name: _, version: _, provider, endpoints, .. } = older;
    fill(&mut known.provider, provider);
    fill(&mut known.is_authenticated, older.is_authenticated);
    fill(&mut known.crosses_trust_boundary, older.crosses_trust_boundary);
    for (mine, theirs) in [(&mut known.endpoints, endpoints), (&mut known.data, older.data)] {
        mine.extend(theirs);
        mine.sort_unstable();
        mine.dedup();
    }
}

/// Gives every component a reference of its own: its package URL, else its name and version, with a number where that is
/// taken.
pub(crate) fn refer(components: &mut [Component]) {
    let mut taken: HashSet<String> = HashSet::with_capacity(components.len());
    for component in components {
        let wanted = component.purl.clone().unwrap_or_else(|| named(component));
        let wanted = if wanted.is_empty() { "unnamed".to_owned() } else { wanted };
        let mut reference = wanted.clone();
        let mut number = 1_u32;
        while !taken.insert(reference.clone()) {
            number += 1;
            reference = format!("{wanted}#{number}");
        }
        component.reference = reference;
    }
}
