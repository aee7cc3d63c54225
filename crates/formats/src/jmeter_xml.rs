//! Results of JMeter (JTL) in XML: an element for each sample. What is in a sample (a redirect, say) is part of it.

use crate::load_test::{self, Samples};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, jmeter};
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "jmeter-xml",
    title: "JMeter results (XML)",
    homepage: "https://jmeter.apache.org/usermanual/listeners.html",
    phase: Phase::Deploy,
    tool: "jmeter",
    reads: "JTL files in XML of the version 1.2; percentiles are computed",
    identifies: "",
    severities: "",
    marks: &["testResults"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_sample = ["httpSample", "sample"].iter().any(|name| probe.has(name));
    probe
        .root()
        .is_some_and(|root| root.name == "testResults" && (is_sample || root.attribute("version") == Some("1.2")))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut samples = Samples::default();
    let mut warnings = Vec::new();
    while let Some(child) = document.next_child(&root)? {
        if child.attribute("rm").is_some_and(jmeter::is_sum) {
            // The samples of the transaction may be in it; without them it is a sum of samples beside it.
            while let Some(part) = document.next_child(&child)? {
                add(&part, &document, &mut samples, &mut warnings);
            }
        } else {
            add(&child, &document, &mut samples, &mut warnings);
        }
    }
    document.end()?;
    Ok(load_test::report("jmeter", samples.started_at(), samples.performance(), warnings))
}

fn add(element: &Element, document: &Document<'_>, samples: &mut Samples, warnings: &mut Vec<Warning>) {
    if !matches!(element.name.as_str(), "sample" | "httpSample") {
        return;
    }
    let number = |name: &str| element.attribute(name)?.parse::<f64>().ok().filter(|number| number.is_finite());
    match number("t").filter(|time| *time >= 0.0) {
        Some(elapsed) => samples.add(number("ts"), elapsed, element.attribute("s") != Some("true")),
        None => {
            let message = "left out: expected milliseconds in `t`, found none".to_owned();
            warnings.push(Warning { at: document.place(), message });
        }
    }
}
