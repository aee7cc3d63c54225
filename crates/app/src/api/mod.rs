//! The HTTP API: one file per noun, every route on one screen.

pub mod advisories;
pub mod advisory_sync;
pub mod applications;
pub mod assignments;
pub mod attestations;
pub mod audit;
pub mod audit_log;
pub mod builders;
pub mod comparison;
pub mod components;
pub mod dbom;
pub mod decisions;
pub mod dependencies;
pub mod deployments;
pub mod environments;
pub mod events;
pub mod evidence;
pub mod evidence_attestations;
pub mod exceptions;
pub mod expectations;
pub mod exposures;
pub mod findings;
pub mod formats;
pub mod gates;
pub mod health;
pub mod keys;
pub mod named;
pub mod overview;
pub mod packages;
pub mod policies;
pub mod release_choice;
pub mod releases;
pub mod reporting;
pub mod reports;
pub mod sbom;
pub mod session;
pub mod signers;
pub mod teams;
pub mod tokens;
pub mod trends;
pub mod trust_roots;
pub mod upgrades;
pub mod users;
pub mod vex;
pub mod vulnerabilities;
pub mod waiting;
pub mod whereabouts;

use crate::app::App;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Every operation under `/api/v1`, with its description.
pub fn routes() -> OpenApiRouter<App> {
    let nouns = OpenApiRouter::new()
        .merge(advisories::routes())
        .merge(advisory_sync::routes())
        .merge(applications::routes())
        .merge(assignments::routes())
        .merge(attestations::routes())
        .merge(audit::routes())
        .merge(audit_log::routes())
        .merge(builders::routes())
        .merge(comparison::routes())
        .merge(components::routes())
        .merge(dbom::routes())
        .merge(decisions::routes())
        .merge(dependencies::routes())
        .merge(deployments::routes())
        .merge(environments::routes())
        .merge(events::routes())
        .merge(evidence::routes())
        .merge(evidence_attestations::routes())
        .merge(exceptions::routes())
        .merge(expectations::routes())
        .merge(exposures::routes())
        .merge(findings::routes())
        .merge(formats::routes())
        .merge(gates::routes())
        .merge(keys::routes())
        .merge(overview::routes())
        .merge(packages::routes())
        .merge(policies::routes())
        .merge(releases::routes())
        .merge(sbom::routes())
        .merge(reporting::routes())
        .merge(reports::routes())
        .merge(session::routes())
        .merge(signers::routes())
        .merge(teams::routes())
        .merge(tokens::routes())
        .merge(trends::routes())
        .merge(trust_roots::routes())
        .merge(upgrades::routes())
        .merge(users::routes())
        .merge(vex::routes())
        .merge(vulnerabilities::routes())
        .merge(waiting::routes())
        .merge(whereabouts::routes());
    OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", nouns)
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Shipworthy",
        description = "Is this release worthy to ship there, now, and can you prove it?",
        license(name = "Apache-2.0")
    ),
    modifiers(&Security)
)]
struct Description;

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        openapi.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    }
}
