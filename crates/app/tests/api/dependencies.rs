//! Who needs whom in a release, and how a component gets in.

use crate::evidence::late_in_2026;
use crate::sbom::release_of;
use crate::test_app::TestApp;
use serde_json::{Value, json};

const DOCUMENTS: &[&str] = &["cyclonedx-json/npm-sbom.json", "cyclonedx-json/image-with-vulnerabilities.json"];

#[tokio::test]
async fn the_graph_of_a_release_says_what_is_direct_and_how_deep_it_lies() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let release = release_of(&app, &root, "1.4.0", DOCUMENTS).await;
        let path = format!("/releases/{release}/dependencies");
        let whole = app.get(&path, &root).await;
        let mut cut = Vec::new();
        for query in ["limit=2", "depth=1", "limit=0", "component=pkg:npm/never"] {
            cut.push(app.get(&format!("{path}?{query}"), &root).await.whole());
        }
        let shaded = app.get(&format!("{path}?component=shaded-annotations@1.2"), &root).await;
        let any_version = app.get(&format!("{path}?component=pkg:npm/lodash"), &root).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("dependencies_of_a_release", whole.whole());
            insta::assert_json_snapshot!("dependencies_cut", cut);
            insta::assert_json_snapshot!("dependencies_of_a_component", [shaded.whole(), any_version.whole()]);
        }
    }
}

/// An inventory of so many components in layers, each of which needs some of the next layer.
fn large(components: usize, edges_of_each: usize) -> Vec<u8> {
    let reference = |n: usize| format!("pkg:npm/c{n}@1.0.{n}");
    let all: Vec<Value> = (0..components)
        .map(|n| {
            json!({ "bom-ref": reference(n), "type": "library", "name": format!("c{n}"), "version": format!("1.0.{n}"),
                "purl": reference(n), "licenses": [{ "license": { "id": "MIT" } }] })
        })
        .collect();
    let layer = components / 10;
    let needs = |n: usize| {
        let next = (n / layer + 1) * layer;
        let needed = (0..edges_of_each).map(move |k| next + (n * 7 + k * 13) % layer).filter(move |n| *n < components);
        json!({ "ref": reference(n), "dependsOn": needed.map(reference).collect::<std::collections::BTreeSet<_>>() })
    };
    let whole = json!({ "ref": "app", "dependsOn": (0..layer).map(reference).collect::<Vec<_>>() });
    let dependencies: Vec<Value> = std::iter::once(whole).chain((0..components).map(needs)).collect();
    let document = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "component": { "bom-ref": "app", "type": "application", "name": "app" } },
        "components": all, "dependencies": dependencies });
    document.to_string().into_bytes()
}

#[tokio::test]
async fn a_release_of_twenty_thousand_components_is_given_whole_or_by_its_paths() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let release = release_of(&app, &root, "1.4.0", &[]).await;
    let pushed = app.push(&root, json!({ "release": release }), &[large(20_000, 5)]).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let path = format!("/releases/{release}/dependencies");
    for query in ["limit=25000", "limit=500", "component=pkg:npm/c19999@1.0.19999"] {
        let answer = app.get(&format!("{path}?{query}"), &root).await;
        let length = |field: &str| answer.body[field].as_array().expect("a list").len();
        assert_eq!(answer.status, 200);
        match query {
            "limit=25000" => assert_eq!((length("nodes"), length("edges")), (20_000, 90_000)),
            "limit=500" => assert_eq!((length("nodes"), answer.text("/cut_by").as_str()), (500, "nodes")),
            _ => {
                let paths = answer.body["component"]["paths"].as_array().expect("paths");
                assert_eq!(paths.len(), 20);
                assert!(paths.iter().all(|path| path["places"].as_array().expect("places").len() == 10));
            }
        }
    }
}
