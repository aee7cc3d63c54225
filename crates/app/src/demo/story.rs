//! The story of the Harbour Shop, in the order in which it happened.

use crate::demo::people::Cast;
use crate::demo::pipeline::{Order, approve, ask, begin, benchmark, build, end, finish, ship};
use crate::demo::shop::{
    ACCOUNTS_0_9_0, ACCOUNTS_0_9_1, CART_1_4_0, CART_1_5_0, CART_1_6_0, CATALOGUE_3_0_0, CATALOGUE_3_1_0,
    CATALOGUE_3_2_0, CHECKOUT_2_2_0, CHECKOUT_2_3_0, CHECKOUT_2_3_1, CHECKOUT_2_4_0, CHECKOUT_2_4_1, Chapter,
};
use crate::demo::{Teller, documents, trust};
use anyhow::Context as _;
use serde_json::{Value, json};
use shipworthy_model::Digest;

/// Tells the whole story.
///
/// # Errors
/// When the server refuses something, or a gate answers other than the story says.
pub(crate) async fn tell(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    rules(teller, cast).await.context("the rules")?;
    four_services(teller, cast).await.context("four services go live")?;
    old_libraries(teller, cast).await.context("a release with critical vulnerabilities")?;
    exception(teller, cast).await.context("a release let through by an exception")?;
    green(teller, cast).await.context("a release that is green all the way")?;
    license(teller, cast).await.context("a release with a licence that is not allowed")?;
    other_image(teller, cast).await.context("an image that was not built")?;
    failed_tests(teller, cast).await.context("a release whose tests failed")?;
    last_days(teller, cast).await.context("the last days")
}

/// Environments, what is known of vulnerabilities, policies in force, and the benchmark of each cluster.
async fn rules(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    teller.at(35, 8);
    let sven = &cast.sven;
    for (name, kind, exposure) in
        [("test", "test", "internal"), ("staging", "staging", "internal"), ("production", "production", "internet")]
    {
        sven.post(teller, "/environments", &json!({ "name": name, "kind": kind, "exposure": exposure })).await?;
    }
    trust::arrange(teller, cast).await?;
    vulnerability_data(teller, cast).await?;
    for environment in ["test", "staging", "production"] {
        let path = format!("environments/{environment}.kube-bench.json");
        benchmark(teller, sven, environment, &path).await?;
    }
    // A new installation has an opinion of its own; the shop has another.
    let first = sven.get(teller, "/assignments?limit=500").await?;
    for assignment in first["items"].as_array().into_iter().flatten() {
        let id = assignment["id"].as_str().context("an assignment has an id")?;
        sven.delete(teller, &format!("/assignments/{id}")).await?;
    }
    for (policy, action, environments, parameters) in assignments() {
        let body = json!({ "policy": policy, "action": action, "parameters": parameters,
            "scope": { "kind": "everything" }, "environments": environments });
        sven.post(teller, "/assignments", &body).await?;
    }
    Ok(())
}

/// The catalogue of what is exploited, and records about libraries that the shop has or had.
async fn vulnerability_data(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    let catalogue: Value = serde_json::from_str(&documents::filled("known-exploited.json", &[])?)?;
    cast.sven.put(teller, "/advisories/known-exploited", &catalogue).await?;
    let records: Value = serde_json::from_str(&documents::filled("advisories.osv.json", &[])?)?;
    for record in records.as_array().context("the records are a list")? {
        cast.sven.post(teller, "/advisories/import", record).await?;
    }
    Ok(())
}

