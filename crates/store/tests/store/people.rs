//! Users, grants, tokens, sessions and the audit log.

use crate::world::{append, at, id, worlds};
use shipworthy_model::{Permission, Role, Scope, SessionId, TeamId, TokenId, UserId};
use shipworthy_store::audit::{Actor, NewEntry};
use shipworthy_store::audit_search::{self, Filter};
use shipworthy_store::token::Token;
use shipworthy_store::user::{Grant, User};
use shipworthy_store::user_session::UserSession;
use shipworthy_store::{StoreError, token, user, user_session};

fn ada() -> User {
    User {
        id: UserId(id(1)),
        name: "ada".to_owned(),
        password_hash: "$argon2id$…".to_owned(),
        is_active: true,
        created_at: at(0),
    }
}

#[tokio::test]
async fn a_user_reads_back_as_written_and_a_name_is_taken_once() {
    for world in worlds().await {
        let grants = [
            Grant { role: Role::Security, scope: Scope::Everything },
            Grant { role: Role::Viewer, scope: Scope::Team(TeamId(id(7))) },
        ];
        let mut session = world.db.write().await.expect("a session");
        user::insert(&mut session, &ada(), &grants).await.expect("the first is taken");
        session.commit().await.expect("committed");

        let mut session = world.db.read().await.expect("a session");
        assert_eq!(user::find(&mut session, "ada").await.expect("read"), Some(ada()));
        assert_eq!(user::grants(&mut session, ada().id).await.expect("read"), grants);
        drop(session);

        let mut session = world.db.write().await.expect("a session");
        let second = User { id: UserId(id(2)), ..ada() };
        let error = user::insert(&mut session, &second, &[]).await.expect_err("the name is taken");
        assert_eq!(error.to_string(), "a user named `ada` exists already");
    }
}

#[tokio::test]
async fn a_token_works_until_its_end_its_revocation_or_its_owner_is_switched_off() {
    for world in worlds().await {
        let mut session = world.db.write().await.expect("a session");
        user::insert(&mut session, &ada(), &[]).await.expect("inserted");
        let new = Token {
            id: TokenId(id(3)),
            user_id: ada().id,
            user_name: "ada".to_owned(),
            name: "ci".to_owned(),
            prefix: "swt_abcd".to_owned(),
            permissions: vec![Permission::Push, Permission::Gate],
            scope: Scope::Everything,
            created_at: at(0),
            expires_at: at(100),
            last_used_at: None,
            revoked_at: None,
        };
        token::insert(&mut session, &new, "hash").await.expect("inserted");
        assert_eq!(token::find_valid(&mut session, "hash", at(99)).await.expect("read"), Some(new.clone()));
        assert_eq!(token::find_valid(&mut session, "hash", at(100)).await.expect("read"), None, "its end");
        assert_eq!(token::find_valid(&mut session, "other", at(1)).await.expect("read"), None, "another secret");

        user::update(&mut session, &User { is_active: false, ..ada() }).await.expect("updated");
        assert_eq!(token::find_valid(&mut session, "hash", at(1)).await.expect("read"), None, "owner off");
        user::update(&mut session, &ada()).await.expect("updated");

        token::revoke(&mut session, new.id, at(5)).await.expect("revoked");
        assert_eq!(token::find_valid(&mut session, "hash", at(6)).await.expect("read"), None, "revoked");
        let listed = token::list(&mut session, Some(ada().id)).await.expect("read");
        assert_eq!(listed, [Token { revoked_at: Some(at(5)), ..new }]);
    }
}

#[tokio::test]
async fn a_session_ends_by_time_and_by_sign_out() {
    for world in worlds().await {
        let mut session = world.db.write().await.expect("a session");
        user::insert(&mut session, &ada(), &[]).await.expect("inserted");
        let new = UserSession {
            id: SessionId(id(4)),
            user_id: ada().id,
            csrf_token: "csrf".to_owned(),
            created_at: at(0),
            expires_at: at(10),
        };
        user_session::insert(&mut session, &new, "hash").await.expect("inserted");
        assert_eq!(user_session::find_valid(&mut session, "hash", at(9)).await.expect("read"), Some(new.clone()));
        assert_eq!(user_session::find_valid(&mut session, "hash", at(10)).await.expect("read"), None);
        user_session::delete(&mut session, new.id).await.expect("deleted");
        assert_eq!(user_session::find_valid(&mut session, "hash", at(9)).await.expect("read"), None);
    }
}

#[tokio::test]
async fn a_setup_link_works_once() {
    for world in worlds().await {
        let mut session = world.db.write().await.expect("a session");
        user::replace_setup_link(&mut session, "old", at(0)).await.expect("kept");
        user::replace_setup_link(&mut session, "new", at(1)).await.expect("kept");
        let mut used = Vec::new();
        for hash in ["old", "new", "new"] {
            used.push(user::use_setup_link(&mut session, hash).await.expect("asked"));
        }
        assert_eq!(used, [false, true, false]);
    }
}

fn entry(action: &str, name: &str, second: i64) -> NewEntry {
    NewEntry {
        at: at(second),
        actor: Actor { kind: "user".to_owned(), id: Some("u".to_owned()), name: name.to_owned() },
        action: action.to_owned(),
        object_kind: "release".to_owned(),
        object_id: "r1".to_owned(),
        summary: "something happened".to_owned(),
        details: serde_json::json!({ "version": "1.0" }),
        request_id: None,
        via: None,
        address: None,
    }
}

#[tokio::test]
async fn the_audit_log_counts_without_gaps_and_filters() {
    for world in worlds().await {
        for (action, name, second) in [("release.create", "ada", 1), ("decision.make", "100%", 2)] {
            let mut session = world.db.write().await.expect("a session");
            append(&mut session, &entry(action, name, second)).await.expect("appended");
            session.commit().await.expect("committed");
            // A transaction that is undone leaves no gap.
            let mut undone = world.db.write().await.expect("a session");
            append(&mut undone, &entry("undone", name, second)).await.expect("appended");
        }
        let mut session = world.db.read().await.expect("a session");
        let all = audit_search::list(&mut session, &Filter::default(), 10).await.expect("read");
        let places: Vec<_> = all.iter().map(|e| (e.sequence, e.entry.action.as_str())).collect();
        assert_eq!(places, [(2, "decision.make"), (1, "release.create")]);
        assert_eq!(all[1].entry, entry("release.create", "ada", 1));
        for (filter, expected) in [
            (Filter { action: Some("release".to_owned()), ..Filter::default() }, vec![1]),
            (Filter { actor: Some("0%".to_owned()), ..Filter::default() }, vec![2]),
            (Filter { from: Some(at(2)), ..Filter::default() }, vec![2]),
            (Filter { until: Some(at(2)), ..Filter::default() }, vec![1]),
            (Filter { before: Some(2), ..Filter::default() }, vec![1]),
            (Filter { object_id: Some("r2".to_owned()), ..Filter::default() }, vec![]),
        ] {
            let found = audit_search::list(&mut session, &filter, 10).await.expect("read");
            assert_eq!(found.iter().map(|e| e.sequence).collect::<Vec<_>>(), expected, "{filter:?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    for world in worlds().await {
        let mut session = world.db.read().await.expect("a session");
        let error = user::get(&mut session, UserId(id(99))).await.expect_err("nobody");
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    }
}
