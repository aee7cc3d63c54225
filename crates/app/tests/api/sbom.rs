//! The bill of materials of a release: every component once, the same bytes for the same state, and our own readers read
//! back what was written.

use crate::evidence::late_in_2026;
use crate::releases::cart;
use crate::test_app::{TestApp, unused_id};
use crate::upload::sample;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shipworthy_model::{Component, Inventory, Permission, Report, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// Inventories of several tools about one image, and a scan of it.
const DOCUMENTS: &[&str] = &[
    "cyclonedx-json/npm-sbom.json",
    "spdx-json/image.json",
    "cyclonedx-json/image-with-vulnerabilities.json",
    "cyclonedx-json/services-and-cryptography-1.6.json",
    "trivy/image.json",
];

/// A release of the cart with these documents.
pub(crate) async fn release_of(app: &TestApp, token: &str, version: &str, documents: &[&str]) -> String {
    let release = app.post("/releases", token, cart(version)).await.text("/id");
    for file in documents {
        app.wait(SignedDuration::from_mins(1));
        let pushed = app.push(token, json!({ "release": release }), &[sample(file)]).await;
        assert_eq!(pushed.status, 201, "{file}: {}", pushed.body);
    }
    release
}

/// The document as our reader of its format reads it, which must not complain.
pub(crate) fn read_back(bytes: &[u8], format: &str) -> Report {
    let reading = shipworthy_formats::read(bytes, None).expect("it is read");
    assert_eq!(reading.format.name, format);
    assert_eq!(reading.report.warnings, []);
    reading.report
}

#[tokio::test]
async fn the_inventories_of_a_release_become_one_bill_of_materials() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let release = release_of(&app, &root, "1.4.0", DOCUMENTS).await;
        for (form, media_type, ending) in [
            ("cyclonedx", "application/vnd.cyclonedx+json; version=1.6", "cdx"),
            ("spdx", "application/spdx+json", "spdx"),
        ] {
            let path = format!("/releases/{release}/sbom?format={form}");
            let plain = app.get(&path, &root).await;
            assert_eq!(plain.status, 200, "{}", plain.body);
            assert_eq!(plain.headers["content-type"], media_type);
            let file = format!("attachment; filename=\"shop-cart-1.4.0.{ending}.json\"");
            assert_eq!(plain.headers["content-disposition"], file.as_str());
            app.wait(SignedDuration::from_hours(24));
            assert_eq!(app.get(&path, &root).await.bytes, plain.bytes, "time alone changes nothing");
            let whole = app.get(&format!("{path}&vulnerabilities=true"), &root).await;
            assert_ne!(whole.bytes, plain.bytes);
            insta::allow_duplicates! {
                insta::assert_json_snapshot!(format!("sbom_as_{form}"), ordered(&plain.bytes));
                insta::assert_json_snapshot!(format!("sbom_with_vulnerabilities_as_{form}"), ordered(&whole.bytes));
            }
        }
    }
}

