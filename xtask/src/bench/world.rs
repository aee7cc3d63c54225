//! A portfolio under measurement: thousands of releases with inventories, most of their components shared, some of them running,
//! and the advisories of the world. Everything goes through the API, as it does for everybody.

use super::client::{Answer, Connection};
use super::measure::{Row, Table};
use super::sample::{Numbers, digest};
use super::server::Server;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// How large the world is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    /// Releases, each with one inventory of [`COMPONENTS`].
    pub(crate) inventories: usize,
    /// Records of vulnerabilities.
    pub(crate) advisories: usize,
}

/// How many components an inventory has.
const COMPONENTS: usize = 1_000;

/// Packages that inventories draw from, each in so many versions.
const PACKAGES: u64 = 40_000;
const VERSIONS: u64 = 5;

/// Packages that advisories are about: those of the inventories, and others.
const KNOWN_PACKAGES: u64 = 100_000;

/// How many records one request carries.
const RECORDS_AT_ONCE: usize = 20_000;

/// Fills the world and measures what is asked of it.
pub(crate) fn measure(server: &mut Server, engine: &str, world: World, table: &mut Table) -> Result<()> {
    table.add(import(server, engine, world)?);
    environments(server)?;
    let (all, last) = releases(server, world)?;
    table.add(row(engine, format!("POST an inventory of {COMPONENTS}, {} of them", all.len()), "", all));
    table.add(row(engine, "POST an inventory of 1000, 50 of them new", "≤ 150 ms", last));
    table.add(match_all(server, engine)?);
    table.add(increment(server, engine, world)?);
    questions(server, engine, world, table)?;
    table.add(eight_connections(server, engine, world)?);
    large(server, engine, table)?;
    table.add(server.memory_row(engine, "resident memory with this world", "≤ 512 MB")?);
    table.add(server.peak_row(engine, "resident memory, peak", "≤ 512 MB")?);
    Ok(())
}

fn row(engine: &str, what: impl Into<String>, bar: &'static str, times: Vec<Duration>) -> Row {
    Row::new(engine, what.into(), bar, times)
}

fn done(answer: &Answer, what: &str) -> Result<()> {
    ensure!((200..300).contains(&answer.status), "{what} was answered {}: {}", answer.status, answer.text());
    Ok(())
}

fn import(server: &mut Server, engine: &str, world: World) -> Result<Row> {
    let mut took = Duration::ZERO;
    for from in (0..world.advisories).step_by(RECORDS_AT_ONCE) {
        let archive = archive(from..(from + RECORDS_AT_ONCE).min(world.advisories), "2026-01-01T00:00:00Z");
        let began = Instant::now();
        let answer = server.post_bytes("/api/v1/advisories/import", &archive)?;
        took += began.elapsed();
        done(&answer, "an import")?;
    }
    Ok(row(engine, format!("import of {} advisories", world.advisories), "≤ 3 min", vec![took]))
}