/// What the shop asks for where: in test little, before production everything.
fn assignments() -> Vec<(&'static str, &'static str, Vec<&'static str>, Value)> {
    let all = Vec::new;
    let test = || vec!["test"];
    let later = || vec!["staging", "production"];
    let production = || vec!["production"];
    let nothing = || json!({});
    // What SBOM tools of package managers know; they rarely know who supplies a component.
    let elements = json!({ "elements": ["name", "version", "identifier", "dependencies", "timestamp"] });
    vec![
        ("tests-passed", "deny", all(), json!({ "minimum_ran": 5 })),
        ("approved-build-system", "deny", all(), json!({ "systems": ["jenkins"] })),
        ("no-known-exploited-vulnerability", "deny", all(), nothing()),
        ("digest-deployed-is-digest-built", "deny", all(), nothing()),
        ("sbom-complete", "warn", all(), elements),
        ("quality-gate", "warn", test(), nothing()),
        ("quality-gate", "deny", later(), nothing()),
        ("reviewed-by-another", "deny", later(), nothing()),
        ("minimum-coverage", "deny", later(), json!({ "line_percent": 70 })),
        ("findings-by-severity", "warn", test(), json!({ "critical": 0 })),
        ("findings-by-severity", "deny", later(), json!({ "critical": 0 })),
        ("allowed-licenses", "warn", test(), nothing()),
        ("allowed-licenses", "deny", later(), nothing()),
        ("cis-benchmark", "warn", vec!["staging"], nothing()),
        ("cis-benchmark", "deny", production(), nothing()),
        ("approved-before-production", "deny", production(), nothing()),
    ]
}

/// All the way to production, a day for each step; in staging a failed control of the cluster warns.
async fn to_production(
    teller: &Teller,
    cast: &Cast,
    of: &Chapter,
    day: i64,
    in_staging: &str,
    comment: &str,
) -> anyhow::Result<()> {
    teller.at(day, 3);
    ship(teller, cast, of, "test", "allow").await?;
    teller.at(day - 1, 7);
    ship(teller, cast, of, "staging", in_staging).await?;
    teller.at(day - 1, 2);
    approve(teller, &cast.rosa, of, comment).await?;
    ship(teller, cast, of, "production", "allow").await?;
    Ok(())
}

async fn four_services(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    for (day, of, order) in [
        (34, &CART_1_4_0, Order::EvidenceFirst),
        (32, &CATALOGUE_3_0_0, Order::ReleaseFirst),
        (30, &CHECKOUT_2_2_0, Order::EvidenceFirst),
        (28, &ACCOUNTS_0_9_0, Order::ReleaseFirst),
    ] {
        teller.at(day, 6);
        build(teller, cast, of, order).await?;
        to_production(teller, cast, of, day, "warn", "first release under the new rules").await?;
    }
    Ok(())
}

async fn old_libraries(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    teller.at(25, 6);
    build(teller, cast, &CHECKOUT_2_3_0, Order::EvidenceFirst).await?;
    ask(teller, cast, &CHECKOUT_2_3_0, "test", "deny").await?;
    teller.at(25, 4);
    let request = json!({
        "matchers": { "rule": "CVE-2021-44228", "policy": "no-known-exploited-vulnerability" },
        "scope": { "application": "Harbour Shop", "service": "checkout" },
        "reason": "The gift wrap service is wanted before the weekend.", "until": teller.day(18),
    });
    let asked = cast.dora.post(teller, "/exceptions", &request).await?;
    let id = asked["id"].as_str().context("an exception has an id")?;
    let answer = json!({ "comment": "Not this one. Update log4j." });
    teller.at(25, 3);
    cast.sven.post(teller, &format!("/exceptions/{id}/reject"), &answer).await?;
    ask(teller, cast, &CHECKOUT_2_3_0, "test", "deny").await?;
    teller.at(23, 6);
    build(teller, cast, &CHECKOUT_2_3_1, Order::EvidenceFirst).await?;
    to_production(teller, cast, &CHECKOUT_2_3_1, 23, "warn", "same feature, libraries of today").await
}

async fn exception(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    teller.at(21, 6);
    build(teller, cast, &CATALOGUE_3_1_0, Order::EvidenceFirst).await?;
    ship(teller, cast, &CATALOGUE_3_1_0, "test", "warn").await?;
    ask(teller, cast, &CATALOGUE_3_1_0, "staging", "deny").await?;
    teller.at(21, 2);
    let request = json!({
        "matchers": { "rule": "CVE-2025-43859", "purl": "pkg:pypi/h11" },
        "scope": { "application": "Harbour Shop", "service": "catalogue" },
        "reason": "Our proxy refuses chunked requests with odd line ends. The update follows within two weeks.",
        "justification": "inline_mitigations_already_exist", "ticket": "SHOP-412", "until": teller.day(5),
    });
    let asked = cast.dora.post(teller, "/exceptions", &request).await?;
    let id = asked["id"].as_str().context("an exception has an id")?;
    teller.at(20, 8);
    let answer = json!({ "comment": "Checked the proxy's configuration. Two weeks." });
    cast.sven.post(teller, &format!("/exceptions/{id}/approve"), &answer).await?;
    ship(teller, cast, &CATALOGUE_3_1_0, "staging", "warn").await?;
    teller.at(20, 3);
    approve(teller, &cast.rosa, &CATALOGUE_3_1_0, "with the exception of SHOP-412").await?;
    ship(teller, cast, &CATALOGUE_3_1_0, "production", "allow").await?;
    Ok(())
}

