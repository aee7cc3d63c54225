//! When the world changes: the releases that have a component of which something else is known now, and their running
//! deployments, are marked, so that gates decide anew and the deployments wait for a new decision.

use crate::app::App;
use crate::problem::Answer;
use shipworthy_model::ReleaseId;
use shipworthy_store::{Session, redecision};
use std::collections::BTreeSet;

/// Marks the releases with these components, for the reason given. Gives the releases.
///
/// # Errors
/// When the database fails.
pub(crate) async fn mark(
    app: &App,
    session: &mut Session,
    components: &BTreeSet<u32>,
    because: &str,
) -> Answer<BTreeSet<ReleaseId>> {
    if components.is_empty() {
        return Ok(BTreeSet::new());
    }
    let inventories = app.usage.read(session).await?.inventories_with(components);
    Ok(redecision::mark(session, &inventories, because, app.clock.now()).await?)
}
