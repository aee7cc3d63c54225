//! `cargo xtask generate`: the committed files that are made from the code, written or compared. The binary's
//! hidden `generate` command says what each should hold; the UI's types are then made from the API's description.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::corpus;
use crate::workplace::{Workplace, output_of, say};

/// What the UI makes from `openapi.json`.
const UI_TYPES: &str = "ui/src/api/schema.ts";

/// `cargo xtask generate [--check]`
pub(crate) fn run(workplace: &Workplace, is_check: bool) -> Result<ExitCode> {
    workplace.install_ui_packages()?;
    if is_check {
        check(workplace)?;
    } else {
        write(workplace)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Fails with the list of files that are not what the code says. The working tree stays as it was.
pub(crate) fn check(workplace: &Workplace) -> Result<()> {
    let wanted = generated_by_binary(workplace)?;
    let mut stale: Vec<&str> =
        wanted.iter().filter(|(file, text)| is_stale(workplace, file, text)).map(|(file, _)| file.as_str()).collect();
    if stale.contains(&"openapi.json") || is_ui_stale(workplace)? {
        stale.push(UI_TYPES);
    }
    if !stale.is_empty() {
        bail!("stale generated files:\n    {}\nhint: run `cargo xtask generate`", stale.join("\n    "));
    }
    Ok(())
}

fn write(workplace: &Workplace) -> Result<()> {
    for (file, text) in generated_by_binary(workplace)? {
        if is_stale(workplace, &file, &text) {
            write_file(&workplace.root.join(&file), &text)?;
            say(&format!("wrote {file}"));
        }
    }
    output_of(&mut workplace.npm("", &["run", "generate"]))?;
    Ok(())
}

/// The binary answers with one JSON object: file name → content. A name such as `README.md#formats` means the part
/// of a file written by hand between the two comments of that name.
fn generated_by_binary(workplace: &Workplace) -> Result<BTreeMap<String, String>> {
    workplace.build_binary()?;
    let output = output_of(&mut workplace.command(workplace.binary(), &["generate"]))?;
    let answer: BTreeMap<String, String> = serde_json::from_slice(&output.stdout)
        .context("`shipworthy generate` did not answer with a JSON object of texts")?;
    let corpus = Ok((corpus::PAGE.to_owned(), corpus::page(workplace)?));
    let whole_files = answer.into_iter().map(|(name, text)| match name.split_once('#') {
        None => Ok((name, text)),
        Some((file, part)) => {
            let around =
                fs::read_to_string(workplace.root.join(file)).with_context(|| format!("cannot read {file}"))?;
            let whole = with_part(&around, part, &text).with_context(|| format!("{file} has no place for `{part}`"))?;
            Ok((file.to_owned(), whole))
        }
    });
    whole_files.chain([corpus]).collect()
}

/// Puts the text between `<!-- part: … -->` and `<!-- /part -->`.
fn with_part(around: &str, part: &str, text: &str) -> Option<String> {
    let (before, rest) = around.split_once(&format!("<!-- {part}:"))?;
    let (opening, rest) = rest.split_once("-->")?;
    let end = format!("<!-- /{part} -->");
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}<!-- {part}:{opening}-->\n{}\n{end}{after}", text.trim_end()))
}

fn is_stale(workplace: &Workplace, file: &str, text: &str) -> bool {
    fs::read_to_string(workplace.root.join(file)).map_or(true, |present| present != text)
}

/// The UI's generator writes in place, so the present file is put back when it differs.
fn is_ui_stale(workplace: &Workplace) -> Result<bool> {
    let file = workplace.root.join(UI_TYPES);
    let before = fs::read_to_string(&file).with_context(|| format!("cannot read {UI_TYPES}"))?;
    output_of(&mut workplace.npm("", &["run", "generate"]))?;
    let after = fs::read_to_string(&file).with_context(|| format!("cannot read {UI_TYPES}"))?;
    if before != after {
        write_file(&file, &before)?;
    }
    Ok(before != after)
}

fn write_file(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# One\n\n<!-- formats: by a tool -->\nold\n<!-- /formats -->\n\nafter\n";

    #[test]
    fn a_part_is_written_between_its_comments() {
        let new = "# One\n\n<!-- formats: by a tool -->\nnew\n<!-- /formats -->\n\nafter\n";
        assert_eq!(with_part(PAGE, "formats", "new\n").as_deref(), Some(new));
        assert_eq!(with_part(new, "formats", "new").as_deref(), Some(new));
    }

    #[test]
    fn a_page_without_the_comments_has_no_place() {
        assert_eq!(with_part(PAGE, "policies", "new"), None);
    }
}
