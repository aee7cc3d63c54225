//! A small world around a gate: two applications of two teams, a release each, two environments, two people.

use crate::world::{World, at, id, worlds};
use shipworthy_model::{EnvironmentId, ReleaseId, UserId};
use shipworthy_store::place::{self, Place};
use shipworthy_store::user::User;
use shipworthy_store::{Session, args, user};

pub(crate) const SHOP: u128 = 20;
pub(crate) const BANK: u128 = 21;
pub(crate) const CART: u128 = 30;
pub(crate) const LEDGER: u128 = 31;
pub(crate) const CART_1: u128 = 40;
pub(crate) const LEDGER_1: u128 = 41;
pub(crate) const PRODUCTION: u128 = 50;
pub(crate) const STAGING: u128 = 51;
pub(crate) const ADA: u128 = 1;
pub(crate) const BOB: u128 = 2;

/// That world on both engines.
pub(crate) async fn gate_worlds() -> Vec<World> {
    let worlds = worlds().await;
    for world in &worlds {
        let mut session = world.db.write().await.expect("a session");
        fill(&mut session).await;
        session.commit().await.expect("committed");
    }
    worlds
}

async fn fill(session: &mut Session) {
    let names = [(10, "web"), (11, "money")];
    for (team, name) in names {
        let sql = "INSERT INTO team (id, name, created_at) VALUES ($1, $2, $3)";
        session.execute(sql, args![id(team).to_string(), name, at(0)]).await.expect("a team");
    }
    for (application, team, name) in [(SHOP, 10, "shop"), (BANK, 11, "bank")] {
        let sql = "INSERT INTO application (id, team_id, name, created_at) VALUES ($1, $2, $3, $4)";
        let arguments = args![id(application).to_string(), id(team).to_string(), name, at(0)];
        session.execute(sql, arguments).await.expect("an application");
    }
    for (service, application, name) in [(CART, SHOP, "cart"), (LEDGER, BANK, "ledger")] {
        let sql = "INSERT INTO service (id, application_id, name, created_at) VALUES ($1, $2, $3, $4)";
        let arguments = args![id(service).to_string(), id(application).to_string(), name, at(0)];
        session.execute(sql, arguments).await.expect("a service");
    }
    for (release, service) in [(CART_1, CART), (LEDGER_1, LEDGER)] {
        let sql = "INSERT INTO release (id, service_id, version, created_by, created_at) VALUES ($1, $2, $3, $4, $5)";
        let arguments = args![id(release).to_string(), id(service).to_string(), "1.0.0", "ada", at(0)];
        session.execute(sql, arguments).await.expect("a release");
        let sql = "INSERT INTO release_subject (release_id, subject) VALUES ($1, $2)";
        let subject = format!("release:{}", id(release));
        session.execute(sql, args![id(release).to_string(), subject]).await.expect("a subject");
    }
    for (environment, name, kind) in [(PRODUCTION, "production", "production"), (STAGING, "staging", "staging")] {
        let sql = "INSERT INTO environment (id, name, kind, exposure, gate_mode, unknowns, created_at)
                   VALUES ($1, $2, $3, 'internet', 'enforce', 'closed', $4)";
        session.execute(sql, args![id(environment).to_string(), name, kind, at(0)]).await.expect("an environment");
    }
    for (user_id, name) in [(ADA, "ada"), (BOB, "bob")] {
        let new = User {
            id: UserId(id(user_id)),
            name: name.to_owned(),
            password_hash: "$argon2id$…".to_owned(),
            is_active: true,
            created_at: at(0),
        };
        user::insert(session, &new, &[]).await.expect("a user");
    }
}

/// The place of a release before an environment.
pub(crate) async fn place(session: &mut Session, release: u128, environment: u128) -> Place {
    place::get(session, ReleaseId(id(release)), EnvironmentId(id(environment))).await.expect("a place")
}
