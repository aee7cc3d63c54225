//! The audit log as a tree: what its server signed, its tiles, and proofs that anybody can verify.

use crate::app::App;
use crate::audit_log::{checkpoint, leaf, tree};
use crate::caller::{Allowed, Read};
use crate::extract::{Json, Path, Query};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use shipworthy_model::Permission;
use shipworthy_store::{Session, audit};
use shipworthy_trust::checkpoint::Checkpoint;
use shipworthy_trust::merkle::Hash;
use shipworthy_trust::tile::{Address, Kind, WIDTH, write_entries, write_hashes};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_audit_checkpoint))
        .routes(routes!(get_audit_tile))
        .routes(routes!(prove_audit_inclusion))
        .routes(routes!(prove_audit_consistency))
        .routes(routes!(list_audit_keys))
}

/// The proof that an entry is in the log.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InclusionProof {
    /// The entry's place in the log, from 1. The index of its leaf is one less.
    pub sequence: u64,
    /// The entry: the bytes of the leaf, which are canonical JSON.
    pub entry: String,
    /// How many entries the log had that it is proved to be in.
    pub size: u64,
    /// The root over them in base64.
    pub root: String,
    /// The hashes of the proof in base64 (RFC 9162 §2.1.3).
    pub hashes: Vec<String>,
    /// The signed checkpoint of that size; absent where another size was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
}

/// The proof that the log only grew.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConsistencyProof {
    /// How many entries the log had.
    pub from: u64,
    /// The root over them in base64.
    pub from_root: String,
    /// How many it had later.
    pub to: u64,
    /// The root over those in base64.
    pub to_root: String,
    /// The hashes of the proof in base64 (RFC 9162 §2.1.4).
    pub hashes: Vec<String>,
}

/// The keys by which checkpoints are verified.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditKeys {
    /// The name of the log in its checkpoints.
    pub origin: String,
    /// Its keys as signed notes name them, `<name>+<id>+<key>`, also those that signed before.
    pub keys: Vec<String>,
}

/// Which entry is asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct InclusionQuery {
    /// The entry's place in the log, from 1.
    sequence: u64,
    /// How many entries the log has that it is in; those of the newest checkpoint when not given.
    size: Option<u64>,
}

/// Which two states of the log are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ConsistencyQuery {
    /// How many entries the log had.
    from: u64,
    /// How many it had later.
    to: u64,
}

fn require(caller: &Allowed<Read>) -> Answer<()> {
    caller.require_everywhere(Permission::Read, "the audit log tells of everything")
}

/// Gives the signed checkpoint of the log as it is now, a C2SP `tlog-checkpoint`
#[utoipa::path(get, path = "/audit/checkpoint", tag = "audit", security(("bearer" = [])),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 403, body = Problem),
        (status = 409, description = "The log is not what was signed", body = Problem)))]
async fn get_audit_checkpoint(State(app): State<App>, caller: Allowed<Read>) -> Answer<Response> {
    require(&caller)?;
    let note = checkpoint::current(&app).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note).into_response())
}

