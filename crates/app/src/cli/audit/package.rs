//! `shipworthy audit package`, and how a package is checked without its server.

use super::undecided;
use crate::api::keys::PublishedKeys;
use crate::audit_view::package::{PREDICATE, ProofLine};
use crate::cli::output::{Exit, Failure, print, say};
use crate::cli::serve::run_async;
use crate::client::{Client, Connection};
use crate::signing::KeyUse;
use anyhow::{Context as _, bail, ensure};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use shipworthy_model::Digest;
use shipworthy_trust::checkpoint::Checkpoint;
use shipworthy_trust::merkle::{Hash, from_hex, leaf_hash, verify_inclusion};
use shipworthy_trust::note::NoteKey;
use shipworthy_trust::{PublicKey, dsse};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Fetch a signed package for an auditor: entries with proofs, decisions, evidence, keys.
#[derive(Debug, clap::Args)]
pub(crate) struct Package {
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Entries from this instant on, RFC 3339.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Entries before this instant, RFC 3339.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// What concerns this application, by id or name.
    #[arg(long, value_name = "NAME")]
    application: Option<String>,
    /// What concerns this environment, by id or name.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// A group, such as `decisions`.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

impl Package {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            let client = self.connection.client()?;
            let bytes = self.fetch(&client).await?;
            std::fs::write(&self.output, &bytes)
                .with_context(|| format!("`{}` cannot be written", self.output.display()))?;
            print(format_args!("wrote `{}`: {} bytes", self.output.display(), bytes.len()));
            Ok(Exit::Done)
        })
    }

    async fn fetch(&self, client: &Client) -> Result<Vec<u8>, Failure> {
        let given = [
            ("from", &self.from),
            ("until", &self.until),
            ("application", &self.application),
            ("environment", &self.environment),
            ("group", &self.group),
        ];
        let query: Vec<_> = given.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        let answer =
            client.send(client.request(Method::GET, "/audit/package").query(&query)).await.map_err(undecided)?;
        let bytes = answer.bytes().await.context("the package breaks off").map_err(Failure::Undecided)?;
        Ok(bytes.to_vec())
    }
}

#[derive(Deserialize)]
struct Manifest {
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
}

#[derive(Deserialize)]
struct Subject {
    name: String,
    digest: BTreeMap<String, String>,
}

/// Checks a package, and says what is right with it or what is wrong first.
pub(super) fn check(path: &Path, server_keys: Option<&Path>) -> Result<Exit, Failure> {
    let files = read(path).map_err(Failure::Usage)?;
    let keys = match server_keys {
        Some(path) => std::fs::read(path).with_context(|| format!("`{}` cannot be read", path.display())),
        None => file(&files, "keys.json").map(<[u8]>::to_vec),
    };
    let keys = keys.and_then(|keys| serde_json::from_slice(&keys).context("the keys of the server"));
    let keys: PublishedKeys = keys.map_err(Failure::Usage)?;
    match checked(&files, &keys) {
        Ok(said) => {
            print(format_args!("the package is whole: {said}"));
            if server_keys.is_none() {
                say("not looked at: whether the keys are those of the server; give them with --server-keys");
            }
            Ok(Exit::Done)
        }
        Err(error) => {
            print(format_args!("the package is NOT whole: {error:#}"));
            Ok(Exit::Denied)
        }
    }
}

fn read(path: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let shown = || format!("the package `{}` cannot be read", path.display());
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).with_context(shown)?).with_context(shown)?;
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).with_context(shown)?;
        let name = entry.name().with_context(shown)?.into_owned();
        let mut contents = Vec::new();
        entry.take(LARGEST_FILE_BYTES).read_to_end(&mut contents).with_context(shown)?;
        files.insert(name, contents);
    }
    Ok(files)
}

/// What no file of a package exceeds.
const LARGEST_FILE_BYTES: u64 = 512 << 20;

fn file<'f>(files: &'f BTreeMap<String, Vec<u8>>, name: &str) -> anyhow::Result<&'f [u8]> {
    files.get(name).map(Vec::as_slice).with_context(|| format!("`{name}` is missing"))
}

