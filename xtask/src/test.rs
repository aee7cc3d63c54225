//! `cargo xtask test`: everything that CI runs, in one order, with one table at the end. A part that fails does
//! not keep the next from running, and nothing is skipped because this machine lacks it.

mod counts;
mod install;
mod report;
mod snapshots;

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::postgres::{self, Postgres};
use crate::test::counts::{Counts, count_cargo, count_nextest, count_playwright, count_policies, count_vitest};
use crate::test::report::Report;
use crate::workplace::{Workplace, free_port, program_on_path};
use crate::{generate, tidy};

/// What can be run alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The rules of the house and the generated files
    Tidy,
    /// Formatting, lints, every Rust test on SQLite and PostgreSQL, snapshots that nothing reads
    Rust,
    /// The cases of every policy
    Policies,
    /// Lints, types, unit tests and build of the UI
    Ui,
    /// The UI in a browser, on the real binary
    Browser,
}

/// Runs the parts; the code is a failure when anything failed.
pub(crate) fn run(workplace: &Workplace, only: Option<Part>) -> Result<ExitCode> {
    let parts = only.map_or_else(|| Part::value_variants().to_vec(), |part| vec![part]);
    let mut report = Report::default();
    report.step("what tests need", || install::what_is_missing(workplace, &parts).map(|()| Counts::default()));
    for part in parts {
        match part {
            Part::Tidy => test_tidiness(workplace, &mut report),
            Part::Rust => test_rust(workplace, &mut report),
            Part::Policies => test_policies(workplace, &mut report),
            Part::Ui => test_ui(workplace, &mut report),
            Part::Browser => test_in_browser(workplace, &mut report),
        }
    }
    report.print()
}

fn test_tidiness(workplace: &Workplace, report: &mut Report) {
    report.step("tidy", || {
        let outcome = tidy::look(workplace)?;
        outcome.print();
        Ok(Counts { passed: outcome.rules_kept, failed: outcome.rules_broken, skipped: 0 })
    });
    report.step("generated files", || generate::check(workplace).map(|()| Counts::ONE_PASSED));
}

/// A macro declares the modules of the formats, and what a macro declares `cargo fmt` does not see.
fn format_of_the_formats(workplace: &Workplace) -> Command {
    workplace.command("sh", &["-c", "rustfmt --edition 2024 --check crates/formats/src/*.rs"])
}

/// `clippy` compiles every dependency once more, since it shares nothing with a build: about a minute of a cold
/// run on two cores. The other way, `clippy-driver` as the compiler of the build itself, saves that minute, but
/// Clippy's own documentation warns that such artifacts are not those of the compiler; tests should test the real thing.
fn test_rust(workplace: &Workplace, report: &mut Report) {
    let cargo = |arguments: &[&str]| for_tests(workplace.command("cargo", arguments));
    report.command("format", &mut cargo(&["fmt", "--all", "--check"]), None);
    report.command("format of the formats", &mut format_of_the_formats(workplace), None);
    let lints = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"];
    report.command("clippy", &mut cargo(&lints), None);

    let mut server = None;
    report.step("start PostgreSQL", || {
        server = Some(Postgres::start()?);
        Ok(Counts::default())
    });
    let Some(server) = server else { return };

    let seen = snapshots::Seen::begin(workplace);
    let in_world = |mut command: Command| {
        command.env(postgres::VARIABLE, &server.url).env(snapshots::VARIABLE, &seen.list).env("INSTA_UPDATE", "no");
        command.env(install::PYTHON_VARIABLE, install::python(workplace));
        command
    };
    let before = report.failed();
    if program_on_path(&["cargo-nextest"]).is_some() {
        let mut tests = in_world(cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]));
        report.command("Rust tests", &mut tests, Some(count_nextest));
        report.command("Rust examples", &mut in_world(cargo(&["test", "--workspace", "--doc"])), Some(count_cargo));
    } else {
        let mut tests = in_world(cargo(&["test", "--workspace", "--no-fail-fast"]));
        report.command("Rust tests", &mut tests, Some(count_cargo));
    }
    // A test that failed may have stopped before it read its snapshot, so the list means something only after success.
    if report.failed() == before {
        report.step("unread snapshots", || seen.check(workplace));
    }
}

fn test_policies(workplace: &Workplace, report: &mut Report) {
    report.step("build the binary", || workplace.build_binary().map(|()| Counts::default()));
    let cases = workplace.command(workplace.binary(), &["policy", "test", "policies"]);
    report.command("policy cases", &mut for_tests(cases), Some(count_policies));
}

fn test_ui(workplace: &Workplace, report: &mut Report) {
    let npm = |arguments: &[&str]| for_tests(workplace.npm("", arguments));
    report.command("UI lints", &mut npm(&["run", "lint"]), None);
    report.command("UI types", &mut npm(&["run", "typecheck"]), None);
    report.command("UI tests", &mut npm(&["test"]), Some(count_vitest));
    report.command("UI build", &mut npm(&["run", "build"]), None);
}

fn test_in_browser(workplace: &Workplace, report: &mut Report) {
    report.step("build UI and binary", || {
        crate::workplace::succeed(&mut for_tests(workplace.npm("", &["run", "build"])))?;
        workplace.build_binary().map(|()| Counts::default())
    });
    let mut command = for_tests(workplace.command("npx", &["playwright", "test"]));
    command.current_dir(workplace.ui()).env("SHIPWORTHY_BINARY", workplace.binary());
    if let Ok(port) = free_port() {
        command.env("SHIPWORTHY_E2E_PORT", port.to_string());
    }
    if let Some(chromium) = install::chromium() {
        command.env("CHROMIUM", chromium);
    }
    report.command("browser", &mut command, Some(count_playwright));
}

/// The same world for tests here and in CI: no settings of the person at the keyboard, no questions.
fn for_tests(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SHIPWORTHY_")) {
        command.env_remove(name);
    }
    command.env("CI", "true");
    command
}

/// A runner that ended well must have said what it ran: silence would be a test that passes because it is absent.
fn counted(counts: Option<Counts>) -> Result<Counts> {
    match counts {
        Some(counts) => Ok(counts),
        None => bail!("the test runner did not say how many tests ran"),
    }
}
