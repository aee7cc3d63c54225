//! The configuration of the server: one TOML file, `SHIPWORTHY_*` variables and flags, in that order of strength, and
//! for every value where it came from.

mod advisories;

pub use advisories::AdvisorySettings;
pub(crate) use advisories::fetched;

use crate::signing::Passphrase;
use anyhow::{Context as _, bail};
use shipworthy_advisories::due::Table;
use shipworthy_advisories::risk::Weights;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One setting as it can be given.
#[derive(Debug)]
pub struct Definition {
    /// Its name: the key in the file; the flag with `-` for `_`; the variable in capitals after `SHIPWORTHY_`.
    pub name: &'static str,
    /// Its value when nobody gives one, for people; several depend on the data folder.
    pub default: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What of its value must not be shown.
    pub secrecy: Secrecy,
}

/// What of a value must not be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// Nothing.
    Open,
    /// The password in an address.
    Password,
    /// All of it.
    Whole,
}

/// Every setting of `shipworthy serve`.
pub static DEFINITIONS: &[Definition] = &[
    define("data", "shipworthy-data", "Folder for the database, the documents and the signing keys."),
    define("listen", "127.0.0.1:8480", "Address and port to serve on."),
    define(
        "public_url",
        "http://<listen>",
        "Address under which people reach the server; with https cookies are secure.",
    ),
    Definition {
        secrecy: Secrecy::Password,
        ..define(
            "database_url",
            "sqlite:<data>/shipworthy.db",
            "`sqlite:<file>` or `postgres://user:password@host/database`.",
        )
    },
    define(
        "documents",
        "file://<data>/documents",
        "`file:///folder` or `s3://bucket/prefix` (with the usual AWS_* variables).",
    ),
    define("signing_keys", "<data>/signing-keys", "Folder with the keys that sign; they are made when missing."),
    Definition {
        secrecy: Secrecy::Whole,
        ..define(
            "signing_passphrase",
            "",
            "Passphrase under which private keys are encrypted; without one they are plain files of mode 0600.",
        )
    },
    define("signing_passphrase_file", "", "File with that passphrase in its first line."),
    define("log_format", "text", "`text` or `json`."),
    define("log_filter", "info", "What is logged, such as `info` or `shipworthy=debug,warn`."),
    define("largest_document_bytes", "67108864", "Largest document as received, in bytes."),
    define("largest_decoded_bytes", "536870912", "Largest document after decompression, in bytes."),
    define(
        "due_dates",
        "severity-days",
        "Until when vulnerabilities are to be mended: `severity-days`, `fedramp`, `pci-dss`, `bod-26-04`, or a JSON file.",
    ),
    define("risk_weights", "default", "Weights of the risk formula: `default`, or a JSON file."),
    define("session_hours", "12", "Hours until a browser session ends."),
    define(
        "advisories_sync_hours",
        "0",
        "Hours between two fetches of vulnerability data; 0 means that the server fetches when somebody asks it to.",
    ),
    define(
        "advisories_sources",
        "osv, epss, known-exploited",
        "What is fetched: `osv`, `epss`, `known-exploited` and `nvd`, or nothing.",
    ),
    address(
        "advisories_osv_url",
        "https://osv-vulnerabilities.storage.googleapis.com",
        "Address above `<ecosystem>/all.zip`, `<ecosystem>/modified_id.csv` and `<ecosystem>/<id>.json`.",
    ),
    define("advisories_osv_ecosystems", advisories::OSV_ECOSYSTEMS, "The ecosystems of OSV that are fetched."),
    address(
        "advisories_epss_url",
        "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
        "Address of the daily table of EPSS.",
    ),
    address(
        "advisories_known_exploited_url",
        "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
        "Address of CISA's catalogue of known exploited vulnerabilities.",
    ),
    address(
        "advisories_nvd_url",
        "https://services.nvd.nist.gov/rest/json/cves/2.0",
        "Address of the CVE API 2.0 of NVD.",
    ),
    Definition {
        secrecy: Secrecy::Whole,
        ..define("advisories_nvd_key", "", "Key for NVD, with which it answers more often; it works without.")
    },
];

const fn define(name: &'static str, default: &'static str, about: &'static str) -> Definition {
    Definition { name, default, about, secrecy: Secrecy::Open }
}

