//! Mutations that PIT made in the code under test, and whether a test noticed.

use crate::cases::expect_root;
use crate::xml::Document;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Counter, Coverage, Phase, Report, Tool};

/// The report: <https://pitest.org/quickstart/commandline/>, output format `XML`.
pub(crate) static FORMAT: Format = Format {
    name: "pit",
    title: "PIT mutation report",
    homepage: "https://pitest.org/quickstart/basic_concepts/",
    phase: Phase::Build,
    tool: "pit",
    reads: "XML with the root `mutations`",
    identifies: "",
    severities: "",
    marks: &["mutations"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "mutations")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "PIT report", &["mutations"])?;
    let mut mutations = Counter::default();
    while let Some(mutation) = document.next_child(&root)? {
        if mutation.name == "mutation" {
            mutations.total += 1;
            // PIT says itself which states are a detection; those that ran out of time or memory are, too.
            mutations.covered += u64::from(mutation.attribute("detected") == Some("true"));
        }
    }
    document.end()?;
    let coverage = Coverage { mutations: crate::covered::measured(mutations), ..Coverage::default() };
    let tool = Some(Tool { name: "pit".to_owned(), version: None });
    Ok(Report { tool, coverage: Some(coverage), ..Report::default() })
}
