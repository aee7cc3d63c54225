//! Policies, assignments, exceptions and the catalogue of known exploited vulnerabilities.

use crate::gate_world::{ADA, BANK, BOB, CART, CART_1, LEDGER_1, PRODUCTION, SHOP, STAGING, gate_worlds, place};
use crate::world::{at, id};
use serde_json::json;
use shipworthy_model::{
    ApplicationId, AssignmentId, Digest, Environment, EnvironmentId, Exception, ExceptionId, ExceptionScope,
    ExceptionState, Matchers, PolicyId, ServiceId, TeamId, UserId, Verdict,
};
use shipworthy_store::assignment::{Assignment, AssignmentScope};
use shipworthy_store::known_exploited::{Catalog, Entry};
use shipworthy_store::policy::PolicyVersion;
use shipworthy_store::{Session, StoreError, Visibility, args, assignment, exception, facts, known_exploited, policy};

fn version(n: u128, name: &str, version: i64) -> PolicyVersion {
    let source = format!("package {name} # {version}");
    PolicyVersion {
        id: PolicyId(id(n)),
        name: name.to_owned(),
        version,
        digest: Digest::of(source.as_bytes()),
        source,
        is_builtin: version == 1,
        created_by: "system".to_owned(),
        created_at: at(version),
    }
}

fn assigned(n: u128, policy: &PolicyVersion, action: Option<Verdict>, scope: AssignmentScope) -> Assignment {
    Assignment {
        id: AssignmentId(id(n)),
        policy_id: policy.id,
        policy: policy.name.clone(),
        version: policy.version,
        parameters: json!({ "n": n }),
        action,
        scope,
        scope_name: None,
        environments: Vec::new(),
        created_by: "ada".to_owned(),
        created_at: at(i64::try_from(n).expect("small")),
    }
}

async fn in_force(session: &mut Session, release: u128, environment: u128) -> Vec<(String, Verdict, u64)> {
    let place = place(session, release, environment).await;
    let all = assignment::in_force(session, &place).await.expect("read");
    all.into_iter().map(|p| (p.policy, p.action, p.parameters["n"].as_u64().expect("a number"))).collect()
}

#[tokio::test]
async fn the_newest_version_of_a_policy_is_found_and_the_older_one_stays() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let (first, second, other) = (version(1, "tests", 1), version(2, "tests", 2), version(3, "licenses", 1));
        for policy in [&first, &second, &other] {
            policy::insert(&mut session, policy).await.expect("inserted");
        }
        assert_eq!(policy::latest(&mut session).await.expect("read"), [other, second.clone()]);
        assert_eq!(policy::find(&mut session, "tests").await.expect("read"), Some(second));
        assert_eq!(policy::find(&mut session, "none").await.expect("read"), None);
        assert_eq!(policy::source(&mut session, &first.digest).await.expect("read"), first.source);
        let again = policy::insert(&mut session, &PolicyVersion { id: PolicyId(id(9)), ..first }).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    }
}

#[tokio::test]
async fn the_closest_assignment_of_a_policy_decides() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let tests = version(1, "tests", 1);
        policy::insert(&mut session, &tests).await.expect("inserted");
        let (deny, warn) = (Some(Verdict::Deny), Some(Verdict::Warn));
        let everything = assigned(1, &tests, deny, AssignmentScope::Everything);
        assignment::insert(&mut session, &everything).await.expect("inserted");
        assert_eq!(in_force(&mut session, CART_1, PRODUCTION).await, [("tests".to_owned(), Verdict::Deny, 1)]);

        let newer = assigned(2, &tests, warn, AssignmentScope::Everything);
        assignment::insert(&mut session, &newer).await.expect("inserted");
        assert_eq!(in_force(&mut session, CART_1, PRODUCTION).await, [("tests".to_owned(), Verdict::Warn, 2)]);

        let staging = (EnvironmentId(id(STAGING)), "staging".to_owned());
        let there =
            Assignment { environments: vec![staging], ..assigned(0, &tests, deny, AssignmentScope::Everything) };
        assignment::insert(&mut session, &there).await.expect("inserted");
        assert_eq!(in_force(&mut session, CART_1, STAGING).await, [("tests".to_owned(), Verdict::Deny, 0)]);
        assert_eq!(in_force(&mut session, CART_1, PRODUCTION).await, [("tests".to_owned(), Verdict::Warn, 2)]);

        let team = assigned(3, &tests, deny, AssignmentScope::Team(TeamId(id(10))));
        assignment::insert(&mut session, &team).await.expect("inserted");
        assert_eq!(in_force(&mut session, CART_1, STAGING).await, [("tests".to_owned(), Verdict::Deny, 3)]);
        let application = assigned(4, &tests, None, AssignmentScope::Application(ApplicationId(id(SHOP))));
        assignment::insert(&mut session, &application).await.expect("inserted");
        assert_eq!(in_force(&mut session, CART_1, PRODUCTION).await, [], "switched off for the application");
        let service = assigned(5, &tests, deny, AssignmentScope::Service(ServiceId(id(CART))));
        assignment::insert(&mut session, &service).await.expect("inserted");
        assert_eq!(in_force(&mut session, CART_1, PRODUCTION).await, [("tests".to_owned(), Verdict::Deny, 5)]);
        assert_eq!(in_force(&mut session, LEDGER_1, PRODUCTION).await, [("tests".to_owned(), Verdict::Warn, 2)]);

        assignment::end(&mut session, service.id, at(9)).await.expect("ended");
        assert_eq!(in_force(&mut session, CART_1, PRODUCTION).await, []);
        let again = assignment::end(&mut session, service.id, at(9)).await;
        assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
    }
}

