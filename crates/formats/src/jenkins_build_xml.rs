//! One run of a Jenkins job in XML: the answer of `<job>/<number>/api/xml`.

use crate::address::without_credentials;
use crate::jenkins::{self, branch_name, duration_seconds, started_at};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Build, Phase, Report, ReportedApproval, Tests, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "jenkins-build-xml",
    title: "Jenkins build (XML)",
    homepage: "https://www.jenkins.io/doc/book/using/remote-access-api",
    phase: Phase::Build,
    tool: "jenkins",
    reads: "the answer of `<job>/<number>/api/xml` of freestyle, pipeline, matrix and Maven jobs",
    identifies: "",
    severities: "",
    marks: &["freeStyleBuild", "workflowRun", "mavenModuleSetBuild", "matrixBuild"],
    recognises: |probe: &Probe| {
        let is_build = |name: &str| {
            matches!(
                name,
                "freeStyleBuild" | "freeStyleProject" | "workflowRun" | "mavenModuleSetBuild" | "matrixBuild"
            )
        };
        probe.root().is_some_and(|root| is_build(&root.name)) && probe.has("number") && probe.has("building")
    },
    read,
};

/// What is read of an answer.
#[derive(Default)]
struct Answer {
    number: String,
    url: Option<String>,
    shown: Option<String>,
    result: Option<String>,
    is_building: bool,
    timestamp: Option<i64>,
    duration: Option<f64>,
    user: Option<String>,
    cause: Option<String>,
    repository: Option<String>,
    commit: Option<String>,
    branch: Option<String>,
    tests: Option<Tests>,
    approvals: Vec<ReportedApproval>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut answer = Answer::default();
    while let Some(child) = document.next_child(&root)? {
        if child.name == "action" {
            answer.action(&mut document, &child)?;
        } else {
            answer.child(&mut document, &child)?;
        }
    }
    document.end()?;
    if answer.number.is_empty() {
        let at = format!("/{}", root.name);
        return Err(ReadError::lacks("Jenkins build", &at, "expected the `number` of a build, found none"));
    }
    let mut warnings = Vec::new();
    let job = answer.url.as_deref().and_then(jenkins::job_at).or_else(|| jenkins::job_shown(answer.shown.as_deref()?));
    let result = match (&answer.result, answer.is_building) {
        (_, true) | (None, _) => "running",
        (Some(word), false) => jenkins::result_or_failed(word, "/result", &mut warnings),
    };
    let build = Build {
        system: "jenkins".to_owned(),
        job: job.unwrap_or_default(),
        number: answer.number,
        url: answer.url.map(|url| without_credentials(&url)),
        result: result.to_owned(),
        started_by: answer.user.or(answer.cause),
        started_at: started_at(answer.timestamp, &mut warnings),
        duration_seconds: duration_seconds(answer.duration, &mut warnings),
        repository: answer.repository.map(|url| without_credentials(&url)),
        commit: answer.commit,
        branch: answer.branch.and_then(branch_name),
    };
    Ok(Report {
        tool: Some(Tool { name: "jenkins".to_owned(), version: None }),
        created_at: build.started_at.clone(),
        subjects: jenkins::subjects(&build, &mut warnings),
        build: Some(build),
        tests: answer.tests,
        approvals: answer.approvals,
        warnings,
        ..Report::default()
    })
}

impl Answer {
    fn child(&mut self, document: &mut Document<'_>, child: &Element) -> Result<(), ReadError> {
        let place = match child.name.as_str() {
            "url" => &mut self.url,
            "fullDisplayName" => &mut self.shown,
            "result" => &mut self.result,
            "number" => {
                self.number = document.text(child)?;
                return Ok(());
            }
            "building" => {
                self.is_building = document.text(child)? == "true";
                return Ok(());
            }
            "timestamp" => {
                self.timestamp = document.text(child)?.parse().ok();
                return Ok(());
            }
            "duration" => {
                self.duration = document.text(child)?.parse().ok().filter(|duration: &f64| duration.is_finite());
                return Ok(());
            }
            _ => return Ok(()),
        };
        *place = Some(document.text(child)?).filter(|text| !text.is_empty());
        Ok(())
    }

    /// What led to the build, what it checked out, and how its tests went: the actions of the plug-ins.
    fn action(&mut self, document: &mut Document<'_>, action: &Element) -> Result<(), ReadError> {
        let is_approval = action.attribute("_class").is_some_and(|class| class.ends_with(".ApproverAction"));
        let mut counts = [None; 3];
        let mut commit = None;
        let mut branch = None;
        let mut repository = None;
        while let Some(child) = document.next_child(action)? {
            match child.name.as_str() {
                "cause" => self.cause(document, &child)?,
                "lastBuiltRevision" => revision(document, &child, &mut commit, &mut branch)?,
                "remoteUrl" => repository = Some(document.text(&child)?),
                "totalCount" => counts[0] = document.text(&child)?.parse::<u32>().ok(),
                "failCount" => counts[1] = document.text(&child)?.parse().ok(),
                "skipCount" => counts[2] = document.text(&child)?.parse().ok(),
                "userId" if is_approval => self.approvals.push(ReportedApproval {
                    name: "input".to_owned(),
                    status: "approved".to_owned(),
                    by: Some(document.text(&child)?).filter(|by| !by.is_empty()),
                    ..ReportedApproval::default()
                }),
                _ => {}
            }
        }
        // Libraries are checked out before what is built.
        if commit.is_some() {
            (self.commit, self.branch, self.repository) = (commit, branch, repository);
        }
        if let [Some(total), Some(failed), skipped] = counts {
            let [total, failed, skipped] = [total, failed, skipped.unwrap_or_default()].map(u64::from);
            let passed = total.saturating_sub(failed + skipped);
            self.tests = Some(Tests { total, passed, failed, skipped, ..Tests::default() });
        }
        Ok(())
    }

    fn cause(&mut self, document: &mut Document<'_>, cause: &Element) -> Result<(), ReadError> {
        while let Some(child) = document.next_child(cause)? {
            match child.name.as_str() {
                "userId" => self.user = Some(document.text(&child)?).filter(|user| !user.is_empty()),
                "shortDescription" => self.cause = Some(document.text(&child)?).filter(|text| !text.is_empty()),
                _ => {}
            }
        }
        Ok(())
    }
}

fn revision(
    document: &mut Document<'_>,
    revision: &Element,
    commit: &mut Option<String>,
    branch: &mut Option<String>,
) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(revision)? {
        match child.name.as_str() {
            "SHA1" => *commit = Some(document.text(&child)?).filter(|commit| !commit.is_empty()),
            "branch" => {
                while let Some(part) = document.next_child(&child)? {
                    if part.name == "name" {
                        *branch = Some(document.text(&part)?).filter(|name| !name.is_empty());
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}
