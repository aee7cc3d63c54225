//! Reads a received document: unpacked, understood by its format, its claims about time doubted. In a thread of its
//! own, few at a time and not for long, because readers compute and documents can be large.

use crate::app::App;
use crate::ingest::contents::Contents;
use crate::ingest::receive::Received;
use crate::problem::{Answer, Problem};
use crate::{own_formats, trust};
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use shipworthy_formats::{Known, ReadError, Reader, Reading};
use shipworthy_model::{Component, Finding, Phase, Report, Subject, Warning};
use shipworthy_store::attestation::Attestation;
use shipworthy_store::document::{Document, Sections};
use shipworthy_trust::verify::{Attested, Outcome};
use std::time::Duration;
use tokio::sync::Semaphore;

/// A document that is ready to be recorded.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) document: Document,
    /// What it says itself that it is about.
    pub(crate) named: Vec<Subject>,
    pub(crate) warnings: Vec<Warning>,
    /// What goes into the tables; absent when it is there already or nobody understands it.
    pub(crate) content: Option<Content>,
}

/// What a reader understood.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) sections: Sections,
    pub(crate) components: Vec<Component>,
    pub(crate) findings: Vec<Finding>,
    /// Absent where the document is of no kind that carries attestations.
    pub(crate) verified: Option<Verified>,
}

/// What verification says of the attestations in a document.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) attestations: Vec<Attestation>,
    /// The generation of the roots by which it says so.
    pub(crate) roots: i64,
}

impl Content {
    /// The generation of the roots by which signatures were checked, where there are any.
    pub(crate) fn verified_by(&self) -> Option<i64> {
        self.verified.as_ref().map(|verified| verified.roots)
    }
}

/// Two documents are read at a time: their memory adds up.
static READERS: Semaphore = Semaphore::const_new(2);

const LONGEST_READING: Duration = Duration::from_secs(30);

/// Reads a document, as the format named or as the only one that recognises it.
///
/// # Errors
/// 415 when no reader knows it, 413 when it is too large, 422 when it is broken or takes too long.
pub(crate) async fn understand(app: &App, received: &Received, format: Option<&str>) -> Answer<Understood> {
    let Read { name, phase, tool, mut report, verified } = read(app, received, format.map(str::to_owned)).await?;
    report.warnings.extend(verified.iter().flat_map(|verified| &verified.attestations).filter_map(doubtful_signature));
    let contents = Contents::of(&report);
    // Without its version, by which a newer scan with a newer tool would not be known as the same scan.
    let tool = report.tool.as_ref().map_or(tool, |tool| tool.name.clone());
    let verification = report.attestation.as_ref().map_or("unsigned", |attestation| &attestation.verification);
    let document = Document {
        digest: received.digest.clone(),
        size_bytes: received.bytes.len() as u64,
        received_at: app.clock.now(),
        format: Some(name),
        phase: Some(phase),
        tool: Some(tool),
        counts: contents.counts,
        warnings: report.warnings.len() as u64,
        summary: contents.summary,
        verification: verification.to_owned(),
    };
    let named = report.subjects.iter().filter(|subject| may_be_named(subject)).cloned().collect();
    let (sections, components, findings) = Sections::of(report);
    let warnings = sections.report.warnings.clone();
    Ok(Understood { document, named, warnings, content: Some(Content { sections, components, findings, verified }) })
}

/// A document that nobody understands yet.
pub(crate) fn not_understood(app: &App, received: &Received) -> Understood {
    let document = Document {
        digest: received.digest.clone(),
        size_bytes: received.bytes.len() as u64,
        received_at: app.clock.now(),
        format: None,
        phase: None,
        tool: None,
        counts: std::collections::BTreeMap::new(),
        warnings: 0,
        summary: "kept to be read later".to_owned(),
        verification: "unsigned".to_owned(),
    };
    Understood { document, named: Vec::new(), warnings: Vec::new(), content: None }
}

/// A document that was understood before.
pub(crate) fn known(document: Document, sections: Option<Sections>) -> Understood {
    let report = sections.map(|sections| sections.report).unwrap_or_default();
    let named = report.subjects.into_iter().filter(may_be_named).collect();
    Understood { document, named, warnings: report.warnings, content: None }
}

/// The report of a document, read anew from its bytes.
///
/// # Errors
/// As [`understand`].
pub(crate) async fn report(app: &App, received: &Received, format: &str) -> Answer<Report> {
    Ok(read(app, received, Some(format.to_owned())).await?.report)
}

/// A document as its format reads it.
struct Read {
    /// The format's name.
    name: String,
    phase: Phase,
    /// The tool that writes documents of the format.
    tool: String,
    report: Report,
    verified: Option<Verified>,
}

