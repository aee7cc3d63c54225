//! A policy is a folder of two files and no code.

use std::collections::BTreeMap;

use crate::tidy::house::House;

const FILES: [&str; 2] = ["cases.yaml", "policy.rego"];

pub(crate) fn are_whole(house: &House) -> Vec<String> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (folder, file) in house.files.keys().filter_map(|file| file.strip_prefix("policies/")?.split_once('/')) {
        folders.entry(folder).or_default().push(file);
    }
    let mut complaints = Vec::new();
    for (folder, files) in folders {
        let missing = FILES.iter().filter(|file| !files.contains(file));
        complaints.extend(missing.map(|file| format!("policies/{folder} has no {file}")));
        let strange = files.iter().filter(|file| !FILES.contains(file));
        complaints
            .extend(strange.map(|file| format!("policies/{folder}/{file} is neither policy.rego nor cases.yaml")));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_the_two_files_is_a_policy() {
        let house = House::of(&[
            ("policies/input.schema.json", "{}"),
            ("policies/tests-passed/cases.yaml", ""),
            ("policies/tests-passed/policy.rego", ""),
        ]);
        assert_eq!(are_whole(&house), [""; 0]);
    }

    #[test]
    fn a_missing_and_a_strange_file_are_named() {
        let house = House::of(&[("policies/tests-passed/policy.rego", ""), ("policies/tests-passed/lib.rego", "")]);
        assert_eq!(
            are_whole(&house),
            [
                "policies/tests-passed has no cases.yaml",
                "policies/tests-passed/lib.rego is neither policy.rego nor cases.yaml"
            ]
        );
    }
}
