//! Live updates: whoever listens is told which objects changed. The source is the audit log, so every replica tells
//! of every change, whichever made it.

use crate::app::App;
use shipworthy_store::audit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::broadcast;

/// A change, as a listener is told.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ChangeEvent {
    /// Its place in the audit log.
    pub sequence: i64,
    /// The kind of thing that changed.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// What was done, as `<noun>.<verb>`.
    pub action: String,
}

/// Everybody who listens on this replica.
#[derive(Debug)]
pub struct Events {
    sender: broadcast::Sender<ChangeEvent>,
    is_watching: AtomicBool,
}

impl Default for Events {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(256), is_watching: AtomicBool::new(false) }
    }
}

/// How often the log is looked at while somebody listens.
const EVERY: Duration = Duration::from_millis(500);

/// Begins to listen. The log is watched only while somebody does.
pub fn listen(app: &App) -> broadcast::Receiver<ChangeEvent> {
    let receiver = app.events.sender.subscribe();
    if !app.events.is_watching.swap(true, Ordering::SeqCst) {
        tokio::spawn(watch(app.clone()));
    }
    receiver
}

async fn watch(app: App) {
    let mut last = last_sequence(&app).await;
    while app.events.sender.receiver_count() > 0 {
        tokio::time::sleep(EVERY).await;
        match new_entries(&app, last).await {
            Ok(entries) => {
                for entry in entries {
                    last = entry.sequence;
                    let audit::NewEntry { object_kind, object_id, action, .. } = entry.entry;
                    // Nobody listening is no failure.
                    let _ = app.events.sender.send(ChangeEvent { sequence: last, object_kind, object_id, action });
                }
            }
            Err(error) => tracing::warn!(%error, "live updates cannot read the audit log; trying again"),
        }
    }
    app.events.is_watching.store(false, Ordering::SeqCst);
}

async fn last_sequence(app: &App) -> i64 {
    let Ok(mut session) = app.db.read().await else { return 0 };
    audit::last_sequence(&mut session).await.unwrap_or_default()
}

async fn new_entries(app: &App, last: i64) -> Result<Vec<audit::Entry>, shipworthy_store::StoreError> {
    let mut session = app.db.read().await?;
    audit::after(&mut session, last, 200).await
}
