//! Policies, assignments and vulnerability data.

use crate::gate_shop::{Shop, criticals};
use crate::gates::{policy, scrub};
use crate::test_app::request;
use serde_json::{Value, json};
use shipworthy_model::{Permission, Scope};

#[tokio::test]
async fn the_built_in_policies_are_kept_once_and_in_force_from_the_first_start() {
    for shop in Shop::both().await {
        shipworthy::builtin::seed(&shop.app.app).await.expect("a second start changes nothing");
        let listed = shop.app.get("/policies", &shop.ada).await;
        let lines: Vec<String> = listed.body["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|p| format!("{} v{} {} {}", p["name"], p["version"], p["is_builtin"], p["assignments"]))
            .collect();
        let assigned = shop.app.get("/assignments", &shop.ada).await;
        let actions: Vec<String> = assigned.body["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|a| format!("{} {} {}", a["policy"]["name"], a["action"], a["scope"]["kind"]))
            .collect();
        insta::allow_duplicates! {
            insta::assert_snapshot!("built_in_policies", lines.join("\n"));
            insta::assert_snapshot!("first_assignments", actions.join("\n"));
        }
    }
}

#[tokio::test]
async fn a_policy_shows_its_source_its_parameters_and_whom_it_fails() {
    let shop = Shop::sqlite().await;
    shop.push_scan(criticals(11)).await;
    shop.ask("production").await;
    shop.ask("test").await;
    let shown = shop.app.get("/policies/findings-by-severity", &shop.ada).await;
    assert_eq!((&shown.body["failing"], &shown.body["assignments"]), (&json!(2), &json!(1)));
    assert!(shown.text("/source").starts_with("# METADATA"));
    assert_eq!(shown.body["parameters"]["properties"]["critical"]["default"], 10);
    assert_eq!(shop.app.get("/policies/nothing", &shop.ada).await.status, 404);
}

#[tokio::test]
async fn the_same_text_again_is_a_conflict_and_a_new_one_the_next_version() {
    for shop in Shop::both().await {
        let push = async |body: &str| {
            let source = policy("ours", body);
            shop.app.post("/policies", &shop.ada, json!({ "source": source })).await
        };
        let first = push("violations contains {\"message\": \"no\"} if false").await;
        assert_eq!((first.status.as_u16(), &first.body["version"]), (201, &json!(1)));
        assert_eq!(push("violations contains {\"message\": \"no\"} if false").await.status, 409);
        let second = push("violations contains {\"message\": \"never\"} if false").await;
        assert_eq!((second.status.as_u16(), &second.body["version"]), (201, &json!(2)));
    }
}

#[tokio::test]
async fn a_hostile_or_broken_policy_is_refused_with_a_sentence() {
    let shop = Shop::sqlite().await;
    let nested = format!("violations contains x if {{ x := {}{} }}", "[".repeat(24), "]".repeat(24));
    let mut seen = Vec::new();
    for source in [
        policy("ours", &nested),
        policy("ours", "violations contains x if { x := http.send({\"url\": \"http://example.com\"}) }"),
        policy("ours", "violations contains x if { x := opa.runtime() }"),
        policy("ours", "violations contains x if { x := }"),
        policy("ours", "allow := true"),
        "package shipworthy.ours".to_owned(),
        "x".repeat(300 * 1024),
        policy("Ours!", "violations contains {} if false"),
    ] {
        let answer = shop.app.post("/policies", &shop.ada, json!({ "source": source })).await;
        seen.push(answer.whole());
    }
    insta::assert_json_snapshot!("refused_policies", seen);
    assert_eq!(shop.app.get("/policies/ours", &shop.ada).await.status, 404, "nothing is half recorded");
}

#[tokio::test]
async fn the_closest_assignment_decides_and_ending_it_gives_the_wider_one_back() {
    for shop in Shop::both().await {
        shop.assign_only(&[("findings-by-severity", "deny")]).await;
        shop.push_scan(criticals(11)).await;
        let assign = async |body: Value| shop.app.post("/assignments", &shop.ada, body).await;
        let near =
            assign(json!({ "policy": "findings-by-severity", "parameters": { "critical": 20 }, "action": "deny",
            "scope": { "kind": "service", "name": "shop/cart" }, "environments": ["production"] }))
            .await;
        assert_eq!(near.status, 201, "{}", near.body);
        let mut body = near.body.clone();
        scrub(&mut body);
        insta::allow_duplicates! { insta::assert_json_snapshot!("assignment_of_a_service", body) };
        assert_eq!(shop.ask("production").await.text("/verdict"), "allow");
        assert_eq!(shop.ask("test").await.text("/verdict"), "deny");
        shop.app.delete(&format!("/assignments/{}", near.text("/id")), &shop.ada).await;
        assert_eq!(shop.ask("production").await.text("/verdict"), "deny");
        shop.replay_all().await;
    }
}

#[tokio::test]
async fn what_cannot_be_assigned_is_refused() {
    let shop = Shop::sqlite().await;
    let mut seen = Vec::new();
    for (policy, parameters, action, scope) in [
        ("nothing", json!({}), "deny", json!({ "kind": "everything" })),
        ("findings-by-severity", json!({ "critical": "many" }), "deny", json!({ "kind": "everything" })),
        ("findings-by-severity", json!({ "colour": 1 }), "deny", json!({ "kind": "everything" })),
        ("findings-by-severity", json!({}), "allow", json!({ "kind": "everything" })),
        ("findings-by-severity", json!({}), "deny", json!({ "kind": "planet" })),
        ("findings-by-severity", json!({}), "deny", json!({ "kind": "team" })),
        ("findings-by-severity", json!({}), "deny", json!({ "kind": "team", "name": "nobody" })),
        ("findings-by-severity", json!({}), "deny", json!({ "kind": "service", "name": "cart" })),
        ("findings-by-severity", json!({}), "deny", json!({ "kind": "application", "id": "x" })),
    ] {
        let body = json!({ "policy": policy, "parameters": parameters, "action": action, "scope": scope });
        seen.push(shop.app.post("/assignments", &shop.ada, body).await.whole());
    }
    insta::assert_json_snapshot!("refused_assignments", seen);
}

#[tokio::test]
async fn whoever_governs_one_application_changes_rules_there_alone() {
    let shop = Shop::sqlite().await;
    let mut session = shop.app.app.db.read().await.expect("a session");
    let found = shipworthy_store::application::find(&mut session, "shop").await.expect("asked").expect("found");
    drop(session);
    let lead = shop.app.token("lead", &[Permission::Govern, Permission::Read], Scope::Application(found.id)).await;
    let assign = async |scope: Value| {
        let body = json!({ "policy": "tests-passed", "action": "off", "scope": scope });
        shop.app.post("/assignments", &lead, body).await.status.as_u16()
    };
    assert_eq!(assign(json!({ "kind": "everything" })).await, 403);
    assert_eq!(assign(json!({ "kind": "team", "name": "harbour" })).await, 422, "a team out of reach does not exist");
    assert_eq!(assign(json!({ "kind": "application", "name": "shop" })).await, 201);
    let source = policy("ours", "violations contains {\"message\": \"no\"} if false");
    assert_eq!(shop.app.post("/policies", &lead, json!({ "source": source })).await.status, 403);
    let listed = shop.app.get("/assignments", &lead).await;
    let deletable = |item: &&Value| item["actions"] == json!(["delete"]);
    assert_eq!(listed.body["items"].as_array().expect("items").iter().filter(deletable).count(), 1);
}

#[tokio::test]
async fn the_catalogue_is_loaded_and_a_bad_one_leaves_the_good_one() {
    for shop in Shop::both().await {
        let catalog = |count: usize, stated: usize| {
            let entry = |n: usize| {
                json!({ "cveID": format!("CVE-2026-{n:04}"), "vulnerabilityName": "x",
                "dateAdded": "2026-01-01", "dueDate": "2026-02-01" })
            };
            let entries: Vec<Value> = (0..count).map(entry).collect();
            json!({ "title": "t", "catalogVersion": "2026.03.01", "dateReleased": "2026-03-01", "count": stated,
                "vulnerabilities": entries })
        };
        let put = async |body: Value| {
            let request = request("PUT", "/advisories/known-exploited", &shop.ada, Some(body));
            shop.app.send(request).await
        };
        assert_eq!(shop.app.get("/advisories", &shop.ada).await.body["sources"], json!([]));
        assert_eq!(put(catalog(10, 10)).await.status, 200);
        let good = shop.app.get("/advisories", &shop.ada).await.body;
        let mut seen = vec![good.clone()];
        for bad in [json!({}), json!([]), catalog(0, 0), catalog(10, 11), catalog(7, 7)] {
            seen.push(put(bad).await.whole());
        }
        assert_eq!(shop.app.get("/advisories", &shop.ada).await.body, good, "the good one stays");
        insta::allow_duplicates! { insta::assert_json_snapshot!("catalogue", seen) };

        shop.assign_only(&[("no-known-exploited-vulnerability", "deny")]).await;
        shop.push_scan(criticals(1)).await;
        let answer = shop.ask("production").await;
        assert_eq!((answer.text("/verdict").as_str(), answer.status.as_u16()), ("deny", 201));
        shop.replay_all().await;
    }
}