async fn read(app: &App, received: &Received, format: Option<String>) -> Answer<Read> {
    let mut session = app.db.read().await?;
    let own = own_formats::in_use(&mut session, format.as_deref()).await?;
    let (generation, roots) = app.roots.read(&mut session).await?;
    drop(session);
    let permit = READERS.acquire().await.map_err(Problem::internal)?;
    let (bytes, largest_bytes, now) = (received.bytes.clone(), app.settings.largest_decoded_bytes, app.clock.now());
    let work = tokio::task::spawn_blocking(move || {
        // Held by the thread, which goes on after nobody waits for it any more.
        let _permit = permit;
        let reader = Reader { own: &own, largest_bytes };
        let Reading { format, mut report } = reader.read(&bytes, format.as_deref()).map_err(unreadable)?;
        report.warnings.extend(doubtful_times(&report, now));
        let Known { name, phase, tool, title: _ } = format;
        let verified = (report.attestation.is_some() || name == ATTESTATIONS)
            .then(|| Verified { attestations: trust::checked(&bytes, largest_bytes, &roots, now), roots: generation });
        Ok(Read { name: name.to_owned(), phase, tool: tool.to_owned(), report, verified })
    });
    let seconds = LONGEST_READING.as_secs();
    match tokio::time::timeout(LONGEST_READING, work).await {
        Ok(Ok(read)) => read,
        Ok(Err(panic)) => Err(Problem::internal(format!("a reader broke off: {panic}"))),
        Err(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "too-slow",
            "Too slow to read",
            format!("the document was not read within {seconds} seconds"),
        )),
    }
}

/// The format whose documents carry attestations.
const ATTESTATIONS: &str = "in-toto";

/// Whoever hands in what was tampered with shall know it at once. The document is kept all the same.
fn doubtful_signature(attestation: &Attestation) -> Option<Warning> {
    if attestation.outcome != trust::word::INVALID {
        return None;
    }
    let why = serde_json::from_str::<Attested>(&attestation.body).ok().map(|attested| attested.outcome);
    let why = if let Some(Outcome::Invalid { why }) = why { why } else { String::new() };
    let message = format!("{why}; what it says does not count");
    Some(Warning { at: format!("attestation {}", attestation.position + 1), message })
}

/// A document may name what its kind is about, never a release, deployment or environment of ours.
fn may_be_named(subject: &Subject) -> bool {
    match subject {
        Subject::Commit(_) | Subject::Build { .. } | Subject::Artifact(_) => true,
        Subject::Release(_) | Subject::Deployment(_) | Subject::Environment(_) => false,
    }
}

fn unreadable(error: ReadError) -> Problem {
    let text = error.to_string();
    let (detail, hint) = match text.split_once("\nhint: ") {
        Some((detail, hint)) => (detail.to_owned(), Some(hint.to_owned())),
        None => (text, None),
    };
    let problem = match error {
        ReadError::Unrecognised(_) => {
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unknown-format", "Unknown format", detail)
        }
        ReadError::UnknownFormat { .. } => Problem::invalid("context.format", detail),
        ReadError::NotWellFormed { at, .. } => not_well_formed(detail).at(at),
        ReadError::TooDeep { at, .. } => not_well_formed(detail).at(at),
        ReadError::Damaged { .. } | ReadError::Archive { .. } => not_well_formed(detail),
        ReadError::UnpacksTooLarge { .. } | ReadError::UnpacksTooMuch { .. } => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "decompressed-too-large", "Too large once unpacked", detail)
        }
        ReadError::TooMany { .. } | ReadError::TooLarge { .. } => Problem::too_large(detail),
    };
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

fn not_well_formed(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not-well-formed", "The document is broken", detail)
}

/// Clocks of build machines may be wrong by this much before it is worth a word.
const TOLERATED: SignedDuration = SignedDuration::from_mins(5);

/// Warnings about times that cannot be: before anybody wrote such documents, or to come.
fn doubtful_times(report: &Report, now: Timestamp) -> Vec<Warning> {
    let inventory = report.inventory.as_ref().and_then(|inventory| inventory.created_at.as_ref());
    let build = report.build.as_ref().and_then(|build| build.started_at.as_ref());
    let provenance = report.provenance.as_ref();
    let claims = [
        ("created_at", report.created_at.as_ref()),
        ("inventory.created_at", inventory.filter(|claimed| Some(*claimed) != report.created_at.as_ref())),
        ("build.started_at", build),
        ("provenance.started_at", provenance.and_then(|provenance| provenance.started_at.as_ref())),
        ("provenance.finished_at", provenance.and_then(|provenance| provenance.finished_at.as_ref())),
    ];
    let doubt = |(at, claimed): (&str, Option<&String>)| {
        let claimed = claimed?.parse::<Timestamp>().ok()?;
        let why = if claimed.duration_since(now) > TOLERATED {
            "is still to come"
        } else if claimed.as_second() < FIRST_SENSIBLE_SECOND {
            "is from before such documents existed"
        } else {
            return None;
        };
        Some(Warning { at: at.to_owned(), message: format!("the claimed time {claimed} {why}: is a clock wrong?") })
    };
    claims.into_iter().filter_map(doubt).collect()
}

/// The first of January 2000: a clock that was never set says 1970 or 1980.
const FIRST_SENSIBLE_SECOND: i64 = 946_684_800;