/// Gives a tile of hashes or entries, as C2SP `tlog-tiles` names them
///
/// `0/x001/067` are the hashes of entries, `1/000` those over 256 each, `entries/000` the entries; `0/000.p/12` is the tile
/// that has only 12 so far.
#[utoipa::path(get, path = "/audit/tile/{*path}", tag = "audit", security(("bearer" = [])),
    params(("path" = String, Path, description = "The tile, such as `0/000.p/12` or `entries/000`")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn get_audit_tile(State(app): State<App>, caller: Allowed<Read>, Path(path): Path<String>) -> Answer<Response> {
    require(&caller)?;
    let address: Address = path.parse().map_err(Problem::not_found)?;
    let mut session = app.db.read().await?;
    let bytes = match address.kind {
        Kind::Hashes(_) => tree::hashes(&mut session, address).await?.map(|hashes| write_hashes(&hashes)),
        Kind::Entries => entries(&mut session, address).await?,
    };
    let bytes = bytes.ok_or_else(|| Problem::not_found(format!("tile `{path}`")))?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

async fn entries(session: &mut Session, address: Address) -> Answer<Option<Vec<u8>>> {
    let Some(before) = address.number.checked_mul(WIDTH).and_then(|before| i64::try_from(before).ok()) else {
        return Ok(None);
    };
    let lines = audit::lines(session, before, usize::from(address.width)).await?;
    if lines.len() < usize::from(address.width) {
        return Ok(None);
    }
    let mut entries = Vec::new();
    for (_, line) in lines {
        entries.push(leaf::text(&line?).map_err(Problem::internal)?);
    }
    Ok(write_entries(&entries))
}

/// Proves that an entry is in the log
#[utoipa::path(get, path = "/audit/proofs/inclusion", tag = "audit", security(("bearer" = [])),
    params(InclusionQuery),
    responses((status = 200, body = InclusionProof), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn prove_audit_inclusion(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<InclusionQuery>,
) -> Answer<Json<InclusionProof>> {
    require(&caller)?;
    let InclusionQuery { sequence, size } = query;
    let (size, checkpoint) = match size {
        Some(size) => (size, None),
        None => {
            let note = checkpoint::current(&app).await?;
            let read = Checkpoint::read(&note).map_err(Problem::internal)?;
            (read.size, Some(note))
        }
    };
    let mut session = app.db.snapshot().await?;
    within(&mut session, size).await?;
    if sequence == 0 || sequence > size {
        return Err(Problem::not_found(format!("entry {sequence} of the first {size}")));
    }
    let before = i64::try_from(sequence - 1).map_err(Problem::internal)?;
    let line = audit::lines(&mut session, before, 1).await?.into_iter().next();
    let (_, line) = line.ok_or_else(|| Problem::internal("an entry is missing"))?;
    let hashes = tree::prove_inclusion(&mut session, sequence - 1, size).await?;
    let root = tree::root_at(&mut session, size).await?;
    let entry = leaf::text(&line?).map_err(Problem::internal)?;
    Ok(Json(InclusionProof { sequence, entry, size, root: base64(&root), hashes: all_base64(&hashes), checkpoint }))
}

/// Proves that the log of `to` entries begins with that of `from`
#[utoipa::path(get, path = "/audit/proofs/consistency", tag = "audit", security(("bearer" = [])),
    params(ConsistencyQuery),
    responses((status = 200, body = ConsistencyProof), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn prove_audit_consistency(
    State(app): State<App>,
    caller: Allowed<Read>,
    Query(query): Query<ConsistencyQuery>,
) -> Answer<Json<ConsistencyProof>> {
    require(&caller)?;
    let ConsistencyQuery { from, to } = query;
    if from > to {
        return Err(Problem::invalid("from", format!("{from} is after {to}: a log only grows")));
    }
    let mut session = app.db.snapshot().await?;
    within(&mut session, to).await?;
    let hashes = tree::prove_consistency(&mut session, from, to).await?;
    let from_root = base64(&tree::root_at(&mut session, from).await?);
    let to_root = base64(&tree::root_at(&mut session, to).await?);
    Ok(Json(ConsistencyProof { from, from_root, to, to_root, hashes: all_base64(&hashes) }))
}

async fn within(session: &mut Session, size: u64) -> Answer<()> {
    let last = audit::last_sequence(session).await?.unsigned_abs();
    if size <= last {
        return Ok(());
    }
    Err(Problem::invalid("size", format!("the log has {last} entries, fewer than {size}")))
}

/// Lists the keys by which checkpoints are verified
#[utoipa::path(get, path = "/audit/keys", tag = "audit", security(("bearer" = [])),
    responses((status = 200, body = AuditKeys), (status = 403, body = Problem)))]
async fn list_audit_keys(State(app): State<App>, caller: Allowed<Read>) -> Answer<Json<AuditKeys>> {
    require(&caller)?;
    let keys = checkpoint::keys(&app).await?;
    let origin = keys.first().map(|key| key.name().to_owned()).unwrap_or_default();
    Ok(Json(AuditKeys { origin, keys: keys.iter().map(ToString::to_string).collect() }))
}

fn base64(hash: &Hash) -> String {
    STANDARD.encode(hash)
}

fn all_base64(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(base64).collect()
}
