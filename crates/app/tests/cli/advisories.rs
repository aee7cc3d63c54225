//! `shipworthy advisories` and `shipworthy vulnerability`: data from files and folders, and what is known from it.

use crate::shipworthy::{Server, run};
use std::path::Path;

#[test]
fn vulnerability_data_is_imported_from_a_folder_and_told() {
    let server = Server::start();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../advisories/samples");
    let all = samples.display().to_string();
    let one = samples.join("osv.json").display().to_string();
    let said = |line: &[&str]| run(&mut server.command(line)).replace(&all, "SAMPLES");
    insta::assert_snapshot!("advisories_import", said(&["advisories", "import", &all]));
    insta::assert_snapshot!("advisories_import_again", said(&["advisories", "import", &one]));
    insta::assert_snapshot!("advisories_status_of_all", said(&["advisories", "status"]));
    insta::assert_snapshot!("vulnerability", said(&["vulnerability", "GHSA-9m3x-c2jp-5v3q"]));
    insta::assert_snapshot!("vulnerability_unknown", said(&["vulnerability", "CVE-2026-99999"]));
}
