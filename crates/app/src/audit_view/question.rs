//! A question to the audit log, the same for the list, for exports and for packages.

use crate::audit_view::groups::{self, GROUPS};
use crate::caller::Caller;
use crate::problem::{Answer, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_model::Permission;
use shipworthy_store::audit_concern::{self, APPLICATION, ENVIRONMENT, OUTCOME, VIOLATION};
use shipworthy_store::audit_search::Filter;
use shipworthy_store::{Session, application};

/// Which entries are asked for. What is given holds of each of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuestion {
    /// Part of the actor's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// A group of `GET /audit/groups`, such as `deployments`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The action, or its noun alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What concerns this application, by id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// What concerns this environment, by id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The id of the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Part of the sentence, of the object's id or of the request's id, in any case of letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Entries from this instant on, RFC 3339.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Entries before this instant, RFC 3339.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Makes sure that the caller may read the audit log.
///
/// # Errors
/// Forbidden without the permission to read everything.
pub(crate) fn require(caller: &Caller) -> Answer<()> {
    if caller.may_everywhere(Permission::Read) {
        return Ok(());
    }
    Err(Problem::forbidden("the audit log needs the permission `read` on everything"))
}

impl AuditQuestion {
    /// The filter that it means.
    ///
    /// # Errors
    /// When it names a group, an application or an environment that there is not.
    pub(crate) async fn filter(&self, session: &mut Session) -> Answer<Filter> {
        let mut filter = Filter {
            actor: self.actor.clone(),
            action: self.action.clone(),
            object_id: self.object.clone(),
            text: self.q.clone(),
            from: self.from,
            until: self.until,
            ..Filter::default()
        };
        if let Some(name) = &self.application {
            filter.concerns.push((APPLICATION, application_id(session, name).await?));
        }
        if let Some(name) = &self.environment {
            filter.concerns.push((ENVIRONMENT, environment_id(session, name).await?));
        }
        if let Some(name) = &self.group {
            let group = groups::find(name).ok_or_else(|| no_group(name))?;
            if group.is_violation {
                filter.concerns.push((OUTCOME, VIOLATION.to_owned()));
            }
            filter.actions = group.actions.iter().map(|action| (*action).to_owned()).collect();
        }
        Ok(filter)
    }
}

async fn application_id(session: &mut Session, name: &str) -> Answer<String> {
    if let Ok(id) = name.parse::<shipworthy_model::ApplicationId>() {
        return Ok(id.to_string());
    }
    let found = application::find(session, name).await?;
    let missing = || Problem::invalid("application", format!("there is no application named `{name}`"));
    Ok(found.ok_or_else(missing)?.id.to_string())
}

async fn environment_id(session: &mut Session, name: &str) -> Answer<String> {
    if let Ok(id) = name.parse::<shipworthy_model::EnvironmentId>() {
        return Ok(id.to_string());
    }
    let found = audit_concern::of_environment(session, name).await?;
    let missing = || Problem::invalid("environment", format!("there is no environment named `{name}`"));
    Ok(found.ok_or_else(missing)?.1)
}

fn no_group(name: &str) -> Problem {
    let names: Vec<_> = GROUPS.iter().map(|group| group.name).collect();
    Problem::invalid("group", format!("there is no group `{name}`: expected one of {}", names.join(", ")))
}
