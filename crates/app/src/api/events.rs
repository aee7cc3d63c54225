//! Live updates as server-sent events.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::events::{self, ChangeEvent};
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, stream};
use shipworthy_model::Permission;
use std::convert::Infallible;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_events))
}

/// Tells of changes as they happen
///
/// Each event is named `change` and names the object that changed; fetch it anew to see how.
#[utoipa::path(get, path = "/events", tag = "events", security(("bearer" = [])),
    responses((status = 200, content_type = "text/event-stream", body = ChangeEvent)))]
async fn list_events(
    State(app): State<App>,
    caller: Allowed<Read>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // Who sees only a part learns that something of a kind changed, not the id of what may be another team's.
    let sees_everything = caller.may_everywhere(Permission::Read);
    let receiver = events::listen(&app);
    let changes = stream::unfold(receiver, move |mut receiver| async move {
        loop {
            match receiver.recv().await {
                Ok(mut change) => {
                    if !sees_everything {
                        change.object_id.clear();
                    }
                    let event = Event::default().event("change").json_data(&change).unwrap_or_default();
                    return Some((Ok(event), receiver));
                }
                // A slow listener missed some: what it fetches next is the present state anyway.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(changes).keep_alive(KeepAlive::default())
}
