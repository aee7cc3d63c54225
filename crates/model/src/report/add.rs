//! Two reports of one kind become one.

use crate::{Benchmark, Counter, Coverage, Inventory, Report, Tests};

impl Report {
    /// Adds what another report of the same kind says, such as that of another suite of the same build: lists are joined
    /// and counts summed. Gives the names of the sections of which a report has one and `more` had a second, which are
    /// left out.
    #[must_use]
    pub fn add(&mut self, more: Self) -> Vec<&'static str> {
        self.tool = self.tool.take().or(more.tool);
        // Of several times the last is that of the whole; RFC 3339 in UTC sorts by time.
        self.created_at = self.created_at.take().max(more.created_at);
        extend_with_new(&mut self.subjects, more.subjects);
        self.inventory = joined(self.inventory.take(), more.inventory, Inventory::add);
        self.findings = joined(self.findings.take(), more.findings, Vec::extend);
        self.looked_for.extend(more.looked_for);
        self.looked_for.sort_unstable();
        self.looked_for.dedup();
        self.tests = joined(self.tests.take(), more.tests, Tests::add);
        self.coverage = joined(self.coverage.take(), more.coverage, Coverage::add);
        self.deployments.extend(more.deployments);
        self.approvals.extend(more.approvals);
        self.vex.extend(more.vex);
        self.warnings.extend(more.warnings);
        let sections = [
            ("measures", keep(&mut self.measures, more.measures)),
            ("review", keep(&mut self.review, more.review)),
            ("build", keep(&mut self.build, more.build)),
            ("provenance", keep(&mut self.provenance, more.provenance)),
            ("attestation", keep(&mut self.attestation, more.attestation)),
            ("benchmark", add_benchmark(&mut self.benchmark, more.benchmark)),
            ("scorecard", keep(&mut self.scorecard, more.scorecard)),
            ("performance", keep(&mut self.performance, more.performance)),
            ("verification", keep(&mut self.verification, more.verification)),
        ];
        sections.into_iter().filter(|(_, is_left_out)| *is_left_out).map(|(name, _)| name).collect()
    }
}

fn joined<T>(own: Option<T>, more: Option<T>, join: fn(&mut T, T)) -> Option<T> {
    match (own, more) {
        (Some(mut own), Some(more)) => {
            join(&mut own, more);
            Some(own)
        }
        (own, more) => own.or(more),
    }
}

fn extend_with_new<T: PartialEq>(own: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !own.contains(&item) {
            own.push(item);
        }
    }
}

/// Takes a section where there is none yet; whether it had to be left out.
fn keep<T>(own: &mut Option<T>, more: Option<T>) -> bool {
    let is_left_out = own.is_some() && more.is_some();
    if own.is_none() {
        *own = more;
    }
    is_left_out
}

/// Controls of one benchmark are joined; those of another are not its own.
fn add_benchmark(own: &mut Option<Benchmark>, more: Option<Benchmark>) -> bool {
    match (own, more) {
        (Some(own), Some(more)) if own.name == more.name => {
            own.controls.extend(more.controls);
            false
        }
        (own, more) => keep(own, more),
    }
}

impl Inventory {
    fn add(&mut self, more: Self) {
        self.components.extend(more.components);
        self.dependencies.extend(more.dependencies);
        extend_with_new(&mut self.authors, more.authors);
    }
}

impl Tests {
    fn add(&mut self, more: Self) {
        let Self { total, passed, failed, errors, skipped, suites, duration_seconds, failures } = more;
        self.total += total;
        self.passed += passed;
        self.failed += failed;
        self.errors += errors;
        self.skipped += skipped;
        self.suites += suites;
        self.duration_seconds = joined(self.duration_seconds, duration_seconds, |own, more| *own += more);
        self.failures.extend(failures);
    }
}

impl Coverage {
    fn add(&mut self, more: Self) {
        self.lines = sum(self.lines, more.lines);
        self.branches = sum(self.branches, more.branches);
        self.instructions = sum(self.instructions, more.instructions);
        self.methods = sum(self.methods, more.methods);
        self.mutations = sum(self.mutations, more.mutations);
        // Percentages of different wholes have no sum.
        self.stated_line_percent = None;
    }
}

fn sum(own: Option<Counter>, more: Option<Counter>) -> Option<Counter> {
    joined(own, more, |own, more| {
        own.covered += more.covered;
        own.total += more.total;
    })
}