#[tokio::test]
async fn an_assignment_reads_back_with_the_names_of_its_scope_and_environments() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        assert!(!assignment::is_any_known(&mut session).await.expect("read"));
        let tests = version(1, "tests", 1);
        policy::insert(&mut session, &tests).await.expect("inserted");
        let scope = AssignmentScope::Application(ApplicationId(id(SHOP)));
        let new = Assignment {
            environments: vec![(EnvironmentId(id(STAGING)), "staging".to_owned())],
            scope_name: Some("shop".to_owned()),
            ..assigned(1, &tests, None, scope)
        };
        assignment::insert(&mut session, &new).await.expect("inserted");
        assert_eq!(assignment::get(&mut session, new.id).await.expect("read"), new);
        assert_eq!(assignment::list(&mut session).await.expect("read"), std::slice::from_ref(&new));
        let counts = policy::assignment_counts(&mut session).await.expect("read");
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [("tests".to_owned(), 1)]);
        assignment::end(&mut session, new.id, at(2)).await.expect("ended");
        assert_eq!(assignment::list(&mut session).await.expect("read"), []);
        assert!(assignment::is_any_known(&mut session).await.expect("read"), "an ended one is known for ever");
    }
}

fn requested(n: u128, scope: ExceptionScope) -> Exception {
    Exception {
        id: ExceptionId(id(n)),
        matchers: Matchers { rule: Some("CVE-2021-44228".to_owned()), ..Matchers::default() },
        scope,
        reason: "not reachable".to_owned(),
        justification: None,
        ticket: Some("SHOP-1".to_owned()),
        from: at(100),
        until: at(200),
        requested_by: UserId(id(ADA)),
        requested_at: at(1),
        decided_by: None,
        decided_at: None,
        is_approved: None,
        revoked_by: None,
        revoked_at: None,
    }
}

#[tokio::test]
async fn an_exception_is_decided_once_by_another_and_taken_back_once() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let new = requested(1, ExceptionScope::default());
        exception::insert(&mut session, &new).await.expect("inserted");
        let read = exception::get(&mut session, &Visibility::Everything, new.id).await.expect("read");
        assert_eq!((read.exception, read.requested_by.as_str(), read.used), (new.clone(), "ada", 0));
        let bob = UserId(id(BOB));
        exception::decide(&mut session, new.id, bob, at(2), true).await.expect("decided");
        let again = exception::decide(&mut session, new.id, bob, at(3), false).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
        exception::revoke(&mut session, new.id, bob, at(4)).await.expect("revoked");
        let again = exception::revoke(&mut session, new.id, bob, at(4)).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
        session.commit().await.expect("committed");

        let mut session = world.db.write().await.expect("a session");
        exception::insert(&mut session, &requested(2, ExceptionScope::default())).await.expect("inserted");
        let own = exception::decide(&mut session, ExceptionId(id(2)), UserId(id(ADA)), at(2), true).await;
        assert!(matches!(own, Err(StoreError::Conflict(_))), "the database refuses it too: {own:?}");
    }
}