fn checked(files: &BTreeMap<String, Vec<u8>>, keys: &PublishedKeys) -> anyhow::Result<String> {
    let of_use = |usage| {
        let some = keys.keys.iter().filter(move |key| key.usage == usage);
        some.map(|key| PublicKey::from_pem(&key.pem)).collect::<Result<Vec<_>, _>>()
    };
    check_manifest(files, &of_use(KeyUse::Attestation)?)?;
    let entries = check_entries(files, &of_use(KeyUse::Audit)?)?;
    let decisions = check_decisions(files, &entries)?;
    let documents = files.keys().filter(|name| name.starts_with("evidence/")).count();
    Ok(format!("{} entries, {decisions} decisions, {documents} documents", entries.len()))
}

fn check_manifest(files: &BTreeMap<String, Vec<u8>>, keys: &[PublicKey]) -> anyhow::Result<()> {
    let envelope = serde_json::from_slice(file(files, "manifest.dsse.json")?).context("`manifest.dsse.json`")?;
    let payload = dsse::open(&envelope, dsse::IN_TOTO, keys).context("the manifest")?;
    ensure!(payload == file(files, "manifest.json")?, "`manifest.json` is not what was signed");
    let manifest: Manifest = serde_json::from_slice(&payload).context("`manifest.json`")?;
    ensure!(manifest.predicate_type == PREDICATE, "`manifest.json` is not about an audit package");
    for Subject { name, digest } in &manifest.subject {
        let is_it = digest.get("sha256").map(String::as_str) == Some(Digest::of(file(files, name)?).hex());
        ensure!(is_it, "`{name}` is not the file that was signed");
    }
    let is_listed = |name: &&String| manifest.subject.iter().any(|subject| subject.name == **name);
    let other = files.keys().find(|name| !name.starts_with("manifest.") && !is_listed(name));
    other.map_or(Ok(()), |name| bail!("`{name}` was put in: the manifest does not list it"))
}

fn check_entries(files: &BTreeMap<String, Vec<u8>>, keys: &[PublicKey]) -> anyhow::Result<Vec<Value>> {
    let note = std::str::from_utf8(file(files, "audit/checkpoint.txt")?).context("`audit/checkpoint.txt`")?;
    let origin = note.lines().next().unwrap_or_default();
    let keys =
        keys.iter().map(|key| NoteKey::of(origin, key)).collect::<Result<Vec<_>, _>>().context("the log's key")?;
    let checkpoint = Checkpoint::open(note, &keys).context("the checkpoint")?;
    let entries = std::str::from_utf8(file(files, "audit/entries.jsonl")?).context("`audit/entries.jsonl`")?;
    let proofs = std::str::from_utf8(file(files, "audit/proofs.jsonl")?).context("`audit/proofs.jsonl`")?;
    ensure!(entries.lines().count() == proofs.lines().count(), "there are not as many proofs as entries");
    let mut all = Vec::new();
    for (entry, proof) in entries.lines().zip(proofs.lines()) {
        let proof: ProofLine = serde_json::from_str(proof).context("`audit/proofs.jsonl`")?;
        let sequence = proof.sequence;
        let hashes: Option<Vec<Hash>> = proof.hashes.iter().map(|hash| from_hex(hash)).collect();
        let hashes = hashes.with_context(|| format!("the proof of entry {sequence} has no hashes"))?;
        let Checkpoint { size, root, .. } = &checkpoint;
        let index = sequence.checked_sub(1).context("there is no entry 0")?;
        let is_in = verify_inclusion(&leaf_hash(entry.as_bytes()), index, *size, &hashes, root);
        ensure!(is_in, "entry {sequence} is not in the log that was signed");
        all.push(serde_json::from_str(entry).with_context(|| format!("entry {sequence}"))?);
    }
    Ok(all)
}

fn check_decisions(files: &BTreeMap<String, Vec<u8>>, entries: &[Value]) -> anyhow::Result<usize> {
    let mut count = 0;
    for entry in entries.iter().filter(|entry| entry["action"] == "decision.make") {
        let id = entry["object"]["id"].as_str().unwrap_or_default();
        let name = format!("decisions/{id}/record.json");
        let digest = Digest::of(file(files, &name)?).to_string();
        ensure!(entry["details"]["record"] == digest.as_str(), "`{name}` is not the decision that the log has");
        count += 1;
    }
    Ok(count)
}
