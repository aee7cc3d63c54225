//! `shipworthy policy`: policies on the server, and in a folder without one.

use crate::api::policies::{Policy as View, PolicyDetail, PushPolicy};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;
use crate::wording::{counted, shown};
use anyhow::Context as _;
use serde_json::{Value, json};
use shipworthy_policy as rego;
use std::path::{Path, PathBuf};

/// Look at policies, keep new ones, and try them without a server.
#[derive(Debug, clap::Args)]
pub(crate) struct Policy {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List policies.
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Show a policy with its source.
    Show {
        /// The policy's name.
        #[arg(value_name = "POLICY", value_parser = name)]
        name: String,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Keep policies as the next versions of their names. Assign them to put them into force.
    Push {
        /// Files in Rego with `# METADATA`.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        connection: Connection,
    },
    /// Run the cases of policies, without a server: each folder holds `policy.rego` and `cases.yaml`.
    Test {
        /// A policy's folder, or a folder of such folders.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Evaluate policies over facts, without a server, and print the results as JSON.
    Eval {
        /// A policy's folder, or a folder of such folders.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The facts, in JSON as `input.schema.json` describes them.
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
    },
}

/// A name that is safe in an address.
fn name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.chars().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err("expected words with `-` between them".to_owned())
    }
}

impl Policy {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self.command {
            Command::List { output, connection } => run_async(list(output, connection)),
            Command::Show { name, output, connection } => run_async(show(name, output, connection)),
            Command::Push { files, connection } => run_async(push(files, connection)),
            Command::Test { folder } => test(&folder),
            Command::Eval { folder, input } => eval(&folder, &input),
        }
    }
}

async fn list(output: Output, connection: Connection) -> Result<Exit, Failure> {
    let page: Page<View> = connection.client()?.get("/policies", &[]).await?;
    if output == Output::Json {
        print_json(&page)?;
        return Ok(Exit::Done);
    }
    let row = |policy: &View| {
        vec![
            policy.name.clone(),
            policy.version.to_string(),
            policy.phase.clone(),
            policy.severity.clone(),
            policy.assignments.to_string(),
            policy.failing.to_string(),
            shown(&policy.title),
        ]
    };
    let heading = ["policy", "version", "phase", "severity", "assigned", "failing", "title"];
    print_table(&heading, &page.items.iter().map(row).collect::<Vec<_>>());
    Ok(Exit::Done)
}

async fn show(name: String, output: Output, connection: Connection) -> Result<Exit, Failure> {
    let policy: PolicyDetail = connection.client()?.get(&format!("/policies/{name}"), &[]).await?;
    match output {
        Output::Json => print_json(&policy)?,
        Output::Text => print(policy.source.lines().map(shown).collect::<Vec<_>>().join("\n")),
    }
    Ok(Exit::Done)
}

async fn push(files: Vec<PathBuf>, connection: Connection) -> Result<Exit, Failure> {
    let client = connection.client()?;
    for file in files {
        let source = read(&file)?;
        let kept: PolicyDetail = client.post("/policies", &PushPolicy { source }).await?;
        print(format_args!("{} version {}", kept.name, kept.version));
    }
    Ok(Exit::Done)
}

fn test(folder: &Path) -> Result<Exit, Failure> {
    let mut has_failed = false;
    for folder in policy_folders(folder)? {
        let results = rego::Policy::parse(&read(&folder.join("policy.rego"))?).map_err(|error| error.to_string());
        let results = results.and_then(|policy| {
            let cases = std::fs::read_to_string(folder.join("cases.yaml"))
                .map_err(|error| format!("`cases.yaml` cannot be read: {error}"))?;
            rego::run_cases(&policy, &cases)
        });
        has_failed |= print_results(&folder, results);
    }
    Ok(if has_failed { Exit::Denied } else { Exit::Done })
}

/// Prints what became of one folder; says whether anything is wrong.
fn print_results(folder: &Path, results: Result<Vec<rego::CaseResult>, String>) -> bool {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match results {
        Err(why) => {
            print(format_args!("FAIL  {}: {}", shown(&name), shown(&why)));
            true
        }
        Ok(results) => {
            let failed: Vec<_> = results.iter().filter_map(|case| Some((case, case.failure.as_ref()?))).collect();
            let word = if failed.is_empty() { "ok  " } else { "FAIL" };
            print(format_args!("{word}  {}: {}", shown(&name), counted(results.len() as u64, "case")));
            for (case, why) in &failed {
                print(format_args!("      line {}, {}: {}", case.line, shown(&case.name), shown(why)));
            }
            !failed.is_empty()
        }
    }
}

fn eval(folder: &Path, input: &Path) -> Result<Exit, Failure> {
    let facts: Value = serde_json::from_str(&read(input)?)
        .with_context(|| format!("`{}` is not JSON", input.display()))
        .map_err(Failure::Usage)?;
    let facts: rego::Input = serde_json::from_value(facts)
        .with_context(|| format!("`{}` is not as `input.schema.json` says", input.display()))
        .map_err(Failure::Usage)?;
    let facts = serde_json::to_value(facts).context("the facts cannot be written as JSON")?;
    let mut all = Vec::new();
    for folder in policy_folders(folder)? {
        let shown_path = folder.display();
        let policy = rego::Policy::parse(&read(&folder.join("policy.rego"))?)
            .with_context(|| format!("`{shown_path}` holds no policy"))
            .map_err(Failure::Usage)?;
        let parameters = policy.parameters.fill(&Value::Null).map_err(Failure::usage)?;
        let result = rego::evaluate(&policy, &parameters, &facts);
        all.push(json!({ "policy": policy.name, "outcome": result.outcome, "reasons": result.reasons,
            "violations": result.violations }));
    }
    print_json(&all)?;
    Ok(Exit::Done)
}

/// The folders with a `policy.rego`: the given one, or those in it.
fn policy_folders(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let has_policy = |folder: &Path| folder.join("policy.rego").is_file();
    if has_policy(folder) {
        return Ok(vec![folder.to_owned()]);
    }
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("the folder `{}` cannot be read", folder.display()))
        .map_err(Failure::Usage)?;
    let mut folders: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| has_policy(path)).collect();
    folders.sort();
    if folders.is_empty() {
        let shown_path = folder.display();
        return Err(Failure::usage(format!("neither `{shown_path}` nor a folder in it holds a `policy.rego`")));
    }
    Ok(folders)
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .with_context(|| format!("`{}` cannot be read", file.display()))
        .map_err(Failure::Usage)
}
