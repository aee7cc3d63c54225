//! Words in the wrong place: work left for later, files named after nothing, SQL outside the store, and snapshots
//! whose test is gone.

use crate::tidy::house::House;

const CODE: &[&str] =
    &[".rs", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".rego", ".yaml", ".yml", ".toml", ".sh", ".sql", ".md"];

/// This file names the words that it looks for.
const THIS_FILE: &str = "xtask/src/tidy/words.rs";

/// What is to be done later is an issue, not a comment; what is not done is not in the code.
pub(crate) fn nothing_left_for_later(house: &House) -> Vec<String> {
    let words = ["TODO", "FIXME", "XXX:", "unimplemented!", "todo!("];
    each_line(house, CODE, |line| {
        let word = words.iter().find(|word| line.contains(**word))?;
        Some(format!("`{word}` leaves work for later\n        hint: do it, or write an issue"))
    })
}

/// A file called `utils` is a question nobody answered.
pub(crate) fn files_have_names(house: &House) -> Vec<String> {
    let nothings = ["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"];
    let mut complaints = Vec::new();
    for (name, _) in house.written_by_hand(&[""]) {
        let parts = name.split('/').map(|part| part.trim_start_matches('.').split('.').next().unwrap_or(part));
        let words = parts.flat_map(|part| part.split(['_', '-']));
        if let Some(word) = words.map(str::to_lowercase).find(|word| nothings.contains(&word.as_str())) {
            complaints.push(format!("{name} is called `{word}`\n        hint: name it after what it does"));
        }
    }
    complaints
}

/// SQL keywords are written in capitals, in the store and in its tests; and where a test plays somebody who has got hold of
/// the database.
pub(crate) fn only_store_speaks_sql(house: &House) -> Vec<String> {
    let pairs = [
        ("SELECT ", " FROM "),
        ("INSERT INTO ", ""),
        ("UPDATE ", " SET "),
        ("DELETE FROM ", ""),
        ("CREATE TABLE ", ""),
    ];
    each_line(house, &[".rs", ".ts", ".tsx", ".sql"], |line| {
        pairs
            .iter()
            .any(|(first, second)| line.contains(first) && line.contains(second))
            .then(|| "speaks SQL".to_owned())
    })
    .into_iter()
    .filter(|complaint| {
        !complaint.starts_with("crates/store/") && !complaint.starts_with("crates/app/tests/api/audit_")
    })
    .collect()
}

/// A snapshot says in its head which file made it. Whether a test still reads it, `cargo xtask test` finds out.
pub(crate) fn snapshots_belong_to_tests(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, text) in &house.files {
        if name.ends_with(".snap.new") || name.ends_with(".pending-snap") {
            complaints.push(format!("{name} waits for a decision\n        hint: accept it or delete it"));
        } else if let Some(beside) = name.strip_suffix(".snap").filter(|name| name.contains("/__snapshots__/")) {
            // Vitest keeps them in a folder beside the test and names them after it.
            if !house.has(&beside.replace("/__snapshots__/", "/")) {
                complaints.push(format!("{name} comes from a test that is gone"));
            }
        } else if name.ends_with(".snap") {
            let source = text
                .lines()
                .take_while(|line| *line != "---" || text.starts_with(line))
                .find_map(|line| line.strip_prefix("source: ").map(|source| source.trim_matches('"')));
            if !source.is_some_and(|source| house.has(source)) {
                complaints.push(format!("{name} comes from {}, which is gone", source.unwrap_or("nowhere")));
            }
        }
    }
    complaints
}

fn each_line(house: &House, endings: &[&str], complain: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, text) in house.written_by_hand(endings).filter(|(name, _)| *name != THIS_FILE) {
        let found = text.lines().enumerate().filter_map(|(index, line)| Some((index + 1, complain(line)?)));
        complaints.extend(found.map(|(line, complaint)| format!("{name}:{line}: {complaint}")));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_left_for_later_is_named_with_its_line() {
        let house =
            House::of(&[("ui/src/a.ts", "const a = 1;\n// TODO: more\n"), ("crates/a/src/lib.rs", "// done\n")]);
        assert!(nothing_left_for_later(&house)[0].starts_with("ui/src/a.ts:2: `TODO` leaves work"));
        assert_eq!(nothing_left_for_later(&house).len(), 1);
    }

    #[test]
    fn a_file_named_after_nothing_is_named() {
        let house = House::of(&[
            ("ui/src/date-utils.ts", ""),
            ("crates/common/src/lib.rs", ""),
            ("crates/a/src/uncommon.rs", ""),
        ]);
        let complaints = files_have_names(&house);
        assert_eq!(complaints.len(), 2);
        assert!(complaints[0].starts_with("crates/common/src/lib.rs is called `common`"));
        assert!(complaints[1].starts_with("ui/src/date-utils.ts is called `utils`"));
    }

    #[test]
    fn sql_outside_the_store_is_named_and_prose_is_not() {
        let house = House::of(&[
            ("crates/store/src/release.rs", "\"SELECT id FROM release\""),
            ("crates/app/src/api/release.rs", "\"SELECT id FROM release\"\n// Select one from the list."),
        ]);
        assert_eq!(only_store_speaks_sql(&house), ["crates/app/src/api/release.rs:1: speaks SQL"]);
    }

    #[test]
    fn a_snapshot_whose_test_is_gone_is_named() {
        let head = "---\nsource: crates/a/tests/a/main.rs\nexpression: answer\n---\nbody\n";
        let house = House::of(&[("crates/a/tests/a/main.rs", ""), ("crates/a/tests/a/snapshots/kept.snap", head)]);
        assert_eq!(snapshots_belong_to_tests(&house), [""; 0]);
        let house = House::of(&[("ui/src/paths.test.ts", ""), ("ui/src/__snapshots__/paths.test.ts.snap", "")]);
        assert_eq!(snapshots_belong_to_tests(&house), [""; 0]);
        let house = House::of(&[
            ("crates/a/tests/a/snapshots/dead.snap", head),
            ("crates/a/tests/a/new.snap.new", ""),
            ("ui/src/__snapshots__/dead.test.ts.snap", ""),
        ]);
        assert_eq!(snapshots_belong_to_tests(&house).len(), 3);
    }
}
