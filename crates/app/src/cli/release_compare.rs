//! `shipworthy release compare`: what a release brings that another had not, and what it no longer has.

use crate::api::comparison::{
    ChangedComponent, ComparedComponent, ComparedFinding, ComparedFindingList, ComparedList, ComparedRelease,
    Comparison,
};
use crate::api::named::SeverityCounts;
use crate::api::release_choice::ReleaseChoice;
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json};
use crate::cli::release_name;
use crate::client::Connection;
use crate::wording::{counted, severities, shown, thousands};
use shipworthy_model as model;

/// Compare a release with another: components, licences and findings that were added, removed, changed or fixed.
#[derive(Debug, clap::Args)]
pub(crate) struct Compare {
    /// Its id, or `application/service@version`.
    #[arg(value_name = "RELEASE", value_parser = release_name::parse)]
    release: ReleaseChoice,
    /// The release to compare with [default: the one before of the same service].
    #[arg(long, value_name = "RELEASE", value_parser = release_name::parse)]
    with: Option<ReleaseChoice>,
    /// How many lines of each list at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: usize,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Compare {
    pub(crate) async fn print(self) -> Result<Exit, Failure> {
        let client = self.connection.client()?;
        let id = release_name::id(&client, &self.release).await?;
        let limit = self.limit.to_string();
        let mut query = vec![("limit", limit.as_str())];
        let with = match &self.with {
            Some(with) => Some(release_name::id(&client, with).await?),
            None => None,
        };
        query.extend(with.as_deref().map(|with| ("with", with)));
        let comparison: Comparison = client.get(&format!("/releases/{id}/comparison"), &query).await?;
        match self.output {
            Output::Json => print_json(&comparison)?,
            Output::Text => tell(&comparison),
        }
        Ok(Exit::Done)
    }
}

fn tell(comparison: &Comparison) {
    let Comparison { release, with, components, licenses, findings, not_compared } = comparison;
    match with {
        Some(with) => print(format_args!("{} compared with {}", named(release), named(with))),
        None => print(named(release)),
    }
    print(format_args!(
        "\ncomponents  {} added, {} removed, {} changed, {} same",
        thousands(components.added.total),
        thousands(components.removed.total),
        thousands(components.changed.total),
        thousands(components.same)
    ));
    list("+", &components.added, component);
    list("-", &components.removed, component);
    list("~", &components.changed, changed);
    print(format_args!(
        "\nlicenses    {} added, {} removed",
        thousands(licenses.added.total),
        thousands(licenses.removed.total)
    ));
    let license = |used: &crate::api::comparison::ComparedLicense| {
        format!("{} of {}", shown(&used.license), counted(used.component_count, "component"))
    };
    list("+", &licenses.added, license);
    list("-", &licenses.removed, license);
    print(format_args!(
        "\nfindings    {} added, {} fixed, {} same",
        how_many(&findings.added.counts),
        how_many(&findings.fixed.counts),
        how_many(&findings.same.counts)
    ));
    finding_list("+", &findings.added);
    finding_list("-", &findings.fixed);
    if !not_compared.is_empty() {
        print("");
    }
    for part in not_compared {
        print(format_args!("not compared: {}, because {}", part.what, shown(&part.because)));
    }
}

fn named(release: &ComparedRelease) -> String {
    shown(&format!("{}/{}@{}", release.application.name, release.service.name, release.version))
}

fn list<T>(mark: &str, list: &ComparedList<T>, line: impl Fn(&T) -> String) {
    for item in &list.items {
        print(format_args!("  {mark} {}", line(item)));
    }
    more(mark, list.total, list.items.len());
}

fn more(mark: &str, total: u64, told: usize) {
    let untold = total.saturating_sub(told as u64);
    if untold > 0 {
        print(format_args!("  {mark} and {} more", thousands(untold)));
    }
}

fn component(component: &ComparedComponent) -> String {
    let license = component.license.as_ref().map(|license| format!(" ({license})")).unwrap_or_default();
    shown(&format!("{} {}{license}", component.name, component.version.as_deref().unwrap_or_default()))
}

fn changed(changed: &ChangedComponent) -> String {
    let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "no version".to_owned());
    let direction = match changed.direction.as_str() {
        "down" => " (down)",
        "up" => "",
        _ => " (order unknown)",
    };
    let license = match (&changed.license_before, &changed.license) {
        (Some(before), now) => format!(", {before} → {}", now.as_deref().unwrap_or("no license")),
        (None, _) => String::new(),
    };
    shown(&format!("{} {} → {}{direction}{license}", changed.name, version(&changed.from), version(&changed.to)))
}

fn how_many(counts: &SeverityCounts) -> String {
    let SeverityCounts { critical, high, medium, low, info, unknown } = *counts;
    let counts = model::SeverityCounts { critical, high, medium, low, info, unknown };
    match counts.total() {
        0 => "0".to_owned(),
        total => format!("{} ({})", thousands(total), severities(&counts)),
    }
}

fn finding_list(mark: &str, list: &ComparedFindingList) {
    let SeverityCounts { critical, high, medium, low, info, unknown } = list.counts;
    for finding in &list.items {
        print(format_args!("  {mark} {}", finding_line(finding)));
    }
    more(mark, critical + high + medium + low + info + unknown, list.items.len());
}

fn finding_line(finding: &ComparedFinding) -> String {
    let ComparedFinding { rule, severity, component, version, path, known_exploited, .. } = finding;
    let version = version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let place = component.as_ref().map(|name| format!(" in {name}{version}"));
    let place = place.or_else(|| path.as_ref().map(|path| format!(" in {path}"))).unwrap_or_default();
    let exploited = if *known_exploited { ", known to be exploited" } else { "" };
    shown(&format!("{rule} {severity}{place}{exploited}"))
}
