//! The server under measurement: started on a fresh folder and database, set up, and looked at through the kernel.

use super::client::{Answer, Connection};
use super::measure::Row;
use super::sample;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server. It ends with the value.
pub(crate) struct Server {
    child: Child,
    folder: PathBuf,
    address: String,
    token: String,
    connection: Connection,
    database: Option<String>,
    question: Vec<u8>,
    pub(crate) ready_after: Duration,
}

/// The release that gates are asked about ships this artifact.
const RELEASE_ARTIFACT: usize = 9_999_999;

/// The release with many findings ships this one.
const LARGE_ARTIFACT: usize = 9_999_998;

impl Server {
    /// Starts the binary on SQLite, or on the PostgreSQL server at `database`, and makes an administrator.
    pub(crate) fn start(binary: &Path, database: Option<&str>) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("shipworthy-bench-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let began = Instant::now();
        let mut command = Command::new(binary);
        command.args(["serve", "--listen", "127.0.0.1:0", "--log-filter", "error", "--data"]).arg(&folder);
        if let Some(url) = database {
            command.args(["--database-url", url]);
        }
        let mut child = command.stderr(Stdio::piped()).spawn().context("the server does not start")?;
        let mut talk = BufReader::new(child.stderr.take().context("standard error is piped")?);
        let address = rest_of_line(&mut talk, "http://")?;
        let link = rest_of_line(&mut talk, "/setup#")?;
        let mut connection = Connection::open(&address)?;
        while connection.send("GET", "/health/ready", &[], b"")?.status != 200 {
            ensure!(began.elapsed() < Duration::from_secs(30), "the server is not ready after 30 s");
        }
        let ready_after = began.elapsed();
        // What it says later must not fill the pipe.
        std::thread::spawn(move || talk.lines().for_each(drop));
        let token = set_up(&mut connection, &link)?;
        let database = database.map(str::to_owned);
        Ok(Self { child, folder, address, token, connection, database, question: Vec::new(), ready_after })
    }

    /// Another connection to the same server.
    pub(crate) fn connect(&self) -> Result<Connection> {
        Connection::open(&self.address)
    }

    /// Posts one document about an artifact.
    pub(crate) fn push(&mut self, document: &str, artifact: &str) -> Result<Answer> {
        let (kind, body) = multipart(document, artifact);
        let headers = [("authorization", self.token.as_str()), ("content-type", kind)];
        self.connection.send("POST", "/api/v1/evidence", &headers, &body)
    }

    /// The same on another connection.
    pub(crate) fn push_on(&self, connection: &mut Connection, document: &str, artifact: &str) -> Result<Answer> {
        let (kind, body) = multipart(document, artifact);
        let headers = [("authorization", self.token.as_str()), ("content-type", kind)];
        connection.send("POST", "/api/v1/evidence", &headers, &body)
    }

    /// Posts bytes.
    pub(crate) fn post_bytes(&mut self, path: &str, body: &[u8]) -> Result<Answer> {
        let headers = [("authorization", self.token.as_str()), ("content-type", "application/octet-stream")];
        self.connection.send("POST", path, &headers, body)
    }

    /// Asks for something on another connection.
    pub(crate) fn get_on(&self, connection: &mut Connection, path: &str) -> Result<Answer> {
        connection.send("GET", path, &[("authorization", self.token.as_str())], b"")
    }

    /// Posts JSON.
    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Result<Answer> {
        let headers = [("authorization", self.token.as_str()), ("content-type", "application/json")];
        self.connection.send("POST", path, &headers, body.to_string().as_bytes())
    }

    /// Makes the release and environment that gates are asked about, with so many findings.
    pub(crate) fn make_release(&mut self, findings: usize) -> Result<()> {
        let digest = sample::digest(RELEASE_ARTIFACT);
        let release =
            json!({ "application": "bench", "service": "bench", "version": "1", "artifacts": [{ "digest": digest }] });
        let made = self.post("/api/v1/releases", &release)?;
        ensure!(made.status == 201, "the release was answered {}: {}", made.status, made.text());
        let environment = json!({ "name": "bench", "kind": "production", "exposure": "internet", "gate_mode": "enforce",
            "unknowns": "closed" });
        let answer = self.post("/api/v1/environments", &environment)?;
        ensure!(answer.status == 201, "the environment was answered {}: {}", answer.status, answer.text());
        let pushed = self.push(&sample::vulnerabilities(findings, &digest), &digest)?;
        ensure!(pushed.status == 201, "the findings were answered {}: {}", pushed.status, pushed.text());
        let id = made.json()?["id"].clone();
        self.question = json!({ "release": id, "environment": "bench" }).to_string().into_bytes();
        Ok(())
    }

    /// Makes a release with so many findings, and gives the address of their list.
    pub(crate) fn release_with(&mut self, findings: usize) -> Result<String> {
        let digest = sample::digest(LARGE_ARTIFACT);
        let release =
            json!({ "application": "bench", "service": "large", "version": "1", "artifacts": [{ "digest": digest }] });
        let made = self.post("/api/v1/releases", &release)?;
        ensure!(made.status == 201, "the release was answered {}: {}", made.status, made.text());
        let pushed = self.push(&sample::vulnerabilities(findings, &digest), &digest)?;
        ensure!(pushed.status == 201, "the findings were answered {}: {}", pushed.status, pushed.text());
        let id = made.json()?["id"].as_str().context("an id")?.to_owned();
        Ok(format!("/api/v1/releases/{id}/findings"))
    }

