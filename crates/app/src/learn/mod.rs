//! The verb that takes in what others know of vulnerabilities: one document or an archive of them, of any source that is
//! read. A thread reads, this side records, a bounded number of records per transaction and never half a document: an
//! import that was killed left whole documents, and importing again completes it.

mod join;
mod read;

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::correlate;
use crate::govern::load_known_exploited;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::wording::{counted, thousands};
use bytes::Bytes;
use read::{Contents, Document, Life};
use serde_json::json;
use shipworthy_advisories::advisory::Advisory;
use shipworthy_advisories::source::Kind;
use shipworthy_model::{Permission, ReleaseId, Warning};
use shipworthy_store::advisory::{Found, Kept, Record};
use shipworthy_store::exploitability::Exploitability;
use shipworthy_store::{Session, advisory, advisory_source, exploitability, product_life};
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::{Semaphore, mpsc};

/// What an import brought.
#[derive(Clone, Debug, Default)]
pub(crate) struct Learned {
    /// How many documents were read.
    pub(crate) documents: u64,
    /// Records by source: how many were read, and how many of them are new or other than before.
    pub(crate) sources: BTreeMap<String, (u64, u64)>,
    /// The releases that have other vulnerabilities now than before.
    pub(crate) releases: BTreeSet<ReleaseId>,
    /// What could not be read, and where.
    pub(crate) warnings: Vec<Warning>,
}

/// So many records are at least recorded in one transaction, as far as there are so many: few transactions are fast, and
/// small ones let others write in between.
const RECORDS_PER_TRANSACTION: usize = 2000;

/// One import is read at a time: archives unpack to much.
static READERS: Semaphore = Semaphore::const_new(1);

/// Takes in a document or an archive. What cannot be read of an archive is left out and told.
///
/// # Errors
/// 403 without the permission on everything; a sentence when nothing of it can be read, or the rest of an archive is
/// damaged; what stood before the damage is recorded then.
pub(crate) async fn learn(app: &App, caller: &Caller, bytes: Bytes) -> Answer<Learned> {
    caller.require_everywhere(Permission::Govern, "vulnerability data belongs to no team")?;
    let permit = READERS.acquire().await.map_err(Problem::internal)?;
    let (sender, mut documents) = mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || {
        // Held by the thread, which goes on for a moment after nobody waits for it any more.
        let _permit = permit;
        read::each(&bytes, &sender)
    });
    let mut learning = Learning { app, caller, learned: Learned::default(), pending: Vec::new(), failures: Vec::new() };
    while let Some(document) = documents.recv().await {
        learning.take(document).await?;
    }
    learning.record().await?;
    match reading.await {
        Ok(Ok(left_out)) => learning.learned.warnings.extend(left_out),
        Ok(Err(why)) => return Err(learning.broken_off(&why.to_string()).await?),
        Err(panic) => return Err(Problem::internal(format!("a reader broke off: {panic}"))),
    }
    learning.finish().await
}

/// An import that is under way.
struct Learning<'a> {
    app: &'a App,
    caller: &'a Caller,
    learned: Learned,
    /// Records that were read and are not recorded yet.
    pending: Vec<Record>,
    /// What could not be taken in, by its source where that is known.
    failures: Vec<(Option<Kind>, Problem)>,
}

