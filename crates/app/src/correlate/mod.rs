//! Our own matching: which vulnerabilities the components in the store have, by the advisories in the store. A component is
//! matched once, when an inventory first names it, and again for those vulnerabilities about which an advisory changed.
//!
//! Whoever adds components and whoever adds advisories wait for each other ([`begin`]), so that no pair of the two is missed.

mod mark;
mod pairs;

pub(crate) use mark::mark;
pub(crate) use pairs::Because;

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::wording::counted;
use crate::{current, learn};
use pairs::Pairs;
use serde_json::json;
use shipworthy_advisories::advisory::Advisory;
use shipworthy_advisories::correlation::{Subject, names_of};
use shipworthy_model::Permission;
use shipworthy_store::component::Named;
use shipworthy_store::vulnerability_match::{self, Scope};
use shipworthy_store::{Session, advisory, advisory_vulnerability, component, generation, inventory};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the rules by which components and advisories are filed under keys. When the rules change it counts up, and
/// what was filed before is filed anew when the server starts, see [`catch_up`].
pub(crate) const RULES: i64 = 1;

/// How many components are matched at once, which bounds the memory.
const AT_ONCE: usize = 2_000;

/// Makes others who match wait until this transaction ends.
pub(crate) async fn begin(session: &mut Session) -> Answer<()> {
    generation::advance(session, "component", 0).await?;
    Ok(())
}

/// Matches components that are new, and gives those of which something is known now.
///
/// # Errors
/// When the database fails.
pub(crate) async fn match_new(app: &App, session: &mut Session, components: &[Named]) -> Answer<BTreeSet<u32>> {
    let mut changed = BTreeSet::new();
    for some in components.chunks(AT_ONCE) {
        changed.extend(match_components(app, session, some).await?);
    }
    Ok(changed)
}

async fn match_components(app: &App, session: &mut Session, components: &[Named]) -> Answer<BTreeSet<u32>> {
    let mut keys = Vec::new();
    let mut pairs = Pairs::default();
    for named in components {
        let Some(subject) = subject_of(named) else { continue };
        let of_subject = subject.keys();
        let of_subject =
            of_subject.iter().map(shipworthy_advisories::ecosystem::Key::as_str).filter(|key| is_text(key));
        keys.extend(of_subject.map(|key| (key.to_owned(), named.number)));
        pairs.add_component(named.clone(), subject);
    }
    let of_all: BTreeSet<String> = keys.iter().map(|(key, _)| key.clone()).collect();
    component::key(session, RULES, components, keys).await?;
    pairs.assess(&advisory::about_keys(session, &of_all).await?)?;
    let matches = pairs.matches(session, None).await?;
    let numbers: Vec<u32> = components.iter().map(|named| named.number).collect();
    Ok(vulnerability_match::replace(session, &Scope::Components(&numbers), matches, app.clock.now()).await?)
}

/// Matches all components with these vulnerabilities anew, and gives those of which something else is known now.
///
/// # Errors
/// When the database fails.
pub(crate) async fn rematch(
    app: &App,
    session: &mut Session,
    vulnerabilities: &BTreeSet<String>,
) -> Answer<BTreeSet<u32>> {
    let sayings = advisory::about_vulnerabilities(session, vulnerabilities).await?;
    let keys: BTreeSet<String> = sayings.iter().map(|saying| saying.key.clone()).collect();
    let mut pairs = Pairs::default();
    let by_number: BTreeMap<u32, Named> =
        component::with_keys(session, &keys).await?.into_iter().map(|(_, named)| (named.number, named)).collect();
    for named in by_number.into_values() {
        if let Some(subject) = subject_of(&named) {
            pairs.add_component(named, subject);
        }
    }
    pairs.assess(&sayings)?;
    let matches = pairs.matches(session, Some(vulnerabilities)).await?;
    let scope = Scope::Vulnerabilities(vulnerabilities);
    Ok(vulnerability_match::replace(session, &scope, matches, app.clock.now()).await?)
}

