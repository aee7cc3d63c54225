//! Polaris: objects of Kubernetes against good practice.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, instant, kubernetes};
use json::Entries;
use serde::Deserialize;
use shipworthy_model::{Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "polaris",
    title: "Polaris audit",
    homepage: "https://polaris.docs.fairwinds.com/",
    phase: Phase::Deploy,
    tool: "polaris",
    reads: "the JSON of output version 1.0",
    identifies: "check, file and object or container",
    severities: "polaris",
    marks: &["PolarisOutputVersion", "Results", "ClusterInfo", "AuditTime"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["PolarisOutputVersion", "Results"]))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    #[serde(borrow)]
    audit_time: Option<Text<'a>>,
    #[serde(borrow)]
    source_type: Option<Text<'a>>,
    #[serde(borrow)]
    source_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    cluster_info: Odd<Cluster<'a>>,
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Cluster<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Object<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    namespace: Option<Text<'a>>,
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    results: Odd<Entries<'a, Item<'a>>>,
    #[serde(borrow, default)]
    pod_result: Odd<Option<Pod<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pod<'a> {
    #[serde(borrow, default)]
    results: Odd<Entries<'a, Item<'a>>>,
    #[serde(borrow, default)]
    container_results: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Container<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    results: Odd<Entries<'a, Item<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    #[serde(borrow, rename = "ID")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    success: Option<bool>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    category: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner_with_passed("polaris");
    // A folder of manifests is named, too, and is no place in a file.
    let is_file = |name: &&str| [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end));
    let of_path = document.source_name.as_deref().filter(|_| document.source_type.as_deref() == Some("Path"));
    let location = checks::place(of_path.filter(is_file), None, None);
    for (index, object) in json::parts::<Object<'_>>(&document.results, "/Results", &mut checks.warnings) {
        let at = format!("/Results/{index}");
        let name = kubernetes::path([object.kind.as_ref(), object.namespace.as_ref(), object.name.as_ref()]);
        add(&object.results, name.as_deref(), location.as_ref(), &format!("{at}/Results"), &mut checks);
        let Some(Some(pod)) = object.pod_result.get(format_args!("{at}/PodResult"), &mut checks.warnings) else {
            continue;
        };
        add(&pod.results, name.as_deref(), location.as_ref(), &format!("{at}/PodResult/Results"), &mut checks);
        let at = format!("{at}/PodResult/ContainerResults");
        for (index, container) in json::parts::<Container<'_>>(&pod.container_results, &at, &mut checks.warnings) {
            let parts = [name.clone(), stated(container.name.as_ref())];
            let name = parts.into_iter().flatten().collect::<Vec<_>>().join("/");
            add(&container.results, Some(&name), location.as_ref(), &format!("{at}/{index}/Results"), &mut checks);
        }
    }
    let cluster = document.cluster_info.get("/ClusterInfo", &mut checks.warnings);
    let version = cluster.and_then(|cluster| stated(cluster.version.as_ref())).filter(|version| version != "unknown");
    checks.benchmark().target_version = version;
    let created_at = instant::utc(document.audit_time.as_ref(), "/AuditTime", &mut checks.warnings);
    let mut report = checks.report("polaris", None);
    report.created_at = created_at;
    Ok(report)
}

fn add(
    results: &Odd<Entries<'_, Item<'_>>>,
    resource: Option<&str>,
    location: Option<&Location>,
    at: &str,
    checks: &mut Checks,
) {
    let Some(results) = results.get(at, &mut checks.warnings) else { return };
    for (key, item) in &results.0 {
        let word = stated(item.severity.as_ref());
        checks.add(Check {
            rule: stated(item.id.as_ref()).unwrap_or_else(|| key.to_string()),
            title: stated(item.message.as_ref()),
            section: stated(item.category.as_ref()),
            outcome: if item.success == Some(true) { Outcome::Passed } else { Outcome::Failed },
            severity: checks::rated("polaris", word.as_deref()),
            severity_word: word,
            resource: resource.map(str::to_owned),
            location: location.cloned(),
            ..Check::default()
        });
    }
}
