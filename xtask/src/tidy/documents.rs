//! Documents that do not rot: one title each, no path that leads nowhere, and contents that name every page.

use crate::tidy::house::House;

const CONTENTS: &str = "docs/README.md";

/// Folders that exist only after a build.
const BUILT: &[&str] = &["target/", "ui/dist/", "ui/node_modules/"];

/// Endings by which a word with a slash is a file of ours even where its first folder is gone.
const OURS: &[&str] = &[".rs", ".md", ".rego", ".ts", ".tsx", ".sql"];

pub(crate) fn have_one_title(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, text) in documents(house) {
        let titles = prose(text).filter(|(_, line)| line.starts_with("# ")).count();
        if titles != 1 {
            complaints.push(format!("{name} has {titles} titles (`# …`), and should have one"));
        }
    }
    complaints
}

/// Paths in backticks and targets of links.
pub(crate) fn name_what_exists(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, text) in documents(house) {
        for (number, line) in prose(text) {
            let named = in_backticks(line).filter(|word| is_path_of_ours(word, house));
            let dead = named
                .filter(|path| !exists(path, name, house))
                .chain(link_targets(line).filter(|target| is_relative(target) && !is_there(target, name, house)));
            complaints.extend(dead.map(|path| format!("{name}:{number}: `{path}` does not exist")));
        }
    }
    complaints
}

pub(crate) fn are_all_listed(house: &House) -> Vec<String> {
    let contents = house.files.get(CONTENTS).map_or("", String::as_str);
    let linked: Vec<&str> = contents.lines().flat_map(link_targets).collect();
    let pages = house.files.keys().filter_map(|name| name.strip_prefix("docs/").filter(|page| page.ends_with(".md")));
    let missing = pages.filter(|page| *page != "README.md" && !linked.contains(page));
    missing.map(|page| format!("{CONTENTS} does not link to docs/{page}")).collect()
}

fn documents(house: &House) -> impl Iterator<Item = (&str, &str)> {
    let files = house.files.iter().filter(|(name, _)| name.ends_with(".md"));
    let ours = files.filter(|(name, _)| !name.contains("/samples/") && !name.contains("/snapshots/"));
    ours.map(|(name, text)| (name.as_str(), text.as_str()))
}

/// Numbered lines outside of fenced code.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_fenced ^= is_fence;
        (!is_fenced && !is_fence).then_some((index + 1, line))
    })
}

/// Every second piece between backticks is code.
fn in_backticks(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.split('#').next().unwrap_or_default()))
}

fn is_relative(target: &str) -> bool {
    !target.is_empty() && !target.contains(':') && !target.starts_with('/')
}

/// A command, a route or a media type is no path; a word whose first folder is ours is, and so is one with a slash and
/// the ending of a source file, or a bare name of a document.
fn is_path_of_ours(word: &str, house: &House) -> bool {
    let is_one_word =
        !word.is_empty() && !word.contains(|letter: char| letter.is_whitespace() || "\"'(|:$=@".contains(letter));
    if !is_one_word || word.starts_with(['/', '-', '~']) {
        return false;
    }
    let first = word.split('/').next().unwrap_or_default();
    let is_deep = word.contains('/');
    let ends_like_ours = OURS.iter().any(|ending| word.ends_with(ending));
    (is_deep && (house.has(first) || ends_like_ours || word.ends_with('/'))) || (!is_deep && word.ends_with(".md"))
}

/// A placeholder such as `<format>` or `*` stands for anything, so only the folder before it must exist.
fn exists(path: &str, document: &str, house: &House) -> bool {
    let fixed = match path.find(['<', '*', '{', '…']) {
        Some(start) => path[..start].rsplit_once('/').map_or("", |(folder, _)| folder),
        None => path,
    };
    fixed.is_empty()
        || BUILT.iter().any(|built| format!("{fixed}/").starts_with(built))
        || is_there(fixed, document, house)
}

/// From the root or from the document's own folder.
fn is_there(path: &str, document: &str, house: &House) -> bool {
    let mut folders: Vec<&str> = document.split('/').collect();
    folders.pop();
    for step in path.split('/') {
        match step {
            "." => {}
            ".." => drop(folders.pop()),
            step => folders.push(step),
        }
    }
    house.has(path) || house.has(&folders.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_exactly_one_title() {
        let fenced = "# One\n\n```sh\n# a comment of the shell\n```\n";
        let house = House::of(&[("a.md", fenced), ("b.md", "words\n"), ("c.md", "# One\n# Two\n")]);
        assert_eq!(
            have_one_title(&house),
            ["b.md has 0 titles (`# …`), and should have one", "c.md has 2 titles (`# …`), and should have one"]
        );
    }

    #[test]
    fn a_dead_path_is_named_with_its_line() {
        let text = "# One\n\nSee `crates/a/src/gone.rs`, `old/place.rs`, `benches/` and `GONE.md`.\n";
        let house = House::of(&[("a.md", text), ("crates/a/src/lib.rs", "")]);
        let dead = ["crates/a/src/gone.rs", "old/place.rs", "benches/", "GONE.md"];
        assert_eq!(name_what_exists(&house), dead.map(|path| format!("a.md:3: `{path}` does not exist")));
    }

    #[test]
    fn what_is_no_path_of_ours_is_left_alone() {
        let text = "`application/json` `/api/v1/releases/{id}` `cargo xtask test` `git:<commit>` `target/debug/shipworthy` \
                    `crates/formats/src/<format>.rs` `sbom.json` `Cargo.toml` `~/.config/` `and/or`";
        let house = House::of(&[("a.md", text), ("crates/formats/src/lib.rs", "")]);
        assert_eq!(name_what_exists(&house), [""; 0]);
    }

    #[test]
    fn a_link_leads_somewhere_from_its_own_folder() {
        let house = House::of(&[
            ("docs/guide/a.md", "[x](../concepts/b.md#there) [y](gone.md) [z](https://example.org/a.md) [w](#here)"),
            ("docs/concepts/b.md", ""),
        ]);
        assert_eq!(name_what_exists(&house), ["docs/guide/a.md:1: `gone.md` does not exist"]);
    }

    #[test]
    fn a_page_that_the_contents_miss_is_named() {
        let house = House::of(&[
            ("docs/README.md", "# Contents\n\n- [Gate](concepts/gate.md)\n"),
            ("docs/concepts/gate.md", ""),
            ("docs/concepts/team.md", ""),
        ]);
        assert_eq!(are_all_listed(&house), ["docs/README.md does not link to docs/concepts/team.md"]);
    }
}
