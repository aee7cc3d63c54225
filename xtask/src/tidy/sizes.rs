//! Files of 500 lines and functions of 70 at most; a component of the UI, which is mostly markup, may have 250.
//! Clippy keeps the functions of Rust; here is what it cannot see.

use std::collections::BTreeSet;

use crate::tidy::house::House;

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const COMPONENT_LINES: usize = 250;

/// Files that were larger when this rule came. The list may only shrink: an entry that is no longer needed is an error.
const LARGE_FILES: &[&str] = &[];

/// Functions that were larger, as `file function`. The list may only shrink.
const LARGE_FUNCTIONS: &[&str] = &[];

pub(crate) fn are_small(house: &House) -> Vec<String> {
    complain(house, LARGE_FILES, LARGE_FUNCTIONS)
}

fn complain(house: &House, large_files: &[&str], large_functions: &[&str]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut found = BTreeSet::new();
    let endings = [".rs", ".ts", ".tsx", ".js", ".mjs", ".css", ".rego", ".md", ".yaml", ".toml", ".sql"];
    for (name, text) in house.written_by_hand(&endings) {
        let length = text.lines().count();
        if length > FILE_LINES && !is_listed(name, large_files, &mut found) {
            complaints.push(format!("{name} has {length} lines, more than {FILE_LINES}"));
        }
        for Function { title, line, length } in functions(name, text) {
            let limit = if name.ends_with(".tsx") { COMPONENT_LINES } else { FUNCTION_LINES };
            if length > limit && !is_listed(&format!("{name} {title}"), large_functions, &mut found) {
                complaints.push(format!("{name}:{line}: `{title}` has {length} lines, more than {limit}"));
            }
        }
    }
    let unneeded = large_files.iter().chain(large_functions).filter(|entry| !found.contains(**entry));
    complaints.extend(
        unneeded.map(|entry| format!("`{entry}` is small now\n        hint: strike it from xtask/src/tidy/sizes.rs")),
    );
    complaints
}

fn is_listed(entry: &str, list: &[&str], found: &mut BTreeSet<String>) -> bool {
    let is_listed = list.contains(&entry);
    if is_listed {
        found.insert(entry.to_owned());
    }
    is_listed
}

struct Function<'a> {
    title: &'a str,
    line: usize,
    length: usize,
}

/// Formatted code closes a function in the column in which it was opened, which is all the parsing that this takes.
/// Lines without code do not count, as they do not for Clippy.
fn functions<'a>(name: &str, text: &'a str) -> Vec<Function<'a>> {
    let title_of = if name.ends_with(".rs") { rust_title } else { script_title };
    if ![".rs", ".ts", ".tsx"].iter().any(|ending| name.ends_with(ending)) {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut functions = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(title) = title_of(line.trim_start()) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let signature = lines[index..].iter().take_while(|line| !line.trim_end().ends_with('{')).count();
        let body = lines[index + signature..].iter().skip(1).take_while(|line| !closes(line, indent));
        functions.push(Function { title, line: index + 1, length: body.filter(|line| is_code(line)).count() });
    }
    functions
}

fn closes(line: &str, indent: &str) -> bool {
    // `} else {` and the end of a destructured parameter, `}: Properties) {`, open what comes next.
    line.strip_prefix(indent).is_some_and(|rest| rest.starts_with('}') && !rest.trim_end().ends_with('{'))
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

fn rust_title(line: &str) -> Option<&str> {
    let words = ["pub(crate) ", "pub(super) ", "pub ", "const ", "async "];
    let rest = words.iter().fold(line, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    let name = rest.strip_prefix("fn ")?;
    is_opening(line).then(|| identifier(name))
}

fn script_title(line: &str) -> Option<&str> {
    let words = ["export ", "default ", "async "];
    let rest = words.iter().fold(line, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    if let Some(name) = rest.strip_prefix("function ") {
        return is_opening(line).then(|| identifier(name));
    }
    let name = rest.strip_prefix("const ")?;
    line.trim_end().ends_with("=> {").then(|| identifier(name))
}

/// A signature may go on over several lines; what ends on the first line has no body of its own.
fn is_opening(line: &str) -> bool {
    !line.trim_end().ends_with('}') && !line.trim_end().ends_with(';')
}

fn identifier(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function_of(lines: usize, opening: &str) -> String {
        format!("{opening}\n{}}}\n", "    work();\n".repeat(lines))
    }

    #[test]
    fn a_long_file_is_named_and_a_long_snapshot_is_not() {
        let long = "x\n".repeat(501);
        let house = House::of(&[("crates/a/src/lib.rs", &long), ("crates/a/tests/a.snap", &long)]);
        assert_eq!(are_small(&house), ["crates/a/src/lib.rs has 501 lines, more than 500"]);
    }

    #[test]
    fn a_long_function_is_named_with_its_line() {
        let text = format!("//! Words.\n\n{}", function_of(71, "pub(crate) async fn load(id: u32) -> u32 {"));
        let house = House::of(&[("crates/a/src/lib.rs", &text)]);
        assert_eq!(are_small(&house), ["crates/a/src/lib.rs:3: `load` has 71 lines, more than 70"]);
    }

    #[test]
    fn a_signature_over_several_lines_is_still_one_function() {
        let text = function_of(69, "fn load(\n    id: u32,\n) -> u32 {");
        assert_eq!(are_small(&House::of(&[("crates/a/src/lib.rs", &text)])), [""; 0]);
    }

    #[test]
    fn markup_may_be_longer_than_logic() {
        let page = function_of(251, "export function ReleasePage() {");
        let logic = function_of(71, "export const load = async (id: string) => {");
        let house = House::of(&[("ui/src/a.tsx", &page), ("ui/src/b.ts", &logic), ("ui/src/c.tsx", &logic)]);
        assert_eq!(
            are_small(&house),
            [
                "ui/src/a.tsx:1: `ReleasePage` has 251 lines, more than 250",
                "ui/src/b.ts:1: `load` has 71 lines, more than 70"
            ]
        );
    }

    #[test]
    fn the_list_of_large_things_may_only_shrink() {
        let house = House::of(&[("a.rs", &"x\n".repeat(501)), ("b.rs", "")]);
        let complaints = complain(&house, &["a.rs", "b.rs"], &["c.rs load"]);
        assert_eq!(complaints.len(), 2);
        assert!(complaints[0].starts_with("`b.rs` is small now"));
        assert!(complaints[1].starts_with("`c.rs load` is small now"));
    }
}
