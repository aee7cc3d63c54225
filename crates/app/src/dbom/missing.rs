//! What one would expect to know of a release and does not, each with the way to add it.

use super::{DbomFact, Known};
use shipworthy_model::{Phase, Report};

/// What is missing in a phase.
pub(super) fn of_phase(known: &Known, phase: Phase, facts: &[DbomFact]) -> Vec<String> {
    let has = |name: &str| facts.iter().any(|fact| fact.name == name);
    let release = &known.owned.release;
    let name = format!("{}/{}@{}", known.owned.application_name, known.owned.service_name, release.version);
    let push = |file: &str| format!("`shipworthy push {file} --release {name}`");
    let mut missing = Vec::new();
    let mut expect = |is_there: bool, what: String| {
        if !is_there {
            missing.push(what);
        }
    };
    match phase {
        Phase::Source => {
            let commit = "which commit it was built from: create releases with `shipworthy release create --commit …`";
            expect(release.commit.is_some(), commit.to_owned());
            expect(has("review"), format!("a review of the change: {}", push("pull-request.json")));
            let is_analysed = has("quality-gate") || says(known, phase, |report| report.findings.is_some());
            expect(is_analysed, format!("an analysis of the code: {}", push("results.sarif")));
        }
        Phase::Build => {
            let build = "which run built it: create releases with `shipworthy release create --build …`";
            let is_run_known = release.build.is_some() || has("run") || has("provenance");
            expect(is_run_known, build.to_owned());
            expect(has("tests"), format!("test results: {}", push("junit.xml")));
            expect(has("coverage"), format!("test coverage: {}", push("jacoco.xml")));
            expect(has("provenance"), format!("provenance of the artifacts: {}", push("provenance.json")));
        }
        Phase::Artifact => {
            let artifact = "what it ships: create releases with `shipworthy release create --artifact sha256:…`";
            expect(!release.artifacts.is_empty(), artifact.to_owned());
            expect(has("inventory"), format!("an inventory of the components: {}", push("sbom.cdx.json")));
            let is_scanned = says(known, phase, |report| report.findings.is_some());
            expect(is_scanned, format!("a scan for vulnerabilities: {}", push("trivy.json")));
        }
        Phase::Deploy => {
            let deploy = format!("where it runs: `shipworthy deployment start --release {name} --environment …`");
            expect(!known.deployments.is_empty(), deploy);
            expect(
                has("approval"),
                "an approval: somebody with the role approver gives it on the release's page".to_owned(),
            );
        }
    }
    missing
}

/// Whether any understood evidence of a phase says something.
fn says(known: &Known, phase: Phase, what: impl Fn(&Report) -> bool) -> bool {
    known.of_phase(phase).any(|(_, sections)| sections.is_some_and(|sections| what(&sections.report)))
}
