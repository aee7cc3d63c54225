//! The policies that come with the product: kept as new versions when their text is new, and put into force once, at
//! the very first start, so that a new installation has an opinion.

use crate::app::App;
use crate::audit_log::{self, binding::Object};
use crate::people::entry;
use crate::problem::Answer;
use serde_json::json;
use shipworthy_model::{AssignmentId, Digest, PolicyId, Verdict};
use shipworthy_policy::Policy;
use shipworthy_store::assignment::{self, Assignment, AssignmentScope};
use shipworthy_store::audit::Actor;
use shipworthy_store::policy::{self, PolicyVersion};
use shipworthy_store::{Session, StoreError, stamp};

/// The folder `policies/` of the repository.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../policies/"]
struct Folder;

/// The built-in policies whose failure stops a release in a new installation; the others warn. These four ask for
/// evidence that every team can produce on its first day; the rest would stop everybody until tools are connected.
const DENYING: [&str; 4] = ["allowed-licenses", "approved-before-production", "findings-by-severity", "tests-passed"];

/// The sources of the built-in policies, by name.
#[must_use]
pub fn sources() -> Vec<String> {
    let mut paths: Vec<_> = Folder::iter().filter(|path| path.ends_with("/policy.rego")).collect();
    paths.sort();
    let files = paths.iter().filter_map(|path| Folder::get(path));
    files.map(|file| String::from_utf8_lossy(&file.data).into_owned()).collect()
}

/// Keeps the built-in policies that are new, and puts all of them into force if nothing ever was.
///
/// # Errors
/// When the database fails.
pub async fn seed(app: &App) -> Answer<()> {
    let mut session = app.db.write().await?;
    match keep(app, &mut session).await {
        Ok(()) => Ok(session.commit().await?),
        // Another replica that starts at the same time was faster.
        Err(StoreError::Conflict(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn keep(app: &App, session: &mut Session) -> Result<(), StoreError> {
    let (mut kept, mut also) = (Vec::new(), Vec::new());
    let is_first = !assignment::is_any_known(session).await?;
    for source in sources() {
        let Ok(read) = Policy::parse(&source) else {
            tracing::error!(digest = %Digest::of(source.as_bytes()), "a built-in policy is not understood");
            continue;
        };
        if let Some((name, new)) = keep_one(app, session, read, is_first).await? {
            kept.push(name);
            also.extend(new);
        }
    }
    if kept.is_empty() {
        return Ok(());
    }
    stamp::touch_rules(session).await?;
    let summary = format!("built-in policies {} were kept", kept.join(", "));
    let details = json!({ "policies": kept, "assigned": is_first });
    let object = ("policy", "built-in".to_owned());
    let entry = entry(app, Actor::system("shipworthy"), "policy.seed", object, summary, details);
    audit_log::append_with(session, &entry, &also).await?;
    Ok(())
}

async fn keep_one(
    app: &App,
    session: &mut Session,
    read: Policy,
    is_first: bool,
) -> Result<Option<(String, Vec<Object>)>, StoreError> {
    if policy::is_known(session, &read.name, &read.digest).await? {
        return Ok(None);
    }
    let version = policy::find(session, &read.name).await?.map_or(1, |latest| latest.version + 1);
    let new = PolicyVersion {
        id: PolicyId(app.clock.new_id()),
        name: read.name.clone(),
        version,
        digest: read.digest,
        source: read.source,
        is_builtin: true,
        created_by: "shipworthy".to_owned(),
        created_at: app.clock.now(),
    };
    policy::insert(session, &new).await?;
    let mut made = vec![("policy", new.id.to_string())];
    if is_first {
        let first = first_assignment(app, &new);
        assignment::insert(session, &first).await?;
        made.push(("assignment", first.id.to_string()));
    }
    Ok(Some((read.name, made)))
}

fn first_assignment(app: &App, policy: &PolicyVersion) -> Assignment {
    let is_denying = DENYING.contains(&policy.name.as_str());
    Assignment {
        id: AssignmentId(app.clock.new_id()),
        policy_id: policy.id,
        policy: policy.name.clone(),
        version: policy.version,
        parameters: json!({}),
        action: Some(if is_denying { Verdict::Deny } else { Verdict::Warn }),
        scope: AssignmentScope::Everything,
        scope_name: None,
        environments: Vec::new(),
        created_by: "shipworthy".to_owned(),
        created_at: app.clock.now(),
    }
}
