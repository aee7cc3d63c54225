//! Kubesec: manifests of Kubernetes, with points for and against their security.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "kubesec",
    title: "Kubesec results",
    homepage: "https://kubesec.io/",
    phase: Phase::Source,
    tool: "kubesec",
    reads: "the JSON of version 2, from the program and the service",
    identifies: "rule, file and object",
    severities: "kubesec",
    marks: &["object", "valid", "message", "score", "scoring"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let keys = ["object", "valid", "message", "score"];
    probe.first_element().is_some_and(|members| members.has_all(&keys))
}

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow)]
    object: Option<Text<'a>>,
    valid: Option<bool>,
    #[serde(borrow, rename = "fileName")]
    file: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow, default)]
    scoring: Odd<Scoring<'a>>,
}

#[derive(Default, Deserialize)]
struct Scoring<'a> {
    #[serde(borrow, default)]
    critical: List<'a>,
    #[serde(borrow, default)]
    passed: List<'a>,
    #[serde(borrow, default)]
    advise: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    selector: Option<Text<'a>>,
    #[serde(borrow)]
    reason: Option<Text<'a>>,
    points: Option<f64>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner_with_passed("kubesec");
    for (index, object) in json::parts::<Object<'_>>(&list, "", &mut checks.warnings) {
        let at = format!("/{index}/scoring");
        if object.valid == Some(false) {
            let said = stated(object.message.as_ref()).unwrap_or_default();
            let message = format!("Kubesec could not check it: {said}");
            checks.warnings.push(Warning { at: format!("/{index}/valid"), message: crate::text::capped(message) });
        }
        let Some(scoring) = object.scoring.get(&at, &mut checks.warnings) else { continue };
        let lists = [
            ("critical", &scoring.critical, Outcome::Failed),
            ("passed", &scoring.passed, Outcome::Passed),
            ("advise", &scoring.advise, Outcome::Warned),
        ];
        for (name, list, outcome) in lists {
            for (_, item) in json::parts::<Item<'_>>(list, format_args!("{at}/{name}"), &mut checks.warnings) {
                checks.add(check(&object, &item, outcome, name));
            }
        }
    }
    Ok(checks.report("kubesec", None))
}

/// Old versions give a rule no id; it is then known by what it looks at.
fn check(object: &Object<'_>, item: &Item<'_>, outcome: Outcome, list: &str) -> Check {
    let selector = stated(item.selector.as_ref());
    let rule = stated(item.id.as_ref()).or_else(|| selector.clone()).unwrap_or_default();
    let location = checks::place(object.file.as_deref().filter(|name| *name != "STDIN" && *name != "API"), None, None);
    let path = location.as_ref().map_or("", |location| &location.path);
    let word = (outcome != Outcome::Passed).then_some(list);
    let resource = stated(object.object.as_ref());
    Check {
        identity: Some(identity::of_parts(
            &rule,
            &[path, resource.as_deref().unwrap_or_default(), selector.as_deref().unwrap_or_default()],
        )),
        rule,
        title: stated(item.reason.as_ref()),
        outcome,
        severity: checks::rated("kubesec", word),
        severity_word: word.map(str::to_owned),
        score: item.points,
        reason: selector,
        resource,
        location,
        ..Check::default()
    }
}
