//! Test results of AUnit, the framework of Ada. The layout is that of CppUnit.

use crate::cases::seconds_in;
use crate::{Format, Probe, ReadError, cppunit};
use shipworthy_model::{Phase, Report};

/// The reporter: <https://docs.adacore.com/live/wave/aunit/html/aunit_cb/aunit_cb.html>.
pub(crate) static FORMAT: Format = Format {
    name: "aunit",
    title: "AUnit results",
    homepage: "https://docs.adacore.com/live/wave/aunit/html/aunit_cb/aunit_cb.html",
    phase: Phase::Build,
    tool: "aunit",
    reads: "XML with the root `TestRun` of the reporter `AUnit.Reporter.XML`",
    identifies: "",
    severities: "",
    marks: &["TestRun", "FailedTests", "SuccessfulTests"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    cppunit::is_run(probe)
        && (probe.root().is_some_and(|root| root.attribute("elapsed").is_some()) || probe.has("FailedTests.Test"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let (mut cases, elapsed) = cppunit::cases(bytes, "AUnit report")?;
    let seconds = cases.seconds(elapsed.as_deref(), "/TestRun", seconds_in);
    cases.took(seconds);
    Ok(cases.into_report("aunit", None))
}
