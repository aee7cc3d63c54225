//! Where the project lies and how its commands are run: every child process starts in the project's root
//! (or a folder of it) and a failure names the command.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The root of the working tree and the folder that Cargo builds into.
pub(crate) struct Workplace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

impl Workplace {
    /// Cargo tells `cargo xtask` where this crate lies; the root is one folder up.
    pub(crate) fn find() -> Result<Self> {
        let crate_folder = env::var_os("CARGO_MANIFEST_DIR")
            .context("cannot tell where the project is\nhint: start this program as `cargo xtask`")?;
        let root = Path::new(&crate_folder).parent().context("the `xtask` crate has no parent folder")?.to_owned();

        let mut question = Command::new("cargo");
        question.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(&root);
        let answer: Metadata = serde_json::from_slice(&output_of(&mut question)?.stdout)
            .context("`cargo metadata` did not answer with the JSON that was expected")?;
        // The development build reads the UI from its folder, but only from one that was there when it was compiled.
        let ui_dist = root.join("ui").join("dist");
        fs::create_dir_all(&ui_dist).with_context(|| format!("cannot create {}", ui_dist.display()))?;
        Ok(Self { root, target: answer.target_directory })
    }

    /// The development build of the product.
    pub(crate) fn binary(&self) -> PathBuf {
        self.target.join("debug").join("shipworthy")
    }

    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A command that starts in the project's root.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root).stdin(Stdio::null());
        command
    }

    /// An npm command that starts in the UI's folder, or in `folder` below it.
    pub(crate) fn npm(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = self.command("npm", arguments);
        command.current_dir(self.ui().join(folder)).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        command
    }

    /// Builds the product with the very features of a test run, so that tests and demo share every artifact. Cargo
    /// counts in what tests depend on as soon as one test is built; without the small one named here, a feature of
    /// one proc macro would differ and half of the crates would be compiled twice.
    pub(crate) fn build_binary(&self) -> Result<()> {
        succeed(&mut self.command("cargo", &["build", "--workspace", "--bin", "shipworthy", "--test", "formats"]))
    }

    /// Installs the UI's packages unless those of the present lock files are there.
    pub(crate) fn install_ui_packages(&self) -> Result<()> {
        for folder in ["", "tools"] {
            let lock_file = self.ui().join(folder).join("package-lock.json");
            if !lock_file.exists() {
                continue;
            }
            let lock = fs::read(&lock_file).with_context(|| format!("cannot read {}", lock_file.display()))?;
            let installed = self.ui().join(folder).join("node_modules").join(".installed-lock.json");
            if fs::read(&installed).is_ok_and(|before| before == lock) {
                continue;
            }
            succeed(&mut self.npm(folder, &["ci", "--no-audit", "--no-fund"]))?;
            fs::write(&installed, &lock).with_context(|| format!("cannot write {}", installed.display()))?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

/// Runs a command whose output the reader should see; anything but success is an error.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let words = words_of(command);
    let status = command.status().with_context(|| format!("cannot start `{words}`"))?;
    if !status.success() {
        bail!("`{words}` ended with {status}");
    }
    Ok(())
}

/// Runs a command for its output; anything but success is an error that repeats what the command complained of.
pub(crate) fn output_of(command: &mut Command) -> Result<Output> {
    let words = words_of(command);
    let output = command.output().with_context(|| format!("cannot start `{words}`"))?;
    if !output.status.success() {
        bail!("`{words}` ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output)
}

/// A port of the loopback interface that nobody listened on a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port of the loopback interface is free")?;
    Ok(listener.local_addr()?.port())
}

/// The command as one would type it.
pub(crate) fn words_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// The first of these programs that is on the search path.
pub(crate) fn program_on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// One line of talk. A reader that went away is no reason to stop the work.
pub(crate) fn say(line: &str) {
    let _gone = writeln!(std::io::stderr().lock(), "{line}");
}