impl Learning<'_> {
    async fn take(&mut self, document: Document) -> Answer<()> {
        let Document { name, kind, contents } = document;
        let taken = match contents {
            Ok((contents, warnings)) => {
                let placed = |warning: Warning| Warning { at: place(&name, &warning.at), ..warning };
                self.learned.warnings.extend(warnings.into_iter().map(placed));
                self.take_contents(contents).await
            }
            Err(why) => Err(Problem::invalid("body", why)),
        };
        match taken {
            Ok(()) => self.learned.documents += 1,
            Err(problem) if problem.status >= 500 => return Err(problem),
            Err(problem) => {
                self.learned.warnings.push(Warning { at: place(&name, ""), message: problem.detail.clone() });
                self.failures.push((kind, problem));
            }
        }
        Ok(())
    }

    async fn take_contents(&mut self, contents: Contents) -> Answer<()> {
        match contents {
            Contents::Records(records) => {
                self.pending.extend(records);
                if self.pending.len() >= RECORDS_PER_TRANSACTION {
                    self.record().await?;
                }
            }
            Contents::Life(life) => self.keep_life(life).await?,
            Contents::Scores(scores) => self.replace_scores(scores).await?,
            Contents::Catalog(catalog) => {
                let loaded = load_known_exploited(self.app, self.caller, catalog).await?;
                let entries = loaded.entries.unsigned_abs();
                self.learned.sources.insert(Kind::KnownExploited.as_str().to_owned(), (entries, entries));
            }
        }
        Ok(())
    }

    /// Records what was read so far, with its audit entry, in one transaction.
    async fn record(&mut self) -> Answer<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let records = std::mem::take(&mut self.pending);
        for record in &records {
            self.learned.sources.entry(record.source.clone()).or_default().0 += 1;
        }
        let (read, now) = (records.len() as u64, self.app.clock.now());
        let mut session = self.app.db.write().await?;
        advisory::begin_import(&mut session).await?;
        correlate::begin(&mut session).await?;
        let kept = advisory::keep(&mut session, records, correlate::RULES).await?;
        let marked = follow(self.app, &mut session, &kept).await?;
        self.learned.releases.extend(marked);
        for (source, added) in &kept.added {
            let changed = kept.changed.get(source).copied().unwrap_or_default();
            let total = self.learned.sources.entry(source.clone()).or_default();
            total.1 += changed;
            advisory_source::grown(&mut session, source, *added, total.1, now).await?;
        }
        let changed: u64 = kept.changed.values().sum();
        let sources: Vec<&str> = kept.added.keys().map(String::as_str).collect();
        let object = sources.join(", ");
        let summary = format!("{} of {object} were read, {changed} of them changed", counted(read, "advisory"));
        let details = json!({ "read": read, "changed": kept.changed });
        self.close(session, &object, summary, details).await
    }

    async fn keep_life(&mut self, life: Life) -> Answer<()> {
        let (source, now) = (Kind::EndOfLife.as_str(), self.app.clock.now());
        let mut session = self.app.db.write().await?;
        let is_new = product_life::keep(&mut session, &life.product, &life.keys, &life.body).await?;
        let total = self.learned.sources.entry(source.to_owned()).or_default();
        *total = (total.0 + 1, total.1 + 1);
        advisory_source::grown(&mut session, source, u64::from(is_new), total.1, now).await?;
        let summary = format!("the lines of {} were loaded", life.product);
        self.close(session, source, summary, json!({ "product": life.product })).await
    }

    async fn replace_scores(&mut self, scores: Vec<Exploitability>) -> Answer<()> {
        let (source, count) = (Kind::Epss.as_str(), scores.len() as u64);
        let mut session = self.app.db.write().await?;
        advisory::begin_import(&mut session).await?;
        let before = exploitability::count(&mut session).await?.unsigned_abs();
        // Every vulnerability is scored anew each day. A table that lost more than a fifth is a broken download.
        if count < before - before / 5 {
            let detail =
                format!("the table has {}, the one that is loaded {}", counted(count, "score"), thousands(before));
            return Err(Problem::conflict(detail).hint("nothing was changed; download the table again"));
        }
        exploitability::replace(&mut session, scores).await?;
        advisory::touch(&mut session).await?;
        advisory_source::replaced(&mut session, source, count, self.app.clock.now()).await?;
        let summary = format!("the table of EPSS with {} was loaded", counted(count, "score"));
        self.close(session, source, summary, json!({ "scores": count })).await?;
        self.learned.sources.insert(source.to_owned(), (count, count));
        Ok(())
    }

    async fn close(
        &self,
        mut session: Session,
        source: &str,
        summary: String,
        details: serde_json::Value,
    ) -> Answer<()> {
        let object = ("advisories", source.to_owned());
        let entry = entry(self.app, self.caller.actor(), "advisories.import", object, summary, details);
        audit_log::append(&mut session, &entry).await?;
        Ok(session.commit().await?)
    }

    /// Notes at each source that the archive was damaged, and gives the problem.
    async fn broken_off(&mut self, why: &str) -> Answer<Problem> {
        let read = self.learned.documents;
        let sources: Vec<String> = self.learned.sources.keys().cloned().collect();
        for source in sources {
            self.note_failure(&source, why).await?;
        }
        let problem = Problem::invalid("body", why);
        Ok(match read {
            0 => problem,
            _ => problem.hint(format!("the {} before it were recorded; import again", counted(read, "document"))),
        })
    }

    /// A source of which documents failed and none was taken in has a failure; nothing taken in at all is a problem.
    async fn finish(mut self) -> Answer<Learned> {
        let failures = std::mem::take(&mut self.failures);
        let mut noted = BTreeMap::new();
        for (kind, problem) in &failures {
            if let Some(kind) = kind.filter(|kind| !self.learned.sources.contains_key(kind.as_str())) {
                noted.entry(kind.as_str()).or_insert_with(|| problem.detail.clone());
            }
        }
        for (source, why) in noted {
            self.note_failure(source, &why).await?;
        }
        match failures.into_iter().next() {
            Some((_, problem)) if self.learned.documents == 0 => Err(problem),
            None if self.learned.documents == 0 => {
                Err(Problem::invalid("body", "the archive holds no document: expected vulnerability data"))
            }
            _ => Ok(self.learned),
        }
    }

    async fn note_failure(&self, source: &str, why: &str) -> Answer<()> {
        let mut session = self.app.db.write().await?;
        advisory_source::failed(&mut session, source, why, self.app.clock.now()).await?;
        let summary = format!("an import of {source} failed: {why}");
        self.close(session, source, summary, json!({ "failure": why })).await
    }
}

