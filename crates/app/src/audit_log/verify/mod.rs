//! Checks the whole log: every entry, the tree, what was signed, and everything that entries are bound to. Gives what is
//! wrong by name; needs no server, and for an export no database either.

mod entries;
mod export;
mod rows;
mod scan;

pub(crate) use export::{check_export, checkpoint_line, tile_line};

use scan::Scan;
use serde::Serialize;
use shipworthy_store::documents::Documents;
use shipworthy_store::{Db, StoreError};
use shipworthy_trust::checkpoint::Checkpoint;
use shipworthy_trust::merkle::Hash;
use shipworthy_trust::note::NoteKey;

/// What the log is held against.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The keys of the log, where they are known.
    pub keys: Vec<NoteKey>,
    /// Checkpoints that were kept elsewhere, each with the name under which it is spoken of.
    pub notes: Vec<(String, String)>,
}

/// What was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Findings {
    /// Whether nothing is wrong.
    pub is_whole: bool,
    /// How many entries there are.
    pub entries: i64,
    /// The root over them in base64, as checkpoints have it.
    pub root: String,
    /// The place of the first entry that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_bad: Option<i64>,
    /// How much was looked at.
    pub checked: Checked,
    /// What could not be looked at, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_checked: Vec<String>,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Checkpoints, kept here and elsewhere.
    pub checkpoints: u64,
    /// Of them those whose signature was looked at.
    pub signatures: u64,
    /// Objects that entries are bound to, such as evidence and decisions.
    pub objects: u64,
    /// Documents.
    pub documents: u64,
    /// Facts of decisions.
    pub facts: u64,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What sort of wrong: `changed`, `removed`, `inserted`, `moved`, `truncated`, `forked`, `forged-checkpoint`,
    /// `object-changed`, `object-removed`, `object-inserted`, `document-changed`, `facts-changed`, `tree-changed`.
    pub kind: &'static str,
    /// The entry that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<i64>,
    /// The object that it is about, as kind and id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// A sentence for people.
    pub detail: String,
}

impl Fault {
    fn of_entry(kind: &'static str, entry: i64, detail: impl Into<String>) -> Self {
        Self { kind, entry: Some(entry), object: None, detail: detail.into() }
    }

    fn of_object(kind: &'static str, object: String, detail: impl Into<String>) -> Self {
        Self { kind, entry: None, object: Some(object), detail: detail.into() }
    }
}

/// A checkpoint that the log is held against.
#[derive(Clone, Debug)]
struct Known {
    size: u64,
    root: Hash,
    name: String,
}

/// Checks the log in a database with everything that it is bound to.
///
/// # Errors
/// When the database fails; what is wrong with the log is no error.
pub async fn check_database(db: &Db, documents: &Documents, given: &Given) -> Result<Findings, StoreError> {
    let mut session = db.snapshot().await?;
    let mut scan = Scan::default();
    for (name, note) in &given.notes {
        scan.know_note(name, note, &given.keys, None);
    }
    entries::know_kept(&mut session, &mut scan, &given.keys).await?;
    if given.keys.is_empty() {
        scan.findings.not_checked.push("signatures of checkpoints: the key of the log was not given".to_owned());
    }
    let bindings = entries::check(&mut session, &mut scan).await?;
    let mut findings = scan.finish();
    rows::check_objects(&mut session, bindings, &mut findings).await?;
    rows::check_facts(&mut session, &mut findings).await?;
    rows::check_documents(&mut session, documents, &mut findings).await?;
    findings.is_whole = findings.faults.is_empty();
    Ok(findings)
}

/// Reads a checkpoint, and makes sure that its log signed it where the key is known.
fn open(note: &str, keys: &[NoteKey]) -> Result<Checkpoint, String> {
    if !keys.is_empty() {
        return Checkpoint::open(note, keys).map_err(|error| error.to_string());
    }
    let text = note.split_once("\n\n").map_or(note, |(text, _)| text);
    Checkpoint::read(&format!("{text}\n")).map_err(|error| error.to_string())
}
