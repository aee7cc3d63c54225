//! `shipworthy generate`: every generated file of the repository, path to content, as one JSON object. `cargo xtask
//! generate` writes them, `cargo xtask tidy` compares them.

use crate::api;
use crate::attest;
use crate::builtin;
use crate::cli::output::{Exit, Failure, print};
use crate::dbom;
use crate::settings::DEFINITIONS;
use anyhow::Context as _;
use shipworthy_formats::{FORMATS, Format};
use shipworthy_policy::Policy;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Print the generated files of the repository as one JSON object.
#[derive(Debug, clap::Args)]
pub(crate) struct Generate {}

impl Generate {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Self {} = self;
        let (_, openapi) = api::routes().split_for_parts();
        let openapi = openapi.to_pretty_json().context("the OpenAPI description cannot be written")?;
        let dbom = serde_json::to_string_pretty(&dbom::json_schema()).context("the schema cannot be written")?;
        let predicate = serde_json::to_string_pretty(&attest::json_schema()).context("the schema cannot be written")?;
        let files: BTreeMap<&str, String> = BTreeMap::from([
            ("README.md#formats", formats_in_a_sentence()),
            ("openapi.json", format!("{openapi}\n")),
            ("docs/reference/dbom.schema.json", format!("{dbom}\n")),
            ("docs/reference/dbom-predicate.schema.json", format!("{predicate}\n")),
            ("policies/input.schema.json", facts()?),
            ("docs/reference/configuration.md", configuration()),
            ("docs/reference/cli.md", command_line()),
            ("docs/reference/formats.md", formats()),
            ("docs/reference/policies.md", policies()?),
        ]);
        print(serde_json::to_string_pretty(&files).context("the files cannot be written as JSON")?);
        Ok(Exit::Done)
    }
}

fn facts() -> anyhow::Result<String> {
    let schema = serde_json::to_string_pretty(&shipworthy_policy::input_schema());
    Ok(format!("{}\n", schema.context("the schema of the facts cannot be written")?))
}

fn formats_in_a_sentence() -> String {
    let tools: BTreeSet<&str> = FORMATS.iter().map(|format| format.tool).collect();
    format!(
        "[{} formats of {} tools](docs/reference/formats.md): SBOMs and VEX (CycloneDX, SPDX, OpenVEX, CSAF), SARIF, the scanners of \
        images, components, code, secrets, infrastructure and running systems, SonarQube, tests and coverage, builds and \
        reviews, attestations, benchmarks, deployments and load tests; and [what you describe yourself](docs/guide/own-formats.md).",
        FORMATS.len(),
        tools.len(),
    )
}

fn formats() -> String {
    let mut page = format!(
        "# Formats\n\n\
        Every kind of document that Shipworthy reads, {} in all. Which one a document is, it finds out by itself; documents may \
        come compressed with gzip or zstd, and many of one format in a zip or tar archive. What is not here can be \
        [described](../guide/own-formats.md).\n\n\
        A finding of a vulnerability is the same one when vulnerability and component are the same, whatever tool saw it under \
        whatever alias. What makes other findings the same is written with each format, and so is what the tool's words for \
        severity mean; the tool's own word and score are always kept beside ours.\n\n\
        | name | format | phase |\n|---|---|---|\n",
        FORMATS.len()
    );
    for Format { name, title, phase, .. } in FORMATS {
        let _ = writeln!(page, "| [`{name}`](#{name}) | {title} | {phase} |");
    }
    for format in FORMATS {
        page.push_str(&format_section(format));
    }
    page
}

fn format_section(format: &Format) -> String {
    let Format { name, title, homepage, reads, identifies, tool, severities, .. } = format;
    let mut section = format!("\n## {name}\n\n[{title}]({homepage}), tool `{tool}`. Read are {reads}.\n");
    if !identifies.is_empty() {
        let _ = writeln!(section, "\nThe same finding: {identifies}.");
    }
    let rows = shipworthy_formats::severities().iter().filter(|row| row.tool == *severities);
    // Rows of one tool name the same source again and again: each source is named once, with its words.
    let mut by_source: Vec<(&str, Vec<String>)> = Vec::new();
    for row in rows {
        let word = format!("`{}` {}", row.word, row.severity);
        match by_source.iter_mut().find(|(source, _)| *source == row.source) {
            Some((_, words)) => words.push(word),
            None => by_source.push((row.source, vec![word])),
        }
    }
    for (index, (source, words)) in by_source.iter().enumerate() {
        let begin = if index == 0 { "\nSeverities" } else { "Further" };
        let _ = writeln!(section, "{begin}: {} ({source}).", words.join(", "));
    }
    section
}

fn policies() -> anyhow::Result<String> {
    let mut page = "# Policies\n\n\
        The policies that come with Shipworthy. Which of them are in force, where and with which values, their assignments \
        say.\n"
        .to_owned();
    for source in builtin::sources() {
        let policy = Policy::parse(&source)?;
        let Policy { name, title, description, phase, severity, remediation, .. } = &policy;
        let _ = write!(page, "\n## {title}\n\n`{name}`, phase {phase}, severity {severity}. {description}\n\n");
        let _ = writeln!(page, "What to do: {remediation}");
        let needs: Vec<String> = policy.requires.iter().map(|fact| format!("`{fact}`")).collect();
        if !needs.is_empty() {
            let _ = writeln!(page, "\nWithout {} it is unknown.", needs.join(", "));
        }
        if !policy.parameters.properties.is_empty() {
            page.push_str("\n| parameter | default | meaning |\n|---|---|---|\n");
        }
        for (name, parameter) in &policy.parameters.properties {
            let _ = writeln!(page, "| `{name}` | `{}` | {} |", parameter.default, parameter.description);
        }
    }
    Ok(page)
}

fn configuration() -> String {
    let mut page = "# Configuration\n\n\
        Every setting of `shipworthy serve`. A flag is stronger than a variable, a variable than the file \
        (`shipworthy.toml`, or the one named by `--config`).\n\n\
        | in the file | variable | flag | default | meaning |\n|---|---|---|---|---|\n"
        .to_owned();
    for definition in DEFINITIONS {
        let name = definition.name;
        let _ = writeln!(
            page,
            "| `{name}` | `SHIPWORTHY_{}` | `--{}` | `{}` | {} |",
            name.to_uppercase(),
            name.replace('_', "-"),
            definition.default,
            definition.about
        );
    }
    page
}

fn command_line() -> String {
    let mut page = "# Command line\n\nEvery command of `shipworthy`, as its `--help` says it.\n".to_owned();
    describe(&mut page, &mut super::definition().term_width(100), "");
    page
}

fn describe(page: &mut String, command: &mut clap::Command, before: &str) {
    let name = format!("{before}{}", command.get_name());
    let help = command.clone().bin_name(&name).render_long_help();
    let help = help.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let _ = write!(page, "\n## {name}\n\n```text\n{help}\n```\n");
    let visible: Vec<String> =
        command.get_subcommands().filter(|c| !c.is_hide_set()).map(|c| c.get_name().to_owned()).collect();
    for subcommand in visible {
        if let Some(subcommand) = command.find_subcommand_mut(&subcommand) {
            describe(page, subcommand, &format!("{name} "));
        }
    }
}
