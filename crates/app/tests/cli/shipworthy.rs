//! Runs the binary as a user would, and a server of it with a folder of its own.

use serde_json::{Value, json};
use std::io::{BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

/// A command with nothing inherited that would change what it does.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    // For coverage and sanitisers nothing else is needed; PATH lets a command find what it starts.
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// Runs a command and gives exit code, standard output and standard error, with what varies scrubbed.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().expect("the binary starts");
    let text = |bytes: &[u8]| scrub(&String::from_utf8_lossy(bytes));
    let code = output.status.code().map_or_else(|| "killed".to_owned(), |code| code.to_string());
    format!("exit: {code}\n--- stdout\n{}--- stderr\n{}", text(&output.stdout), text(&output.stderr))
}

/// Replaces ids, times, ports, digests of what varies and temporary folders by words.
pub(crate) fn scrub(text: &str) -> String {
    let mut words = Vec::new();
    for line in text.split_inclusive('\n') {
        words.push(scrub_line(line));
    }
    words.concat()
}

fn scrub_line(line: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.:+".contains(c);
    let mut out = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            out.push_str(&scrub_word(&rest[..end]));
            rest = &rest[end..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn scrub_word(word: &str) -> String {
    let trimmed = word.trim_end_matches(['.', ':', '-']);
    let tail = &word[trimmed.len()..];
    let is_id = trimmed.len() == 36 && trimmed.matches('-').count() == 4 && trimmed.as_bytes()[14] == b'7';
    let is_time = trimmed.len() >= 20 && trimmed.starts_with("20") && trimmed.ends_with('Z') && trimmed.contains('T');
    if is_id {
        return format!("ID{tail}");
    }
    if is_time {
        return format!("TIME{tail}");
    }
    match trimmed.strip_prefix("127.0.0.1:") {
        Some(port) if port.len() >= 4 => format!("127.0.0.1:PORT{tail}"),
        _ => word.to_owned(),
    }
}

/// A running server with a fresh folder, an administrator and a token that may do everything.
pub(crate) struct Server {
    child: Child,
    stderr: BufReader<ChildStderr>,
    /// Where it listens.
    pub(crate) url: String,
    /// A token that may do everything.
    pub(crate) token: String,
    arguments: Vec<String>,
    folder: tempfile::TempDir,
}

/// The password of the administrator `ada`.
pub(crate) const PASSWORD: &str = "correct horse battery";

impl Server {
    /// Starts a server and waits until it says where it listens.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// As [`Server::start`], with flags of its own.
    pub(crate) fn start_with(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data").display().to_string();
        let arguments = [&["serve", "--listen", "127.0.0.1:0", "--data", data.as_str()], flags].concat();
        let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        let (child, mut stderr, url) = serve(&arguments);
        let link = line_with(&mut stderr, "/setup#");
        let mut server = Self { child, stderr, url, token: String::new(), arguments, folder };
        server.token = server.set_up(&link);
        server
    }

    /// Kills the server at once, as a power cut does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// The id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Starts a server that was killed once more.
    pub(crate) fn start_again(&mut self) {
        (self.child, self.stderr, self.url) = serve(&self.arguments);
    }

    /// The folder of the server's data.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn set_up(&self, link: &str) -> String {
        let body = json!({ "token": link, "name": "ada", "password": PASSWORD });
        let (session, cookie) = self.http("POST", "/setup", &[], Some(body));
        let cookie = cookie.expect("a cookie");
        let csrf = session["csrf_token"].as_str().expect("a guard").to_owned();
        let permissions = ["push", "read", "gate", "request-exception", "approve", "govern", "admin"];
        let expires_at = tomorrow();
        let token = json!({ "name": "test", "permissions": permissions, "scope": { "kind": "everything" },
            "expires_at": expires_at });
        let headers = [("cookie", cookie.as_str()), ("x-shipworthy-csrf", csrf.as_str())];
        let (made, _) = self.http("POST", "/tokens", &headers, Some(token));
        made["secret"].as_str().unwrap_or_else(|| panic!("a secret in {made}")).to_owned()
    }

    /// A request to the API; gives the JSON body and the cookie that was set.
    pub(crate) fn http(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> (Value, Option<String>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let client = reqwest::Client::builder().build().expect("a client");
            let method = method.parse().expect("a method");
            let mut request = client.request(method, format!("{}/api/v1{path}", self.url));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if let Some(body) = body {
                request = request.json(&body);
            }
            let response = request.send().await.expect("the server answers");
            let cookie = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
            let cookie = cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
            (response.json().await.unwrap_or(Value::Null), cookie)
        })
    }

    /// A command that talks to this server with the token that may do everything.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.env("SHIPWORTHY_SERVER", &self.url).env("SHIPWORTHY_TOKEN", &self.token);
        command
    }

    /// Asks the server to end, as an orchestrator does, and gives its exit code and the rest of its log.
    pub(crate) fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).expect("the log is text");
        (self.child.wait().expect("it ends").code(), rest)
    }
}

fn serve(arguments: &[String]) -> (Child, BufReader<ChildStderr>, String) {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut command = command(&arguments);
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the binary starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
    let url = line_with(&mut stderr, "Shipworthy serves on ");
    (child, stderr, url)
}

/// The server runs on the system's clock, so its token must end after that clock's present.
#[expect(clippy::disallowed_methods, reason = "the binary under test asks the system for the time too")]
fn tomorrow() -> String {
    (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24)).to_string()
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, as after `stop`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The rest of the first line that holds `mark`.
fn line_with(stderr: &mut impl std::io::BufRead, mark: &str) -> String {
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        let read = stderr.read_line(&mut line).expect("the log is text");
        assert!(read > 0, "the server ended before it said `{mark}`; it said:\n{seen}");
        if let Some((_, rest)) = line.split_once(mark) {
            return rest.trim().to_owned();
        }
        seen.push_str(&line);
    }
}

/// A folder for files of a test.
pub(crate) fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, content) in files {
        let path: &Path = name.as_ref();
        std::fs::write(folder.path().join(path), content).expect("the file is written");
    }
    folder
}
