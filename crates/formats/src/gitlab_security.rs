//! GitLab: reports of its security scans, whatever they looked for. <https://docs.gitlab.com/development/integrations/secure/>

use crate::address::without_credentials;
use crate::json::Object;
use crate::problems::{Problem, cwes, first_line, report};
use crate::{Format, Probe, ReadError, dependencies, identity, secret, subjects, text};
use shipworthy_model::{ComponentRef, Finding, FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "gitlab-security",
    title: "GitLab security report",
    homepage: "https://gitlab.com/gitlab-org/security-products/security-report-schemas",
    phase: Phase::Source,
    tool: "gitlab",
    reads: "JSON of every kind of scan, schemas 2 to 15",
    identifies: "the tool's tracking signature, else rule, file, function and digest of the secret; a vulnerability is the same for every tool",
    severities: "gitlab",
    marks: &["vulnerabilities", "scan", "version"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    // The oldest schemas do not say what was scanned; theirs has a list of remediations beside that of problems.
    let is_early = |members: &crate::Members| members.has_all(&["version", "vulnerabilities", "remediations"]);
    let has_list = |members: &crate::Members| members.has("vulnerabilities");
    probe.object().is_some_and(is_early)
        || probe.object().is_some_and(has_list)
            && (probe.has_all(&["scan.type", "scan.scanner"])
                || probe.has_all(&[
                    "vulnerabilities.identifiers.type",
                    "vulnerabilities.location",
                    "vulnerabilities.severity",
                ]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    if !document.has("vulnerabilities") {
        return Err(ReadError::lacks("GitLab security report", "/vulnerabilities", "expected a list, found none"));
    }
    let scan = document.text("scan.type");
    let items = document.objects("vulnerabilities");
    let findings: Vec<Finding> = items.iter().map(|found| finding(found, scan.as_deref())).collect();
    let mut warnings = document.warnings();
    warnings.extend(failure(&document));
    let kinds: Vec<FindingKind> = scan.as_deref().map(kind_of_scan).into_iter().collect();
    let tool = document
        .first_text(&["scan.scanner.name", "scan.scanner.id"])
        .unwrap_or_else(|| "gitlab".to_owned())
        .to_lowercase();
    let mut report = report(&tool, document.text("scan.scanner.version"), &kinds, findings, warnings);
    // The schema has its times in UTC and without saying so.
    let end = document.first_text(&["scan.end_time", "scan.start_time"]);
    report.created_at = end
        .and_then(|time| Some(format!("{}Z", time.trim_end_matches('Z')).parse::<jiff::Timestamp>().ok()?.to_string()));
    for image in items.iter().filter_map(|found| found.text("location.image")) {
        subjects::add_artifact(&mut report.subjects, &image);
    }
    Ok(report)
}

fn failure(document: &Object<'_>) -> Option<Warning> {
    document.text("scan.status").filter(|status| status == "failure")?;
    let message = "the scan says that it failed, so findings may be missing".to_owned();
    Some(Warning { at: "/scan/status".to_owned(), message })
}

fn kind_of_scan(scan: &str) -> FindingKind {
    match scan {
        "secret_detection" => FindingKind::Secret,
        "dependency_scanning" | "container_scanning" | "cluster_image_scanning" => FindingKind::Vulnerability,
        "dast" | "api_fuzzing" | "coverage_fuzzing" | "api_security" => FindingKind::Dynamic,
        _ => FindingKind::Code,
    }
}

/// What sort of problem: by the kind of scan, which early schemas say of each problem, else by what its place is.
fn kind(found: &Object<'_>, scan: Option<&str>) -> FindingKind {
    let scanner = found.text("scanner.id").unwrap_or_default();
    if matches!(scanner.as_str(), "gitleaks" | "trufflehog") {
        return FindingKind::Secret;
    }
    if scanner == "kics" {
        return FindingKind::Misconfiguration;
    }
    let category = found.text("category");
    let by_place = || {
        let location = found.object("location");
        let has = |key: &str| location.as_ref().is_some_and(|location| location.has(key));
        if has("dependency") || has("image") {
            FindingKind::Vulnerability
        } else if has("hostname") || has("crash_type") {
            FindingKind::Dynamic
        } else {
            FindingKind::Code
        }
    };
    scan.or(category.as_deref()).map_or_else(by_place, kind_of_scan)
}

fn finding(found: &Object<'_>, scan: Option<&str>) -> Finding {
    let kind = kind(found, scan);
    let identifiers = Identifiers::of(found);
    let extract = found.text("raw_source_code_extract");
    let is_secret = kind == FindingKind::Secret;
    let hide = |said: String| match &extract {
        Some(extract) if is_secret => secret::without(&said, extract),
        _ => said,
    };
    let line = |path: &str| found.text(path).and_then(|line| first_line(&line));
    let rule = if kind == FindingKind::Vulnerability { identifiers.known.first() } else { None };
    let rule = rule
        .or(identifiers.first.as_ref())
        .cloned()
        .or_else(|| found.text("name"))
        .unwrap_or_else(|| "gitlab".to_owned());
    let within = [found.text("location.class"), found.text("location.method"), extract.clone().filter(|_| is_secret)];
    let problem = Problem {
        rule: rule.clone(),
        message: found.first_text(&["name", "message"]).or_else(|| identifiers.title.clone()).map(hide),
        word: found.text("severity"),
        path: place(found),
        line: line("location.start_line"),
        end_line: line("location.end_line"),
        within: Some(within.into_iter().flatten().collect::<Vec<_>>().join("|")).filter(|within| !within.is_empty()),
    };
    let mut finding = problem.finding(kind, "gitlab");
    if let Some(print) = signature(found) {
        finding.identity = identity::of_parts(&rule, &[&print]);
    } else if kind == FindingKind::Dynamic {
        let place = finding.location.as_ref().map_or("", |location| location.path.as_str());
        let state = ["location.method", "location.param", "location.crash_type", "location.crash_state"];
        let parts: Vec<_> = state.iter().filter_map(|path| found.text(path)).collect();
        finding.identity = identity::of_parts(&rule, &[place, &parts.join("|")]);
    }
    finding.description = found.first_text(&["description", "message"]).map(hide).map(text::capped);
    finding.remediation = found.text("solution");
    finding.cwes = identifiers.cwes;
    finding.aliases = dependencies::aliases(&finding.rule, identifiers.known);
    let vectors = found.objects("cvss_vectors");
    let rated = |rating: &Object<'_>| {
        dependencies::cvss(rating.text("vector").as_deref(), None, rating.text("vendor").as_deref())
    };
    finding.cvss = vectors.iter().filter_map(rated).collect();
    finding.references = found
        .objects("links")
        .iter()
        .filter_map(|link| link.text("url"))
        .map(|url| without_credentials(&url))
        .collect();
    if kind == FindingKind::Vulnerability {
        finding.component = component(found);
        finding.fixed_versions = finding.remediation.as_deref().map(fixed_versions).unwrap_or_default();
    }
    finding
}

/// What a problem is called: its first identifier is the scanner's own, the others are names in the world.
struct Identifiers {
    first: Option<String>,
    title: Option<String>,
    known: Vec<String>,
    cwes: Vec<u32>,
}

impl Identifiers {
    fn of(found: &Object<'_>) -> Self {
        let identifiers = found.objects("identifiers");
        let mut read = Self { first: None, title: None, known: Vec::new(), cwes: Vec::new() };
        for identifier in &identifiers {
            let (name, value) =
                (identifier.text("name").unwrap_or_default(), identifier.text("value").unwrap_or_default());
            match identifier.text("type").unwrap_or_default().to_ascii_lowercase().as_str() {
                "cwe" => read.cwes.extend(cwes(&name).into_iter().chain(cwes(&value))),
                "owasp" | "wasc" => {}
                "cve" | "ghsa" | "osvdb" | "usn" | "rhsa" | "elsa" | "gemnasium" => read.known.push(value.clone()),
                _ => {}
            }
            // Some scanners have the whole description for a value.
            let is_short = !value.is_empty() && !value.contains(' ');
            read.first = read.first.or(Some(if is_short { value } else { name.clone() }));
            read.title = read.title.or(Some(name));
        }
        read.known.sort_by_key(|name| !name.starts_with("CVE-"));
        read.cwes.sort_unstable();
        read.cwes.dedup();
        read
    }
}

/// The path, or for what was seen from outside the address.
fn place(found: &Object<'_>) -> Option<String> {
    let address = || {
        let host = found.text("location.hostname")?;
        Some(without_credentials(&format!("{host}{}", found.text("location.path").unwrap_or_default())))
    };
    let of_cluster = || found.text("location.kubernetes_resource.name");
    found.text("location.file").or_else(address).or_else(of_cluster)
}

/// The best signature of the tool's tracking, which stays as it is when lines move.
fn signature(found: &Object<'_>) -> Option<String> {
    const BEST_FIRST: &[&str] = &["scope_offset_compressed", "scope_offset"];
    let items = found.objects("tracking.items");
    let signatures: Vec<_> = items.iter().flat_map(|item| item.objects("signatures")).collect();
    let of = |algorithm: &&str| {
        let signature =
            signatures.iter().find(|signature| signature.text("algorithm").as_deref() == Some(algorithm))?;
        Some(format!("{algorithm}:{}", signature.text("value")?))
    };
    BEST_FIRST.iter().find_map(of)
}

fn component(found: &Object<'_>) -> Option<ComponentRef> {
    let name = found.text("location.dependency.package.name")?;
    let version = found.text("location.dependency.version");
    let file = found.text("location.file").unwrap_or_default();
    let system = found.text("location.operating_system");
    let ecosystem = system.as_deref().unwrap_or_else(|| ecosystem(&file));
    // Gemnasium writes Maven's group and name with a slash between them.
    let name = if ecosystem == "maven" { name.replace('/', ":") } else { name };
    Some(dependencies::component(ecosystem, &name, version.as_deref()))
}

/// The ecosystem whose file this is.
fn ecosystem(file: &str) -> &'static str {
    match file.rsplit('/').next().unwrap_or_default() {
        "package-lock.json" | "npm-shrinkwrap.json" | "yarn.lock" | "pnpm-lock.yaml" | "package.json" => "npm",
        "go.sum" | "go.mod" | "go-project-modules.json" => "go",
        "Gemfile.lock" | "gems.locked" => "gem",
        "requirements.txt" | "requirements.pip" | "Pipfile" | "Pipfile.lock" | "poetry.lock" | "setup.py"
        | "uv.lock" => "pypi",
        "pom.xml" | "build.gradle" | "build.gradle.kts" | "build.sbt" | "gradle.lockfile" => "maven",
        "composer.lock" => "composer",
        "packages.lock.json" => "nuget",
        "Cargo.lock" => "cargo",
        "conan.lock" => "conan",
        _ => "",
    }
}

/// The versions in the sentences that GitLab's own scanners write: `Upgrade to version 2.2.3 or above.` and
/// `Upgrade apt from 1.4.8 to 1.4.9`.
fn fixed_versions(solution: &str) -> Vec<String> {
    let listed = || {
        let rest =
            solution.strip_prefix("Upgrade to version ").or_else(|| solution.strip_prefix("Upgrade to versions "))?;
        Some(rest.strip_suffix(" or above.").or_else(|| rest.strip_suffix(" or above"))?.to_owned())
    };
    let from_to = || {
        let (_, rest) = solution.strip_prefix("Upgrade ")?.split_once(" from ")?;
        let (_, version) = rest.split_once(" to ")?;
        Some(version.trim_end_matches('.').to_owned()).filter(|version| !version.contains(' '))
    };
    let versions = listed().or_else(from_to).unwrap_or_default();
    versions.split(',').map(|version| version.trim().to_owned()).filter(|version| !version.is_empty()).collect()
}
