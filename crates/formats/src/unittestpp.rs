//! Test results of UnitTest++.

use crate::cases::{Cases, Outcome, expect_root, said, seconds_in, stated_count};
use crate::xml::Document;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The reporter: <https://github.com/unittest-cpp/unittest-cpp/blob/master/UnitTest%2B%2B/XmlTestReporter.h>.
pub(crate) static FORMAT: Format = Format {
    name: "unittestpp",
    title: "UnitTest++ results",
    homepage: "https://github.com/unittest-cpp/unittest-cpp/wiki",
    phase: Phase::Build,
    tool: "unittestpp",
    reads: "XML with the root `unittest-results`",
    identifies: "",
    severities: "",
    marks: &["unittest-results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "unittest-results")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "UnitTest++ report", &["unittest-results"])?;
    let place = document.place();
    let mut cases = Cases::default();
    while let Some(test) = document.next_child(&root)? {
        if test.name != "test" {
            continue;
        }
        let (mut outcome, mut message) = (Outcome::Passed, None);
        while let Some(child) = document.next_child(&test)? {
            if child.name == "failure" && outcome == Outcome::Passed {
                outcome = Outcome::Failed;
                message = child.attribute("message").and_then(said);
            }
        }
        let of_test = |name: &str| test.attribute(name).unwrap_or_default();
        cases.count(outcome, of_test("suite"), of_test("name"), message);
    }
    document.end()?;
    let seconds = cases.seconds(root.attribute("time"), &place, seconds_in);
    cases.took(seconds);
    let (total, failed) = (cases.tests.total, cases.tests.failed);
    let stated = (stated_count(&root, "tests"), stated_count(&root, "failedtests"));
    cases.compare(place, &[("tests", stated.0, total), ("failed", stated.1, failed)]);
    Ok(cases.into_report("unittestpp", None))
}
