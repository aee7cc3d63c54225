//! kube-bench results: the CIS benchmark of a Kubernetes cluster.

use crate::{Format, Probe, ReadError, json};
use shipworthy_model::{Phase, Report};

/// Placeholder until the reader lands.
pub(crate) static FORMAT: Format = Format {
    name: "kube-bench",
    title: "kube-bench results",
    homepage: "https://github.com/aquasecurity/kube-bench/blob/main/docs/running.md",
    phase: Phase::Deploy,
    tool: "kube-bench",
    reads: "the object with `Controls` and `Totals`, the older array of controls and a single one",
    marks: &["Controls", "Totals"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["Controls", "Totals"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let _: serde::de::IgnoredAny = json::document(bytes)?;
    Ok(Report::default())
}
