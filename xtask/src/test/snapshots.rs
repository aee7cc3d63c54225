//! Snapshots that no test reads any more. `insta` writes down every snapshot file that it compares; what is
//! committed and not in that list is dead.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::test::counts::Counts;
use crate::tidy::House;
use crate::workplace::Workplace;

/// The variable that asks `insta` for the list.
pub(crate) const VARIABLE: &str = "INSTA_SNAPSHOT_REFERENCES_FILE";

/// The test over the corpus beside the repository has a run of its own, `cargo xtask corpus`.
const CORPUS: &str = "/tests/corpus/";

/// The list of the snapshots that a run of the tests compared.
pub(crate) struct Seen {
    pub(crate) list: PathBuf,
}

impl Seen {
    /// Starts with an empty list.
    pub(crate) fn begin(workplace: &Workplace) -> Self {
        let list = workplace.target.join("snapshots-seen.txt");
        let _absent = fs::remove_file(&list);
        Self { list }
    }

    pub(crate) fn check(&self, workplace: &Workplace) -> Result<Counts> {
        let list = fs::read_to_string(&self.list).with_context(|| format!("cannot read {}", self.list.display()))?;
        let seen: HashSet<PathBuf> = list.lines().filter_map(|line| fs::canonicalize(line).ok()).collect();
        let files = House::file_names(&workplace.root)?;
        let dead: Vec<String> = files
            .into_iter()
            .filter(|file| file.starts_with("crates/") && file.ends_with(".snap") && !file.contains(CORPUS))
            .filter(|file| fs::canonicalize(workplace.root.join(file)).is_ok_and(|path| !seen.contains(&path)))
            .collect();
        if !dead.is_empty() {
            bail!("no test reads these snapshots:\n    {}\nhint: delete them", dead.join("\n    "));
        }
        Ok(Counts::ONE_PASSED)
    }
}
