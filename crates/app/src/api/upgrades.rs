//! What to upgrade next in a release: the step that mends the most comes first.

use crate::api::packages::UpgradeView;
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::exposure;
use crate::extract::{Json, Path};
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::remedy;
use axum::extract::State;
use shipworthy_model::{Permission, ReleaseId};
use shipworthy_store::{inventory, release};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_upgrades))
}

/// So many upgrades are more than anybody plans at once.
const MOST: usize = 100;

/// Lists the upgrades that mend the most vulnerabilities of a release, the best first; at most 100
#[utoipa::path(get, path = "/releases/{id}/upgrades", tag = "releases", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id")),
    responses((status = 200, body = Page<UpgradeView>), (status = 404, body = Problem)))]
async fn list_upgrades(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
) -> Answer<Json<Page<UpgradeView>>> {
    let mut session = app.db.read().await?;
    release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let components = inventory::components_of_release(&mut session, id).await?;
    let known = app.exposures.read(&mut session).await?;
    let worth = |name: &str| exposure::worth(&app, &known, name);
    let upgrades = remedy::best_upgrades(&mut session, &components, worth).await?;
    Ok(Json(Page::whole(upgrades.iter().filter_map(UpgradeView::of).take(MOST).collect())))
}
