//! Which crate may know which. The compiler keeps a crate from using what its manifest does not name; these rules
//! keep the manifests.

use std::collections::BTreeSet;

use crate::tidy::house::{House, Package};

/// Each crate of ours and the crates of ours that it may name, in manifest and in tests.
const ARROWS: &[(&str, &[&str])] = &[
    ("shipworthy-model", &[]),
    ("shipworthy-formats", &["shipworthy-model"]),
    ("shipworthy-advisories", &["shipworthy-model"]),
    ("shipworthy-policy", &["shipworthy-model"]),
    ("shipworthy-trust", &["shipworthy-model"]),
    ("shipworthy-store", &["shipworthy-model"]),
    ("shipworthy-typeset", &[]),
    (
        "shipworthy",
        &[
            "shipworthy-model",
            "shipworthy-formats",
            "shipworthy-advisories",
            "shipworthy-policy",
            "shipworthy-trust",
            "shipworthy-store",
            "shipworthy-typeset",
        ],
    ),
    ("xtask", &[]),
];

/// What may be reached, however far down, from no crate but these.
const HEAVY: &[(&str, &[&str])] = &[
    ("axum", &["shipworthy"]),
    ("hyper", &["shipworthy", "shipworthy-store"]),
    ("mio", &["shipworthy", "shipworthy-store"]),
    ("object_store", &["shipworthy", "shipworthy-store"]),
    ("reqwest", &["shipworthy", "shipworthy-store"]),
    ("sqlx", &["shipworthy", "shipworthy-store"]),
    ("tokio", &["shipworthy", "shipworthy-store"]),
];

/// What only these crates may name themselves.
const RESERVED: &[(&str, &[&str])] = &[
    ("axum", &["shipworthy"]),
    ("object_store", &["shipworthy-store"]),
    ("regorus", &["shipworthy-policy"]),
    ("reqwest", &["shipworthy"]),
    ("sqlx", &["shipworthy-store"]),
];

/// The arrows of `ARCHITECTURE.md`.
pub(crate) fn between_crates(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in house.packages.values().filter(|package| package.is_ours) {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            complaints.push(format!(
                "`{}` has no arrows yet\n        hint: add it to `ARROWS` in xtask/src/tidy/arrows.rs",
                package.name
            ));
            continue;
        };
        for known in named_by(package, house).filter(|known| known.is_ours) {
            if !allowed.contains(&known.name.as_str()) {
                complaints.push(format!("`{}` must not know `{}`", package.name, known.name));
            }
        }
    }
    complaints
}

/// No network, database or async runtime in the crates whose tests should take a second.
pub(crate) fn light_crates_stay_light(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in house.packages.values().filter(|package| package.is_ours) {
        let reached = reached_from(package, house);
        for (heavy, allowed) in HEAVY {
            if reached.contains(heavy) && !allowed.contains(&package.name.as_str()) {
                complaints
                    .push(format!("`{}` must not depend on `{heavy}`, not even through another crate", package.name));
            }
        }
        for (reserved, allowed) in RESERVED {
            let is_named = named_by(package, house).any(|known| known.name == *reserved);
            if is_named && !allowed.contains(&package.name.as_str()) {
                complaints.push(format!(
                    "`{}` must not name `{reserved}`: that is for {}",
                    package.name,
                    allowed.join(", ")
                ));
            }
        }
    }
    complaints
}

fn named_by<'a>(package: &'a Package, house: &'a House) -> impl Iterator<Item = &'a Package> {
    package.needs.iter().chain(&package.tests_need).filter_map(|id| house.packages.get(id))
}

fn reached_from<'a>(package: &'a Package, house: &'a House) -> BTreeSet<&'a str> {
    let mut waiting: Vec<&str> = package.needs.iter().map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(found) = house.packages.get(id).filter(|_| seen.insert(id)) else { continue };
        names.insert(found.name.as_str());
        waiting.extend(found.needs.iter().map(String::as_str));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_must_not_know_the_store() {
        let house = House::default().with("shipworthy-formats", true, &["shipworthy-store"]).with(
            "shipworthy-store",
            true,
            &[],
        );
        assert_eq!(between_crates(&house), ["`shipworthy-formats` must not know `shipworthy-store`"]);
    }

    #[test]
    fn a_test_draws_an_arrow_too() {
        let mut house = House::default().with("xtask", true, &[]).with("shipworthy", true, &[]);
        house.packages.get_mut("xtask").unwrap().tests_need.insert("shipworthy".to_owned());
        assert_eq!(between_crates(&house), ["`xtask` must not know `shipworthy`"]);
    }

    #[test]
    fn a_new_crate_needs_its_place() {
        let house = House::default().with("shipworthy-common", true, &[]);
        assert!(between_crates(&house)[0].starts_with("`shipworthy-common` has no arrows yet"));
    }

    #[test]
    fn a_light_crate_must_not_reach_a_runtime_through_another() {
        let house = House::default()
            .with("shipworthy-trust", true, &["sigstore"])
            .with("sigstore", false, &["tokio"])
            .with("tokio", false, &[]);
        let complaint = "`shipworthy-trust` must not depend on `tokio`, not even through another crate";
        assert_eq!(light_crates_stay_light(&house), [complaint]);
    }

    #[test]
    fn only_the_store_names_the_database_driver() {
        let house = House::default().with("shipworthy", true, &["sqlx"]).with("sqlx", false, &[]);
        assert_eq!(
            light_crates_stay_light(&house),
            ["`shipworthy` must not name `sqlx`: that is for shipworthy-store"]
        );
    }

    #[test]
    fn the_house_as_designed_is_in_order() {
        let house = House::default()
            .with("shipworthy", true, &["shipworthy-store", "shipworthy-model", "tokio"])
            .with("shipworthy-store", true, &["shipworthy-model", "sqlx"])
            .with("shipworthy-model", true, &["serde"])
            .with("sqlx", false, &["tokio"])
            .with("serde", false, &[])
            .with("tokio", false, &[]);
        assert_eq!(between_crates(&house), [""; 0]);
        assert_eq!(light_crates_stay_light(&house), [""; 0]);
    }
}
