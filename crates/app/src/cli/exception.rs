//! `shipworthy exception`: time-limited permissions for named violations.

use crate::api::exceptions::{
    ExceptionAnswer, ExceptionMatchers, ExceptionScopeNames, ExceptionView, RequestedException,
};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table, to_the_second};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;
use crate::wording::shown;
use shipworthy_model::ExceptionId;

/// Ask for exceptions, answer other people's, take them back.
#[derive(Debug, clap::Args)]
pub(crate) struct Exception {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List exceptions, newest first.
    List {
        /// Only those in this state: requested, approved, rejected, revoked or expired.
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Ask for an exception. Somebody else has to approve it.
    Request(Box<Request>),
    /// Approve an exception that somebody else asked for.
    Approve(Answer),
    /// Reject an exception that somebody else asked for.
    Reject(Answer),
    /// Take an exception back.
    Revoke {
        /// The exception's id.
        id: ExceptionId,
        #[command(flatten)]
        connection: Connection,
    },
}

#[derive(Debug, clap::Args)]
struct Answer {
    /// The exception's id.
    id: ExceptionId,
    /// A remark for the audit log.
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
struct Request {
    /// For violations of this policy.
    #[arg(long, value_name = "NAME")]
    policy: Option<String>,
    /// For this vulnerability or rule, by any of its names.
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// For this package; without version for all versions.
    #[arg(long, value_name = "PURL")]
    purl: Option<String>,
    /// For this artifact.
    #[arg(long, value_name = "DIGEST")]
    artifact: Option<String>,
    /// Only for this team.
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    /// Only for this application.
    #[arg(long, value_name = "NAME")]
    application: Option<String>,
    /// Only for this service of the application.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Only in this environment.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// Only in environments of this kind.
    #[arg(long, value_name = "KIND")]
    environment_kind: Option<String>,
    /// Only in environments with this exposure.
    #[arg(long, value_name = "EXPOSURE")]
    exposure: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Why the vulnerability does not matter, in the words of OpenVEX.
    #[arg(long, value_name = "WORD")]
    justification: Option<String>,
    /// A ticket elsewhere.
    #[arg(long, value_name = "TICKET")]
    ticket: Option<String>,
    /// First instant [default: now].
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// First instant at which it holds no more, such as 2027-01-31T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    until: String,
    #[command(flatten)]
    connection: Connection,
}

impl Exception {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::List { state, output, connection } => print_list(state, output, connection).await?,
                Command::Request(request) => ask(*request).await?,
                Command::Approve(answer) => send(answer, "approve").await?,
                Command::Reject(answer) => send(answer, "reject").await?,
                Command::Revoke { id, connection } => {
                    send(Answer { id, comment: None, connection }, "revoke").await?;
                }
            }
            Ok(Exit::Done)
        })
    }
}

async fn ask(request: Request) -> Result<(), Failure> {
    let body = RequestedException {
        matchers: ExceptionMatchers {
            policy: request.policy,
            rule: request.rule,
            purl: request.purl,
            artifact: request.artifact,
        },
        scope: ExceptionScopeNames {
            team: request.team,
            application: request.application,
            service: request.service,
            environment: request.environment,
            environment_kind: request.environment_kind,
            exposure: request.exposure,
        },
        reason: request.reason,
        justification: request.justification,
        ticket: request.ticket,
        from: request.from,
        until: request.until,
    };
    let asked: ExceptionView = request.connection.client()?.post("/exceptions", &body).await?;
    print(&asked.id);
    Ok(())
}

async fn send(answer: Answer, verb: &str) -> Result<(), Failure> {
    let Answer { id, comment, connection } = answer;
    let path = format!("/exceptions/{id}/{verb}");
    let done: ExceptionView = connection.client()?.post(&path, &ExceptionAnswer { comment }).await?;
    print(format_args!("{} {}", done.id, done.state));
    Ok(())
}

async fn print_list(state: Option<String>, output: Output, connection: Connection) -> Result<(), Failure> {
    let query: Vec<(&str, &str)> = state.as_deref().map(|state| ("state", state)).into_iter().collect();
    let page: Page<ExceptionView> = connection.client()?.get("/exceptions", &query).await?;
    if output == Output::Json {
        return print_json(&page);
    }
    let row = |exception: &ExceptionView| {
        let ExceptionMatchers { policy, rule, purl, artifact } = &exception.matchers;
        let named: Vec<&str> = [policy, rule, purl, artifact].into_iter().filter_map(Option::as_deref).collect();
        vec![
            exception.state.clone(),
            to_the_second(&exception.until),
            shown(&named.join(", ")),
            shown(&exception.requested_by.name),
            exception.id.clone(),
            shown(&exception.reason),
        ]
    };
    let heading = ["state", "until", "for", "requested by", "id", "reason"];
    print_table(&heading, &page.items.iter().map(row).collect::<Vec<_>>());
    Ok(())
}
