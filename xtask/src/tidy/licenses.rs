//! Everything that ends up in the binary, Rust or JavaScript, is under a license that `deny.toml` allows. `cargo deny`
//! says the same of the crates where it is installed; this rule runs everywhere.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::tidy::house::House;

const LIST: &str = "deny.toml";

/// Crates of the lock file, and the packages of the UI that are not for its development alone.
pub(crate) fn are_permissive(house: &House) -> Vec<String> {
    let allowed = allowed(house);
    let crates = house.packages.values().map(|package| (package.name.clone(), package.license.clone()));
    crates
        .chain(packages_of_ui(house))
        .filter_map(|(name, license)| complain(&name, license.as_deref(), &allowed))
        .collect()
}

/// The quoted lines of the list `allow`.
fn allowed(house: &House) -> Vec<&str> {
    let lines = house.files.get(LIST).map_or("", String::as_str).lines().map(str::trim);
    let list = lines.skip_while(|line| *line != "allow = [").skip(1).take_while(|line| *line != "]");
    list.map(|line| line.trim_matches(['"', ','])).collect()
}

fn complain(name: &str, license: Option<&str>, allowed: &[&str]) -> Option<String> {
    let Some(license) = license else {
        return Some(format!("`{name}` names no license"));
    };
    let is_fine = is_permissive(license, allowed);
    (!is_fine).then(|| format!("`{name}` is under `{license}`, which {LIST} does not allow"))
}

fn packages_of_ui(house: &House) -> Vec<(String, Option<String>)> {
    let Some(text) = house.files.get("ui/package-lock.json") else { return Vec::new() };
    let Ok(lock) = serde_json::from_str::<LockFile>(text) else {
        return vec![("ui/package-lock.json".to_owned(), None)];
    };
    let shipped =
        lock.packages.into_iter().filter(|(place, package)| !place.is_empty() && !package.dev && !package.optional);
    shipped.map(|(place, package)| (place, package.license)).collect()
}

#[derive(Deserialize)]
struct LockFile {
    packages: BTreeMap<String, LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    #[serde(default)]
    dev: bool,
    #[serde(default)]
    optional: bool,
    license: Option<String>,
}

/// Evaluates an SPDX expression. `AND` binds tighter than `OR`; the old way of writing `OR` is a slash.
fn is_permissive(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest, allowed) == Some(true) && rest.is_empty()
}

/// `None` where the expression breaks off.
fn either(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut is_allowed = both(words, allowed)?;
    while let Some((&"OR", rest)) = words.split_first() {
        *words = rest;
        is_allowed |= both(words, allowed)?;
    }
    Some(is_allowed)
}

fn both(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut is_allowed = one(words, allowed)?;
    while let Some((&"AND", rest)) = words.split_first() {
        *words = rest;
        is_allowed &= one(words, allowed)?;
    }
    Some(is_allowed)
}

fn one(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    match **words {
        ["(", ref rest @ ..] => {
            *words = rest;
            let is_allowed = either(words, allowed)?;
            let (&last, rest) = words.split_first()?;
            *words = rest;
            (last == ")").then_some(is_allowed)
        }
        [license, "WITH", exception, ref rest @ ..] => {
            *words = rest;
            Some(allowed.contains(&format!("{license} WITH {exception}").as_str()))
        }
        [license, ref rest @ ..] => {
            *words = rest;
            Some(allowed.contains(&license))
        }
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENY_TOML: &str = "[licenses]\nallow = [\n    \"Apache-2.0\",\n    \"Apache-2.0 WITH LLVM-exception\",\n    \"MIT\",\n    \"Unicode-3.0\",\n]\n";

    fn is_permissive(expression: &str) -> bool {
        super::is_permissive(expression, &allowed(&House::of(&[("deny.toml", DENY_TOML)])))
    }

    #[test]
    fn a_choice_is_fine_when_one_side_is() {
        assert!(is_permissive("MIT OR GPL-3.0-only"));
        assert!(is_permissive("Apache-2.0/MIT"));
        assert!(is_permissive("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only"));
    }

    #[test]
    fn all_of_a_sum_must_be_fine() {
        assert!(is_permissive("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!is_permissive("MIT AND GPL-3.0-only"));
        assert!(!is_permissive("MIT AND (GPL-3.0-only OR MPL-2.0)"));
        assert!(!is_permissive("GPL-2.0-only WITH Classpath-exception-2.0"));
    }

    #[test]
    fn what_is_no_expression_is_not_permissive() {
        for broken in ["", "(MIT", "MIT OR", "MIT Apache-2.0", "SEE LICENSE IN LICENSE.txt"] {
            assert!(!is_permissive(broken), "{broken}");
        }
    }

    #[test]
    fn a_copyleft_crate_and_one_without_a_license_are_named() {
        let mut house = House::of(&[("deny.toml", DENY_TOML)]).with("left", false, &[]).with("nothing", false, &[]);
        house.packages.get_mut("left").unwrap().license = Some("AGPL-3.0-only".to_owned());
        let complaints = are_permissive(&house);
        assert!(complaints[0].starts_with("`left` is under `AGPL-3.0-only`"), "{complaints:?}");
        assert_eq!(complaints[1], "`nothing` names no license");
    }

    #[test]
    fn the_ui_ships_its_packages_but_not_its_tools() {
        let lock = r#"{"packages": {"": {}, "node_modules/a": {"license": "GPL-3.0-only"},
                       "node_modules/b": {"dev": true, "license": "MPL-2.0"}}}"#;
        let complaints = are_permissive(&House::of(&[("deny.toml", DENY_TOML), ("ui/package-lock.json", lock)]));
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].contains("node_modules/a"));
    }
}
