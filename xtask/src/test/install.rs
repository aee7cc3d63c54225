//! What the tests need beyond Rust and Node: PostgreSQL's server programs, a Chromium, the UI's packages. As root
//! on Debian they are installed; elsewhere the error says what to install.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::postgres;
use crate::test::Part;
use crate::workplace::{Workplace, program_on_path, succeed};

/// Installs what these parts need and is not there.
pub(crate) fn what_is_missing(workplace: &Workplace, parts: &[Part]) -> Result<()> {
    let mut packages = Vec::new();
    if parts.contains(&Part::Rust) && postgres::binaries().is_none() {
        packages.push("postgresql");
    }
    if parts.contains(&Part::Browser) && chromium().is_none() {
        packages.push("chromium");
    }
    install_packages(workplace, &packages)?;

    let touches_ui = [Part::Tidy, Part::Ui, Part::Browser].iter().any(|part| parts.contains(part));
    if touches_ui {
        if program_on_path(&["npm"]).is_none() {
            bail!("`npm` is not on the search path\nhint: install Node.js 20 or later");
        }
        workplace.install_ui_packages()?;
    }
    Ok(())
}

pub(crate) fn chromium() -> Option<PathBuf> {
    program_on_path(&["chromium", "chromium-browser", "google-chrome"])
}

fn install_packages(workplace: &Workplace, packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    if !postgres::is_root()? || program_on_path(&["apt-get"]).is_none() {
        bail!("the tests need {}\nhint: install what Debian calls `{}`", packages.join(" and "), packages.join(" "));
    }
    let apt = |arguments: &[&str]| {
        let mut command = workplace.command("apt-get", arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    succeed(&mut apt(&["update", "--quiet"]))?;
    let mut install = apt(&["install", "--yes", "--quiet", "--no-install-recommends"]);
    succeed(install.args(packages))
}
