//! `shipworthy where`: which running deployments and releases have a vulnerability, a package, a licence or a file.

use crate::api::whereabouts::{WhereComponent, WhereRelease, WhereRunning, Whereabouts};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table, say};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::wording::{counted, shown};

/// Say where a vulnerability, a package, a licence or a file is, running deployments first.
#[derive(Debug, clap::Args)]
pub(crate) struct Where {
    /// A package URL, any id of a vulnerability, or a component's name.
    #[arg(value_name = "PURL|CVE|NAME", required_unless_present_any = ["license", "hash"])]
    what: Option<String>,
    /// Which versions of the package, such as `<2.17.1` or `>=2.0|<3`.
    #[arg(long, value_name = "VERSIONS", requires = "what")]
    versions: Option<String>,
    /// Part of a licence expression.
    #[arg(long, value_name = "LICENSE", conflicts_with_all = ["what", "hash"])]
    license: Option<String>,
    /// A digest of the thing itself, such as `sha256:…`.
    #[arg(long, value_name = "DIGEST", conflicts_with = "what")]
    hash: Option<String>,
    /// Only what runs.
    #[arg(long)]
    running: bool,
    /// How many releases at most.
    #[arg(long, value_name = "COUNT", default_value = "50")]
    limit: u16,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Where {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            let limit = self.limit.to_string();
            let mut query: Vec<(&str, &str)> = vec![("limit", &limit)];
            if let Some(what) = &self.what {
                query.push((kind_of(what), what));
            }
            let given = [("versions", &self.versions), ("license", &self.license), ("hash", &self.hash)];
            query.extend(given.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))));
            if self.running {
                query.push(("running", "true"));
            }
            let found: Whereabouts = self.connection.client()?.get("/where", &query).await?;
            match self.output {
                Output::Json => print_json(&found)?,
                Output::Text => print_found(&found),
            }
            Ok(Exit::Done)
        })
    }
}

/// What somebody means by a word: `CVE-2021-44228` is a vulnerability, `pkg:npm/left-pad` a package, all else a name.
fn kind_of(what: &str) -> &'static str {
    let prefix = what.split('-').next().unwrap_or_default();
    // Databases of vulnerabilities begin their ids with their name in capitals: CVE-…, GHSA-…, RUSTSEC-…, DSA-….
    let is_id = what.contains('-') && what.contains(|letter: char| letter.is_ascii_digit()) && !prefix.is_empty();
    if what.starts_with("pkg:") {
        "purl"
    } else if is_id && prefix.bytes().all(|letter| letter.is_ascii_uppercase()) {
        "vulnerability"
    } else {
        "name"
    }
}

fn print_found(found: &Whereabouts) {
    let Whereabouts { asked, components, component_count, undecided_count, items, .. } = found;
    let running = counted(found.running_count, "running deployment");
    let releases = counted(found.release_count, "release");
    print(format_args!("{}: {running}, {releases}", shown(asked)));
    if found.is_known == Some(false) {
        say("nothing is known of this vulnerability: no advisory about it was loaded, so nothing could be found");
    }
    for component in components.iter().take(20) {
        print(format_args!("  {}", in_words(component)));
    }
    let more = (component_count + undecided_count).saturating_sub(20);
    if more > 0 {
        print(format_args!("  and {} more", counted(more, "component")));
    }
    if items.is_empty() {
        return;
    }
    let rows: Vec<Vec<String>> = items.iter().flat_map(rows).collect();
    print("");
    print_table(&["environment", "exposure", "application", "service", "version", "owner"], &rows);
    let shown = items.len() as u64;
    if found.release_count > shown {
        say(format_args!("and {} more: see `--limit`", counted(found.release_count - shown, "release")));
    }
}

fn in_words(component: &WhereComponent) -> String {
    let WhereComponent { name, version, purl, is_certain, fixed_version, known_since, .. } = component;
    let versioned = || version.as_ref().map_or(name.clone(), |version| format!("{name} {version}"));
    let mut words = purl.clone().unwrap_or_else(versioned);
    if !is_certain {
        words.push_str(" (it cannot be decided)");
    }
    if let Some(fixed) = fixed_version {
        words.push_str(&format!(", mended in {fixed}"));
    }
    if let Some(since) = known_since {
        words.push_str(&format!(", known since {}", crate::cli::output::to_the_second(since)));
    }
    shown(&words)
}

/// One row for each place where a release runs, or one without a place.
fn rows(release: &WhereRelease) -> Vec<Vec<String>> {
    let WhereRelease { version, service, application, team, running, .. } = release;
    let row = |environment: &str, exposure: &str| {
        [environment, exposure, application, service, version, team].iter().map(|text| shown(text)).collect()
    };
    if running.is_empty() {
        return vec![row("-", "-")];
    }
    running.iter().map(|WhereRunning { environment, exposure, .. }| row(environment, exposure)).collect()
}
