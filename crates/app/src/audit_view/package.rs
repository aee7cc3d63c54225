//! The audit package: entries with proofs, the decisions among them, the documents that these rest on, and a signed list
//! of all files. `shipworthy audit verify --package` checks it offline.

use crate::api::keys;
use crate::app::App;
use crate::audit_log::{checkpoint, leaf, tree};
use crate::audit_view::archive::Archive;
use crate::audit_view::question::AuditQuestion;
use crate::caller::Caller;
use crate::problem::{Answer, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shipworthy_model::{Decision, DecisionId, Digest, Permission};
use shipworthy_store::audit::{self, Line};
use shipworthy_store::audit_search::{self, Filter};
use shipworthy_store::{Session, Visibility, decision};
use shipworthy_trust::checkpoint::Checkpoint;
use shipworthy_trust::dsse;
use shipworthy_trust::merkle::{Hash, inclusion_path, to_hex};
use std::collections::BTreeMap;

/// What the signed list of files says that it is.
pub(crate) const PREDICATE: &str = "https://shipworthy.dev/attestation/audit-package/v1";
/// How many entries a package has at most.
const LARGEST_ENTRIES: usize = 20_000;
/// How many entries are proved at once.
const AT_ONCE: usize = 1_000;

/// A line of `audit/proofs.jsonl`: the proof of the entry in the same line of `audit/entries.jsonl`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ProofLine {
    /// The place of the entry, from 1.
    pub(crate) sequence: u64,
    /// The hashes in hexadecimal digits (RFC 9162 §2.1.3).
    pub(crate) hashes: Vec<String>,
}

/// Makes the package of what fits, as a zip archive.
///
/// # Errors
/// Too large, when more fits than a package holds.
pub(crate) async fn make(app: &App, caller: &Caller, question: &AuditQuestion) -> Answer<Vec<u8>> {
    let note = checkpoint::current(app).await?;
    let size = Checkpoint::read(&note).map_err(Problem::internal)?.size;
    let mut session = app.db.snapshot().await?;
    let before = Some(i64::try_from(size + 1).map_err(Problem::internal)?);
    let filter = Filter { before, ..question.filter(&mut session).await? };
    let mut places = audit_search::places(&mut session, &filter, LARGEST_ENTRIES + 1).await?;
    if places.len() > LARGEST_ENTRIES {
        let detail = format!("more than {LARGEST_ENTRIES} entries fit, which is the most that one package holds");
        return Err(Problem::too_large(detail).hint("ask for a shorter period with `from` and `until`"));
    }
    places.reverse();
    let mut archive = Archive::default();
    archive.add("README.md", include_bytes!("package_readme.md"))?;
    archive.add("audit/checkpoint.txt", note.as_bytes())?;
    let log_keys: String = checkpoint::keys(app).await?.iter().map(|key| format!("{key}\n")).collect();
    archive.add("audit/keys.txt", log_keys.as_bytes())?;
    let published = serde_json::to_vec_pretty(&keys::published_keys(app)?).map_err(Problem::internal)?;
    archive.add("keys.json", &published)?;
    let lines = add_entries(&mut session, &mut archive, &places, size).await?;
    let documents = add_decisions(&mut session, &mut archive, &lines).await?;
    let has_documents = caller.may_everywhere(Permission::ReadDocuments);
    if has_documents {
        for digest in documents.keys() {
            archive.add(&format!("evidence/{}", digest.hex()), &app.documents.get(digest).await?)?;
        }
    }
    let documents = serde_json::to_vec_pretty(&documents).map_err(Problem::internal)?;
    archive.add("evidence.json", &documents)?;
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": archive.subjects(),
        "predicateType": PREDICATE,
        "predicate": {
            "server": app.settings.public_url,
            "made_at": app.clock.now().to_string(),
            "made_by": caller.actor().name,
            "question": question,
            "entries": places.len(),
            "log_size": size,
            "has_documents": has_documents,
        },
    });
    let statement = serde_json::to_vec_pretty(&statement).map_err(Problem::internal)?;
    let signer = app.keys.attestation(app.clock.now())?;
    let envelope = dsse::sign(dsse::IN_TOTO, &statement, signer.key());
    archive.add("manifest.json", &statement)?;
    archive.add("manifest.dsse.json", &serde_json::to_vec_pretty(&envelope).map_err(Problem::internal)?)?;
    archive.finish()
}

/// Adds the entries at these places, each with its proof.
async fn add_entries(session: &mut Session, archive: &mut Archive, places: &[i64], size: u64) -> Answer<Vec<Line>> {
    let (mut lines, mut entries, mut proofs) = (Vec::new(), String::new(), String::new());
    for some in places.chunks(AT_ONCE) {
        let paths = prove(session, some, size).await?;
        for (place, hashes) in some.iter().zip(paths) {
            let line = audit::lines(session, place - 1, 1).await?.into_iter().next();
            let (_, line) = line.ok_or_else(|| Problem::internal("an entry is missing"))?;
            let line = line?;
            entries.push_str(&leaf::text(&line).map_err(Problem::internal)?);
            entries.push('\n');
            let proof = ProofLine { sequence: place.unsigned_abs(), hashes: hashes.iter().map(to_hex).collect() };
            proofs.push_str(&serde_json::to_string(&proof).map_err(Problem::internal)?);
            proofs.push('\n');
            lines.push(line);
        }
    }
    archive.add("audit/entries.jsonl", entries.as_bytes())?;
    archive.add("audit/proofs.jsonl", proofs.as_bytes())?;
    Ok(lines)
}

/// The proofs of several entries; tiles that they share are read once.
async fn prove(session: &mut Session, places: &[i64], size: u64) -> Answer<Vec<Vec<Hash>>> {
    let path = |place: &i64| inclusion_path(place.unsigned_abs() - 1, size);
    let paths: Option<Vec<_>> = places.iter().map(path).collect();
    let paths = paths.ok_or_else(|| Problem::internal("there is no such entry to prove"))?;
    let mut roots = tree::roots(session, &paths.concat(), size).await?.into_iter();
    Ok(paths.iter().map(|path| roots.by_ref().take(path.len()).collect()).collect())
}

/// Adds the decisions among the entries, and gives the documents that they rest on with their formats.
async fn add_decisions(
    session: &mut Session,
    archive: &mut Archive,
    lines: &[Line],
) -> Answer<BTreeMap<Digest, String>> {
    let mut documents = BTreeMap::new();
    for line in lines.iter().filter(|line| line.action == "decision.make") {
        let id: DecisionId = line.object_id.parse().map_err(Problem::internal)?;
        let stored = decision::get(session, &Visibility::Everything, id).await?;
        archive.add(&format!("decisions/{id}/record.json"), stored.record.as_bytes())?;
        archive.add(&format!("decisions/{id}/envelope.json"), stored.envelope.as_bytes())?;
        let made: Decision = serde_json::from_str(&stored.record).map_err(Problem::internal)?;
        documents.extend(made.evidence.into_iter().map(|evidence| (evidence.document, evidence.format)));
    }
    Ok(documents)
}
