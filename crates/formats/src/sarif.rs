//! SARIF 2.1.0: what an analysis of sources or images found, by any tool.

mod log;
mod places;
mod rules;
mod vulnerability;

use crate::json::{self, At, Entries, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, secret, severity, subjects, text};
use log::{Document, Invocation, LocationItem, Notification, Properties, ResultItem, Rule, Run, Suppression};
use places::Places;
use rules::{Rules, plain};
use shipworthy_model::{
    Finding, FindingKind, FindingStatus, Location, Phase, Report, Severity, Subject, Tool, Warning,
};
use std::collections::{BTreeMap, HashMap};
use vulnerability::{Vulnerability, is_vulnerability};

pub(crate) static FORMAT: Format = Format {
    name: "sarif",
    title: "SARIF",
    homepage: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html",
    phase: Phase::Source,
    tool: "sarif",
    reads: "version 2.1.0 and its drafts 2.0 and later: results of every run whose kind is `fail`, and those that a person has to judge (`open`, `review`)",
    identifies: "the tool's own fingerprint, else the rule, the path and a digest of the marked code or of the message",
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
    ("secret", FindingKind::Secret),
    ("checkov", FindingKind::Misconfiguration),
    ("hadolint", FindingKind::Misconfiguration),
    ("kics", FindingKind::Misconfiguration),
    ("kube-linter", FindingKind::Misconfiguration),
    ("kubescape", FindingKind::Misconfiguration),
    ("terrascan", FindingKind::Misconfiguration),
    ("tfsec", FindingKind::Misconfiguration),
    ("zizmor", FindingKind::Misconfiguration),
    ("mayhem for api", FindingKind::Dynamic),
    ("nuclei", FindingKind::Dynamic),
    ("stackhawk", FindingKind::Dynamic),
    ("zap", FindingKind::Dynamic),
    ("grype", FindingKind::Vulnerability),
    ("osv-scanner", FindingKind::Vulnerability),
    ("snyk container", FindingKind::Vulnerability),
    ("snyk open source", FindingKind::Vulnerability),
    ("trivy", FindingKind::Vulnerability),
    ("xray", FindingKind::Vulnerability),
    ("bandit", FindingKind::Code),
    ("brakeman", FindingKind::Code),
    ("codeql", FindingKind::Code),
    ("devskim", FindingKind::Code),
    ("flawfinder", FindingKind::Code),
    ("gosec", FindingKind::Code),
    ("semgrep", FindingKind::Code),
    ("snykcode", FindingKind::Code),
    ("biome", FindingKind::Quality),
    ("clippy", FindingKind::Quality),
    ("detekt", FindingKind::Quality),
    ("eslint", FindingKind::Quality),
    ("ktlint", FindingKind::Quality),
    ("pylint", FindingKind::Quality),
    ("ruff", FindingKind::Quality),
    ("shellcheck", FindingKind::Quality),
];

/// How many further places of a result its description names.
const PLACES_NAMED: usize = 10;

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report::default();
    let version = document.version.as_deref().unwrap_or("none");
    if version != "2.1.0" {
        let message = format!("expected `2.1.0`, found {version}; read as 2.1.0");
        report.warnings.push(Warning { at: "/version".to_owned(), message });
    }
    let at = At::Root;
    let external = document.inline_external_properties.items(at.key("inlineExternalProperties"), &mut report.warnings);
    if !external.is_empty() {
        let message = format!("left out: external properties that stand in the log; sets: {}", external.len());
        report.warnings.push(Warning { at: "/inlineExternalProperties".to_owned(), message });
    }
    let at = at.key("runs");
    let mut seen = HashMap::new();
    for (index, raw) in document.runs.items(at, &mut report.warnings).iter().enumerate() {
        let at = at.index(index);
        let Some(run) = json::part::<Run<'_>>(raw, at, &mut report.warnings) else { continue };
        about_run(&run, &at, &mut report);
        read_results(&run, &at, &mut report, &mut SeenBefore { run: index, seen: &mut seen });
    }
    if report.findings.is_none() {
        let message = "no run has results, so nothing is said about problems".to_owned();
        report.warnings.push(Warning { at: "/runs".to_owned(), message });
    }
    Ok(report)
}

type Hit = (String, String, Option<(String, Option<u32>)>);

/// Which hits the runs had: tool, identity, path and line to the first run that had it. A tool that ran twice over the same
/// sources, such as once for each build, has the same hit in both runs, and that is one problem.
struct SeenBefore<'s> {
    run: usize,
    seen: &'s mut HashMap<Hit, usize>,
}

