//! `shipworthy audit verify`.

use super::{read_keys, read_notes};
use crate::audit_log::checkpoint::{keys_file, last_file};
use crate::audit_log::verify::{Findings, Given, check_database, check_export};
use crate::cli::config::SettingFlags;
use crate::cli::output::{Exit, Failure, print, print_json, say};
use crate::settings::Settings;
use crate::wording::shown;
use anyhow::Context as _;
use shipworthy_store::Db;
use shipworthy_store::documents::Documents;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Check every entry and everything that entries are bound to.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// An export to check instead of a database.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// An audit package to check instead of a database.
    #[arg(long, value_name = "FILE", conflicts_with = "export")]
    package: Option<PathBuf>,
    /// The keys of the server that made the package, as `/.well-known/shipworthy-keys` gives them.
    #[arg(long, value_name = "FILE", requires = "package")]
    server_keys: Option<PathBuf>,
    /// Checkpoints that were kept elsewhere: one as the server gives it, or the file of `audit witness`.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// The key of the log, `<name>+<id>+<key>`, or a file with keys [default: those beside the signing keys].
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t)]
    output: Layout,
    #[command(flatten)]
    settings: SettingFlags,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Layout {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

impl Verify {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Self { export, package, server_keys, checkpoint, key, output, settings } = self;
        if let Some(package) = package {
            return super::package::check(&package, server_keys.as_deref());
        }
        let keys = read_keys(&key)?;
        let mut notes = Vec::new();
        for path in &checkpoint {
            notes.extend(named_notes(path).map_err(Failure::Usage)?);
        }
        let given = Given { keys, notes };
        let findings = match export {
            Some(path) => of_export(&path, &given)?,
            None => of_database(settings, given)?,
        };
        match output {
            Layout::Text => print_text(&findings),
            Layout::Json => print_json(&findings)?,
        }
        Ok(if findings.is_whole { Exit::Done } else { Exit::Denied })
    }
}

fn named_notes(path: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let lines = read_notes(path)?;
    let name = |index: usize| match lines.len() {
        1 => format!("the checkpoint `{}`", path.display()),
        _ => format!("checkpoint {} of `{}`", index + 1, path.display()),
    };
    Ok(lines.iter().enumerate().map(|(index, line)| (name(index), line.checkpoint.clone())).collect())
}

fn of_export(path: &Path, given: &Given) -> Result<Findings, Failure> {
    let file = std::fs::File::open(path).with_context(|| format!("the export `{}` cannot be read", path.display()));
    let mut export = BufReader::with_capacity(1 << 20, file.map_err(Failure::Usage)?);
    check_export(&mut export, given).map_err(|error| Failure::Undecided(error.into()))
}

fn of_database(flags: SettingFlags, mut given: Given) -> Result<Findings, Failure> {
    let settings = Settings::from_given(&flags.gather().map_err(Failure::Usage)?).map_err(Failure::Usage)?;
    if let Some(path) = settings.database_url.strip_prefix("sqlite:")
        && !Path::new(path.trim_start_matches("//")).exists()
    {
        return Err(Failure::usage(format!(
            "there is no database `{path}`\nhint: --data or --database-url says where"
        )));
    }
    let beside = keys_file(&settings.signing_keys);
    if given.keys.is_empty() && beside.exists() {
        given.keys = read_keys(&[beside.display().to_string()])?;
    }
    if let Ok(note) = std::fs::read_to_string(last_file(&settings.signing_keys)) {
        given.notes.push(("the checkpoint beside the signing keys".to_owned(), note));
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let undecided = |error: shipworthy_store::StoreError| Failure::Undecided(error.into());
        let db = Db::connect(&settings.database_url).await.map_err(undecided)?;
        let documents = Documents::open(&settings.documents).map_err(undecided)?;
        check_database(&db, &documents, &given).await.map_err(undecided)
    })
}

fn print_text(findings: &Findings) {
    let Findings { is_whole, entries, root, first_bad, checked, not_checked, faults } = findings;
    for fault in faults {
        print(format_args!("{:16}  {}", fault.kind, shown(&fault.detail)));
    }
    let log = format!("{entries} entries, root {root}");
    let beside = format!(
        "{} checkpoints ({} signatures), {} objects, {} documents, {} facts",
        checked.checkpoints, checked.signatures, checked.objects, checked.documents, checked.facts
    );
    match (is_whole, first_bad) {
        (true, _) => print(format_args!("the audit log is whole: {log}\nlooked at {beside}")),
        (false, Some(first)) => print(format_args!(
            "the audit log is NOT whole: {} wrong, the first entry that is wrong is {first}; {log}\nlooked at {beside}",
            faults.len()
        )),
        (false, None) => print(format_args!(
            "the entries are whole, and {} of what they tell of is NOT as it was; {log}\nlooked at {beside}",
            faults.len()
        )),
    }
    for what in not_checked {
        say(format_args!("not looked at: {what}"));
    }
}
