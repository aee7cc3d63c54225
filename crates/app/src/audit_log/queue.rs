//! Entries that stand for themselves, such as a refused sign-in: those that come at the same time are written in one
//! transaction, which costs one wait for the disk for all of them.

use crate::app::App;
use crate::audit_log::append_all;
use crate::problem::{Answer, Problem};
use shipworthy_store::audit::NewEntry;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Mutex as Turn, oneshot};

/// Entries that wait to be written.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: Mutex<Vec<Waiting>>,
    turn: Turn<()>,
}

#[derive(Debug)]
struct Waiting {
    entry: NewEntry,
    written: oneshot::Sender<Result<i64, String>>,
}

/// How many entries one transaction writes at most.
const MOST_AT_ONCE: usize = 1_000;

/// Appends an entry with others that come at the same time, and gives its place once it is durable.
///
/// # Errors
/// When the database fails.
pub async fn submit(app: &App, entry: NewEntry) -> Answer<i64> {
    let (written, mut answer) = oneshot::channel();
    app.audit_queue.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { entry, written });
    // Spawned, so that a caller who goes away leaves nobody waiting.
    let turn = tokio::spawn({
        let app = app.clone();
        async move {
            let _turn = app.audit_queue.turn.lock().await;
            let batch = take(&app.audit_queue);
            if !batch.is_empty() {
                write(&app, batch).await;
            }
        }
    });
    // Whoever has the turn writes for all that wait; it may have been another.
    let result = tokio::select! {
        biased;
        result = &mut answer => result,
        _ = turn => answer.await,
    };
    result.map_err(Problem::internal)?.map_err(Problem::internal)
}

fn take(queue: &Queue) -> Vec<Waiting> {
    let mut waiting = queue.waiting.lock().unwrap_or_else(PoisonError::into_inner);
    let count = waiting.len().min(MOST_AT_ONCE);
    waiting.drain(..count).collect()
}

async fn write(app: &App, batch: Vec<Waiting>) {
    let (entries, answers): (Vec<_>, Vec<_>) =
        batch.into_iter().map(|waiting| ((waiting.entry, Vec::new()), waiting.written)).unzip();
    let result = async {
        let mut session = app.db.write().await?;
        let first = append_all(&mut session, &entries).await?;
        session.commit().await?;
        Ok::<i64, shipworthy_store::StoreError>(first)
    }
    .await;
    let result = result.map_err(|error| error.to_string());
    for (place, answer) in (0..).zip(answers) {
        // Nobody waiting any more is no failure.
        let _ = answer.send(result.clone().map(|first| first + place));
    }
}