/// Records of OSV as a tar archive.
fn archive(numbers: std::ops::Range<usize>, modified: &str) -> Vec<u8> {
    let mut archive = Vec::new();
    for n in numbers {
        let record = advisory(n, modified);
        let mut header = [0_u8; 512];
        let name = format!("{n}.json");
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", record.len()).as_bytes());
        header[148..157].copy_from_slice(b"        0");
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend(header);
        archive.extend(record.into_bytes());
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// The ecosystem of a package, by OSV and in package URLs.
fn ecosystem(package: u64) -> (&'static str, &'static str) {
    [("npm", "npm"), ("PyPI", "pypi"), ("Go", "golang"), ("crates.io", "cargo"), ("Maven", "maven")]
        [(package % 5) as usize]
}

/// About one version of a package in thirty is affected by a record about it.
fn advisory(n: usize, modified: &str) -> String {
    let mut numbers = Numbers(n as u64);
    let package = n as u64 % KNOWN_PACKAGES;
    let (osv, purl) = ecosystem(package);
    let name = if purl == "maven" { format!("org.example:p{package}") } else { format!("p{package}") };
    let (minor, severity) = (numbers.next(VERSIONS * 6), ["L", "H"][numbers.next(2) as usize]);
    json!({
        "schema_version": "1.7.0", "id": format!("BENCH-{n}"), "modified": modified,
        "aliases": [format!("CVE-2026-{}", 100_000 + n)], "summary": "Something that should not be possible is",
        "details": "A description of usual length, which says in which part of the package it is. ".repeat(6),
        "severity": [{ "type": "CVSS_V3", "score": format!("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:{severity}/I:H/A:H") }],
        "references": [{ "type": "WEB", "url": format!("https://advisories.example/BENCH-{n}") }],
        "affected": [{ "package": { "ecosystem": osv, "name": name },
            "ranges": [{ "type": "ECOSYSTEM", "events":
                [{ "introduced": format!("1.{minor}.0") }, { "fixed": format!("1.{}.0", minor + 1) }] }] }]
    })
    .to_string()
}

fn environments(server: &mut Server) -> Result<()> {
    for (name, kind, exposure) in [("production", "production", "internet"), ("staging", "staging", "internal")] {
        let environment =
            json!({ "name": name, "kind": kind, "exposure": exposure, "gate_mode": "warn", "unknowns": "open" });
        done(&server.post("/api/v1/environments", &environment)?, "an environment")?;
    }
    Ok(())
}

/// Every second release runs. Gives how long inventories took: all but the last hundred, and those, which have 50 components
/// that nobody had before.
fn releases(server: &mut Server, world: World) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let (mut all, mut last) = (Vec::new(), Vec::new());
    for n in 0..world.inventories {
        let artifact = digest(20_000_000 + n);
        let (application, service) = (format!("application-{}", n % 100), format!("service-{}", n % 1_000));
        let release = json!({ "application": application, "service": service, "version": n.to_string(),
            "artifacts": [{ "digest": artifact }] });
        let made = server.post("/api/v1/releases", &release)?;
        done(&made, "a release")?;
        let is_last = n + 100 >= world.inventories;
        let document = inventory(n, if is_last { 50 } else { 0 });
        let began = Instant::now();
        let answer = server.push(&document, &artifact)?;
        (if is_last { &mut last } else { &mut all }).push(began.elapsed());
        done(&answer, "an inventory")?;
        if n % 2 == 0 {
            let environment = if n % 4 == 0 { "production" } else { "staging" };
            let body = json!({ "release": made.json()?["id"], "environment": environment });
            let started = server.post("/api/v1/deployments", &body)?;
            done(&started, "a deployment")?;
            let id = started.json()?["id"].as_str().context("an id")?.to_owned();
            done(&server.post(&format!("/api/v1/deployments/{id}/finish"), &json!({}))?, "an end")?;
        }
    }
    Ok((all, last))
}

/// A CycloneDX inventory; popular packages are in more inventories than others.
fn inventory(n: usize, new: usize) -> String {
    let mut numbers = Numbers(7_000_000 + n as u64);
    let mut out = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:00000000-0000-4000-8000-{n:012x}","version":1,"components":["#
    );
    for place in 0..COMPONENTS {
        let comma = if place == 0 { "" } else { "," };
        let popular = numbers.next(4) == 0;
        let package = numbers.next(if popular { PACKAGES / 50 } else { PACKAGES });
        let version = if place < new { format!("9.{n}.{place}") } else { format!("1.{}.3", numbers.next(VERSIONS)) };
        let (_, ty) = ecosystem(package);
        let namespace = if ty == "maven" { "org.example/" } else { "" };
        let license = ["MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "GPL-3.0-only"][(package % 5) as usize];
        let _ = write!(
            out,
            r#"{comma}{{"type":"library","bom-ref":"c{place}","name":"p{package}","version":"{version}","licenses":[{{"license":{{"id":"{license}"}}}}],"purl":"pkg:{ty}/{namespace}p{package}@{version}"}}"#
        );
    }
    out.push_str("]}");
    out
}

fn match_all(server: &mut Server, engine: &str) -> Result<Row> {
    let began = Instant::now();
    let answer = server.post("/api/v1/advisories/match", &json!({}))?;
    done(&answer, "matching")?;
    let took = began.elapsed();
    let what = format!("matching of {} components with all advisories", answer.json()?["components"]);
    Ok(row(engine, what, "≤ 60 s for 200,000", vec![took]))
}

fn increment(server: &mut Server, engine: &str, world: World) -> Result<Row> {
    let mut times = Vec::new();
    for round in 0..3_usize {
        let from = (round * 7_919) % (world.advisories / 2);
        let changed = archive(from..from + 500, &format!("2026-02-0{}T00:00:00Z", round + 1));
        let began = Instant::now();
        let answer = server.post_bytes("/api/v1/advisories/import", &changed)?;
        times.push(began.elapsed());
        done(&answer, "an increment")?;
        ensure!(answer.json()?["sources"][0]["changed"] == 500, "500 did not change: {}", answer.text());
    }
    Ok(row(engine, "increment of 500 advisories with all that follows", "≤ 5 s", times))
}

fn questions(server: &mut Server, engine: &str, world: World, table: &mut Table) -> Result<()> {
    let mut numbers = Numbers(1);
    let package = |numbers: &mut Numbers| numbers.next(PACKAGES);
    // The copy in memory is made by the first question.
    let first = asked(server, &["/api/v1/where?name=p1".to_owned()])?;
    table.add(row(engine, "where, the first question of a server", "", first));
    let purls: Vec<String> = (0..500)
        .map(|_| {
            let package = package(&mut numbers);
            let (_, ty) = ecosystem(package);
            let namespace = if ty == "maven" { "org.example/" } else { "" };
            format!("/api/v1/where?purl=pkg:{ty}/{namespace}p{package}@1.{}.3", numbers.next(VERSIONS))
        })
        .collect();
    table.add(row(engine, "where is this purl", "p99 ≤ 20 ms", asked(server, &purls)?));
    let cves: Vec<String> = (0..500)
        .map(|_| format!("/api/v1/where?vulnerability=CVE-2026-{}", 100_000 + numbers.next(world.advisories as u64)))
        .collect();
    table.add(row(engine, "where is this CVE", "p99 ≤ 20 ms", asked(server, &cves)?));
    let ranges: Vec<String> =
        (0..200).map(|_| format!("/api/v1/where?name=p{}&versions=%3C1.3", package(&mut numbers))).collect();
    table.add(row(engine, "where is this package in a range of versions", "p99 ≤ 100 ms", asked(server, &ranges)?));
    let searches: Vec<String> = (0..100).map(|_| format!("/api/v1/components?q=p{}", package(&mut numbers))).collect();
    table.add(row(engine, "search of components", "p99 ≤ 100 ms", asked(server, &searches)?));
    let licenses = vec!["/api/v1/where?license=GPL".to_owned(); 20];
    table.add(row(engine, "where is this licence (a fifth of everything)", "p99 ≤ 100 ms", asked(server, &licenses)?));
    let listed = vec!["/api/v1/components?license=GPL".to_owned(); 50];
    table.add(row(engine, "components by licence", "p99 ≤ 100 ms", asked(server, &listed)?));
    let inventories = vec!["/api/v1/evidence?format=cyclonedx-json&limit=100".to_owned(); 50];
    table.add(row(engine, "list of all inventories, 100 a page", "p99 ≤ 100 ms", asked(server, &inventories)?));
    let vulnerabilities = vec!["/api/v1/vulnerabilities?limit=50".to_owned(); 20];
    table.add(row(engine, "vulnerabilities of all releases by risk", "", asked(server, &vulnerabilities)?));
    Ok(())
}

fn asked(server: &mut Server, questions: &[String]) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for question in questions {
        let began = Instant::now();
        let answer = server.get(question)?;
        times.push(began.elapsed());
        done(&answer, question)?;
    }
    Ok(times)
}

