//! Builders: which build platforms are trusted, and which source control systems are believed, and how far.

use crate::api::signers::{IdentityRule, Pattern};
use crate::api::trust_roots::Revoked;
use crate::app::App;
use crate::caller::{Allowed, Caller, Govern, Read};
use crate::extract::{Json, Path};
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::slsa::Trusted;
use crate::trust::{self, NewBuilder};
use axum::extract::State;
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shipworthy_model::{BuilderId, Permission};
use shipworthy_store::builder;
use shipworthy_trust::slsa::{SignerRule, SourceVerifier, TrustedBuilder, known_builders};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_builders, create_builder))
        .routes(routes!(list_known_builders))
        .routes(routes!(revoke_builder))
}

/// A build platform that is trusted, or a source control system that is believed.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Builder {
    /// Its id.
    pub id: String,
    /// What is trusted.
    pub trusted: TrustedPlatform,
    /// Who added it.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// Since when it is trusted no more, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revoked>,
    /// What the caller may do: `revoke`.
    pub actions: Vec<String>,
}

/// What is trusted of a platform, and how far.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustedPlatform {
    /// What it is called.
    pub name: String,
    /// The track of SLSA that it is trusted on: `build` or `source`.
    pub track: String,
    /// What it calls itself: the builder's id in provenance, or the verifier's id in summaries of source.
    pub platform: Pattern,
    /// Who signs for it, any of these.
    pub signers: Vec<PlatformSigner>,
    /// The build types of which it is known what their parameters mean; empty means any. On the track `build` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub build_types: Vec<Pattern>,
    /// What must hold besides: `signer_is_builder`, `version_tag`, `workflow_of_source`, `source_in_certificate`,
    /// `hosted_runner`. On the track `build` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub conditions: Vec<String>,
    /// The highest level that it is trusted for: 1 to 3 on the track `build`, 1 to 4 on the track `source`.
    pub level: u8,
}

/// Who signs for a platform: the holder of a key, or an identity.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformSigner {
    /// The key's id: the SHA-256 of its `SubjectPublicKeyInfo` in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// The identity in the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityRule>,
}

/// A builder that is met in practice. It is an offer; nothing of it is trusted by itself.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct KnownBuilder {
    /// What would be trusted.
    pub trusted: TrustedPlatform,
    /// What to know before.
    pub note: String,
    /// Where it is described.
    pub source: String,
}

/// Lists the platforms that are trusted, by name, revoked ones too
#[utoipa::path(get, path = "/builders", tag = "builders", security(("bearer" = [])),
    responses((status = 200, body = Page<Builder>)))]
async fn list_builders(State(app): State<App>, caller: Allowed<Read>) -> Answer<Json<Page<Builder>>> {
    let all = builder::list(&mut app.db.read().await?).await?.into_iter();
    Ok(Json(Page::whole(all.map(|builder| wire(builder, &caller)).collect::<Answer<_>>()?)))
}

/// Lists builders that are met in practice, as offers
#[utoipa::path(get, path = "/builders/known", tag = "builders", security(("bearer" = [])),
    responses((status = 200, body = Page<KnownBuilder>)))]
async fn list_known_builders(_caller: Allowed<Read>) -> Json<Page<KnownBuilder>> {
    let offers = known_builders().into_iter().map(|known| KnownBuilder {
        trusted: TrustedPlatform::of(Trusted::Build(known.builder)),
        note: known.note,
        source: known.source,
    });
    Json(Page::whole(offers.collect()))
}

