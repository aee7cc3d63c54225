//! Deployments: the right image, the filters, and that each change is known to the release's gates.

use crate::shop::{self, TEST, cart, digest};
use crate::world::{at, id, worlds};
use shipworthy_model::{ApplicationId, Deployment, DeploymentState, Subject};
use shipworthy_store::deployment::Filter;
use shipworthy_store::{StoreError, Visibility, deployment, release, stamp};

#[tokio::test]
async fn the_right_image_runs_when_all_that_runs_was_released() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_release(&mut session, &cart(1)).await;
        let cases = [
            (vec![digest("image 1")], Some(true)),
            (vec![digest("image 1"), digest("another")], Some(false)),
            (vec![], None),
        ];
        for (n, (running, expected)) in (1_u128..).zip(cases) {
            let new = shop::add_deployment(&mut session, n, &cart(1), running).await;
            let found = deployment::get(&mut session, new.id, &Visibility::Everything).await.expect("read");
            assert_eq!(found.is_right_image(), expected, "{:?}", new.running);
            assert_eq!(found.deployment, new);
        }
    }
}

#[tokio::test]
async fn a_deployment_is_a_subject_of_its_release_and_each_change_counts() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_release(&mut session, &cart(1)).await;
        let mut versions = Vec::new();
        versions.push(stamp::stamp(&mut session, cart(1).id, TEST).await.expect("a stamp").subjects_version);
        let new = shop::add_deployment(&mut session, 1, &cart(1), vec![]).await;
        let subjects = release::subjects(&mut session, cart(1).id).await.expect("read");
        assert!(subjects.contains(&Subject::Deployment(new.id)), "{subjects:?}");
        versions.push(stamp::stamp(&mut session, cart(1).id, TEST).await.expect("a stamp").subjects_version);
        let failed = Deployment { state: DeploymentState::Failed, changed_at: at(99), ..new };
        deployment::update(&mut session, &failed).await.expect("updated");
        versions.push(stamp::stamp(&mut session, cart(1).id, TEST).await.expect("a stamp").subjects_version);
        assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
        let found = deployment::get(&mut session, failed.id, &Visibility::Everything).await.expect("read");
        assert_eq!(found.deployment, failed);
    }
}

#[tokio::test]
async fn deployments_are_found_by_every_filter_newest_first() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        for n in 1..=2 {
            shop::add_release(&mut session, &cart(n)).await;
            shop::add_deployment(&mut session, n, &cart(n), vec![]).await;
        }
        let none = Filter::default();
        let cases = [
            (none.clone(), vec!["1.2.0", "1.1.0"]),
            (Filter { release: Some(cart(1).id), ..none.clone() }, vec!["1.1.0"]),
            (Filter { environment: Some("test".to_owned()), ..none.clone() }, vec!["1.2.0", "1.1.0"]),
            (Filter { environment: Some("production".to_owned()), ..none.clone() }, vec![]),
            (Filter { application: Some("shop".to_owned()), ..none.clone() }, vec!["1.2.0", "1.1.0"]),
            (Filter { state: Some(DeploymentState::Requested), ..none.clone() }, vec![]),
            (Filter { service: Some(shop::CART), ..none }, vec!["1.2.0", "1.1.0"]),
        ];
        for (filter, expected) in cases {
            let found = deployment::list(&mut session, &filter, &Visibility::Everything, 10).await.expect("read");
            let versions: Vec<&str> = found.iter().map(|placed| placed.version.as_str()).collect();
            assert_eq!(versions, expected, "{filter:?}");
        }
        let other = Visibility::Applications(vec![ApplicationId(id(77))]);
        assert_eq!(deployment::list(&mut session, &Filter::default(), &other, 10).await.expect("read"), []);
        let newest = deployment::list(&mut session, &Filter::default(), &Visibility::Everything, 1).await;
        let newest = newest.expect("read").remove(0).deployment.id;
        let hidden = deployment::get(&mut session, newest, &other).await.expect_err("hidden");
        assert!(matches!(hidden, StoreError::NotFound { .. }), "{hidden}");
    }
}
