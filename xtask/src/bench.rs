//! `cargo xtask bench`: the release binary under load on both databases, one table out. In come generated documents
//! of a fixed seed; every figure stands beside the load average, so that a busy machine is seen as such.

mod audit;
mod client;
mod measure;
mod sample;
mod server;
mod world;

use anyhow::{Context as _, Result, ensure};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::postgres::Postgres;
use crate::workplace::{Workplace, say, succeed};
use measure::{Row, Table};
use server::Server;
use world::World;

/// Builds the release binary and measures it on SQLite and on PostgreSQL.
pub(crate) fn run(workplace: &Workplace, world: Option<usize>, database: Option<&str>) -> Result<ExitCode> {
    let is_asked = |engine: &str| database.is_none_or(|database| database == engine);
    ensure!(is_asked("sqlite") || is_asked("postgresql"), "expected the database `sqlite` or `postgresql`");
    say("building the release binary");
    succeed(&mut workplace.command("cargo", &["build", "--release", "--package", "shipworthy"]))?;
    let binary = workplace.target.join("release").join("shipworthy");
    let size = std::fs::metadata(&binary).context("the release binary is missing")?.len();
    let mut table = Table::new(size);
    if is_asked("sqlite") {
        measure(&binary, None, world, &mut table)?;
    }
    if is_asked("postgresql") {
        let postgres = Postgres::start_durable()?;
        measure(&binary, Some(&postgres.url), world, &mut table)?;
    }
    say(&table.to_string());
    Ok(ExitCode::SUCCESS)
}

fn measure(binary: &std::path::Path, database: Option<&str>, world: Option<usize>, table: &mut Table) -> Result<()> {
    let Some(inventories) = world else { return measure_all(binary, database, table) };
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    say(&format!("measuring a portfolio of {inventories} inventories on {engine}"));
    let world = World { inventories, advisories: inventories * 30 };
    world::measure(&mut Server::start(binary, database)?, engine, world, table)
}

fn measure_all(binary: &std::path::Path, database: Option<&str>, table: &mut Table) -> Result<()> {
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    say(&format!("measuring on {engine}"));
    let mut server = Server::start(binary, database)?;
    table.add(server.row(engine, "start to ready", "≤ 1 s", vec![server.ready_after]));
    table.add(server.memory_row(engine, "resident memory, idle", "≤ 40 MB")?);
    table.add(ingest(&mut server, engine, 5_000, "≤ 0.40 s")?);
    table.add(ingest(&mut server, engine, 20_000, "≤ 1.5 s")?);
    table.add(server.peak_row(engine, "resident memory, peak so far", "≤ 200 MB")?);
    table.add(ingest_again(&mut server, engine)?);
    table.add(four_clients(&mut server, engine)?);
    table.add(findings(&mut server, engine)?);
    table.add(findings_again(&mut server, engine)?);
    for row in pages_of_findings(&mut server, engine)? {
        table.add(row);
    }
    table.add(first_answers(&mut server, engine)?);
    table.add(answers_while_nothing_changes(&mut server, engine)?);
    drop(server);
    for row in audit::appends(binary, database, engine)? {
        table.add(row);
    }
    Ok(())
}

/// Each round posts an inventory that the server has not seen.
fn ingest(server: &mut Server, engine: &str, components: usize, bar: &'static str) -> Result<Row> {
    let mut times = Vec::new();
    let documents: Vec<String> = (0..5).map(|round| sample::inventory(components, 100 + round)).collect();
    let before = server.cpu_seconds()?;
    for (round, document) in documents.iter().enumerate() {
        let began = Instant::now();
        let answer = server.push(document, &sample::digest(components * 10 + round))?;
        times.push(began.elapsed());
        ensure!(answer.status == 201, "a new inventory was answered {}: {}", answer.status, answer.text());
        ensure!(
            answer.text().contains(&format!("\"components\":{components}")),
            "the receipt does not count {components} components: {}",
            answer.text()
        );
    }
    let cpu = (server.cpu_seconds()? - before) / times.len() as f64;
    Ok(server.row(engine, format!("POST an inventory of {components} components"), bar, times).with_cpu(cpu))
}

fn ingest_again(server: &mut Server, engine: &str) -> Result<Row> {
    let document = sample::inventory(20_000, 100);
    let before = server.cpu_seconds()?;
    let mut times = Vec::new();
    for _ in 0..10 {
        let began = Instant::now();
        let answer = server.push(&document, &sample::digest(200_000))?;
        times.push(began.elapsed());
        ensure!(answer.status == 200, "the same inventory was answered {}", answer.status);
    }
    let cpu = (server.cpu_seconds()? - before) / times.len() as f64;
    Ok(server.row(engine, "POST the same 20000 again", "≤ 0.10 s", times).with_cpu(cpu))
}

fn four_clients(server: &mut Server, engine: &str) -> Result<Row> {
    const CLIENTS: usize = 4;
    const EACH: usize = 25;
    const COMPONENTS: usize = 800;
    let documents: Vec<Vec<String>> = (0..CLIENTS)
        .map(|client| (0..EACH).map(|n| sample::inventory(COMPONENTS, (1_000 * (client + 1) + n) as u64)).collect())
        .collect();
    let before = server.cpu_seconds()?;
    let began = Instant::now();
    let shared = &*server;
    let times = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let clients: Vec<_> = documents
            .iter()
            .enumerate()
            .map(|(client, documents)| scope.spawn(move || post_all(shared, client, documents)))
            .collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.join().map_err(|_| anyhow::anyhow!("a client panicked"))??);
        }
        Ok(times)
    })?;
    let rate = (CLIENTS * EACH * COMPONENTS) as f64 / began.elapsed().as_secs_f64();
    let cpu = (server.cpu_seconds()? - before) / times.len() as f64;
    let row = server.row(engine, "4 clients × inventories of 800", "≥ 40,000 components/s", times);
    Ok(row.with_cpu(cpu).with_rate(rate, "components/s"))
}

