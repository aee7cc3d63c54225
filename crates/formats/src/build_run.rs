//! What the readers of build systems share: the report of one run.

use crate::json::Object;
use shipworthy_model::{Build, InvalidSubject, Report, Subject, Tool};

/// The report of one run, known in its system by `id`; without one it is about its commit alone.
pub(crate) fn report(root: &Object<'_>, build: Build, id: Option<&str>) -> Report {
    let mut found = Vec::new();
    match id {
        Some(id) => {
            let id = id.replace(char::is_whitespace, "%20");
            found.extend(usable(root, "id", Subject::build(&build.system, &id)));
        }
        None => root.warn("id", "expected the id of the run, found none"),
    }
    if let Some(commit) = &build.commit {
        found.extend(usable(root, "commit", Subject::commit(commit)));
    }
    let created_at = build.started_at.clone();
    let tool = Some(Tool { name: build.system.clone(), version: None });
    Report { tool, created_at, subjects: found, build: Some(build), warnings: root.warnings(), ..Report::default() }
}

/// The subject found at `path`; one that is none is a warning.
pub(crate) fn usable(root: &Object<'_>, path: &str, subject: Result<Subject, InvalidSubject>) -> Option<Subject> {
    subject.map_err(|error| root.warn(path, format!("left out: {error}"))).ok()
}

/// The first of several runs in one document. A report is about one.
pub(crate) fn first<'a>(objects: Vec<Object<'a>>, what: &'static str) -> Result<Object<'a>, crate::ReadError> {
    let count = objects.len();
    let Some(first) = objects.into_iter().next() else {
        return Err(crate::ReadError::lacks(what, "the document", "expected at least one, found none"));
    };
    if count > 1 {
        first.warn("", format!("the first of {count} is read: send each as a document of its own"));
    }
    Ok(first)
}

/// The word for a result of a run, where the system's own word for it is in `words`.
pub(crate) fn result(root: &Object<'_>, path: &str, words: &[(&str, &'static str)]) -> String {
    let word = root.text(path).unwrap_or_default();
    let known = words.iter().find(|(known, _)| known.eq_ignore_ascii_case(&word)).map(|(_, result)| *result);
    let result = known.unwrap_or_else(|| {
        let shown: String = word.chars().take(60).collect();
        root.warn(path, format!("expected the state of a run, found `{shown}`: taken for failed"));
        "failed"
    });
    result.to_owned()
}

/// The branch that a reference of Git names; a tag is none.
pub(crate) fn branch(reference: Option<String>) -> Option<String> {
    let reference = reference?;
    if reference.starts_with("refs/tags/") {
        return None;
    }
    Some(reference.strip_prefix("refs/heads/").map_or(reference.clone(), str::to_owned))
}
