//! Every public CSAF document is read, or refused for the reason that `csaf.tsv` expects.

use shipworthy_advisories::advisory::Advisory;
use shipworthy_advisories::csaf;
use shipworthy_advisories::source::Kind;

use crate::samples::{below, text};

/// Path, what the refusal says, why that is right.
const REFUSED: &str = include_str!("csaf.tsv");

fn read(text: &str) -> Result<Vec<Advisory>, String> {
    let mut advisories = Vec::new();
    csaf::read(text, &mut |advisory| advisories.push(advisory)).map_err(|error| error.to_string())?;
    Ok(advisories)
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is what one runs it for")]
fn every_csaf_document_is_read_or_refused_for_a_reason() {
    let rows: Vec<Vec<&str>> = REFUSED.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let (mut documents, mut advisories, mut packages, mut products, mut refused) = (0, 0, 0, 0, Vec::new());
    let folders = ["vex/csaf", "vex/csaf-validator", "scans/csaf"];
    for path in folders.iter().flat_map(|folder| below(folder)) {
        let text = text(&path);
        let result = read(&text);
        match rows.iter().find(|row| row[0] == path) {
            Some(row) => {
                let error = result.expect_err(&path);
                assert!(error.contains(row[1]) && !row[2].is_empty(), "{path}: {error}");
                refused.push(path);
            }
            None => {
                let read_once = result.unwrap_or_else(|error| panic!("{path}: {error}"));
                assert_eq!(Kind::of(&text), Ok(Kind::Csaf), "{path}");
                assert_eq!(read(&text).as_ref(), Ok(&read_once), "{path}: read twice");
                let kept = serde_json::to_string(&read_once).expect("plain data");
                assert_eq!(serde_json::from_str::<Vec<Advisory>>(&kept).expect("its own form"), read_once, "{path}");
                documents += 1;
                advisories += read_once.len();
                packages += read_once.iter().map(|advisory| advisory.affected.len()).sum::<usize>();
                products += read_once.iter().map(|advisory| advisory.configurations.len()).sum::<usize>();
            }
        }
    }
    println!(
        "CSAF: {documents} documents read with {advisories} vulnerabilities in {packages} packages and {products} products \
         by CPE name, {} refused for the reasons in csaf.tsv",
        refused.len()
    );
    assert_eq!(refused.len(), rows.len(), "a row of csaf.tsv has no document: {refused:?}");
    assert!(documents >= 42 && packages >= 23, "fewer documents than there were");
}
