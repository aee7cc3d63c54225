//! No crate is there twice, except those that `deny.toml` lists with whom to wait for. The list may only shrink.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::house::House;

const LIST: &str = "deny.toml";

pub(crate) fn are_listed(house: &House) -> Vec<String> {
    let text = house.files.get(LIST).map_or("", String::as_str);
    let listed: BTreeSet<&str> = text.lines().filter_map(skipped).collect();
    let mut needed = BTreeSet::new();
    let mut complaints = Vec::new();
    for (name, version) in older_copies(house) {
        let entry = listed.iter().find(|entry| is_meant(entry, name, version));
        match entry {
            Some(entry) => drop(needed.insert(*entry)),
            None => complaints.push(format!(
                "`{name}` {version} is a second copy\n        hint: find the one version for all, or list it in {LIST}"
            )),
        }
    }
    let unneeded = listed.difference(&needed);
    complaints.extend(unneeded.map(|entry| format!("`{entry}` in {LIST} is no second copy any more: strike it")));
    complaints
}

/// The entries of the list `skip`: `{ crate = "base64@0.22", reason = "…" },`.
fn skipped(line: &str) -> Option<&str> {
    let (entry, _) = line.trim().strip_prefix("{ crate = \"")?.split_once('"')?;
    entry.contains('@').then_some(entry)
}

fn is_meant(entry: &str, name: &str, version: &str) -> bool {
    let Some((entry_name, entry_version)) = entry.split_once('@') else { return false };
    let rest = version.strip_prefix(entry_version);
    entry_name == name && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Every version but the newest of each crate.
fn older_copies(house: &House) -> Vec<(&str, &str)> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in house.packages.values() {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    let mut older = Vec::new();
    for (name, mut versions) in versions {
        versions.sort_by_key(|version| numbers(version));
        versions.pop();
        older.extend(versions.into_iter().map(|version| (name, version)));
    }
    older
}

fn numbers(version: &str) -> Vec<u64> {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    core.split('.').map(|number| number.parse().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house_with_two(list: &str) -> House {
        let mut house = House::of(&[("deny.toml", list)]).with("old", false, &[]).with("new", false, &[]);
        for (id, version) in [("old", "0.9.1"), ("new", "0.10.0")] {
            let package = house.packages.get_mut(id).unwrap();
            package.name = "rand".to_owned();
            package.version = version.to_owned();
        }
        house
    }

    #[test]
    fn a_second_copy_is_named_by_its_older_version() {
        let complaints = are_listed(&house_with_two(""));
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].starts_with("`rand` 0.9.1 is a second copy"));
    }

    #[test]
    fn a_listed_copy_is_fine() {
        assert_eq!(are_listed(&house_with_two("    { crate = \"rand@0.9\", reason = \"sqlx\" },\n")), [""; 0]);
    }

    #[test]
    fn an_entry_that_nobody_needs_is_named() {
        let house = House::of(&[("deny.toml", "    { crate = \"rand@0.9\", reason = \"sqlx\" },\n")]);
        assert_eq!(are_listed(&house), ["`rand@0.9` in deny.toml is no second copy any more: strike it"]);
    }
}