/// Trusts a platform to a level
#[utoipa::path(post, path = "/builders", tag = "builders", security(("bearer" = [])), request_body = TrustedPlatform,
    responses((status = 201, body = Builder), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn create_builder(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Json(body): Json<TrustedPlatform>,
) -> Answer<(StatusCode, Json<Builder>)> {
    let name = body.name.clone();
    let body = serde_json::to_value(body.read()?).map_err(Problem::internal)?;
    let builder = trust::add_builder(&app, &caller, NewBuilder { name, body }).await?;
    Ok((StatusCode::CREATED, Json(wire(builder, &caller)?)))
}

/// Revokes the trust in a platform
#[utoipa::path(delete, path = "/builders/{id}", tag = "builders", security(("bearer" = [])),
    params(("id" = String, Path, description = "The builder's id")),
    responses((status = 200, body = Builder), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn revoke_builder(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Path(id): Path<BuilderId>,
) -> Answer<Json<Builder>> {
    Ok(Json(wire(trust::revoke_builder(&app, &caller, id).await?, &caller)?))
}

fn wire(builder: builder::Builder, caller: &Caller) -> Answer<Builder> {
    let may_revoke = builder.revoked.is_none() && caller.may_everywhere(Permission::Govern);
    Ok(Builder {
        id: builder.id.to_string(),
        trusted: TrustedPlatform::of(serde_json::from_value(builder.body).map_err(Problem::internal)?),
        created_by: builder.created_by,
        created_at: builder.created_at.to_string(),
        revoked: builder.revoked.map(Revoked::from),
        actions: may_revoke.then(|| "revoke".to_owned()).into_iter().collect(),
    })
}

impl TrustedPlatform {
    fn of(trusted: Trusted) -> Self {
        match trusted {
            Trusted::Build(TrustedBuilder { name, builder, signers, build_types, conditions, level }) => Self {
                name,
                track: "build".to_owned(),
                platform: builder.into(),
                signers: signers.into_iter().map(PlatformSigner::from).collect(),
                build_types: build_types.into_iter().map(Pattern::from).collect(),
                conditions: conditions.iter().map(word).collect(),
                level: level as u8,
            },
            Trusted::Source(SourceVerifier { name, verifier, signers, level }) => Self {
                name,
                track: "source".to_owned(),
                platform: verifier.into(),
                signers: signers.into_iter().map(PlatformSigner::from).collect(),
                build_types: Vec::new(),
                conditions: Vec::new(),
                level: level as u8,
            },
        }
    }

    fn read(self) -> Answer<Trusted> {
        let Self { name, track, platform, signers, build_types, conditions, level } = self;
        let platform = platform.read("platform")?;
        if signers.is_empty() {
            return Err(Problem::invalid("signers", "expected at least one: whom nobody signs for cannot be trusted"));
        }
        let signers = signers.into_iter().map(PlatformSigner::read).collect::<Answer<Vec<SignerRule>>>()?;
        let is_build = track == "build";
        let says_more = !build_types.is_empty() || !conditions.is_empty();
        if says_more && !is_build {
            let detail = "the track `source` has neither `build_types` nor `conditions`";
            return Err(Problem::invalid("track", detail));
        }
        let levels = if is_build { 1..=3 } else { 1..=4 };
        if !levels.contains(&level) {
            let detail = format!("{level} is no level of this track: expected 1 to {}", levels.end());
            return Err(Problem::invalid("level", detail));
        }
        let level = json!(format!("SLSA_{}_LEVEL_{level}", track.to_uppercase()));
        match track.as_str() {
            "build" => Ok(Trusted::Build(TrustedBuilder {
                name,
                builder: platform,
                signers,
                build_types: build_types.into_iter().map(|kind| kind.read("build_types")).collect::<Answer<_>>()?,
                conditions: conditions.iter().map(|text| named("conditions", json!(text))).collect::<Answer<_>>()?,
                level: named("level", level)?,
            })),
            "source" => {
                Ok(Trusted::Source(SourceVerifier { name, verifier: platform, signers, level: named("level", level)? }))
            }
            other => {
                let detail = format!("`{other}` is no track: expected `build` or `source`");
                Err(Problem::invalid("track", detail))
            }
        }
    }
}

/// The word by which a value of a short list is written.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The value that a word stands for.
fn named<T: DeserializeOwned>(at: &str, word: Value) -> Answer<T> {
    serde_json::from_value(word).map_err(|error| Problem::invalid(at, error))
}

impl PlatformSigner {
    fn read(self) -> Answer<SignerRule> {
        match (self.key_id, self.identity) {
            (Some(id), None) => Ok(SignerRule::Key { id }),
            (None, Some(rule)) => Ok(SignerRule::Identity(rule.read()?)),
            _ => Err(Problem::invalid("signers", "expected either `key_id` or `identity`: who signs?")),
        }
    }
}

impl From<SignerRule> for PlatformSigner {
    fn from(rule: SignerRule) -> Self {
        match rule {
            SignerRule::Key { id } => Self { key_id: Some(id), identity: None },
            SignerRule::Identity(rule) => Self { key_id: None, identity: Some(rule.into()) },
        }
    }
}