/// What follows from changed records: names, matches, and releases that are to be decided anew.
async fn follow(app: &App, session: &mut Session, kept: &Kept) -> Answer<BTreeSet<ReleaseId>> {
    if kept.places.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut ids = join::rejoin(session, &kept.touched).await?;
    ids.extend(kept.places.iter().map(|(_, id)| id.clone()));
    let vulnerabilities = correlate::name_anew(session, &ids).await?;
    let components = correlate::rematch(app, session, &vulnerabilities).await?;
    let because = because(kept);
    correlate::mark(app, session, &components, &because).await
}

/// Files records again that were filed by earlier rules, from what was kept of them.
///
/// # Errors
/// When the database fails, or a record that was kept cannot be read.
pub(crate) async fn file_anew(app: &App, session: &mut Session, records: Vec<Found>) -> Answer<()> {
    let record = |found: Found| {
        let advisory: Advisory = serde_json::from_str(&found.body).map_err(|error| error.to_string())?;
        read::record(&advisory)
    };
    let records = records.into_iter().map(record).collect::<Result<Vec<_>, _>>().map_err(Problem::internal)?;
    let kept = advisory::keep(session, records, correlate::RULES).await?;
    follow(app, session, &kept).await?;
    Ok(())
}

/// Why releases are decided anew, in a few words.
fn because(kept: &Kept) -> String {
    let first: Vec<&str> = kept.places.iter().take(3).map(|(_, id)| id.as_str()).collect();
    let more = kept.places.len().saturating_sub(first.len());
    let named = first.join(", ");
    if more == 0 { format!("advisory {named} changed") } else { format!("advisories {named} and {more} more changed") }
}

/// A place in a document of an archive.
fn place(name: &str, at: &str) -> String {
    let parts: Vec<&str> = [name, at].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "body".to_owned() } else { parts.join(": ") }
}
