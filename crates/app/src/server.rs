//! The HTTP server: every route on one screen, and around them limits, headers, logs and metrics.

use crate::app::App;
use crate::audit_log::checkpoint;
use crate::problem::Problem;
use crate::{api, builtin, correlate, metrics, signing, sync, trend, trust, ui};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::IntoResponse;
use std::any::Any;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

/// The largest body of a request that carries no document.
const LARGEST_BODY_BYTES: usize = 2 * 1024 * 1024;

/// How long a request may take. Uploads of the largest document over a slow line stay below it.
const LONGEST_REQUEST: Duration = Duration::from_secs(300);

/// Scripts and styles only from here, no frames, no plug-ins: text of tools cannot become code even if it were shown
/// unescaped by mistake.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
     form-action 'self'";

/// The whole HTTP service.
pub fn router(app: &App) -> Router {
    let (api, openapi) = api::routes().split_for_parts();
    let openapi = std::sync::Arc::new(openapi);
    let serve_openapi = move || {
        let openapi = std::sync::Arc::clone(&openapi);
        async move { axum::Json((*openapi).clone()) }
    };
    api.route("/api/v1/openapi.json", axum::routing::get(serve_openapi))
        .merge(api::health::routes())
        .merge(api::keys::well_known())
        .fallback(ui::serve)
        .layer(DefaultBodyLimit::max(LARGEST_BODY_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_REQUEST))
        .layer(middleware::from_fn_with_state(app.clone(), metrics::observe))
        .layer(header("content-security-policy", CONTENT_SECURITY_POLICY))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "no-referrer"))
        .layer(header("x-frame-options", "DENY"))
        .with_state(app.clone())
}

/// Sets a header unless the handler set a stricter one of its own.
fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands over the panic's payload")]
fn panicked(payload: Box<dyn Any + Send + 'static>) -> axum::response::Response {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    Problem::internal(format!("a handler panicked: {}", text.unwrap_or_default())).into_response()
}

/// Serves until `stop` resolves, then ends what is running.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    app: App,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    builtin::seed(&app).await.map_err(std::io::Error::other)?;
    trust::seed(&app).await.map_err(std::io::Error::other)?;
    signing::record_new(&app).await.map_err(std::io::Error::other)?;
    let router = router(&app);
    let behind = app.clone();
    tokio::spawn(async move {
        if let Err(problem) = correlate::catch_up(&behind).await {
            tracing::error!(%problem, "components and advisories of before could not be matched; the next start tries again");
        }
        if let Err(problem) = trust::catch_up(&behind).await {
            tracing::error!(%problem, "signatures of before could not be checked; the next start tries again");
        }
    });
    let counting = tokio::spawn(trend::keep_counting(app.clone()));
    let keeping = tokio::spawn(sync::keep_current(app.clone()));
    let signing = tokio::spawn(checkpoint::keep_making(app.clone()));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).await;
    keeping.abort();
    counting.abort();
    signing.abort();
    served?;
    app.db.close().await;
    Ok(())
}

/// The header under which an evidence document or other download says that it is not to be run by a browser.
#[must_use]
pub fn attachment(file_name: &str) -> [(HeaderName, String); 3] {
    let safe: String =
        file_name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    [
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{safe}\"")),
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
    ]
}
