//! How far a rule or exception reaches in the portfolio, and whether a caller's permission reaches that far.

use crate::caller::Caller;
use crate::problem::{Answer, Problem};
use shipworthy_model::{ApplicationId, Permission, ServiceId, TeamId};
use shipworthy_store::{Session, application, service, team};

/// The part of the portfolio that something reaches. A service comes with its application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// A team.
    pub team: Option<TeamId>,
    /// An application.
    pub application: Option<ApplicationId>,
    /// A service.
    pub service: Option<ServiceId>,
}

impl Reach {
    /// Looks names up. What the caller may not see does not exist.
    ///
    /// # Errors
    /// A problem that names the field whose name nothing has, or a service without its application.
    pub(crate) async fn named(
        session: &mut Session,
        caller: &Caller,
        team_name: Option<&str>,
        application_name: Option<&str>,
        service_name: Option<&str>,
    ) -> Answer<Self> {
        let unknown = |noun: &str, name: &str| {
            Problem::invalid(&format!("scope.{noun}"), format!("there is no {noun} named `{name}`"))
        };
        let mut reach = Self::default();
        if let Some(name) = team_name {
            let found = team::find(session, name).await?.filter(|found| is_seen_team(caller, found.id));
            let found = found.ok_or_else(|| unknown("team", name))?;
            reach.team = Some(found.id);
        }
        if let Some(name) = application_name {
            let found = application::find(session, name).await?.filter(|found| is_seen(caller, found.id));
            let found = found.ok_or_else(|| unknown("application", name))?;
            reach.application = Some(found.id);
        }
        if let Some(name) = service_name {
            let application = reach
                .application
                .ok_or_else(|| Problem::invalid("scope.service", "a service is named together with its application"))?;
            let found = service::find(session, application, name).await?.ok_or_else(|| unknown("service", name))?;
            reach.service = Some(found.id);
        }
        Ok(reach)
    }

    /// Whether the caller's permission reaches as far.
    #[must_use]
    pub fn is_within(self, caller: &Caller, permission: Permission) -> bool {
        match (self.application, self.team) {
            (Some(application), _) => caller.may_in_application(permission, application),
            (None, Some(team)) => caller.may_in_team(permission, team),
            (None, None) => caller.may_everywhere(permission),
        }
    }

    /// Refuses what reaches further than the caller's permission.
    ///
    /// # Errors
    /// 403.
    pub(crate) fn require(self, caller: &Caller, permission: Permission) -> Answer<()> {
        if self.is_within(caller, permission) {
            return Ok(());
        }
        Err(Problem::forbidden(format!("your permission `{permission}` does not reach as far as this"))
            .hint("name a team, application or service within your reach, or ask somebody with a wider role"))
    }
}

fn is_seen(caller: &Caller, application: ApplicationId) -> bool {
    Permission::ALL.iter().any(|permission| caller.may_in_application(*permission, application))
}

fn is_seen_team(caller: &Caller, team: TeamId) -> bool {
    Permission::ALL.iter().any(|permission| caller.may_in_team(*permission, team))
}