fn eight_connections(server: &mut Server, engine: &str, world: World) -> Result<Row> {
    const LASTS: Duration = Duration::from_secs(5);
    let began = Instant::now();
    let shared = &*server;
    let times = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let askers: Vec<_> = (0..8).map(|n| scope.spawn(move || ask_until(shared, n, world, began + LASTS))).collect();
        let mut times = Vec::new();
        for asker in askers {
            times.extend(asker.join().map_err(|_| anyhow::anyhow!("a connection panicked"))??);
        }
        Ok(times)
    })?;
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    let row = self::row(engine, "which inventories have this purl, 8 connections", "p50 ≤ 3 ms, ≥ 2,500/s", times);
    Ok(row.with_rate(rate, "answers/s"))
}

fn ask_until(server: &Server, seed: u64, world: World, end: Instant) -> Result<Vec<Duration>> {
    let mut connection: Connection = server.connect()?;
    let mut numbers = Numbers(seed + world.inventories as u64);
    let mut times = Vec::new();
    while Instant::now() < end {
        let package = numbers.next(PACKAGES);
        let (_, ty) = ecosystem(package);
        let namespace = if ty == "maven" { "org.example/" } else { "" };
        let question = format!("/api/v1/where?limit=10&purl=pkg:{ty}/{namespace}p{package}@1.1.3");
        let began = Instant::now();
        let answer = server.get_on(&mut connection, &question)?;
        times.push(began.elapsed());
        done(&answer, &question)?;
    }
    Ok(times)
}

/// The vulnerabilities of an inventory of 20,000 components.
fn large(server: &mut Server, engine: &str, table: &mut Table) -> Result<()> {
    let artifact = digest(30_000_000);
    let release =
        json!({ "application": "large", "service": "large", "version": "1", "artifacts": [{ "digest": artifact }] });
    let made = server.post("/api/v1/releases", &release)?;
    done(&made, "a release")?;
    let mut components: Vec<Value> = Vec::new();
    for n in 0..20 {
        let part: Value = serde_json::from_str(&inventory(90_000 + n, 0))?;
        components.extend(part["components"].as_array().context("components")?.iter().cloned());
    }
    let document = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components });
    let began = Instant::now();
    done(&server.push(&document.to_string(), &artifact)?, "an inventory")?;
    table.add(row(engine, "POST an inventory of 20000 of this world", "≤ 1.5 s", vec![began.elapsed()]));
    let id = made.json()?["id"].as_str().context("an id")?.to_owned();
    let page = format!("/api/v1/releases/{id}/findings?limit=100");
    let first = asked(server, std::slice::from_ref(&page))?;
    table.add(row(engine, "vulnerabilities of 20000 components, first", "≤ 0.5 s", first));
    let again = asked(server, &vec![page; 20])?;
    table.add(row(engine, "vulnerabilities of 20000 components, again", "≤ 50 ms", again));
    Ok(())
}