impl SeenBefore<'_> {
    fn is_of_run_before(&mut self, tool: &str, finding: &Finding) -> bool {
        let place = finding.location.as_ref().map(|place| (place.path.clone(), place.line));
        let hit = (tool.to_owned(), finding.identity.clone(), place);
        *self.seen.entry(hit).or_insert(self.run) != self.run
    }
}

fn read_results(run: &Run<'_>, at: &At<'_>, report: &mut Report, before: &mut SeenBefore<'_>) {
    let Some(results) = &run.results else { return };
    let warnings = &mut report.warnings;
    let lists = rules::lists(run, at, warnings);
    let context = Context {
        tool: stated(run.tool.driver.name.as_ref()).unwrap_or_default().to_lowercase(),
        rules: Rules::new(run, &lists),
        places: Places::new(run, at, warnings),
    };
    report.looked_for.extend(context.kind_by_tool().into_iter().chain(context.kinds_of_rules(&lists)));
    let findings = report.findings.get_or_insert_default();
    let mut left_out: BTreeMap<String, u64> = BTreeMap::new();
    let at = at.key("results");
    for (index, raw) in results.items(at, warnings).iter().enumerate() {
        let at = at.index(index);
        let Some(result) = json::part::<ResultItem<'_>>(raw, at, warnings) else { continue };
        if let Some(kind) = result.kind.as_deref().filter(|kind| !matches!(*kind, "fail" | "open" | "review")) {
            *left_out.entry(format!("results of the kind `{kind}`")).or_default() += 1;
            continue;
        }
        let finding = context.finding(&result, &at, warnings);
        if before.is_of_run_before(&context.tool, &finding) {
            *left_out.entry("results that a run before has, too".to_owned()).or_default() += 1;
        } else {
            findings.push(finding);
        }
    }
    for (what, count) in left_out {
        warnings.push(Warning { at: at.to_string(), message: format!("not findings: {what}; results: {count}") });
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
    let elsewhere =
        run.external_property_file_references.get(at.key("externalPropertyFileReferences"), &mut report.warnings);
    for (what, _) in elsewhere.into_iter().flat_map(|elsewhere| &elsewhere.0) {
        let message = format!("left out: the `{}` of the run, which are in another file", &**what);
        report.warnings.push(Warning { at: at.key("externalPropertyFileReferences").to_string(), message });
    }
    let invocations = run.invocations.get(at.key("invocations"), &mut report.warnings);
    for invocation in invocations.into_iter().flatten() {
        about_invocation(invocation, &at.key("invocations"), report);
    }
}

fn about_invocation(invocation: &Invocation<'_>, at: &At<'_>, report: &mut Report) {
    let time = stated(invocation.end_time_utc.as_ref()).or_else(|| stated(invocation.start_time_utc.as_ref()));
    report.created_at = report.created_at.take().or(time);
    if invocation.execution_successful == Some(false) {
        let message = "the tool says that its run did not succeed, so findings may be missing".to_owned();
        report.warnings.push(Warning { at: at.to_string(), message });
    }
    let lists = [&invocation.tool_execution_notifications, &invocation.tool_configuration_notifications];
    let notifications = lists.into_iter().filter_map(|list| list.0.as_ref().ok()).flatten();
    let is_error = |notification: &&Notification<'_>| notification.level.as_deref() == Some("error");
    let errors: Vec<_> = notifications.filter(is_error).collect();
    if let Some(first) = errors.first() {
        let said = plain(Some(&first.message)).as_deref().and_then(text::title).unwrap_or_default();
        let message = format!(
            "the tool tells of errors, so findings may be missing; errors: {}; the first: {said}",
            errors.len()
        );
        report.warnings.push(Warning { at: at.to_string(), message });
    }
}

/// What the results of a run refer to.
struct Context<'r, 'a> {
    tool: String,
    rules: Rules<'r, 'a>,
    places: Places<'r, 'a>,
}

impl<'a> Context<'_, 'a> {
    fn finding(&self, result: &ResultItem<'a>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Finding {
        let known = self.rules.of(result);
        let rule = known.map(|known| known.rule);
        let properties = result.properties.get(at.key("properties"), warnings);
        let rule_properties = rule.and_then(|rule| rule.properties.0.as_ref().ok());
        let properties: Vec<&Properties<'_>> = properties.into_iter().chain(rule_properties).collect();
        let named = stated(result.rule_id.as_ref()).or_else(|| stated(result.rule.as_ref()?.id.as_ref()));
        let id = named.or_else(|| stated(rule?.id.as_ref())).unwrap_or_else(|| self.tool.clone());
        let kind = self.kind(&id, &properties);
        let locations = Locations::of(result, &self.places, at, warnings);
        let message = self.rules.message(&result.message, rule).map(text::capped);
        let message = message.map(|message| locations.without_secret(kind, message));
        let short = rule.and_then(|rule| plain(rule.short_description.as_ref()));
        let (severity, word, score) = self.severity(result, known, &properties);
        let vulnerability = if kind == FindingKind::Vulnerability {
            Vulnerability::of(&id, rule, &properties, message.as_deref().unwrap_or_default())
        } else {
            Vulnerability::default()
        };
        let identity = locations.identity(&id, result, message.as_deref());
        let title = short.or_else(|| message.clone()).as_deref().and_then(text::title).unwrap_or_else(|| id.clone());
        let described = message.or_else(|| plain(rule?.full_description.as_ref()).map(text::capped));
        Finding {
            description: locations.described(described),
            severity,
            severity_word: Some(word),
            score,
            cwes: self.rules.cwes(result, rule, &properties),
            aliases: vulnerability.aliases,
            component: vulnerability.component,
            fixed_versions: vulnerability.fixed_versions,
            identity,
            location: locations.first,
            remediation: remediation(result, rule),
            references: rule.and_then(|rule| stated(rule.help_uri.as_ref())).into_iter().collect(),
            status: status(result, at, warnings),
            ..Finding::new(kind, id, title)
        }
    }

    /// The severity, the tool's own word and its score. A result that is no failure yet has no level (§3.27.9).
    fn severity(
        &self,
        result: &ResultItem<'_>,
        rule: Option<rules::Known<'_, 'a>>,
        properties: &[&Properties<'_>],
    ) -> (Severity, String, Option<f64>) {
        let score = properties.iter().find_map(|p| p.security_severity.as_ref()?.trim().parse::<f64>().ok());
        let score = score.filter(|score| score.is_finite());
        let to_judge = result.kind.as_deref().filter(|kind| *kind != "fail");
        let level = to_judge.unwrap_or_else(|| self.rules.level(result, rule));
        let severity = score.map_or_else(|| severity::of_word("sarif", level), Severity::of_score);
        (severity, level.to_owned(), score)
    }

    fn kind(&self, id: &str, properties: &[&Properties<'_>]) -> FindingKind {
        let has_tag = |tag: &str| properties.iter().flat_map(|p| p.tags.iter().flatten()).any(|known| &**known == tag);
        if has_tag("vulnerability") || is_vulnerability(id) {
            return FindingKind::Vulnerability;
        }
        let tagged = [
            ("secret", FindingKind::Secret),
            ("misconfiguration", FindingKind::Misconfiguration),
            ("license", FindingKind::License),
        ];
        let by_tag = tagged.into_iter().find(|(tag, _)| has_tag(tag)).map(|(_, kind)| kind);
        // CodeQL rates every rule as a problem and tags those that matter to security.
        let is_quality = properties.iter().any(|p| p.problem_severity.is_some()) && !has_tag("security");
        let by_rating = is_quality.then_some(FindingKind::Quality);
        by_tag.or(by_rating).or_else(|| self.kind_by_tool()).unwrap_or(FindingKind::Code)
    }

    /// What the tool has rules for, it looks for.
    fn kinds_of_rules(&self, lists: &[Vec<(usize, Rule<'_>)>]) -> Vec<FindingKind> {
        let of_rule = |(_, rule): &(usize, Rule<'_>)| {
            let properties: Vec<_> = rule.properties.0.as_ref().into_iter().collect();
            self.kind(rule.id.as_deref().unwrap_or_default(), &properties)
        };
        let mut kinds: Vec<_> = lists.iter().flatten().map(of_rule).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    fn kind_by_tool(&self) -> Option<FindingKind> {
        KINDS_BY_TOOL.iter().find(|(tool, _)| self.tool.contains(tool)).map(|(_, kind)| *kind)
    }
}

/// Where a result is: in the first of its locations, else where its flow ends, else where a related one is.
struct Locations<'x, 'a> {
    item: Option<&'x LocationItem<'a>>,
    first: Option<Location>,
    /// The function or class that it is in.
    logical_name: Option<String>,
    /// Its other locations and where its flow begins.
    further: Vec<Location>,
}

impl<'x, 'a> Locations<'x, 'a> {
    fn of(result: &'x ResultItem<'a>, places: &Places<'_, 'a>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Self {
        let own = result.locations.get(at.key("locations"), warnings).map_or(&[][..], Vec::as_slice);
        let related = result.related_locations.0.as_ref().map_or(&[][..], Vec::as_slice);
        let flow = result.code_flows.0.as_ref().ok().and_then(|flows| flows.first()?.thread_flows.as_ref()?.first());
        let steps = flow.and_then(|flow| flow.locations.as_deref()).unwrap_or_default();
        let steps: Vec<_> = steps.iter().filter_map(|step| step.location.as_ref()).collect();
        let all = own.iter().chain(steps.last().copied()).chain(related);
        let found = all.filter_map(|item| Some((item, places.location(item)?))).next();
        let item = found.as_ref().map(|(item, _)| *item).or_else(|| own.first());
        let first = found.map(|(_, location)| location);
        let others = own.iter().chain(steps.first().copied());
        let mut further: Vec<Location> = Vec::new();
        for other in others.take(1 + PLACES_NAMED).filter_map(|other| places.location(other)) {
            if Some(&other) != first.as_ref() && !further.contains(&other) {
                further.push(other);
            }
        }
        Self { item, first, logical_name: item.and_then(|item| places.logical_name(item)), further }
    }

    /// The text with the further places, because a finding has one place.
    fn described(&self, text: Option<String>) -> Option<String> {
        if self.further.is_empty() {
            return text;
        }
        let place = |Location { path, line, .. }: &Location| match line {
            Some(line) => format!("{path}:{line}"),
            None => path.clone(),
        };
        let places: Vec<_> = self.further.iter().map(place).collect();
        let text = text.map(|text| text + "\n\n").unwrap_or_default();
        Some(format!("{text}Also at {}", places.join(", ")))
    }

    fn code(&self) -> Option<String> {
        plain(self.item?.physical_location.as_ref()?.region.as_ref()?.snippet.as_ref())
    }

    /// A message without the marked code where that is a secret.
    fn without_secret(&self, kind: FindingKind, message: String) -> String {
        let code = self.code().filter(|_| kind == FindingKind::Secret);
        code.map_or_else(|| message.clone(), |code| secret::without(&message, &code))
    }

    /// The tool's fingerprint; else rule and path with the partial fingerprint, the code or, at last, the place's name
    /// and the message without numbers, because those may be lines.
    fn identity(&self, rule: &str, result: &ResultItem<'_>, message: Option<&str>) -> String {
        if let Some(print) = fingerprint(&result.fingerprints, |name| !is_partial(name)) {
            return print;
        }
        if let Some(guid) = stated(result.correlation_guid.as_ref()) {
            return identity::of_fingerprint("correlationGuid", &guid);
        }
        let path = self.first.as_ref().map_or("", |place| place.path.as_str());
        let partial = fingerprint(&result.partial_fingerprints, |_| true);
        if let Some(print) = partial.or_else(|| fingerprint(&result.fingerprints, is_partial)) {
            return identity::of_parts(rule, &[path, &print]);
        }
        let said = || {
            let words: String = message.unwrap_or_default().chars().filter(|c| !c.is_ascii_digit()).collect();
            format!("{}{}", self.logical_name.as_deref().unwrap_or_default(), identity::of_code(&words))
        };
        identity::of_parts(rule, &[path, &self.code().map_or_else(said, |code| identity::of_code(&code))])
    }
}

/// The fingerprint whose name comes first, of those whose name is wanted.
fn fingerprint(prints: &Odd<Entries<'_, Text<'_>>>, is_wanted: fn(&str) -> bool) -> Option<String> {
    // Semgrep writes these words in the place of the fingerprint when nobody is logged in, and Gitleaks gives the
    // commit that brought the secret, with its author, which tells neither place nor secret.
    let is_about_commit = |name: &str| matches!(name, "author" | "commitMessage" | "commitSha" | "date" | "email");
    let is_real = |(name, value): &&(Text<'_>, Text<'_>)| {
        !value.is_empty() && &**value != "requires login" && !is_about_commit(name) && is_wanted(name)
    };
    let print = prints.0.as_ref().ok()?.0.iter().filter(is_real).min_by(|(a, _), (b, _)| a.cmp(b));
    print.map(|(name, value)| identity::of_fingerprint(name, value))
}

/// Flawfinder calls a digest of the lines a fingerprint, which every rule that hits them shares.
fn is_partial(fingerprint: &str) -> bool {
    fingerprint.starts_with("contextHash")
}

/// What the tool would change, else the help of the rule.
fn remediation(result: &ResultItem<'_>, rule: Option<&Rule<'_>>) -> Option<String> {
    let fix = result.fixes.0.as_ref().ok().and_then(|fixes| plain(fixes.first()?.description.as_ref()));
    fix.or_else(|| plain(rule?.help.as_ref())).map(text::capped)
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
