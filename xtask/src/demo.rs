//! `cargo xtask demo`: from a fresh clone to a running product with one command.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::workplace::{Workplace, say, succeed};

/// Builds the UI and the binary, then becomes `shipworthy demo`, so that Ctrl-C and the exit code are the demo's own.
///
/// The development profile is the quickest way there on two cores: about two minutes from nothing, where the
/// release profile takes nearly six, and who has run the tests has it already.
pub(crate) fn run(workplace: &Workplace, port: Option<u16>, no_open: bool) -> Result<ExitCode> {
    workplace.install_ui_packages()?;
    succeed(&mut workplace.npm("", &["run", "build"]))?;
    say("building the binary; the first time this takes some minutes");
    workplace.build_binary()?;

    let mut demo = Command::new(workplace.binary());
    demo.arg("demo");
    if let Some(port) = port {
        demo.arg("--port").arg(port.to_string());
    }
    if no_open {
        demo.arg("--no-open");
    }
    Err(demo.exec()).with_context(|| format!("cannot start {}", workplace.binary().display()))
}
