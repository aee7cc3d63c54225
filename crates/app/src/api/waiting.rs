//! Which decisions wait to be made anew, because something else is known now of what runs.

use crate::api::named::Named;
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::extract::Json;
use crate::page::{LARGEST_PAGE, Page};
use crate::problem::Answer;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_model::Permission;
use shipworthy_store::redecision::{self, Queued};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_waiting))
}

/// A release that runs in an environment and waits for a new decision about it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WaitingDecision {
    /// The release; its name is its version.
    pub release: Named,
    /// The service.
    pub service: Named,
    /// The environment.
    pub environment: Named,
    /// Why, in words.
    pub because: String,
    /// Since when.
    pub queued_at: String,
}

/// Lists the decisions about what runs that wait to be made anew, the longest waiting first; at most 500
///
/// The next question to the gate about the same release and environment makes it.
#[utoipa::path(get, path = "/decisions/waiting", tag = "decisions", security(("bearer" = [])),
    responses((status = 200, body = Page<WaitingDecision>)))]
async fn list_waiting(State(app): State<App>, caller: Allowed<Read>) -> Answer<Json<Page<WaitingDecision>>> {
    let visible = caller.visibility(Permission::Read);
    let queued = redecision::queued(&mut app.db.read().await?, &visible, LARGEST_PAGE).await?;
    Ok(Json(Page::whole(queued.into_iter().map(wire).collect())))
}

fn wire(queued: Queued) -> WaitingDecision {
    WaitingDecision {
        release: Named::new(queued.release_id, queued.version),
        service: Named::new(queued.service_id, queued.service),
        environment: Named::new(queued.environment_id, queued.environment),
        because: queued.because,
        queued_at: queued.queued_at.to_string(),
    }
}
