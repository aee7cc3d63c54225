//! SARIF 2.1.0: what an analysis of sources or images found, by any tool.

mod log;

use crate::json::{self, At, Entries, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, severity, subjects, text};
use log::{
    Artifact, ArtifactLocation, Document, LocationItem, Message, Properties, ResultItem, Rule, Run, Suppression,
    ToolComponent,
};
use serde_json::value::RawValue;
use shipworthy_model::{
    Finding, FindingKind, FindingStatus, Location, Phase, Report, Severity, Subject, Tool, Warning,
};
use std::collections::BTreeMap;

pub(crate) static FORMAT: Format = Format {
    name: "sarif",
    title: "SARIF",
    homepage: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html",
    phase: Phase::Source,
    tool: "sarif",
    reads: "version 2.1.0 and its drafts 2.0 and later: results of every run whose kind is `fail`",
    identifies: "the tool's own fingerprint, else the rule, the path and a digest of the marked code",
    severities: "sarif",
    marks: &["runs", "version", "$schema"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().filter(|members| members.has("runs")).is_some_and(|members| {
        let is_version = members.value("version").is_some_and(|version| version.starts_with("2."));
        is_version || members.value("$schema").is_some_and(|schema| schema.contains("sarif") && schema.contains("2.1"))
    })
}

/// Tools which look for one sort of problem and do not tag it.
const KINDS_BY_TOOL: &[(&str, FindingKind)] = &[
    ("gitleaks", FindingKind::Secret),
    ("trufflehog", FindingKind::Secret),
    ("detect-secrets", FindingKind::Secret),
    ("checkov", FindingKind::Misconfiguration),
    ("hadolint", FindingKind::Misconfiguration),
    ("kics", FindingKind::Misconfiguration),
    ("kube-linter", FindingKind::Misconfiguration),
    ("terrascan", FindingKind::Misconfiguration),
    ("tfsec", FindingKind::Misconfiguration),
    ("eslint", FindingKind::Quality),
    ("pylint", FindingKind::Quality),
    ("shellcheck", FindingKind::Quality),
];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report::default();
    let version = document.version.as_deref().unwrap_or("none");
    if version != "2.1.0" {
        let message = format!("expected `2.1.0`, found {version}; read as 2.1.0");
        report.warnings.push(Warning { at: "/version".to_owned(), message });
    }
    let at = At::Root;
    let at = at.key("runs");
    for (index, raw) in document.runs.items(at, &mut report.warnings).iter().enumerate() {
        let at = at.index(index);
        let Some(run) = json::part::<Run<'_>>(raw, at, &mut report.warnings) else { continue };
        read_run(&run, &at, &mut report);
    }
    if report.findings.is_none() {
        let message = "no run has results, so nothing is said about problems".to_owned();
        report.warnings.push(Warning { at: "/runs".to_owned(), message });
    }
    Ok(report)
}

fn read_run(run: &Run<'_>, at: &At<'_>, report: &mut Report) {
    about_run(run, at, report);
    let Some(results) = &run.results else { return };
    let warnings = &mut report.warnings;
    let context = Context::new(run, at, warnings);
    let findings = report.findings.get_or_insert_default();
    let mut other_kinds: BTreeMap<String, u64> = BTreeMap::new();
    let mut further_locations: u64 = 0;
    let at = at.key("results");
    for (index, raw) in results.items(at, warnings).iter().enumerate() {
        let at = at.index(index);
        let Some(result) = json::part::<ResultItem<'_>>(raw, at, warnings) else { continue };
        if let Some(kind) = result.kind.as_deref().filter(|kind| *kind != "fail") {
            *other_kinds.entry(kind.to_owned()).or_default() += 1;
            continue;
        }
        let locations = result.locations.get(at.key("locations"), warnings).map_or(&[][..], Vec::as_slice);
        further_locations += locations.len().saturating_sub(1) as u64;
        findings.push(context.finding(&result, locations, &at, warnings));
    }
    for (kind, count) in other_kinds {
        let message = format!("not findings: results of the kind `{kind}`; results: {count}");
        warnings.push(Warning { at: at.to_string(), message });
    }
    if further_locations > 0 {
        let message = format!("left out: locations of a result after the first; locations: {further_locations}");
        warnings.push(Warning { at: at.to_string(), message });
    }
}

