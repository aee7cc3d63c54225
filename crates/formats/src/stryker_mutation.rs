//! Mutations of the code under test in the schema of Stryker, and whether a test noticed.

use crate::json::{self, Entries, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Counter, Coverage, Phase, Report, Tool, Warning};

/// The schema: <https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema>.
pub(crate) static FORMAT: Format = Format {
    name: "stryker-mutation",
    title: "Stryker mutation report",
    homepage: "https://stryker-mutator.io/docs/mutation-testing-elements/mutant-states-and-metrics/",
    phase: Phase::Build,
    tool: "stryker",
    reads: "JSON of the mutation testing report schema 1 and 2, of StrykerJS, Stryker.NET, Stryker4s and Infection",
    identifies: "",
    severities: "",
    marks: &["schemaVersion", "thresholds", "files"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["schemaVersion", "thresholds", "files"]))
        && probe.has("thresholds.high")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    files: Entries<'a, &'a RawValue>,
    #[serde(borrow, default)]
    framework: Odd<Framework<'a>>,
}

#[derive(Default, Deserialize)]
struct Framework<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    mutants: List<'a>,
}

#[derive(Deserialize)]
struct Mutant<'a> {
    #[serde(borrow)]
    status: Text<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let (mut mutations, mut warnings) = (Counter::default(), Vec::new());
    for (path, raw) in &document.files.0 {
        let root = json::At::Root;
        let root = root.key("files");
        let at = root.key(path);
        let Some(file) = json::part::<File>(raw, at, &mut warnings) else { continue };
        for (index, mutant) in json::parts::<Mutant>(&file.mutants, at.key("mutants"), &mut warnings) {
            match &*mutant.status {
                "Killed" | "Timeout" => {
                    mutations.covered += 1;
                    mutations.total += 1;
                }
                "Survived" | "NoCoverage" => mutations.total += 1,
                // Those that are not valid, left out or not run do not count for the score.
                "CompileError" | "RuntimeError" | "Ignored" | "Pending" => {}
                other => {
                    let message = format!("left out: expected a state of a mutant, found `{other}`");
                    warnings.push(Warning { at: format!("{at}/mutants/{index}/status"), message });
                }
            }
        }
    }
    let framework = document.framework.get("/framework", &mut warnings);
    let version = framework.and_then(|framework| stated(framework.version.as_ref()));
    let coverage = Coverage { mutations: crate::covered::measured(mutations), ..Coverage::default() };
    let tool = Some(Tool { name: "stryker".to_owned(), version });
    Ok(Report { tool, coverage: Some(coverage), warnings, ..Report::default() })
}
