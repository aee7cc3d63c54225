//! Whichever byte of a document, a piece of evidence, a decision or an entry of the log is flipped: it is named.

use crate::audit_log::{check, fill};
use crate::test_app::TestApp;
use shipworthy_store::bound::Noun;
use shipworthy_store::{Arg, Row, Session, args};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How many bytes are flipped on each database.
const FLIPS: usize = 10_000;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(end.max(1)).expect("small")).expect("small")
    }
}

/// Something in which a byte can be flipped.
#[derive(Clone, Debug)]
enum Place {
    /// A column of a row; what names it is its fault's entry or object.
    Cell { table: String, key: String, id: Value, column: String, is_text: bool, named: String },
    /// The file of a document.
    File { path: PathBuf, named: String },
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Int(i64),
}

impl Value {
    fn arg(&self) -> Arg {
        match self {
            Self::Text(text) => text.into(),
            Self::Int(int) => (*int).into(),
        }
    }
}

async fn places(app: &TestApp) -> Vec<Place> {
    let mut session = app.app.db.read().await.expect("a session");
    let mut places = Vec::new();
    for kind in ["document", "evidence", "decision", "release", "exception", "assignment", "environment"] {
        let noun = Noun::of(kind).expect("a noun");
        for id in shipworthy_store::bound::ids(&mut session, noun, "", 1_000).await.expect("read") {
            for (index, (table, key, columns)) in noun.tables().enumerate() {
                // Rows of lists are found by their object, where it has one of them only.
                if index > 0 && table != "document_file" {
                    continue;
                }
                places.extend(columns.into_iter().map(|(column, is_text)| Place::Cell {
                    table: table.to_owned(),
                    key: key.to_owned(),
                    id: Value::Text(id.clone()),
                    column: column.to_owned(),
                    is_text,
                    named: format!("{kind} {id}"),
                }));
            }
        }
    }
    let last = shipworthy_store::audit::last_sequence(&mut session).await.expect("read");
    for sequence in 1..=last {
        let columns = [
            "at",
            "actor_kind",
            "actor_id",
            "actor_name",
            "via",
            "action",
            "object_kind",
            "object_id",
            "summary",
            "details",
            "request_id",
            "bindings",
            "leaf",
        ];
        places.extend(columns.into_iter().map(|column| Place::Cell {
            table: "audit".to_owned(),
            key: "sequence".to_owned(),
            id: Value::Int(sequence),
            column: column.to_owned(),
            is_text: column != "at",
            named: format!("entry {sequence}"),
        }));
    }
    places.extend(files(app));
    places
}

fn files(app: &TestApp) -> Vec<Place> {
    let folder = app.app.settings.documents.strip_prefix("file://").expect("a folder").to_owned();
    let mut files = Vec::new();
    for sub in std::fs::read_dir(folder).expect("it is there").flatten() {
        for file in std::fs::read_dir(sub.path()).expect("it is there").flatten() {
            let name = file.file_name().to_string_lossy().replace(".zst", "");
            let place = Place::File { path: file.path(), named: format!("document sha256:{name}") };
            // As many as the columns of rows, so that files are hit often.
            files.extend(std::iter::repeat_n(place, 100));
        }
    }
    files
}

impl Place {
    fn named(&self) -> &str {
        match self {
            Self::Cell { named, .. } | Self::File { named, .. } => named,
        }
    }

    /// Flips a bit of a byte and gives what undoes it; nothing where there is nothing to flip, or the database refuses.
    async fn flip(&self, session: &mut Session, chance: &mut Chance) -> Option<Undo> {
        match self {
            Self::File { path, .. } => {
                let before = std::fs::read(path).expect("it is there");
                let mut after = before.clone();
                let at = chance.below(after.len());
                after[at] ^= 1 << chance.below(8);
                std::fs::write(path, after).expect("written");
                Some(Undo::File(path.clone(), before))
            }
            Self::Cell { table, key, id, column, is_text, .. } => {
                let select = format!("SELECT {column} FROM {table} WHERE {key} = $1");
                let row = session.row(&select, vec![id.arg()]).await.expect("read")?;
                let (before, after) = flipped(&row, *is_text, chance)?;
                let update = format!("UPDATE {table} SET {column} = $2 WHERE {key} = $1");
                session.execute("SAVEPOINT flip", args![]).await.expect("begun");
                let is_done = session.execute(&update, vec![id.arg(), after]).await.is_ok();
                let end = if is_done { "RELEASE SAVEPOINT flip" } else { "ROLLBACK TO SAVEPOINT flip" };
                session.execute(end, args![]).await.expect("ended");
                is_done.then_some(Undo::Cell(update, vec![id.arg(), before]))
            }
        }
    }
}