/// Takes what a run says about itself.
fn about_run(run: &Run<'_>, at: &At<'_>, report: &mut Report) {
    let driver = &run.tool.driver;
    let version = stated(driver.semantic_version.as_ref()).or_else(|| stated(driver.version.as_ref()));
    let tool = Tool { name: stated(driver.name.as_ref()).unwrap_or_default().to_lowercase(), version };
    let first = report.tool.get_or_insert_with(|| tool.clone());
    if first.name != tool.name {
        let message = format!("the run of `{}` is kept under the tool of the first run, `{}`", tool.name, first.name);
        report.warnings.push(Warning { at: at.to_string(), message });
    }
    let commits = run.version_control_provenance.get(at.key("versionControlProvenance"), &mut report.warnings);
    for commit in commits.into_iter().flatten().filter_map(|provenance| provenance.revision_id.as_deref()) {
        let commit = subjects::usable(Subject::commit(commit), &at.to_string(), &mut report.warnings);
        commit.into_iter().for_each(|commit| subjects::add(&mut report.subjects, commit));
    }
    let invocations = run.invocations.get(at.key("invocations"), &mut report.warnings);
    for invocation in invocations.into_iter().flatten() {
        let time = stated(invocation.end_time_utc.as_ref()).or_else(|| stated(invocation.start_time_utc.as_ref()));
        report.created_at = report.created_at.take().or(time);
        if invocation.execution_successful == Some(false) {
            let message = "the tool says that its run did not succeed, so findings may be missing".to_owned();
            report.warnings.push(Warning { at: at.key("invocations").to_string(), message });
        }
    }
}

/// What the results of a run refer to.
struct Context<'r, 'a> {
    tool: String,
    /// The rules of the driver, then those of each extension.
    rules: Vec<Vec<(usize, Rule<'a>)>>,
    driver: &'r ToolComponent<'a>,
    artifacts: &'r [Artifact<'a>],
    bases: &'r [(Text<'a>, ArtifactLocation<'a>)],
}