/// An address, which may hold a password.
const fn address(name: &'static str, default: &'static str, about: &'static str) -> Definition {
    Definition { name, default, about, secrecy: Secrecy::Password }
}

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder for what the server makes.
    pub data: PathBuf,
    /// Address and port.
    pub listen: String,
    /// Address for people.
    pub public_url: String,
    /// Address of the database.
    pub database_url: String,
    /// Address of the document store.
    pub documents: String,
    /// Folder of the signing keys.
    pub signing_keys: PathBuf,
    /// What private keys are encrypted under.
    pub signing_passphrase: Option<Passphrase>,
    /// How logs are written.
    pub log_format: LogFormat,
    /// What is logged.
    pub log_filter: String,
    /// Largest document as received.
    pub largest_document_bytes: u64,
    /// Largest document after decompression.
    pub largest_decoded_bytes: u64,
    /// Until when vulnerabilities are to be mended.
    pub due_dates: Table,
    /// Weights of the risk formula.
    pub risk_weights: Weights,
    /// Hours until a browser session ends.
    pub session_hours: i64,
    /// Where vulnerability data is fetched from.
    pub advisories: AdvisorySettings,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// As written.
    pub value: String,
    /// `default`, `file <path>`, `variable <NAME>` or `flag --<name>`.
    pub origin: String,
}

/// Everything that was given, by name.
pub type AllGiven = BTreeMap<&'static str, Given>;

/// Puts together what file, variables and flags give, the stronger over the weaker.
///
/// # Errors
/// When the file cannot be read or names a setting that does not exist.
pub fn gather(
    file: Option<&Path>,
    variable: impl Fn(&str) -> Option<String>,
    flags: &BTreeMap<String, String>,
) -> anyhow::Result<AllGiven> {
    let in_file = file.map(read_file).transpose()?.unwrap_or_default();
    let mut all = AllGiven::new();
    for definition in DEFINITIONS {
        let name = definition.name;
        let variable_name = format!("SHIPWORTHY_{}", name.to_uppercase());
        let given = if let Some(value) = flags.get(name) {
            Given { value: value.clone(), origin: format!("flag --{}", name.replace('_', "-")) }
        } else if let Some(value) = variable(&variable_name) {
            Given { value, origin: format!("variable {variable_name}") }
        } else if let (Some(value), Some(path)) = (in_file.get(name), file) {
            Given { value: value.clone(), origin: format!("file {}", path.display()) }
        } else {
            Given { value: default_of(definition, &all), origin: "default".to_owned() }
        };
        all.insert(name, given);
    }
    Ok(all)
}

fn read_file(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the configuration file `{}` cannot be read", path.display()))?;
    let table: toml::Table =
        toml::from_str(&text).with_context(|| format!("the configuration file `{}` is not TOML", path.display()))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        if !DEFINITIONS.iter().any(|definition| definition.name == key) {
            let known = DEFINITIONS.iter().map(|d| d.name).collect::<Vec<_>>().join(", ");
            bail!(
                "the configuration file `{}` sets `{key}`, which does not exist: expected one of {known}",
                path.display()
            );
        }
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(int) => int.to_string(),
            other => bail!("`{key}` in `{}` is a {}: expected text or a number", path.display(), other.type_str()),
        };
        values.insert(key, value);
    }
    Ok(values)
}

/// The default of a setting, with the parts that depend on stronger settings filled in.
fn default_of(definition: &Definition, before: &AllGiven) -> String {
    let value = |name: &str| before.get(name).map_or("", |given| given.value.as_str());
    let data =
        std::path::absolute(value("data")).map_or_else(|_| value("data").to_owned(), |p| p.display().to_string());
    definition.default.replace("<data>", &data).replace("<listen>", value("listen"))
}

