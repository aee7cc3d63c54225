//! Whether the process lives, whether it can work, and what it measured.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::metrics;
use crate::problem::{Answer, Problem};
use crate::sync;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use shipworthy_model::Permission;

/// Routes outside the API: for orchestrators and Prometheus.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/health/live", get(|| async { "live\n" }))
        .route("/health/ready", get(get_readiness))
        .route("/metrics", get(get_metrics))
}

async fn get_readiness(State(app): State<App>) -> Answer<&'static str> {
    let not_ready = |what: &str| {
        let detail = format!("the {what} does not answer");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", "Not ready", detail)
    };
    let mut session = app.db.read().await.map_err(|_| not_ready("database"))?;
    shipworthy_store::audit::last_sequence(&mut session).await.map_err(|_| not_ready("database"))?;
    app.documents.check().await.map_err(|_| not_ready("document store"))?;
    Ok("ready\n")
}

async fn get_metrics(State(app): State<App>, caller: Allowed<Read>) -> Answer<String> {
    if !caller.may_everywhere(Permission::Read) {
        return Err(Problem::forbidden("metrics need the permission `read` on everything"));
    }
    sync::measure(&app).await?;
    Ok(metrics::handle().render())
}