impl<'r, 'a> Context<'r, 'a> {
    fn new(run: &'r Run<'a>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Self {
        let driver = &run.tool.driver;
        let at_tool = at.key("tool");
        let components = std::iter::once(driver).chain(&run.tool.extensions);
        Self {
            tool: stated(driver.name.as_ref()).unwrap_or_default().to_lowercase(),
            rules: components.map(|component| json::parts(&component.rules, at_tool, warnings)).collect(),
            driver,
            artifacts: run.artifacts.get(at.key("artifacts"), warnings).map_or(&[][..], Vec::as_slice),
            bases: run.original_uri_base_ids.get(at.key("originalUriBaseIds"), warnings).map_or(&[], |bases| &bases.0),
        }
    }

    fn finding(
        &self,
        result: &ResultItem<'a>,
        locations: &[LocationItem<'a>],
        at: &At<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Finding {
        let rule = self.rule(result);
        let properties = result.properties.get(at.key("properties"), warnings);
        let rule_properties = rule.and_then(|rule| rule.properties.0.as_ref().ok());
        let properties: Vec<&Properties<'_>> = properties.into_iter().chain(rule_properties).collect();
        let named = stated(result.rule_id.as_ref()).or_else(|| stated(result.rule.as_ref()?.id.as_ref()));
        let id = named.or_else(|| stated(rule?.id.as_ref())).unwrap_or_else(|| self.tool.clone());
        let message = self.message(&result.message, rule).map(text::capped);
        let short = rule.and_then(|rule| plain(rule.short_description.as_ref()));
        let score = properties.iter().find_map(|p| p.security_severity.as_ref()?.trim().parse::<f64>().ok());
        let level = level(result, rule);
        let location = locations.first().and_then(|location| self.location(location));
        Finding {
            kind: self.kind(&id, &properties),
            aliases: Vec::new(),
            title: short.or_else(|| message.clone()).as_deref().and_then(text::title).unwrap_or_else(|| id.clone()),
            description: message.or_else(|| plain(rule?.full_description.as_ref()).map(text::capped)),
            severity: score.map_or_else(|| severity::of_word("sarif", level), Severity::of_score),
            severity_word: Some(level.to_owned()),
            score,
            cvss: Vec::new(),
            cwes: cwes(result, rule, &properties),
            component: None,
            identity: identity_of(&id, result, locations.first(), location.as_ref()),
            location,
            fixed_versions: Vec::new(),
            remediation: rule.and_then(|rule| plain(rule.help.as_ref())).map(text::capped),
            references: rule.and_then(|rule| stated(rule.help_uri.as_ref())).into_iter().collect(),
            status: status(result, at, warnings),
            rule: id,
        }
    }

    /// The rule of a result: by its index in the driver or in an extension, else by its id, else by the id of the rule
    /// of which it is a part (`CA1000/1` of `CA1000`).
    fn rule(&self, result: &ResultItem<'a>) -> Option<&Rule<'a>> {
        let reference = result.rule.as_ref();
        let extension = reference.and_then(|rule| rule.tool_component.as_ref()).and_then(|component| component.index);
        let list = usize::try_from(extension.map_or(0, |index| index + 1)).ok().and_then(|place| self.rules.get(place));
        let index = result.rule_index.or_else(|| reference.and_then(|rule| rule.index));
        let id = result.rule_id.as_deref().or_else(|| reference.and_then(|rule| rule.id.as_deref()));
        let is_part = |rule: &Rule<'_>| {
            let Some(rule) = rule.id.as_deref() else { return false };
            id.is_none_or(|id| id == rule || id.strip_prefix(rule).is_some_and(|rest| rest.starts_with('/')))
        };
        let by_index = index.and_then(|index| usize::try_from(index).ok()).and_then(|index| {
            let list = list?;
            list.binary_search_by_key(&index, |(place, _)| *place).ok().map(|place| &list[place].1)
        });
        let all = || self.rules.iter().flatten().map(|(_, rule)| rule);
        by_index.filter(|rule| is_part(rule)).or_else(|| {
            let id = id?;
            all().find(|rule| rule.id.as_deref() == Some(id)).or_else(|| all().find(|rule| is_part(rule)))
        })
    }

    /// The text of a message: its own, else that of the rule or the tool under its id, with the arguments put in.
    fn message(&self, message: &Message<'_>, rule: Option<&Rule<'_>>) -> Option<String> {
        if let Some(text) = plain(Some(message)) {
            return Some(text);
        }
        let id = message.id.as_deref()?;
        let of_rule = rule.and_then(|rule| rule.message_strings.0.as_ref().ok());
        let of_tool = self.driver.global_message_strings.0.as_ref().ok();
        let strings = of_rule.into_iter().chain(of_tool).flat_map(|strings| &strings.0);
        let (_, string) = strings.into_iter().find(|(known, _)| &**known == id)?;
        let mut text = plain(Some(string))?;
        for (index, argument) in message.arguments.iter().flatten().enumerate() {
            text = text.replace(&format!("{{{index}}}"), argument);
        }
        Some(text)
    }

    fn kind(&self, id: &str, properties: &[&Properties<'_>]) -> FindingKind {
        let has_tag = |tag: &str| properties.iter().flat_map(|p| p.tags.iter().flatten()).any(|known| &**known == tag);
        if has_tag("vulnerability") || id.starts_with("CVE-") || id.starts_with("GHSA-") {
            return FindingKind::Vulnerability;
        }
        let tagged = [
            ("secret", FindingKind::Secret),
            ("misconfiguration", FindingKind::Misconfiguration),
            ("license", FindingKind::License),
        ];
        let by_tag = tagged.into_iter().find(|(tag, _)| has_tag(tag)).map(|(_, kind)| kind);
        let by_tool = || KINDS_BY_TOOL.iter().find(|(tool, _)| self.tool.contains(tool)).map(|(_, kind)| *kind);
        // CodeQL rates every rule as a problem and tags those that matter to security.
        let is_quality = properties.iter().any(|p| p.problem_severity.is_some()) && !has_tag("security");
        let otherwise = if is_quality { FindingKind::Quality } else { FindingKind::Code };
        by_tag.or_else(by_tool).unwrap_or(otherwise)
    }

    fn location(&self, location: &LocationItem<'_>) -> Option<Location> {
        let physical = location.physical_location.as_ref();
        let artifact = physical.and_then(|physical| physical.artifact_location.as_ref());
        let logical = || {
            let first = location.logical_locations.as_ref()?.first()?;
            stated(first.fully_qualified_name.as_ref()).or_else(|| stated(first.name.as_ref()))
        };
        let path = artifact.and_then(|artifact| self.path(artifact)).or_else(logical)?;
        let region = physical.and_then(|physical| physical.region.as_ref());
        let line = |line: Option<i64>| line.and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0);
        let start = region.and_then(|region| line(region.start_line));
        Some(Location {
            path,
            line: start,
            end_line: region.and_then(|region| line(region.end_line)).filter(|_| start.is_some()),
        })
    }

    /// The path in the repository. A base that is itself a place in it is put before; one that says where the
    /// repository was checked out is not.
    fn path(&self, location: &ArtifactLocation<'_>) -> Option<String> {
        let listed =
            location.index.and_then(|index| self.artifacts.get(usize::try_from(index).ok()?)?.location.as_ref());
        let location = if location.uri.is_some() { location } else { listed? };
        let mut path = stated(location.uri.as_ref())?;
        let mut base = location.uri_base_id.as_deref();
        // A base may have a base; a circle of them ends after as many steps as there are bases.
        for _ in 0..self.bases.len() {
            let Some((_, found)) = self.bases.iter().find(|(name, _)| Some(&**name) == base) else { break };
            let prefix = found.uri.as_deref().unwrap_or_default();
            if !prefix.contains(':') && !prefix.starts_with('/') && !path.contains(':') {
                path = format!("{}{path}", prefix.trim_start_matches("./"));
            }
            base = found.uri_base_id.as_deref();
        }
        let roots =
            self.bases.iter().filter_map(|(_, base)| base.uri.as_deref()).filter(|base| base.starts_with("file:"));
        let path = roots.filter_map(|root| path.strip_prefix(root)).min_by_key(|rest| rest.len()).unwrap_or(&path);
        Some(decoded(path.strip_prefix("file://").unwrap_or(path)))
    }
}

fn plain(message: Option<&Message<'_>>) -> Option<String> {
    message.and_then(|message| stated(message.text.as_ref()))
}

/// SARIF 2.1.0 §3.27.10: the result's own level, else the default of its rule, else `warning`.
fn level<'r>(result: &'r ResultItem<'_>, rule: Option<&'r Rule<'_>>) -> &'r str {
    let default = || rule?.default_configuration.as_ref()?.level.as_deref();
    result.level.as_deref().or_else(default).unwrap_or("warning")
}

/// CWE numbers out of tags (`external/cwe/cwe-079`), of the property `cwe` and of a taxonomy called CWE.
fn cwes(result: &ResultItem<'_>, rule: Option<&Rule<'_>>, properties: &[&Properties<'_>]) -> Vec<u32> {
    let mut found = Vec::new();
    for properties in properties {
        let stated = properties.cwe.map(RawValue::get);
        let tags = properties.tags.iter().flatten().map(|tag| &**tag);
        found.extend(tags.chain(stated).flat_map(numbers_after_cwe));
    }
    let of_rule = rule.and_then(|rule| rule.relationships.0.as_ref().ok()).into_iter().flatten();
    let of_result = result.taxa.0.as_ref().ok().into_iter().flatten();
    for class in of_rule.map(|relationship| &relationship.target).chain(of_result) {
        let taxonomy = class.tool_component.as_ref().and_then(|component| component.name.as_deref());
        let id = class.id.as_deref().unwrap_or_default();
        found.extend(numbers_after_cwe(id));
        if taxonomy.is_some_and(|name| name.eq_ignore_ascii_case("CWE")) {
            found.extend(id.parse::<u32>().ok());
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn numbers_after_cwe(text: &str) -> Vec<u32> {
    let text = text.to_ascii_lowercase();
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    text.split("cwe-").skip(1).filter_map(digits).collect()
}

/// SARIF 2.1.0 §3.27.23: suppressed when there are suppressions and none of them is under review or rejected.
fn status(result: &ResultItem<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> FindingStatus {
    let suppressions = result.suppressions.get(at.key("suppressions"), warnings).map_or(&[][..], Vec::as_slice);
    let is_accepted = |suppression: &Suppression<'_>| matches!(suppression.status.as_deref(), None | Some("accepted"));
    if result.baseline_state.as_deref() == Some("absent") {
        FindingStatus::Fixed
    } else if !suppressions.is_empty() && suppressions.iter().all(is_accepted) {
        FindingStatus::Suppressed
    } else {
        FindingStatus::Open
    }
}

/// The tool's fingerprint; else rule and path with the partial fingerprint, the code or, at last, the line.
fn identity_of(
    rule: &str,
    result: &ResultItem<'_>,
    location: Option<&LocationItem<'_>>,
    place: Option<&Location>,
) -> String {
    // Semgrep writes these words in the place of the fingerprint when nobody is logged in, and Gitleaks gives the
    // commit that brought the secret, with its author, which tells neither place nor secret.
    let is_about_commit = |name: &str| matches!(name, "author" | "commitMessage" | "commitSha" | "date" | "email");
    let is_real = |(name, value): &&(Text<'_>, Text<'_>)| {
        !value.is_empty() && &**value != "requires login" && !is_about_commit(name)
    };
    let first = |prints: &Odd<Entries<'_, Text<'_>>>| {
        let prints = prints.0.as_ref().ok()?;
        let print = prints.0.iter().filter(is_real).min_by(|(a, _), (b, _)| a.cmp(b));
        print.map(|(name, value)| identity::of_fingerprint(name, value))
    };
    if let Some(print) = first(&result.fingerprints) {
        return print;
    }
    let path = place.map_or("", |place| place.path.as_str());
    if let Some(print) = first(&result.partial_fingerprints) {
        return identity::of_parts(rule, &[path, &print]);
    }
    let region = location.and_then(|location| location.physical_location.as_ref()?.region.as_ref());
    let code = region.and_then(|region| plain(region.snippet.as_ref())).map(|code| identity::of_code(&code));
    let line = || place.and_then(|place| place.line).map(|line| line.to_string());
    identity::of_parts(rule, &[path, &code.or_else(line).unwrap_or_default()])
}

/// Undoes percent-encoding; what is no encoding stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
