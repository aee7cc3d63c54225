//! What the tests need beyond Rust and Node: PostgreSQL's server programs, a Chromium, the UI's packages, and a Python with
//! packages that verify signatures without knowing us. As root on Debian programs are installed; elsewhere the error says
//! what to install.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::postgres;
use crate::test::Part;
use crate::workplace::{Workplace, program_on_path, succeed};

/// Installs what these parts need and is not there.
pub(crate) fn what_is_missing(workplace: &Workplace, parts: &[Part]) -> Result<()> {
    let mut packages = Vec::new();
    if parts.contains(&Part::Rust) && postgres::binaries().is_none() {
        packages.push("postgresql");
    }
    if parts.contains(&Part::Rust) && !can_make_a_python(workplace) {
        packages.extend(["python3", "python3-venv"]);
    }
    if parts.contains(&Part::Browser) && chromium().is_none() {
        packages.push("chromium");
    }
    install_packages(workplace, &packages)?;

    if parts.contains(&Part::Rust) {
        install_python_packages(workplace)?;
    }
    let touches_ui = [Part::Tidy, Part::Ui, Part::Browser].iter().any(|part| parts.contains(part));
    if touches_ui {
        if program_on_path(&["npm"]).is_none() {
            bail!("`npm` is not on the search path\nhint: install Node.js 20 or later");
        }
        workplace.install_ui_packages()?;
    }
    Ok(())
}

/// The variable in which tests find the Python.
pub(crate) const PYTHON_VARIABLE: &str = "SHIPWORTHY_TEST_PYTHON";

/// What verifies signed answers without knowing us; see `crates/app/tests/cli/independent.py`.
const PYTHON_PACKAGES: [&str; 4] =
    ["securesystemslib==1.6.0", "cryptography", "in-toto-attestation==0.9.3", "sigstore-models==0.0.6"];

/// The Python of the tests, which has packages of its own in the target folder.
pub(crate) fn python(workplace: &Workplace) -> PathBuf {
    workplace.target.join("python").join("bin").join("python3")
}

fn can_make_a_python(workplace: &Workplace) -> bool {
    let asked = workplace.command("python3", &["-c", "import ensurepip, venv"]).output();
    asked.is_ok_and(|answer| answer.status.success())
}

fn install_python_packages(workplace: &Workplace) -> Result<()> {
    let python = python(workplace);
    let folder = workplace.target.join("python").display().to_string();
    // Written last, so that an installation that broke off is begun again.
    let mark = workplace.target.join("python").join("packages.txt");
    let wanted = PYTHON_PACKAGES.join("\n");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let hint =
        "signed answers are tested with packages of PyPI\nhint: install Python 3 with `venv`, and let `pip` reach PyPI";
    succeed(&mut workplace.command("python3", &["-m", "venv", "--clear", &folder])).context(hint)?;
    let mut pip = workplace.command(&python, &["-m", "pip", "install", "--quiet"]);
    succeed(pip.args(PYTHON_PACKAGES)).context(hint)?;
    Ok(std::fs::write(mark, wanted)?)
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
