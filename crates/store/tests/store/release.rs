//! Releases: their subjects, their artifacts, who sees them.

use crate::shop::{self, CART, COMMIT, SHOP, TEST, cart, digest};
use crate::world::{id, worlds};
use shipworthy_model::{ApplicationId, Release, ReleaseId, ServiceId, Subject};
use shipworthy_store::release::Filter;
use shipworthy_store::{StoreError, Visibility, release, stamp};

#[tokio::test]
async fn a_release_reads_back_with_the_names_of_what_it_belongs_to() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_release(&mut session, &cart(1)).await;
        let found = release::get(&mut session, cart(1).id, &Visibility::Everything).await.expect("read");
        assert_eq!(found.release, cart(1));
        let names = [&found.service_name, &found.application_name, &found.team_name];
        assert_eq!(names, ["cart", "shop", "harbour"]);
        let named = release::by_name(&mut session, "shop", "cart", "1.1.0", &Visibility::Everything).await;
        assert_eq!(named.expect("read"), found);
        assert_eq!(
            release::subjects(&mut session, cart(1).id).await.expect("read"),
            [
                "build:jenkins/cart/1".parse().expect("a subject"),
                format!("git:{COMMIT}").parse().expect("a subject"),
                Subject::Release(cart(1).id),
                Subject::Artifact(digest("image 1")),
            ]
        );
    }
}

#[tokio::test]
async fn a_version_is_made_once_and_what_is_not_visible_does_not_exist() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_release(&mut session, &cart(1)).await;
        let again = Release { id: ReleaseId(id(900)), ..cart(1) };
        let subjects = release::subjects_of(&again).expect("subjects");
        assert!(!release::insert(&mut session, &again, SHOP, &subjects).await.expect("asked"), "it is there");
        let other = Visibility::Applications(vec![ApplicationId(id(77))]);
        let hidden = release::get(&mut session, cart(1).id, &other).await.expect_err("hidden").to_string();
        let missing = release::get(&mut session, again.id, &other).await.expect_err("missing").to_string();
        assert_eq!(hidden.replace(&cart(1).id.to_string(), "…"), missing.replace(&again.id.to_string(), "…"));
        let by_name = release::by_name(&mut session, "shop", "cart", "1.1.0", &other).await.expect_err("hidden");
        assert!(matches!(by_name, StoreError::NotFound { .. }), "{by_name}");
        assert_eq!(release::list(&mut session, &Filter::default(), &other, 10).await.expect("read"), []);
    }
}

#[tokio::test]
async fn a_digest_may_be_shared_within_an_application_and_not_between_two() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_release(&mut session, &cart(1)).await;
        let shared = Release { artifacts: cart(1).artifacts, ..cart(2) };
        shop::add_release(&mut session, &shared).await;

        let (bank, ledger) = (ApplicationId(id(61)), ServiceId(id(62)));
        shop::add_service(&mut session, bank, "bank", ledger, "ledger").await;
        let stolen = Release { service_id: ledger, artifacts: cart(1).artifacts, ..cart(3) };
        let subjects = release::subjects_of(&stolen).expect("subjects");
        let error = release::insert(&mut session, &stolen, bank, &subjects).await.expect_err("another's digest");
        let expected =
            format!("the artifact `{}` belongs to a release of another application", cart(1).artifacts[0].digest);
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn releases_are_found_by_every_filter_newest_first() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        for n in 1..=3 {
            shop::add_release(&mut session, &cart(n)).await;
        }
        let none = Filter::default();
        let cases = [
            (none.clone(), vec!["1.3.0", "1.2.0", "1.1.0"]),
            (
                Filter { application: Some("shop".to_owned()), before: Some(cart(3).id), ..none.clone() },
                vec!["1.2.0", "1.1.0"],
            ),
            (Filter { application: Some("bank".to_owned()), ..none.clone() }, vec![]),
            (
                Filter { service: Some(CART.to_string()), text: Some("CART".to_owned()), ..none.clone() },
                vec!["1.3.0", "1.2.0", "1.1.0"],
            ),
            (Filter { text: Some("2.0".to_owned()), ..none.clone() }, vec!["1.2.0"]),
            (Filter { text: Some("_".to_owned()), ..none.clone() }, vec![]),
            (Filter { commit: Some(COMMIT[..8].to_owned()), ..none.clone() }, vec!["1.3.0", "1.2.0", "1.1.0"]),
            (Filter { artifact: Some(digest("image 2")), ..none }, vec!["1.2.0"]),
        ];
        for (filter, expected) in cases {
            let found = release::list(&mut session, &filter, &Visibility::Everything, 10).await.expect("read");
            let versions: Vec<&str> = found.iter().map(|owned| owned.release.version.as_str()).collect();
            assert_eq!(versions, expected, "{filter:?}");
        }
    }
}

#[tokio::test]
async fn evidence_and_release_meet_at_a_subject_in_any_order() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        let image = Subject::Artifact(digest("image 1"));
        stamp::touch_subjects(&mut session, std::slice::from_ref(&image)).await.expect("evidence came first");
        shop::add_release(&mut session, &cart(1)).await;
        let before = stamp::stamp(&mut session, cart(1).id, TEST).await.expect("a stamp");
        stamp::touch_subjects(&mut session, std::slice::from_ref(&image)).await.expect("evidence came later");
        let after = stamp::stamp(&mut session, cart(1).id, TEST).await.expect("a stamp");
        assert_eq!(after.subjects_version, before.subjects_version + 1);

        let found = release::having_subjects(&mut session, &[image], &Visibility::Everything).await.expect("read");
        assert_eq!(found.iter().map(|r| (r.id, r.version.as_str())).collect::<Vec<_>>(), [(cart(1).id, "1.1.0")]);
        let none = release::having_subjects(&mut session, &[], &Visibility::Everything).await.expect("read");
        assert_eq!(none, []);
    }
}