#[tokio::test]
async fn the_list_by_state_agrees_with_the_state_of_each() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let bob = UserId(id(BOB));
        for n in 1..=6 {
            exception::insert(&mut session, &requested(n, ExceptionScope::default())).await.expect("inserted");
        }
        for (n, is_approved) in [(2, true), (3, false), (4, true), (5, false)] {
            exception::decide(&mut session, ExceptionId(id(n)), bob, at(2), is_approved).await.expect("decided");
        }
        for n in [4, 5, 6] {
            exception::revoke(&mut session, ExceptionId(id(n)), bob, at(3)).await.expect("revoked");
        }
        let everything = Visibility::Everything;
        let all = exception::list(&mut session, &everything, &exception::Filter::default(), 10).await.expect("read");
        assert_eq!(all.len(), 6);
        for now in [at(0), at(150), at(199), at(200), at(300)] {
            for state in ExceptionState::ALL {
                let filter = exception::Filter { state: Some((*state, now)), ..exception::Filter::default() };
                let listed = exception::list(&mut session, &everything, &filter, 10).await.expect("read");
                let expected: Vec<_> =
                    all.iter().filter(|named| named.exception.state_at(now) == *state).cloned().collect();
                assert_eq!(listed, expected, "{state} at {now}");
            }
        }
        let after = exception::Filter { after: Some(ExceptionId(id(3))), ..exception::Filter::default() };
        let page = exception::list(&mut session, &everything, &after, 1).await.expect("read");
        assert_eq!(page.iter().map(|named| named.exception.id).collect::<Vec<_>>(), [ExceptionId(id(2))]);
    }
}

#[tokio::test]
async fn an_exception_is_in_scope_where_everything_it_names_agrees() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let nowhere = ExceptionScope::default();
        let scopes = [
            (1, ExceptionScope { application_id: Some(ApplicationId(id(SHOP))), ..nowhere.clone() }),
            (2, ExceptionScope { application_id: Some(ApplicationId(id(BANK))), ..nowhere.clone() }),
            (3, ExceptionScope { environment_kind: Some("staging".parse().expect("a kind")), ..nowhere.clone() }),
            (4, ExceptionScope { exposure: Some("internet".parse().expect("an exposure")), ..nowhere.clone() }),
            (5, nowhere),
        ];
        for (n, scope) in scopes {
            exception::insert(&mut session, &requested(n, scope)).await.expect("inserted");
            let approved = exception::decide(&mut session, ExceptionId(id(n)), UserId(id(BOB)), at(2), true).await;
            approved.expect("decided");
        }
        let cart = place(&mut session, CART_1, PRODUCTION).await;
        let ids = |all: Vec<Exception>| all.into_iter().map(|e| e.id.0.as_u128()).collect::<Vec<_>>();
        let mut in_scope = async |environment: Option<&Environment>, n| {
            ids(exception::in_scope(&mut session, &cart.owned, environment, at(n)).await.expect("read"))
        };
        assert_eq!(in_scope(Some(&cart.environment), 0).await, [1, 4, 5]);
        assert_eq!(in_scope(Some(&cart.environment), 200).await, [0_u128; 0]);
        assert_eq!(in_scope(None, 0).await, [1, 5], "those that hold wherever it runs");

        let bank = Visibility::Applications(vec![ApplicationId(id(BANK))]);
        let seen = exception::list(&mut session, &bank, &exception::Filter::default(), 10).await.expect("read");
        assert_eq!(ids(seen.into_iter().map(|named| named.exception).collect()), [5, 4, 3, 2]);
        let hidden = exception::get(&mut session, &bank, ExceptionId(id(1))).await;
        assert!(matches!(hidden, Err(StoreError::NotFound { .. })), "{hidden:?}");
    }
}

#[tokio::test]
async fn facts_and_the_catalogue_read_back_as_written() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let body = br#"{"schema":1}"#;
        for _ in 0..2 {
            facts::keep(&mut session, &Digest::of(body), body).await.expect("kept");
        }
        assert_eq!(facts::get(&mut session, &Digest::of(body)).await.expect("read"), body);

        assert_eq!(known_exploited::catalog(&mut session).await.expect("read"), None);
        let entry = |vulnerability: &str| Entry {
            vulnerability: vulnerability.to_owned(),
            name: "Log4Shell".to_owned(),
            date_added: "2021-12-10".to_owned(),
            due_date: Some("2021-12-24".to_owned()),
            is_ransomware: false,
        };
        for entries in [vec![entry("CVE-1"), entry("CVE-2")], vec![entry("CVE-2"), entry("CVE-3")]] {
            let catalog = Catalog {
                version: "2026.11.20".to_owned(),
                released: "2026-11-20".to_owned(),
                entries: 2,
                imported_at: at(5),
            };
            known_exploited::replace(&mut session, &catalog, entries).await.expect("replaced");
            assert_eq!(known_exploited::catalog(&mut session).await.expect("read"), Some(catalog));
        }
        let rows = session.rows("SELECT vulnerability FROM known_exploited ORDER BY vulnerability", args![]).await;
        let known: Vec<String> = rows.expect("read").iter().map(|row| row.first().expect("a text")).collect();
        assert_eq!(known, ["CVE-2", "CVE-3"]);
    }
}