impl Settings {
    /// Understands what was given.
    ///
    /// # Errors
    /// A sentence that names the setting, where it came from and what was expected.
    pub fn from_given(all: &AllGiven) -> anyhow::Result<Self> {
        let text = |name: &'static str| all.get(name).map(|given| given.value.clone()).unwrap_or_default();
        let wrong = |name: &'static str, expected: &str| {
            let origin = all.get(name).map_or("default", |given| given.origin.as_str());
            anyhow::anyhow!("`{name}` is `{}` ({origin}): expected {expected}", text(name))
        };
        let number = |name: &'static str| {
            text(name).parse::<u64>().ok().filter(|n| *n > 0).ok_or_else(|| wrong(name, "a number above 0"))
        };
        let log_format = match text("log_format").as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => return Err(wrong("log_format", "`text` or `json`")),
        };
        let public_url = text("public_url").trim_end_matches('/').to_owned();
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            return Err(wrong("public_url", "an address that begins with `https://` or `http://`"));
        }
        Ok(Self {
            data: PathBuf::from(text("data")),
            listen: text("listen"),
            public_url,
            database_url: text("database_url"),
            documents: text("documents"),
            signing_keys: PathBuf::from(text("signing_keys")),
            signing_passphrase: passphrase(text("signing_passphrase"), &text("signing_passphrase_file"))?,
            log_format,
            log_filter: text("log_filter"),
            largest_document_bytes: number("largest_document_bytes")?,
            largest_decoded_bytes: number("largest_decoded_bytes")?,
            due_dates: due_dates(&text("due_dates")).map_err(|why| wrong("due_dates", &why))?,
            risk_weights: risk_weights(&text("risk_weights")).map_err(|why| wrong("risk_weights", &why))?,
            session_hours: i64::try_from(number("session_hours")?)
                .map_err(|_| wrong("session_hours", "fewer hours"))?,
            advisories: AdvisorySettings::understand(text, wrong)?,
        })
    }
}

fn passphrase(given: String, file: &str) -> anyhow::Result<Option<Passphrase>> {
    match (given.is_empty(), file.is_empty()) {
        (true, true) => Ok(None),
        (false, true) => Ok(Some(Passphrase::new(given))),
        (true, false) => Passphrase::from_file(Path::new(file)).map(Some),
        (false, false) => {
            bail!("both `signing_passphrase` and `signing_passphrase_file` are given: expected one of them")
        }
    }
}

fn due_dates(given: &str) -> Result<Table, String> {
    if !has_extension(given) {
        return Table::named(given);
    }
    let document = std::fs::read_to_string(given).map_err(|error| format!("a file that can be read: {error}"))?;
    Table::read(&document).map_err(|error| format!("a table of due dates: {error}"))
}

fn risk_weights(given: &str) -> Result<Weights, String> {
    if given == "default" {
        return Ok(Weights::default());
    }
    let document = std::fs::read_to_string(given).map_err(|error| format!("`default` or a file: {error}"))?;
    let weights: Weights =
        serde_json::from_str(&document).map_err(|error| format!("weights of the risk formula: {error}"))?;
    weights.check()?;
    Ok(weights)
}

/// Names of tables have none, files do.
fn has_extension(given: &str) -> bool {
    Path::new(given).extension().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(file: &str, variables: &[(&str, &str)], flags: &[(&str, &str)]) -> anyhow::Result<AllGiven> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("shipworthy.toml");
        std::fs::write(&path, file)?;
        let variables: BTreeMap<_, _> = variables.iter().copied().collect();
        let flags = flags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        gather(Some(&path), |name| variables.get(name).map(|v| (*v).to_owned()), &flags)
    }

    #[test]
    fn a_flag_is_stronger_than_a_variable_and_a_variable_than_the_file() {
        let file = "listen = \"a:1\"\nlog_filter = \"file\"\nlog_format = \"json\"\n";
        let variables = [("SHIPWORTHY_LISTEN", "b:2"), ("SHIPWORTHY_LOG_FILTER", "variable")];
        let all = given(file, &variables, &[("listen", "c:3")]).expect("it reads");
        let of = |name| (all[name].value.as_str(), all[name].origin.split(' ').next().expect("a word"));
        assert_eq!(of("listen"), ("c:3", "flag"));
        assert_eq!(of("log_filter"), ("variable", "variable"));
        assert_eq!(of("log_format"), ("json", "file"));
        assert_eq!(of("session_hours"), ("12", "default"));
        assert_eq!(of("public_url"), ("http://c:3", "default"));
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_name_and_origin() {
        let error = given("lisen = \"x\"", &[], &[]).expect_err("no such setting").to_string();
        assert!(error.contains("sets `lisen`, which does not exist"), "{error}");
        let all = given("", &[("SHIPWORTHY_SESSION_HOURS", "0")], &[]).expect("it reads");
        let error = Settings::from_given(&all).expect_err("0 hours").to_string();
        assert_eq!(error, "`session_hours` is `0` (variable SHIPWORTHY_SESSION_HOURS): expected a number above 0");
    }
}
