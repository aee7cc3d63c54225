//! The log of a simulation of Gatling in text, as the versions 2 to 3.11 write it (`simulation.log`): a line for each
//! request.

use crate::load_test::{self, Samples};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "gatling-log",
    title: "Gatling simulation log",
    homepage: "https://docs.gatling.io/concepts/reports",
    phase: Phase::Deploy,
    tool: "gatling",
    reads: "the text `simulation.log` of the versions 2 to 3.11; percentiles are computed",
    identifies: "",
    severities: "",
    marks: &["RUN"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.is_text() && (probe.first_line().starts_with("RUN\t") || probe.shows("\nRUN\t")) && probe.shows("\nUSER\t")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let mut samples = Samples::default();
    let mut warnings = Vec::new();
    let mut version = None;
    if !text.lines().any(|line| line.starts_with("RUN\t")) {
        return Err(ReadError::lacks("simulation log of Gatling", "line 1", "expected the line `RUN`, found none"));
    }
    for (index, line) in text.lines().enumerate() {
        let cells: Vec<_> = line.split('\t').collect();
        match cells.first() {
            Some(&"RUN") => version = cells.last().map(|cell| cell.trim().to_owned()).filter(|cell| is_version(cell)),
            Some(&"REQUEST") => match request(&cells) {
                Some((start, end, failed)) => samples.add(Some(start), end - start, failed),
                None => {
                    let message = "left out: expected start, end and OK or KO of a request, found others".to_owned();
                    warnings.push(Warning { at: format!("line {}", index + 1), message });
                }
            },
            _ => {}
        }
    }
    let report = load_test::report("gatling", samples.started_at(), samples.performance(), warnings);
    Ok(Report { tool: Some(Tool { name: "gatling".to_owned(), version }), ..report })
}

fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('.')
}

/// Versions differ in what stands before: whether there is the number of the user, and how groups are written.
fn request(cells: &[&str]) -> Option<(f64, f64, bool)> {
    let position = cells.iter().rposition(|cell| matches!(*cell, "OK" | "KO"))?;
    let number = |back: usize| cells.get(position.checked_sub(back)?)?.parse::<u64>().ok();
    let (start, end) = (number(2)?, number(1)?);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 stay far below 2^52")]
    let (start, end) = (start as f64, end.max(start) as f64);
    Some((start, end, cells.get(position) == Some(&"KO")))
}