/// What stands in the cell, and the same with one bit of one byte flipped.
fn flipped(row: &Row, is_text: bool, chance: &mut Chance) -> Option<(Arg, Arg)> {
    if is_text {
        let before: String = row.first::<Option<String>>().expect("text")?;
        let mut bytes = before.clone().into_bytes();
        let at = (!bytes.is_empty()).then(|| chance.below(bytes.len()))?;
        bytes[at] ^= 1 << chance.below(7);
        return Some((before.into(), String::from_utf8(bytes).ok()?.into()));
    }
    let before: i64 = row.first::<Option<i64>>().expect("a number")?;
    let mut bytes = before.to_be_bytes();
    bytes[chance.below(8)] ^= 1 << chance.below(8);
    Some((before.into(), i64::from_be_bytes(bytes).into()))
}

enum Undo {
    Cell(String, Vec<Arg>),
    File(PathBuf, Vec<u8>),
}

impl Undo {
    async fn undo(self, session: &mut Session) {
        match self {
            Self::File(path, bytes) => std::fs::write(path, bytes).expect("written"),
            Self::Cell(update, arguments) => {
                session.execute(&update, arguments).await.expect("undone");
            }
        }
    }
}

/// Flips bytes in several places that have nothing to do with each other, looks once, and takes them back.
async fn round(app: &TestApp, places: &[Place], count: usize, chance: &mut Chance) -> usize {
    let mut flips = BTreeMap::new();
    let mut session = app.app.db.write().await.expect("a session");
    for _ in 0..count * 2 {
        let place = &places[chance.below(places.len())];
        if flips.len() < count
            && !flips.contains_key(place.named())
            && let Some(undo) = place.flip(&mut session, chance).await
        {
            flips.insert(place.named().to_owned(), (undo, place.clone()));
        }
    }
    session.commit().await.expect("committed");
    let found = check(app, &[]).await;
    let named: Vec<String> = found
        .faults
        .iter()
        .filter_map(|fault| fault.object.clone().or_else(|| fault.entry.map(|entry| format!("entry {entry}"))))
        .collect();
    let entries: Vec<String> =
        found.faults.iter().filter_map(|fault| fault.entry).map(|entry| format!("entry {entry}")).collect();
    let count = flips.len();
    let mut session = app.app.db.write().await.expect("a session");
    for (name, (undo, place)) in flips {
        assert!(named.contains(&name) || entries.contains(&name), "{place:?} is not named: {:#?}", found.faults);
        undo.undo(&mut session).await;
    }
    session.commit().await.expect("committed");
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_flipped_byte_is_named() {
    let apps = TestApp::both().await;
    let both = apps.into_iter().map(|app| tokio::spawn(flips(app)));
    for ended in both.collect::<Vec<_>>() {
        ended.await.expect("every flip was named");
    }
}

async fn flips(app: TestApp) {
    let _root = fill(&app).await;
    shipworthy::audit_log::checkpoint::current(&app.app).await.expect("signed");
    assert!(check(&app, &[]).await.is_whole);
    let places = places(&app).await;
    let (mut chance, mut done) = (Chance(42), 0);
    // One alone, often enough to see that none needs another; then as many at once as there are objects for.
    for _ in 0..200 {
        done += round(&app, &places, 1, &mut chance).await;
    }
    while done < FLIPS {
        done += round(&app, &places, 40, &mut chance).await;
    }
    let found = check(&app, &[]).await;
    assert!(found.is_whole, "after all was taken back: {:#?}", found.faults);
}
