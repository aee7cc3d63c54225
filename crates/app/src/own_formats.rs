//! The verbs about formats that users describe: keep a version, retire a format, give those that read documents now.

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use serde_json::json;
use shipworthy_formats::OwnFormat;
use shipworthy_model::{FormatId, Permission};
use shipworthy_store::Session;
use shipworthy_store::format::{self, FormatVersion};

/// The most formats that are described at a time: each is tried on every document.
const MOST_IN_USE: usize = 200;

/// Why a team's governor cannot change formats.
const WHY: &str = "formats read the documents of every team";

/// The formats that read documents now. A retired one still reads what is of it by name.
///
/// # Errors
/// When the database fails.
pub async fn in_use(session: &mut Session, named: Option<&str>) -> Answer<Vec<OwnFormat>> {
    let versions = format::latest(session).await?;
    let is_wanted = |version: &&FormatVersion| version.retired_at.is_none() || named == Some(&version.name);
    let parse = |version: &FormatVersion| OwnFormat::parse(&version.source);
    // One that was kept by an older Shipworthy and means nothing to this one reads nothing.
    Ok(versions.iter().filter(is_wanted).filter_map(|version| parse(version).ok()).collect())
}

/// Keeps a format as the next version of its name. From now on it recognises documents.
///
/// # Errors
/// A sentence that says what is wrong with the description, or a conflict when the newest version has the same text.
pub async fn push(app: &App, caller: &Caller, source: &str) -> Answer<FormatVersion> {
    caller.require_everywhere(Permission::Govern, WHY)?;
    let read = OwnFormat::parse(source).map_err(|error| refused(&error.to_string()))?;
    let mut session = app.db.write().await?;
    let all = format::latest(&mut session).await?;
    let latest = all.iter().find(|version| version.name == read.name());
    if latest.is_some_and(|latest| latest.source == source && latest.retired_at.is_none()) {
        return Err(Problem::conflict(format!("the newest version of `{}` has this very text", read.name())));
    }
    if latest.is_none() && all.iter().filter(|version| version.retired_at.is_none()).count() >= MOST_IN_USE {
        let detail = format!("{MOST_IN_USE} formats are described already");
        return Err(Problem::conflict(detail).hint("retire one that is not needed any more"));
    }
    let new = FormatVersion {
        id: FormatId(app.clock.new_id()),
        name: read.name().to_owned(),
        version: latest.map_or(1, |latest| latest.version + 1),
        source: source.to_owned(),
        created_by: caller.actor().name,
        created_at: app.clock.now(),
        retired_at: None,
    };
    format::insert(&mut session, &new).await?;
    let summary = format!("version {} of format {} was kept", new.version, new.name);
    let details = json!({ "version": new.version, "source": new.source });
    let object = ("format", new.id.to_string());
    audit_log::append(&mut session, &entry(app, caller.actor(), "format.push", object, summary, details)).await?;
    session.commit().await?;
    Ok(new)
}

/// Retires a format: it recognises nothing any more. What was read with it stays as it is.
///
/// # Errors
/// 404 when there is no such format in use.
pub async fn retire(app: &App, caller: &Caller, name: &str) -> Answer<()> {
    caller.require_everywhere(Permission::Govern, WHY)?;
    let mut session = app.db.write().await?;
    let found = format::find(&mut session, name).await?;
    if !format::retire(&mut session, name, app.clock.now()).await? {
        return Err(Problem::not_found(format!("a format `{name}` that users described does not exist")));
    }
    let id = found.map(|version| version.id.to_string()).unwrap_or_default();
    let summary = format!("format {name} was retired");
    let entry = entry(app, caller.actor(), "format.retire", ("format", id), summary, json!({ "name": name }));
    audit_log::append(&mut session, &entry).await?;
    Ok(session.commit().await?)
}

fn refused(why: &str) -> Problem {
    Problem::refused_source(why, "`shipworthy format test FORMAT.toml SAMPLE` says the same without a server")
}
