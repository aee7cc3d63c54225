//! What people look at first, and an application with what runs where.

use crate::portfolio::environments;
use crate::releases::{cart, digest};
use crate::test_app::{TestApp, unused_id};
use serde_json::json;
use shipworthy_model::{Permission, Scope, TeamId};

/// Two releases of the cart; the first runs in test, as another image.
async fn shop(app: &TestApp, root: &str) -> String {
    environments(app, root).await;
    let mut application = String::new();
    for version in ["1.0.0", "1.1.0"] {
        let release = app.post("/releases", root, cart(version)).await;
        application = release.text("/application/id");
        if version == "1.0.0" {
            let start = json!({ "release": release.text("/id"), "environment": "test" });
            let deployment = app.post("/deployments", root, start).await.text("/id");
            let running = json!({ "running": [digest("mended by hand")] });
            app.post(&format!("/deployments/{deployment}/finish"), root, running).await;
        }
    }
    let question = json!({ "release": { "application": "shop", "service": "cart", "version": "1.1.0" },
        "environment": "production" });
    let asked = app.post("/gates/evaluate", root, question).await;
    assert_eq!(asked.status, 201, "{}", asked.body);
    application
}

#[tokio::test]
async fn the_overview_shows_risk_what_is_stopped_and_what_changed() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let overview = app.get("/overview?days=2", &root).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!("overview", overview.whole()) };
        let too_long = app.get("/overview?days=1000", &root).await;
        assert_eq!(too_long.status, 400, "{}", too_long.body);
    }
}

#[tokio::test]
async fn who_sees_nothing_gets_an_empty_overview() {
    for app in TestApp::both().await {
        let root = app.root().await;
        shop(&app, &root).await;
        let stranger = app.token("eve", &[Permission::Read], Scope::Team(TeamId(unused_id()))).await;
        let overview = app.get("/overview?days=1", &stranger).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!("overview_of_a_stranger", overview.whole()) };
    }
}

#[tokio::test]
async fn an_application_shows_each_service_in_each_environment() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let id = shop(&app, &root).await;
        let detail = app.get(&format!("/applications/{id}"), &root).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!("application_with_places", detail.whole()) };
        let stranger = app.token("eve", &[Permission::Read], Scope::Team(TeamId(unused_id()))).await;
        let hidden = app.get(&format!("/applications/{id}"), &stranger).await;
        let absent = app.get(&format!("/applications/{}", unused_id()), &stranger).await;
        assert_eq!(hidden.status, 404);
        let same = |body: &serde_json::Value, id: &str| body.to_string().replace(id, "ID");
        assert_eq!(same(&hidden.body, &id), same(&absent.body, &unused_id().to_string()));
    }
}