async fn green(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    teller.at(18, 5);
    // The failed control of the staging cluster was mended.
    benchmark(teller, &cast.sven, "staging", "environments/production.kube-bench.json").await?;
    teller.at(17, 6);
    build(teller, cast, &CART_1_5_0, Order::EvidenceFirst).await?;
    to_production(teller, cast, &CART_1_5_0, 17, "allow", "nothing to say against it").await
}

async fn license(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    teller.at(13, 6);
    build(teller, cast, &CART_1_6_0, Order::EvidenceFirst).await?;
    ship(teller, cast, &CART_1_6_0, "test", "warn").await?;
    teller.at(12, 6);
    ask(teller, cast, &CART_1_6_0, "staging", "deny").await?;
    Ok(())
}

/// Somebody mends the image by hand on the way to production.
async fn other_image(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    let of = &ACCOUNTS_0_9_1;
    teller.at(11, 6);
    build(teller, cast, of, Order::ReleaseFirst).await?;
    ship(teller, cast, of, "test", "allow").await?;
    teller.at(10, 7);
    ship(teller, cast, of, "staging", "allow").await?;
    approve(teller, &cast.rosa, of, "asked for by the law").await?;
    let id = begin(teller, cast, of, "production", "allow").await?;
    finish(teller, cast, of, &id, &Digest::of(b"image of accounts 0.9.1, mended by hand")).await?;
    teller.at(9, 9);
    ask(teller, cast, of, "production", "deny").await?;
    Ok(())
}

async fn failed_tests(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    teller.at(7, 6);
    build(teller, cast, &CHECKOUT_2_4_0, Order::EvidenceFirst).await?;
    ask(teller, cast, &CHECKOUT_2_4_0, "test", "deny").await?;
    let of = &CHECKOUT_2_4_1;
    teller.at(6, 6);
    build(teller, cast, of, Order::EvidenceFirst).await?;
    ship(teller, cast, of, "test", "allow").await?;
    teller.at(4, 8);
    let id = begin(teller, cast, of, "staging", "allow").await?;
    end(teller, cast, of, &id, "fail", &json!({ "reason": "no node of the cluster had room" })).await?;
    teller.at(4, 6);
    ship(teller, cast, of, "staging", "allow").await?;
    // Nobody has approved it yet.
    ask(teller, cast, of, "production", "deny").await?;
    Ok(())
}

async fn last_days(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    teller.at(3, 6);
    build(teller, cast, &CATALOGUE_3_2_0, Order::EvidenceFirst).await?;
    ship(teller, cast, &CATALOGUE_3_2_0, "test", "allow").await?;
    teller.at(2, 8);
    let id = ship(teller, cast, &CATALOGUE_3_2_0, "staging", "allow").await?;
    teller.at(2, 5);
    end(teller, cast, &CATALOGUE_3_2_0, &id, "rollback", &json!({})).await?;
    teller.at(1, 6);
    let request = json!({
        "matchers": { "policy": "allowed-licenses", "purl": "pkg:npm/mariadb" },
        "scope": { "application": "Harbour Shop", "service": "cart" },
        "reason": "We link to the driver and do not change it; the LGPL allows that.",
        "ticket": "SHOP-431", "until": teller.day(-60),
    });
    cast.dora.post(teller, "/exceptions", &request).await?;
    // The nightly check of what runs, by what is known of vulnerabilities by then.
    teller.at(0, 9);
    vulnerability_data(teller, cast).await?;
    ask(teller, cast, &CART_1_5_0, "production", "allow").await?;
    ask(teller, cast, &CATALOGUE_3_1_0, "production", "deny").await?;
    ask(teller, cast, &CHECKOUT_2_3_1, "production", "allow").await?;
    ask(teller, cast, &ACCOUNTS_0_9_1, "production", "deny").await?;
    Ok(())
}
