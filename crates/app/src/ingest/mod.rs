//! Takes evidence in: bytes and what they are about come in, receipts go out. Every document of a request is read
//! before the first is recorded, and all are recorded in one transaction, with their audit entries, or none is. The
//! bytes are durable before the transaction begins, so that what is acknowledged is never lost.

mod contents;
mod context;
mod receive;
mod understand;

pub(crate) use context::{Context, ReleaseName};
pub(crate) use receive::{Received, receive};
pub(crate) use understand::report;

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::{correlate, current, trust};
use context::{Binding, bind, may_speak_for};
use serde_json::json;
use shipworthy_model::{Digest, EvidenceId, Permission, Subject, Warning};
use shipworthy_store::document::{self, Document, Insertion};
use shipworthy_store::documents::Stored;
use shipworthy_store::evidence::{self, NewEvidence};
use shipworthy_store::{Session, attestation, audit, component, document_file, finding, release, stamp};
use std::collections::BTreeMap;
use understand::{Content, Understood, Verified, known, not_understood, understand};

/// What became of one document.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) evidence_id: EvidenceId,
    /// Whether anything of it was not here: the document, its understanding, or what it is about.
    pub(crate) is_new: bool,
    pub(crate) document: Document,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) warnings: Vec<Warning>,
    /// The place of the entry about it in the audit log.
    pub(crate) audit_entry: Option<i64>,
}

/// Takes documents in.
///
/// # Errors
/// The problem of the first document that cannot be taken, with its place; then nothing of any is recorded.
pub(crate) async fn ingest(
    app: &App,
    caller: &Caller,
    context: &Context,
    documents: &[Received],
    keeps_unknown: bool,
) -> Answer<Vec<Outcome>> {
    let binding = bind(app, caller, context).await?;
    let mut submissions = Vec::new();
    for (index, received) in documents.iter().enumerate() {
        let place = |problem: Problem| placed(problem, index, received);
        let format = context.format.as_deref();
        let understood = prepare(app, received, format, keeps_unknown).await.map_err(place)?;
        submissions.push(submit(app, caller, &binding, understood).await.map_err(place)?);
    }
    let mut stored = BTreeMap::new();
    for received in documents {
        let file = app.documents.put(&received.digest, received.bytes.clone()).await?;
        stored.insert(received.digest.clone(), file);
    }
    record(app, caller, context, binding, submissions, &stored).await
}

/// Adds which of the documents a problem is about.
fn placed(problem: Problem, index: usize, received: &Received) -> Problem {
    let document = match &received.file_name {
        Some(name) => format!("document[{index}] `{name}`"),
        None => format!("document[{index}]"),
    };
    match problem.at.clone() {
        Some(at) if at.starts_with("context") => problem,
        Some(at) => problem.at(format!("{document} {at}")),
        None => problem.at(document),
    }
}

/// A document that is ready to be recorded, with all that it is about.
struct Submission {
    understood: Understood,
    subjects: Vec<Subject>,
}

async fn prepare(app: &App, received: &Received, format: Option<&str>, keeps_unknown: bool) -> Answer<Understood> {
    let before = {
        let mut session = app.db.read().await?;
        let document = document::find(&mut session, &received.digest).await?;
        match document.filter(|document| document.format.is_some()) {
            Some(document) => {
                let digest = document.digest.clone();
                let sections = document::sections(&mut session, std::slice::from_ref(&digest)).await?.remove(&digest);
                Some(known(document, sections))
            }
            None => None,
        }
    };
    if let Some(before) = before {
        return same_format(before, format);
    }
    match understand(app, received, format).await {
        Err(problem) if keeps_unknown && problem.slug() == "unknown-format" => Ok(not_understood(app, received)),
        other => other,
    }
}

/// The same bytes say the same thing: they are not read a second time as something else.
fn same_format(before: Understood, format: Option<&str>) -> Answer<Understood> {
    match (before.document.format.as_deref(), format) {
        (Some(known), Some(named)) if known != named => Err(Problem::conflict(format!(
            "the same document was read as `{known}` before, and cannot be read as `{named}` now"
        ))),
        _ => Ok(before),
    }
}

async fn submit(app: &App, caller: &Caller, binding: &Binding, mut understood: Understood) -> Answer<Submission> {
    let visibility = caller.visibility(Permission::Push);
    let mut subjects = binding.subjects.clone();
    let mut session = app.db.read().await?;
    understood.warnings.extend(another_artifact(&understood.named, &binding.shipped));
    for subject in std::mem::take(&mut understood.named) {
        if may_speak_for(&mut session, &subject, &visibility).await? {
            subjects.push(subject);
        } else {
            let message = format!("`{subject}` belongs to an application that you may not speak for; it is left out");
            understood.warnings.push(Warning { at: "subjects".to_owned(), message });
        }
    }
    subjects.sort();
    subjects.dedup();
    if subjects.is_empty() {
        let detail = "nothing says what the document is about";
        return Err(Problem::invalid("context.subjects", detail)
            .hint("give a release, a commit, a build or an artifact's digest"));
    }
    Ok(Submission { understood, subjects })
}

