//! A result of a plan of Bamboo with the number of its tests: the answer of its API.

use crate::address::without_credentials;
use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run};
use shipworthy_model::{Build, Phase, Report, Tests};

pub(crate) static FORMAT: Format = Format {
    name: "bamboo-build",
    title: "Bamboo build result",
    homepage: "https://developer.atlassian.com/server/bamboo/rest",
    phase: Phase::Build,
    tool: "bamboo",
    reads: "the answer of `/rest/api/latest/result/<plan>-<number>` in JSON; which tests failed it does not say",
    identifies: "",
    severities: "",
    marks: &["buildResultKey", "planResultKey", "lifeCycleState", "buildState", "vcsRevisionKey"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe
        .first_of_lines()
        .or(probe.first_element())
        .is_some_and(|members| members.has_all(&["buildResultKey", "lifeCycleState", "buildState"]))
}

const RESULTS: &[(&str, &str)] = &[
    ("Successful", "succeeded"),
    ("Failed", "failed"),
    ("NotBuilt", "cancelled"),
    ("Pending", "running"),
    ("Queued", "running"),
    ("InProgress", "running"),
];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = build_run::first(Object::documents(bytes)?, "answer of Bamboo")?;
    let is_finished = root.text("lifeCycleState").as_deref() == Some("Finished");
    let revisions = root.objects("vcsRevisions.vcsRevision");
    if revisions.len() > 1 {
        root.warn(
            "vcsRevisions",
            format!("the build is of {} repositories; the first is taken as built", revisions.len()),
        );
    }
    let first = revisions.first();
    let plan = root.first_text(&["plan.key", "planResultKey.entityKey.key"]);
    let build = Build {
        system: "bamboo".to_owned(),
        job: plan.or_else(|| root.text("planName")).unwrap_or_default(),
        number: root.first_text(&["buildNumber", "number"]).unwrap_or_default(),
        url: root.text("link.href").map(|url| without_credentials(&url)),
        result: build_run::result(&root, if is_finished { "buildState" } else { "lifeCycleState" }, RESULTS),
        started_by: root.text("buildReason").map(|reason| without_tags(&reason)),
        started_at: root.instant("buildStartedTime"),
        duration_seconds: root.number("buildDuration").map(|milliseconds| milliseconds / 1000.0),
        repository: first.and_then(|revision| revision.text("repositoryName")),
        commit: first.and_then(|revision| revision.text("vcsRevisionKey")).or_else(|| root.text("vcsRevisionKey")),
        branch: root.text("planBranchName"),
    };
    let tests = tests(&root).filter(|_| is_finished);
    let report = build_run::report(&root, build, root.text("buildResultKey").as_deref());
    Ok(Report { tests, warnings: root.warnings(), ..report })
}

/// A quarantined test ran, and its result does not count.
fn tests(root: &Object<'_>) -> Option<Tests> {
    let of = |name: &str| root.count(&format!("{name}TestCount")).unwrap_or_default();
    let (passed, failed) = (of("successful"), of("failed"));
    let skipped = of("skipped").saturating_add(of("quarantined"));
    let total = passed.checked_add(failed)?.checked_add(skipped)?;
    (total > 0).then(|| Tests { total, passed, failed, skipped, ..Tests::default() })
}

/// `Manual run by <a href="…">anna</a>` without what is between angle brackets.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut depth = 0_u32;
    for character in html.chars() {
        match character {
            '<' => depth = 1,
            '>' if depth > 0 => depth = 0,
            character if depth == 0 => text.push(character),
            _ => {}
        }
    }
    text.trim().to_owned()
}