fn post_all(server: &Server, client: usize, documents: &[String]) -> Result<Vec<Duration>> {
    let mut connection = server.connect()?;
    let mut times = Vec::new();
    for (n, document) in documents.iter().enumerate() {
        let began = Instant::now();
        let answer = server.push_on(&mut connection, document, &sample::digest(1_000_000 + client * 1_000 + n))?;
        times.push(began.elapsed());
        ensure!(answer.status == 201, "an inventory was answered {}: {}", answer.status, answer.text());
    }
    Ok(times)
}

/// How many findings a report of an image has in this measure.
const FINDINGS: usize = 1_500;

/// Each round posts a report that the server has not seen, of findings that it has seen in the round before.
fn findings(server: &mut Server, engine: &str) -> Result<Row> {
    let before = server.cpu_seconds()?;
    let mut times = Vec::new();
    for round in 0..10 {
        let digest = sample::digest(3_000_000 + round);
        let document = sample::vulnerabilities(FINDINGS, &digest);
        let began = Instant::now();
        let answer = server.push(&document, &digest)?;
        times.push(began.elapsed());
        ensure!(answer.status == 201, "a report was answered {}: {}", answer.status, answer.text());
        ensure!(answer.text().contains("\"findings\":1500"), "the receipt does not count: {}", answer.text());
    }
    let rate = (FINDINGS * times.len()) as f64 / times.iter().sum::<Duration>().as_secs_f64();
    let cpu = (server.cpu_seconds()? - before) / times.len() as f64;
    let row = server.row(engine, "POST a report of 1500 findings", "≥ 15,000 findings/s", times);
    Ok(row.with_cpu(cpu).with_rate(rate, "findings/s"))
}

fn findings_again(server: &mut Server, engine: &str) -> Result<Row> {
    let digest = sample::digest(3_000_000);
    let document = sample::vulnerabilities(FINDINGS, &digest);
    let mut times = Vec::new();
    for _ in 0..10 {
        let began = Instant::now();
        let answer = server.push(&document, &digest)?;
        times.push(began.elapsed());
        ensure!(answer.status == 200, "the same report was answered {}", answer.status);
    }
    Ok(server.row(engine, "POST the same 1500 again", "≤ 0.10 s", times))
}

/// The first page counts them all, later ones do not count again; both are asked for with a filter.
fn pages_of_findings(server: &mut Server, engine: &str) -> Result<[Row; 2]> {
    const ALL: usize = 37_000;
    let address = server.release_with(ALL)?;
    let mut page = |query: &str| -> Result<Duration> {
        let began = Instant::now();
        let answer = server.get(&format!("{address}?{query}&limit=100"))?;
        let took = began.elapsed();
        ensure!(answer.status == 200, "a page was answered {}: {}", answer.status, answer.text());
        let count = answer.json()?["items"].as_array().map_or(0, Vec::len);
        ensure!(count == 100, "a page has {count} findings");
        Ok(took)
    };
    let first = page("severity=high&kind=vulnerability")?;
    let others: Result<Vec<_>> = ["high", "medium", "low", "critical"]
        .iter()
        .cycle()
        .take(20)
        .map(|severity| page(&format!("severity={severity}&kind=vulnerability")))
        .collect();
    Ok([
        server.row(engine, "100 of 37000 findings, filtered, first page", "", vec![first]),
        server.row(engine, "100 of 37000 findings, filtered", "≤ 15 ms", others?),
    ])
}

/// Before each question something about the release changes, so that every answer is decided anew.
fn first_answers(server: &mut Server, engine: &str) -> Result<Row> {
    server.make_release(5_000)?;
    let before = server.cpu_seconds()?;
    let mut times = Vec::new();
    for round in 0..20 {
        server.change_release(round)?;
        let began = Instant::now();
        let answer = server.ask()?;
        times.push(began.elapsed());
        ensure!(answer.status == 201, "a first question was answered {}: {}", answer.status, answer.text());
        ensure!(answer.text().contains("\"verdict\":\"deny\""), "5,000 findings were not refused: {}", answer.text());
    }
    let cpu = (server.cpu_seconds()? - before) / times.len() as f64;
    Ok(server.row(engine, "gate, 5000 findings × 12 policies, first", "≤ 60 ms", times).with_cpu(cpu))
}

fn answers_while_nothing_changes(server: &mut Server, engine: &str) -> Result<Row> {
    const CONNECTIONS: usize = 8;
    const LASTS: Duration = Duration::from_secs(5);
    let before = server.cpu_seconds()?;
    let began = Instant::now();
    let shared = &*server;
    let times = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let askers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(move || ask_until(shared, began + LASTS))).collect();
        let mut times = Vec::new();
        for asker in askers {
            times.extend(asker.join().map_err(|_| anyhow::anyhow!("a connection panicked"))??);
        }
        Ok(times)
    })?;
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    let cpu = (server.cpu_seconds()? - before) / times.len() as f64;
    let row = server.row(engine, "gate, 8 connections, nothing changed", "≥ 4,000/s, p99 ≤ 10 ms", times);
    Ok(row.with_cpu(cpu).with_rate(rate, "answers/s"))
}

fn ask_until(server: &Server, end: Instant) -> Result<Vec<Duration>> {
    let mut connection = server.connect()?;
    let mut times = Vec::new();
    while Instant::now() < end {
        let began = Instant::now();
        let answer = server.ask_on(&mut connection)?;
        times.push(began.elapsed());
        ensure!(answer.status == 200, "a repeated question was answered {}: {}", answer.status, answer.text());
    }
    Ok(times)
}
