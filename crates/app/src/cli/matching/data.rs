//! Reads vulnerability data from files, and says what was read and what was not.

use crate::cli::output::{Failure, say};
use crate::cli::vulnerability_files::{self, File};
use shipworthy_advisories::knowledge::{Added, Knowledge};
use shipworthy_advisories::source::Kind;
use shipworthy_formats::Room;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Exports of a whole ecosystem are large, and who reads them chose them.
const ROOM: Room = Room { document_bytes: 1 << 30, archive_bytes: 64 << 30, documents: 2_000_000 };

/// How many warnings are told; the rest is counted.
const MOST_WARNINGS: usize = 20;

/// Everything that these files and folders know of vulnerabilities. Something else in a folder or an archive is told and
/// passed over; a file that is named and is something else is an error.
pub(super) fn known(paths: &[PathBuf]) -> Result<Knowledge, Failure> {
    let mut data = Data::default();
    for File { path, is_named } in vulnerability_files::files(paths).map_err(Failure::Usage)? {
        match data.add(&path) {
            Ok(()) => {}
            Err(why) if is_named => return Err(Failure::Usage(why)),
            Err(why) => data.warnings.push(format!("{why:#}")),
        }
    }
    data.warnings.iter().take(MOST_WARNINGS).for_each(say);
    if data.warnings.len() > MOST_WARNINGS {
        say(format_args!("and {} more", data.warnings.len() - MOST_WARNINGS));
    }
    if data.knowledge.is_empty() {
        return Err(Failure::usage("the vulnerability data hold no advisories, so that nothing can be said"));
    }
    let kinds = data.records.iter().map(|(kind, count)| format!("{count} of {}", kind.as_str()));
    say(format_args!("read {}", kinds.collect::<Vec<_>>().join(", ")));
    Ok(data.knowledge)
}

#[derive(Default)]
struct Data {
    knowledge: Knowledge,
    /// How many records of each kind were read.
    records: BTreeMap<Kind, usize>,
    warnings: Vec<String>,
}

impl Data {
    fn add(&mut self, path: &Path) -> anyhow::Result<()> {
        let mut refusal = None;
        let left_out = vulnerability_files::each(path, ROOM, &mut |name, document| {
            let text = std::str::from_utf8(document).map_err(|error| format!("it is not UTF-8: {error}"));
            let added = text.and_then(|text| self.knowledge.add(text).map_err(|error| error.to_string()));
            match added {
                Ok(added) => self.count(path, name, added),
                Err(why) if name.is_empty() => refusal = Some(why),
                Err(why) => self.warnings.push(format!("{}: {name}: {why}", path.display())),
            }
        })?;
        self.warnings.extend(left_out);
        refusal.map_or(Ok(()), |why| Err(anyhow::anyhow!("{}: {why}", path.display())))
    }

    fn count(&mut self, path: &Path, name: &str, added: Added) {
        *self.records.entry(added.kind).or_default() += added.records;
        let told = added.warnings.into_iter();
        self.warnings
            .extend(told.map(|warning| format!("{} {name}{}: {}", path.display(), warning.at, warning.message)));
    }
}