/// A warning when a document is about artifacts of which the named release ships none: a report of the wrong image is
/// an easy mistake, and a release can also ship what its documents do not know by digest.
fn another_artifact(named: &[Subject], shipped: &[Subject]) -> Option<Warning> {
    let mut artifacts = named.iter().filter(|subject| matches!(subject, Subject::Artifact(_))).peekable();
    let first = *artifacts.peek()?;
    if shipped.is_empty() || artifacts.any(|artifact| shipped.contains(artifact)) {
        return None;
    }
    let message = format!("the document is about `{first}`, which the release does not ship: is it the right one?");
    Some(Warning { at: "subjects".to_owned(), message })
}

async fn record(
    app: &App,
    caller: &Caller,
    context: &Context,
    binding: Binding,
    submissions: Vec<Submission>,
    stored: &BTreeMap<Digest, Stored>,
) -> Answer<Vec<Outcome>> {
    let mut session = app.db.write().await?;
    let mut touched = Vec::new();
    let mut outcomes = Vec::new();
    let mut has_inventory = false;
    let mut verified_by = None;
    for Submission { understood, subjects } in submissions {
        let Understood { document, named: _, warnings, content } = understood;
        verified_by = verified_by.or(content.as_ref().and_then(Content::verified_by));
        let learned = record_document(app, &mut session, &document, content).await?;
        if let Some(file) = stored.get(&document.digest) {
            document_file::insert(&mut session, &document.digest, file).await?;
        }
        has_inventory |= document.counts.contains_key("components");
        let new = NewEvidence {
            id: EvidenceId(app.clock.new_id()),
            document: document.digest.clone(),
            submitted_by: caller.actor().name,
            submitted_at: app.clock.now(),
            scope: binding.scope,
            subjects: subjects.clone(),
        };
        let evidence::Insertion { id, is_new } = evidence::insert(&mut session, &new).await?;
        let is_new = is_new || !learned.is_empty();
        if is_new {
            touched.extend(subjects.iter().cloned().chain(learned));
        }
        outcomes.push(Outcome { evidence_id: id, is_new, document, subjects, warnings, audit_entry: None });
    }
    if touched.is_empty() {
        // Nothing new: there is nothing to write, and what was locked is let go.
        name_entries(&mut session, &mut outcomes).await?;
        return Ok(outcomes);
    }
    stamp::touch_subjects(&mut session, &touched).await?;
    if has_inventory {
        for release in release::with_subjects(&mut session, &touched).await? {
            current::settle(&mut session, release).await?;
        }
    }
    let new = outcomes.iter().filter(|outcome| outcome.is_new);
    let entries: Vec<_> = new
        .map(|outcome| {
            let document = ("document", outcome.document.digest.to_string());
            (audit_entry(app, caller, context, outcome), vec![document])
        })
        .collect();
    let first = audit_log::append_all(&mut session, &entries).await?;
    let new = outcomes.iter_mut().filter(|outcome| outcome.is_new);
    new.zip(first..).for_each(|(outcome, place)| outcome.audit_entry = Some(place));
    name_entries(&mut session, &mut outcomes).await?;
    session.commit().await?;
    // The roots may have changed between the checking and the writing, when nobody could find what was not there yet.
    if let Some(generation) = verified_by
        && app.roots.read(&mut app.db.read().await?).await?.0 != generation
    {
        trust::catch_up(app).await?;
    }
    Ok(outcomes)
}

/// Names the entry about what was here before.
async fn name_entries(session: &mut Session, outcomes: &mut [Outcome]) -> Answer<()> {
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.audit_entry.is_none()) {
        let id = outcome.evidence_id.to_string();
        outcome.audit_entry = audit::first_about(session, "evidence", &id, "evidence.submit").await?;
    }
    Ok(())
}

/// Writes a document with what is in it, and gives the subjects about which more is known now than before.
async fn record_document(
    app: &App,
    session: &mut Session,
    document: &Document,
    content: Option<Content>,
) -> Answer<Vec<Subject>> {
    let became = document::insert(session, document, content.as_ref().map(|content| &content.sections)).await?;
    match (became, content) {
        (Insertion::Known, _) | (Insertion::New | Insertion::Learned, None) => return Ok(Vec::new()),
        (Insertion::New | Insertion::Learned, Some(content)) => {
            if content.sections.report.inventory.is_some() {
                let new = component::insert(session, &document.digest, &content.components).await?;
                correlate::match_new(app, session, &new).await?;
            }
            finding::insert(session, &document.digest, &content.findings).await?;
            if let Some(Verified { attestations, roots }) = &content.verified {
                attestation::replace(session, &document.digest, attestations, *roots, document.received_at).await?;
            }
        }
    }
    match became {
        Insertion::Learned => Ok(document::subjects(session, &document.digest).await?),
        Insertion::New | Insertion::Known => Ok(Vec::new()),
    }
}

fn audit_entry(app: &App, caller: &Caller, context: &Context, outcome: &Outcome) -> audit::NewEntry {
    let Outcome { evidence_id, document, subjects, .. } = outcome;
    let format = document.format.as_deref().unwrap_or("unknown format");
    let subject = subjects.first().map(ToString::to_string).unwrap_or_default();
    let more = if subjects.len() > 1 { format!(" and {} more", subjects.len() - 1) } else { String::new() };
    let summary = format!("handed in {format} about {subject}{more}: {}", document.summary);
    let details = json!({
        "document": document.digest,
        "format": document.format,
        "subjects": subjects,
        "repository": context.repository,
        "branch": context.branch,
    });
    entry(app, caller.actor(), "evidence.submit", ("evidence", evidence_id.to_string()), summary, details)
}
