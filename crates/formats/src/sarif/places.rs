//! Where a result is: the path in the repository and the lines, out of what SARIF spreads over a run.

use super::log::{Artifact, ArtifactLocation, LocationItem, LogicalLocation, Run};
use crate::address::percent_decoded;
use crate::json::{At, Text, stated};
use shipworthy_model::{Location, Warning};

/// What the locations of a run refer to.
pub(super) struct Places<'r, 'a> {
    artifacts: &'r [Artifact<'a>],
    logical: &'r [LogicalLocation<'a>],
    bases: &'r [(Text<'a>, ArtifactLocation<'a>)],
}

impl<'r, 'a> Places<'r, 'a> {
    pub(super) fn new(run: &'r Run<'a>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Self {
        let logical = run.logical_locations.0.as_ref();
        Self {
            artifacts: run.artifacts.get(at.key("artifacts"), warnings).map_or(&[][..], Vec::as_slice),
            // Drafts of the standard have an object here, which nothing refers to by index.
            logical: logical.map_or(&[][..], Vec::as_slice),
            bases: run.original_uri_base_ids.get(at.key("originalUriBaseIds"), warnings).map_or(&[], |bases| &bases.0),
        }
    }

    pub(super) fn location(&self, location: &LocationItem<'_>) -> Option<Location> {
        let physical = location.physical_location.as_ref();
        let artifact = physical.and_then(|physical| physical.artifact_location.as_ref());
        let path = artifact.and_then(|artifact| self.path(artifact)).or_else(|| self.logical_name(location))?;
        let region = physical.and_then(|physical| physical.region.as_ref());
        let line = |line: Option<i64>| line.and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0);
        let start = region.and_then(|region| line(region.start_line));
        Some(Location {
            path,
            line: start,
            end_line: region.and_then(|region| line(region.end_line)).filter(|_| start.is_some()),
        })
    }

    /// The name of the function, the class or whatever else a location is in, its own or that of the list of the run.
    pub(super) fn logical_name(&self, location: &LocationItem<'_>) -> Option<String> {
        let first = location.logical_locations.as_ref()?.first()?;
        let name = |logical: &LogicalLocation<'_>| {
            stated(logical.fully_qualified_name.as_ref()).or_else(|| stated(logical.name.as_ref()))
        };
        name(first).or_else(|| name(self.logical.get(usize::try_from(first.index?).ok()?)?))
    }

    /// The path in the repository. A base that is itself a place in it is put before; one that says where the
    /// repository was checked out is not.
    fn path(&self, location: &ArtifactLocation<'_>) -> Option<String> {
        let listed =
            location.index.and_then(|index| self.artifacts.get(usize::try_from(index).ok()?)?.location.as_ref());
        let location = if location.uri.is_some() { location } else { listed? };
        let mut path = stated(location.uri.as_ref())?;
        let mut base = location.uri_base_id.as_deref();
        // A base may have a base; a circle of them ends after as many steps as there are bases.
        for _ in 0..self.bases.len() {
            let Some((_, found)) = self.bases.iter().find(|(name, _)| Some(&**name) == base) else { break };
            let prefix = found.uri.as_deref().unwrap_or_default();
            if !prefix.contains(':') && !prefix.starts_with('/') && !path.contains(':') {
                path = format!("{}{path}", prefix.trim_start_matches("./"));
            }
            base = found.uri_base_id.as_deref();
        }
        let roots =
            self.bases.iter().filter_map(|(_, base)| base.uri.as_deref()).filter(|base| base.starts_with("file:"));
        let path = roots.filter_map(|root| path.strip_prefix(root)).min_by_key(|rest| rest.len()).unwrap_or(&path);
        let path = path.strip_prefix("file://").unwrap_or(path);
        Some(decoded(path.strip_prefix("./").filter(|rest| !rest.is_empty()).unwrap_or(path)))
    }
}

/// Undoes percent-encoding; what is no text then stays as it is.
fn decoded(text: &str) -> String {
    String::from_utf8(percent_decoded(text)).unwrap_or_else(|_| text.to_owned())
}
