//! What is measured while serving: requests by route and status, in Prometheus' text form. No label holds text of a
//! caller, so that the number of series stays small and nothing leaks.

use crate::app::App;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Instant;

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Upper bounds of the latency histogram in seconds.
const LATENCY_BOUNDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The one recorder of the process.
pub fn handle() -> &'static PrometheusHandle {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(LATENCY_BOUNDS).expect("the bounds are not empty");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // A second recorder in one process, as in tests, finds the first in place and uses its handle.
        let _ = metrics::set_global_recorder(recorder);
        handle
    })
}

/// Counts and times a request, and writes one line about it into the log.
pub async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    handle();
    let request_id = app.clock.new_id().to_string();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical().to_string());
    let began = Instant::now();
    let mut response = REQUEST.scope(Asked { id: request_id.clone(), address }, next.run(request)).await;
    let seconds = began.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    let labels = [("method", method.to_string()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("shipworthy_http_requests_total", &labels).increment(1);
    metrics::histogram!("shipworthy_http_request_seconds", "method" => method.to_string(), "route" => route.clone())
        .record(seconds);
    tracing::debug!(%method, route, status, seconds, request_id, "request answered");
    if let Ok(value) = request_id.parse() {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// What is noted of the request that is being answered.
struct Asked {
    id: String,
    address: Option<String>,
}

tokio::task_local! {
    static REQUEST: Asked;
}

/// The id of the request that is being answered, as in the log, the audit entries and the `X-Request-Id` header of the
/// answer; none in a job.
pub(crate) fn request_id() -> Option<String> {
    REQUEST.try_with(|asked| asked.id.clone()).ok()
}

/// The address from which the request came that is being answered; none in a job.
pub(crate) fn address() -> Option<String> {
    REQUEST.try_with(|asked| asked.address.clone()).ok().flatten()
}