/// Says anew which vulnerabilities the records with these ids are about, and gives these vulnerabilities, those of before
/// among them.
///
/// # Errors
/// When the database fails.
pub(crate) async fn name_anew(session: &mut Session, ids: &BTreeSet<String>) -> Answer<BTreeSet<String>> {
    let mut about = Vec::new();
    for record in advisory_vulnerability::of_ids(session, ids).await?.into_iter().filter(|record| !record.is_withdrawn)
    {
        for name in names_of(&record.id, &record.name, &record.covers, &record.mends) {
            about.push((name, record.source.clone(), record.id.clone()));
        }
    }
    let now: BTreeSet<String> = about.iter().map(|(name, _, _)| name.clone()).collect();
    let mut all = advisory_vulnerability::replace(session, ids, about).await?;
    all.extend(now);
    Ok(all)
}

/// Files and matches what was filed by earlier rules or never, part by part, each in a transaction of its own. What others
/// import meanwhile is filed by them.
///
/// # Errors
/// When the database fails.
pub(crate) async fn catch_up(app: &App) -> Answer<()> {
    while file_some(app).await? || match_some(app).await? {}
    let unsettled = inventory::unsettled(&mut app.db.read().await?).await?;
    for release in unsettled {
        let mut session = app.db.write().await?;
        current::settle(&mut session, release).await?;
        session.commit().await?;
    }
    Ok(())
}

/// Matches all components with all advisories anew, and gives how many there are. What is right does not change by it; it is
/// for those who doubt.
///
/// # Errors
/// 403 without the permission on everything; when the database fails.
pub(crate) async fn match_all(app: &App, caller: &Caller) -> Answer<u64> {
    caller.require_everywhere(Permission::Govern, "what is known of components belongs to no team")?;
    let mut session = app.db.write().await?;
    begin(&mut session).await?;
    let count = component::unkey_all(&mut session).await?;
    let summary = format!("matched {} with all advisories anew", counted(count, "component"));
    let details = json!({ "components": count });
    let object = ("advisories", "all".to_owned());
    let entry = entry(app, caller.actor(), "advisories.match", object, summary, details);
    audit_log::append(&mut session, &entry).await?;
    session.commit().await?;
    catch_up(app).await?;
    Ok(count)
}

async fn file_some(app: &App) -> Answer<bool> {
    let mut session = app.db.write().await?;
    advisory::begin_import(&mut session).await?;
    let some = advisory::unfiled(&mut session, RULES, AT_ONCE).await?;
    if some.is_empty() {
        return Ok(false);
    }
    begin(&mut session).await?;
    learn::file_anew(app, &mut session, some).await?;
    session.commit().await?;
    Ok(true)
}

async fn match_some(app: &App) -> Answer<bool> {
    let mut session = app.db.write().await?;
    begin(&mut session).await?;
    let some = component::unkeyed(&mut session, RULES, AT_ONCE).await?;
    if some.is_empty() {
        return Ok(false);
    }
    let changed = match_components(app, &mut session, &some).await?;
    mark(app, &mut session, &changed, "components were matched with advisories").await?;
    session.commit().await?;
    Ok(true)
}

/// A record, or what it says about the packages of one key, as it was kept.
pub(crate) fn advisory_of(id: &str, kept: &str) -> Answer<Advisory> {
    serde_json::from_str(kept).map_err(|error| Problem::internal(format!("what is kept of advisory `{id}`: {error}")))
}

fn subject_of(named: &Named) -> Option<Subject> {
    // What has no name that advisories know is matched with nothing; it is counted where an inventory's quality is shown.
    Subject::of(named.purl.as_deref(), named.cpe.as_deref(), named.version.as_deref()).ok()
}

/// A name with a zero in it is no package's, and PostgreSQL keeps no such text.
pub(crate) fn is_text(key: &str) -> bool {
    !key.contains('\0')
}
