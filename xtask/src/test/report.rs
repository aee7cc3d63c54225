//! The table at the end: each step with its time and its counts, and one closing line that machines read.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::test::counted;
use crate::test::counts::{Counts, Reader};
use crate::workplace::{say, words_of};

/// What has run so far.
#[derive(Default)]
pub(crate) struct Report {
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    counts: Counts,
}

impl Report {
    /// Runs one step; an error is printed and counts as one failure.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<Counts>) {
        say(&format!("\n── {name}"));
        let start = Instant::now();
        let counts = work().unwrap_or_else(|error| {
            say(&format!("error: {error:#}"));
            Counts::ONE_FAILED
        });
        if counts.skipped > 0 {
            say(&format!("error: {} tests did not run, and no test may skip itself", counts.skipped));
        }
        self.steps.push(Step { name, took: start.elapsed(), counts });
    }

    /// Runs a command as a step. Without a reader the command itself is the one check.
    pub(crate) fn command(&mut self, name: &'static str, command: &mut Command, reader: Option<Reader>) {
        self.step(name, || {
            let Some(reader) = reader else {
                crate::workplace::succeed(command)?;
                return Ok(Counts::ONE_PASSED);
            };
            let (status, output) = run_and_listen(command)?;
            match reader(&output) {
                Some(counts) if !status.success() && counts.failed + counts.skipped == 0 => {
                    say(&format!("error: `{}` ended with {status}", words_of(command)));
                    Ok(Counts { failed: 1, ..counts })
                }
                None if !status.success() => bail!("`{}` ended with {status}", words_of(command)),
                counts => counted(counts),
            }
        });
    }

    /// How much has failed so far; what skipped itself has failed.
    pub(crate) fn failed(&self) -> u32 {
        self.steps.iter().map(|step| step.counts.failed + step.counts.skipped).sum()
    }

    pub(crate) fn print(&self) -> Result<ExitCode> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "\n{:<22}{:>10}{:>10}{:>10}", "step", "seconds", "passed", "failed")?;
        for Step { name, took, counts } in &self.steps {
            let failed = counts.failed + counts.skipped;
            writeln!(out, "{name:<22}{:>10.1}{:>10}{failed:>10}", took.as_secs_f64(), counts.passed)?;
        }
        let total: Duration = self.steps.iter().map(|step| step.took).sum();
        let passed: u32 = self.steps.iter().map(|step| step.counts.passed).sum();
        let failed = self.failed();
        writeln!(out, "{:<22}{:>10.1}{passed:>10}{failed:>10}\n", "all", total.as_secs_f64())?;
        writeln!(out, "{passed} passed, {failed} failed")?;
        Ok(if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Shows the command's output while it comes and keeps a copy.
fn run_and_listen(command: &mut Command) -> Result<(ExitStatus, String)> {
    let words = words_of(command);
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start `{words}`"))?;
    let output = child.stdout.take().expect("the standard output was asked for as a pipe");
    let talk = child.stderr.take().expect("the standard error was asked for as a pipe");

    let heard = Mutex::new(String::new());
    std::thread::scope(|scope| {
        scope.spawn(|| pass_on(output, &mut std::io::stdout(), &heard));
        scope.spawn(|| pass_on(talk, &mut std::io::stderr(), &heard));
    });
    let status = child.wait().with_context(|| format!("cannot wait for `{words}`"))?;
    Ok((status, heard.into_inner().expect("no thread panics while it holds the text")))
}

/// A line that cannot be shown is still heard, and one that is no UTF-8 is shown as well as it can be.
fn pass_on(from: impl Read, to: &mut impl Write, heard: &Mutex<String>) {
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        let _gone = to.write_all(&line);
        heard.lock().expect("no thread panics while it holds the text").push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
}
