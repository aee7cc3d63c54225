//! A PostgreSQL of our own for tests: a fresh data folder, a free port of the loopback interface, no durability.
//! It lives as long as the value does and ends with this process, however that ends.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::workplace::{Workplace, free_port, output_of, program_on_path};

/// The variable in which tests find the address.
pub(crate) const VARIABLE: &str = "SHIPWORTHY_TEST_POSTGRES";

/// Waiting on standard input ties the server to us: the pipe closes when this process ends, even by `kill -9`,
/// and then the shell stops the server and removes its folder. Collation and time zone are those of a usual
/// installation somewhere, so that a query which relies on the order of bytes or on UTC fails here, not at a user's.
const KEEPER: &str = r#"
    complain() { cat initdb.log server.log >&2; exit 1; }
    "$1/initdb" --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --locale=C \
        --locale-provider=icu --icu-locale=en-US --no-sync >initdb.log 2>&1 || complain
    "$1/pg_ctl" --pgdata=data --log=server.log --wait --silent --options="-h 127.0.0.1 -p $2 \
        -c unix_socket_directories= $4 \
        -c max_connections=300 -c timezone=Asia/Kolkata" start >&2 || complain
    echo ready
    cat >/dev/null
    "$1/pg_ctl" --pgdata=data --mode=immediate --wait --silent stop
    rm -rf "$3"
"#;

/// A running server.
pub(crate) struct Postgres {
    keeper: Child,
    /// Where tests connect to; they make databases of their own there.
    pub(crate) url: String,
}

impl Postgres {
    /// A server for tests, which lose nothing when the machine does.
    pub(crate) fn start() -> Result<Self> {
        Self::start_with("-c fsync=off -c synchronous_commit=off -c full_page_writes=off")
    }

    /// A server that keeps what it acknowledged, as in production: for measuring.
    pub(crate) fn start_durable() -> Result<Self> {
        Self::start_with("-c fsync=on -c synchronous_commit=on -c full_page_writes=on")
    }

    fn start_with(durability: &str) -> Result<Self> {
        let binaries = binaries().context("no PostgreSQL server found\nhint: install the package `postgresql`")?;
        let port = free_port()?;
        let person = person_to_become()?;
        // Another person must be able to walk to the folder, which root's own temporary folder may not allow.
        let place = if person.is_some() { PathBuf::from("/tmp") } else { std::env::temp_dir() };
        let folder = place.join(format!("shipworthy-postgres-{port}"));
        fs::create_dir(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;

        let mut command = Command::new("sh");
        command.arg("-c").arg(KEEPER).arg("postgres-keeper").arg(&binaries).arg(port.to_string()).arg(&folder);
        command.arg(durability);
        command.current_dir(&folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        // Its own process group keeps a Ctrl-C of the terminal away: the keeper must live on to clean up.
        command.process_group(0);
        if let Some(person) = person {
            chown(&folder, Some(person.user), Some(person.group))?;
            command.uid(person.user).gid(person.group);
        }

        let mut keeper = command.spawn().context("cannot start `sh`")?;
        let answers = keeper.stdout.take().expect("the standard output was asked for as a pipe");
        let mut answer = String::new();
        BufReader::new(answers).read_line(&mut answer)?;
        if answer.trim() != "ready" {
            bail!("PostgreSQL of {} did not start; its own words are above", binaries.display());
        }
        Ok(Self { keeper, url: format!("postgres://postgres@127.0.0.1:{port}/postgres") })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ended_by_now = self.keeper.wait();
    }
}

/// `cargo xtask postgres COMMAND…`
pub(crate) fn run(workplace: &Workplace, words: &[OsString]) -> Result<ExitCode> {
    let (program, arguments) = words.split_first().context("no command was given")?;
    let postgres = Postgres::start()?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&workplace.root).env(VARIABLE, &postgres.url);
    let status = command.status().with_context(|| format!("cannot start `{}`", program.to_string_lossy()))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The folder of the newest server: Debian keeps one per version beside the search path.
pub(crate) fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .max();
    let beside = || program_on_path(&["initdb"]).and_then(|file| file.parent().map(Path::to_owned));
    newest.map(|(_, folder)| folder).or_else(beside)
}

struct Person {
    user: u32,
    group: u32,
}

/// PostgreSQL refuses to run as root: root becomes `postgres`, or else `nobody`. Others stay who they are.
fn person_to_become() -> Result<Option<Person>> {
    if !is_root()? {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let found = ["postgres", "nobody"].iter().find_map(|name| person_named(name, &accounts));
    found.map(Some).context("PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`")
}

fn person_named(name: &str, accounts: &str) -> Option<Person> {
    let fields: Vec<&str> =
        accounts.lines().map(|line| line.split(':').collect()).find(|f: &Vec<&str>| f[0] == name)?;
    Some(Person { user: fields.get(2)?.parse().ok()?, group: fields.get(3)?.parse().ok()? })
}

pub(crate) fn is_root() -> Result<bool> {
    let answer = output_of(Command::new("id").arg("-u"))?;
    Ok(answer.stdout.trim_ascii() == b"0")
}