fn ordered(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

/// What must be the same whichever way a component is written, by its package URL or name and version.
fn essence(inventory: &Inventory) -> BTreeMap<String, Value> {
    let named = |component: &Component| {
        let Component { name, version, purl, .. } = component;
        purl.clone().unwrap_or_else(|| format!("{name}@{}", version.clone().unwrap_or_default()))
    };
    let by_reference: BTreeMap<&str, String> =
        inventory.components.iter().map(|component| (component.reference.as_str(), named(component))).collect();
    let needs = |component: &Component| -> BTreeSet<String> {
        let of_it = inventory.dependencies.iter().filter(|needs| needs.reference == component.reference);
        of_it.flat_map(|needs| &needs.depends_on).map(|needed| by_reference[needed.as_str()].clone()).collect()
    };
    let essence = |component: &Component| {
        let Component { name, version, purl, cpe, supplier, license, hashes, .. } = component;
        let said = json!({ "name": name, "version": version, "purl": purl, "cpe": cpe, "supplier": supplier,
            "license": license, "hashes": hashes.iter().collect::<BTreeSet<_>>(), "needs": needs(component) });
        (named(component), said)
    };
    inventory.components.iter().chain(&inventory.describes).map(essence).collect()
}

#[tokio::test]
async fn both_forms_read_back_to_the_same_components_as_were_handed_in() {
    let app = &late_in_2026().await[0];
    let root = app.root().await;
    let release = release_of(app, &root, "1.4.0", DOCUMENTS).await;
    let mut read = Vec::new();
    for (form, format) in [("cyclonedx", "cyclonedx-json"), ("spdx", "spdx-json")] {
        let bytes = app.get(&format!("/releases/{release}/sbom?format={form}"), &root).await.bytes;
        let inventory = read_back(&bytes, format).inventory.expect("an inventory");
        read.push(essence(&inventory));
    }
    assert_eq!(read[0], read[1]);
    let listed = app.get(&format!("/releases/{release}/components?limit=500"), &root).await;
    let listed: BTreeSet<String> = listed.body["items"]
        .as_array()
        .expect("items")
        .iter()
        // One without a name is called by its reference.
        .filter(|component| component["name"] != "")
        .map(|component| match component["purl"].as_str() {
            Some(purl) => purl.to_owned(),
            None => format!(
                "{}@{}",
                component["name"].as_str().expect("a name"),
                component["version"].as_str().unwrap_or("")
            ),
        })
        .collect();
    let written: BTreeSet<String> = read.remove(0).into_keys().collect();
    let missing: Vec<_> = listed.difference(&written).collect();
    assert_eq!(missing, Vec::<&String>::new(), "of {written:?}");
}

#[tokio::test]
async fn findings_read_back_with_the_components_that_they_are_in() {
    let app = &late_in_2026().await[0];
    let root = app.root().await;
    let release = release_of(app, &root, "1.4.0", DOCUMENTS).await;
    let path = format!("/releases/{release}/findings?kind=vulnerability&limit=500");
    let listed = app.get(&path, &root).await.body["items"].as_array().expect("items").len();
    for (form, format) in [("cyclonedx", "cyclonedx-json"), ("spdx", "spdx-json")] {
        let path = format!("/releases/{release}/sbom?format={form}&vulnerabilities=true");
        let report = read_back(&app.get(&path, &root).await.bytes, format);
        let found: BTreeSet<_> = report
            .findings
            .expect("findings")
            .into_iter()
            .map(|found| (found.rule, found.component.map(|c| c.name)))
            .collect();
        insta::assert_json_snapshot!(
            format!("findings_read_back_from_{form}"),
            json!({ "listed": listed, "found": found })
        );
    }
}

#[tokio::test]
async fn a_release_without_inventories_is_described_all_the_same() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let body = json!({ "application": "shop", "service": "cart", "version": "1.0.0", "artifacts": [
            { "digest": crate::releases::digest("a"), "name": "registry.example:5000/shop/cart:1.0.0" },
            { "digest": crate::releases::digest("b"), "kind": "file" },
        ] });
        let release = app.post("/releases", &root, body).await.text("/id");
        let mut answers = Vec::new();
        for form in ["cyclonedx", "spdx"] {
            let answer = app.get(&format!("/releases/{release}/sbom?format={form}"), &root).await;
            answers.push(answer.whole());
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("sbom_without_inventories", answers) };
    }
}

#[tokio::test]
async fn a_bill_of_materials_is_for_those_who_may_see_the_release() {
    let app = &late_in_2026().await[0];
    let root = app.root().await;
    let release = release_of(app, &root, "1.4.0", &[]).await;
    let stranger = crate::portfolio::team_token(app, &root, "pirates", &[Permission::Read]).await;
    let pusher = app.token("ci", &[Permission::Push], Scope::Everything).await;
    let mut answers = Vec::new();
    for (id, token, query) in [
        (release.clone(), &stranger, ""),
        (release.clone(), &pusher, ""),
        (unused_id().to_string(), &root, ""),
        (release.clone(), &root, "?format=swid"),
    ] {
        answers.push(app.get(&format!("/releases/{id}/sbom{query}"), token).await.whole());
    }
    insta::assert_json_snapshot!("sbom_refused", answers);
}
