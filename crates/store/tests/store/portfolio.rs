//! Teams, applications, services, environments and approvals.

use crate::shop::{self, CART, SHOP, TEAM, TEST, cart};
use crate::world::{at, id, worlds};
use shipworthy_model::{
    Application, ApplicationId, Approval, ApprovalId, Environment, EnvironmentId, GateMode, Service, ServiceId, Team,
    TeamId, UserId,
};
use shipworthy_store::user::User;
use shipworthy_store::{StoreError, Visibility, application, approval, environment, service, stamp, team, user};

#[tokio::test]
async fn whoever_mentions_a_name_second_gets_what_the_first_made() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        let again = Team { id: TeamId(id(11)), name: "harbour".to_owned(), created_at: at(9) };
        let (found, is_new) = team::ensure(&mut session, &again).await.expect("ensured");
        assert_eq!((found.id, is_new), (TEAM, false));
        let again =
            Application { id: ApplicationId(id(12)), team_id: TEAM, name: "shop".to_owned(), created_at: at(9) };
        let (found, is_new) = application::ensure(&mut session, &again).await.expect("ensured");
        assert_eq!((found.id, is_new), (SHOP, false));
        let again = Service { id: ServiceId(id(13)), application_id: SHOP, name: "cart".to_owned(), created_at: at(9) };
        let (found, is_new) = service::ensure(&mut session, &again).await.expect("ensured");
        assert_eq!((found.id, is_new), (CART, false));
        assert_eq!(service::of_application(&mut session, SHOP).await.expect("read"), [found]);
    }
}

#[tokio::test]
async fn lists_show_what_is_visible_and_go_on_after_a_name() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_service(&mut session, ApplicationId(id(31)), "bank", ServiceId(id(32)), "ledger").await;
        let empty = Team { id: TeamId(id(33)), name: "archive".to_owned(), created_at: at(0) };
        team::ensure(&mut session, &empty).await.expect("a team");

        let only_shop = Visibility::Applications(vec![SHOP]);
        let nothing = Visibility::Applications(Vec::new());
        let mut seen = Vec::new();
        for (visible, after) in [
            (&Visibility::Everything, None),
            (&Visibility::Everything, Some("bank")),
            (&only_shop, None),
            (&nothing, None),
        ] {
            let applications = application::list(&mut session, visible, after, 10).await.expect("read");
            let teams = team::list(&mut session, visible, None, 10).await.expect("read");
            seen.push((
                applications.iter().map(|a| format!("{}/{} {}", a.team_name, a.application.name, a.services)).collect(),
                teams.iter().map(|t| format!("{} {}", t.team.name, t.applications)).collect(),
            ));
        }
        let expected: [(Vec<&str>, Vec<&str>); 4] = [
            (vec!["harbour/bank 1", "harbour/shop 1"], vec!["archive 0", "harbour 2"]),
            (vec!["harbour/shop 1"], vec!["archive 0", "harbour 2"]),
            (vec!["harbour/shop 1"], vec!["harbour 1"]),
            (vec![], vec![]),
        ];
        let expected = expected.map(|(a, t)| {
            (a.into_iter().map(str::to_owned).collect::<Vec<_>>(), t.into_iter().map(str::to_owned).collect::<Vec<_>>())
        });
        assert_eq!(seen, expected);
        let hidden = application::get(&mut session, SHOP, &nothing).await.expect_err("not visible");
        assert!(matches!(hidden, StoreError::NotFound { .. }), "{hidden}");
    }
}

#[tokio::test]
async fn an_environment_is_a_rule_and_its_name_is_taken_once() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_release(&mut session, &cart(1)).await;
        let before = stamp::stamp(&mut session, cart(1).id, TEST).await.expect("a stamp");

        let changed = Environment { gate_mode: GateMode::Warn, ..shop::test_environment() };
        environment::update(&mut session, &changed).await.expect("updated");
        assert_eq!(environment::by_name(&mut session, "test").await.expect("read"), changed);
        assert_eq!(environment::list(&mut session).await.expect("read"), [changed]);
        let after = stamp::stamp(&mut session, cart(1).id, TEST).await.expect("a stamp");
        assert!(after.rules_generation > before.rules_generation, "{before:?} {after:?}");

        let second = Environment { id: EnvironmentId(id(40)), ..shop::test_environment() };
        let error = environment::insert(&mut session, &second).await.expect_err("the name is taken");
        assert_eq!(error.to_string(), "an environment named `test` exists already");
    }
}

#[tokio::test]
async fn an_approval_reads_back_and_changes_what_is_known_of_its_release() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_release(&mut session, &cart(1)).await;
        let grace = User {
            id: UserId(id(50)),
            name: "grace".to_owned(),
            password_hash: String::new(),
            is_active: true,
            created_at: at(0),
        };
        user::insert(&mut session, &grace, &[]).await.expect("inserted");
        let before = stamp::stamp(&mut session, cart(1).id, TEST).await.expect("a stamp");
        let new = Approval {
            id: ApprovalId(id(51)),
            release_id: cart(1).id,
            environment_id: TEST,
            approved_by: grace.id,
            approved_by_name: "grace".to_owned(),
            comment: Some("looked at it".to_owned()),
            approved_at: at(5),
        };
        approval::insert(&mut session, &new).await.expect("inserted");
        let found = approval::of_release(&mut session, cart(1).id).await.expect("read");
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0].approval, found[0].environment_name.as_str()), (&new, "test"));
        let after = stamp::stamp(&mut session, cart(1).id, TEST).await.expect("a stamp");
        assert!(after.subjects_version > before.subjects_version, "{before:?} {after:?}");
    }
}
