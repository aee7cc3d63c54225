//! `shipworthy config`: the settings in force and where each came from.

use crate::cli::output::{Exit, Failure, print};
use crate::settings::{self, AllGiven, DEFINITIONS, Secrecy};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The settings as flags, for `serve` and `config`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct SettingFlags {
    /// Configuration file in TOML [default: shipworthy.toml when there is one].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for the database, the documents and the signing keys.
    #[arg(long, value_name = "FOLDER")]
    data: Option<String>,
    /// Address and port to serve on.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Address under which people reach the server.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// `sqlite:<file>` or `postgres://…`.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// `file:///folder` or `s3://bucket/prefix`.
    #[arg(long, value_name = "URL")]
    documents: Option<String>,
    /// Folder with the keys that sign; they are made when missing.
    #[arg(long, value_name = "FOLDER")]
    signing_keys: Option<String>,
    /// Passphrase under which private keys are encrypted; better given as the variable or in a file.
    #[arg(long, value_name = "PASSPHRASE")]
    signing_passphrase: Option<String>,
    /// File with that passphrase in its first line.
    #[arg(long, value_name = "FILE")]
    signing_passphrase_file: Option<String>,
    /// `text` or `json`.
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// What is logged, such as `info` or `shipworthy=debug,warn`.
    #[arg(long, value_name = "FILTER")]
    log_filter: Option<String>,
    /// Largest document as received, in bytes.
    #[arg(long, value_name = "BYTES")]
    largest_document_bytes: Option<String>,
    /// Largest document after decompression, in bytes.
    #[arg(long, value_name = "BYTES")]
    largest_decoded_bytes: Option<String>,
    /// Until when vulnerabilities are to be mended: a table's name, or a JSON file.
    #[arg(long, value_name = "TABLE")]
    due_dates: Option<String>,
    /// Weights of the risk formula: `default`, or a JSON file.
    #[arg(long, value_name = "FILE")]
    risk_weights: Option<String>,
    /// Hours until a browser session ends.
    #[arg(long, value_name = "HOURS")]
    session_hours: Option<String>,
    /// Hours between two fetches of vulnerability data; 0 means when somebody asks.
    #[arg(long, value_name = "HOURS")]
    advisories_sync_hours: Option<String>,
    /// What is fetched: `osv`, `epss`, `known-exploited`, `nvd`, separated by commas.
    #[arg(long, value_name = "SOURCES")]
    advisories_sources: Option<String>,
    /// Address of the exports of OSV.
    #[arg(long, value_name = "URL")]
    advisories_osv_url: Option<String>,
    /// The ecosystems of OSV that are fetched, separated by commas.
    #[arg(long, value_name = "NAMES")]
    advisories_osv_ecosystems: Option<String>,
    /// Address of the daily table of EPSS.
    #[arg(long, value_name = "URL")]
    advisories_epss_url: Option<String>,
    /// Address of CISA's catalogue of known exploited vulnerabilities.
    #[arg(long, value_name = "URL")]
    advisories_known_exploited_url: Option<String>,
    /// Address of the CVE API 2.0 of NVD.
    #[arg(long, value_name = "URL")]
    advisories_nvd_url: Option<String>,
    /// Key for NVD; better given as the variable or in the file.
    #[arg(long, value_name = "KEY")]
    advisories_nvd_key: Option<String>,
}

/// The file that is read when none is named.
const DEFAULT_FILE: &str = "shipworthy.toml";

impl SettingFlags {
    /// Everything that flags, variables and file give.
    ///
    /// # Errors
    /// When the file cannot be read or names a setting that does not exist.
    pub(crate) fn gather(self) -> anyhow::Result<AllGiven> {
        let Self {
            config,
            data,
            listen,
            public_url,
            database_url,
            documents,
            signing_keys,
            signing_passphrase,
            signing_passphrase_file,
            log_format,
            log_filter,
            largest_document_bytes,
            largest_decoded_bytes,
            due_dates,
            risk_weights,
            session_hours,
            advisories_sync_hours,
            advisories_sources,
            advisories_osv_url,
            advisories_osv_ecosystems,
            advisories_epss_url,
            advisories_known_exploited_url,
            advisories_nvd_url,
            advisories_nvd_key,
        } = self;
        let flags: BTreeMap<String, String> = [
            ("data", data),
            ("listen", listen),
            ("public_url", public_url),
            ("database_url", database_url),
            ("documents", documents),
            ("signing_keys", signing_keys),
            ("signing_passphrase", signing_passphrase),
            ("signing_passphrase_file", signing_passphrase_file),
            ("log_format", log_format),
            ("log_filter", log_filter),
            ("largest_document_bytes", largest_document_bytes),
            ("largest_decoded_bytes", largest_decoded_bytes),
            ("due_dates", due_dates),
            ("risk_weights", risk_weights),
            ("session_hours", session_hours),
            ("advisories_sync_hours", advisories_sync_hours),
            ("advisories_sources", advisories_sources),
            ("advisories_osv_url", advisories_osv_url),
            ("advisories_osv_ecosystems", advisories_osv_ecosystems),
            ("advisories_epss_url", advisories_epss_url),
            ("advisories_known_exploited_url", advisories_known_exploited_url),
            ("advisories_nvd_url", advisories_nvd_url),
            ("advisories_nvd_key", advisories_nvd_key),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
        let default_file = PathBuf::from(DEFAULT_FILE);
        let file = config.or_else(|| default_file.exists().then_some(default_file));
        settings::gather(file.as_deref(), |name| std::env::var(name).ok(), &flags)
    }
}

/// Print the settings in force and where each came from.
#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    #[command(flatten)]
    settings: SettingFlags,
}

impl Config {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let all = self.settings.gather().map_err(Failure::Usage)?;
        crate::settings::Settings::from_given(&all).map_err(Failure::Usage)?;
        for definition in DEFINITIONS {
            let given = &all[definition.name];
            let shown = match definition.secrecy {
                Secrecy::Open => given.value.clone(),
                Secrecy::Password => without_password(&given.value),
                Secrecy::Whole => "***".repeat(usize::from(!given.value.is_empty())),
            };
            print(format_args!("{} = {shown:?}  # {}", definition.name, given.origin));
        }
        Ok(Exit::Done)
    }
}

/// Takes the password out of an address.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((user, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    let name = user.split_once(':').map_or(user, |(name, _)| name);
    format!("{scheme}://{name}:***@{host}")
}