    /// Asks for something.
    pub(crate) fn get(&mut self, path: &str) -> Result<Answer> {
        self.connection.send("GET", path, &[("authorization", self.token.as_str())], b"")
    }

    /// Changes what is known of the release: another small inventory.
    pub(crate) fn change_release(&mut self, round: u64) -> Result<()> {
        let pushed = self.push(&sample::inventory(10, 50_000 + round), &sample::digest(RELEASE_ARTIFACT))?;
        ensure!(pushed.status == 201, "the change was answered {}", pushed.status);
        Ok(())
    }

    /// Asks the gate.
    pub(crate) fn ask(&mut self) -> Result<Answer> {
        let headers = [("authorization", self.token.as_str()), ("content-type", "application/json")];
        self.connection.send("POST", "/api/v1/gates/evaluate", &headers, &self.question)
    }

    /// Asks the gate on another connection.
    pub(crate) fn ask_on(&self, connection: &mut Connection) -> Result<Answer> {
        let headers = [("authorization", self.token.as_str()), ("content-type", "application/json")];
        connection.send("POST", "/api/v1/gates/evaluate", &headers, &self.question)
    }

    /// A row of the table.
    pub(crate) fn row(&self, engine: &str, what: impl Into<String>, bar: &'static str, times: Vec<Duration>) -> Row {
        Row::new(engine, what.into(), bar, times)
    }

    /// What the server holds in memory now.
    pub(crate) fn memory_row(&self, engine: &str, what: &str, bar: &'static str) -> Result<Row> {
        Ok(self.row(engine, what, bar, Vec::new()).with_memory(self.memory("VmRSS:")?))
    }

    /// The most that the server held in memory.
    pub(crate) fn peak_row(&self, engine: &str, what: &str, bar: &'static str) -> Result<Row> {
        Ok(self.row(engine, what, bar, Vec::new()).with_memory(self.memory("VmHWM:")?))
    }

    fn memory(&self, field: &str) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)).context("no such field of the process")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024)
    }

    /// Processor time of the server, its policy workers and the database so far.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        let mut ticks = 0;
        for entry in std::fs::read_dir("/proc")? {
            let path = entry?.path();
            // A process may end while the folder is read.
            let Ok(stat) = std::fs::read_to_string(path.join("stat")) else { continue };
            let name = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')'));
            let Some((name, rest)) = name else { continue };
            if name == "shipworthy" || (self.database.is_some() && name == "postgres") {
                let fields: Vec<&str> = rest.split_whitespace().collect();
                let field = |index: usize| fields.get(index).and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
                ticks += field(11) + field(12);
            }
        }
        // The kernel's unit in these fields has been 1/100 s on every Linux for decades.
        Ok(ticks as f64 / 100.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn rest_of_line(talk: &mut impl std::io::BufRead, mark: &str) -> Result<String> {
    loop {
        let mut line = String::new();
        ensure!(talk.read_line(&mut line)? > 0, "the server ended before it said `{mark}`");
        if let Some((_, rest)) = line.split_once(mark) {
            return Ok(rest.trim().to_owned());
        }
    }
}

fn set_up(connection: &mut Connection, link: &str) -> Result<String> {
    let json_type = ("content-type", "application/json");
    let body = json!({ "token": link, "name": "bench", "password": "a password for one minute" });
    let made = connection.send("POST", "/api/v1/setup", &[json_type], body.to_string().as_bytes())?;
    ensure!(made.status == 201, "the set-up was answered {}: {}", made.status, made.text());
    let csrf = made.json()?["csrf_token"].as_str().context("a guard")?.to_owned();
    let cookie = made.cookie.clone().context("a cookie")?;
    let token = json!({ "name": "bench", "permissions": ["push", "read", "gate", "govern"],
        "scope": { "kind": "everything" }, "expires_at": tomorrow()? });
    let headers = [json_type, ("cookie", cookie.as_str()), ("x-shipworthy-csrf", csrf.as_str())];
    let made = connection.send("POST", "/api/v1/tokens", &headers, token.to_string().as_bytes())?;
    ensure!(made.status == 201, "the token was answered {}: {}", made.status, made.text());
    Ok(format!("Bearer {}", made.json()?["secret"].as_str().context("a secret")?))
}

/// A token must end within a year; `date` knows the calendar.
fn tomorrow() -> Result<String> {
    let output = Command::new("date").args(["-u", "-d", "tomorrow", "+%Y-%m-%dT%H:%M:%SZ"]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

const BOUNDARY: &str = "----shipworthy-bench";

fn multipart(document: &str, artifact: &str) -> (&'static str, Vec<u8>) {
    let context = json!({ "subjects": [artifact] });
    let body = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"context\"\r\ncontent-type: application/json\r\n\r\n{context}\r\n\
         --{BOUNDARY}\r\ncontent-disposition: form-data; name=\"document\"; filename=\"document.json\"\r\n\
         content-type: application/json\r\n\r\n{document}\r\n--{BOUNDARY}--\r\n"
    );
    ("multipart/form-data; boundary=----shipworthy-bench", body.into_bytes())
}
