//! `shipworthy assignment`: policies put into force.

use crate::api::assignments::{Assignment as View, AssignmentScope, CreateAssignment};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;
use crate::wording::shown;
use reqwest::Method;
use serde_json::{Map, Value};
use shipworthy_model::AssignmentId;

/// Put policies into force and take them out of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Assignment {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the assignments in force.
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Put the newest version of a policy into force.
    Create(Create),
    /// End an assignment.
    Delete {
        /// The assignment's id.
        id: AssignmentId,
        #[command(flatten)]
        connection: Connection,
    },
}

#[derive(Debug, clap::Args)]
struct Create {
    /// The policy's name.
    #[arg(value_name = "POLICY")]
    policy: String,
    /// What a failure makes of the verdict: deny or warn; off switches the policy off.
    #[arg(long, value_name = "ACTION", default_value = "deny")]
    action: String,
    /// Where: everything, team:<name>, application:<name> or service:<application>/<name>. The closest one decides.
    #[arg(long, value_name = "SCOPE", default_value = "everything", value_parser = scope)]
    scope: AssignmentScope,
    /// Only in this environment. May be repeated.
    #[arg(long = "environment", value_name = "NAME")]
    environments: Vec<String>,
    /// A parameter's value, as `name=value` with the value in JSON. May be repeated.
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, Value)>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn scope(text: &str) -> Result<AssignmentScope, String> {
    let (kind, name) = match text.split_once(':') {
        Some((kind, name)) => (kind, Some(name.to_owned())),
        None => (text, None),
    };
    Ok(AssignmentScope { kind: kind.to_owned(), id: None, name })
}

fn parameter(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("expected `name=value`")?;
    // What is not JSON is a text: nobody wants to quote twice in a shell.
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    Ok((name.to_owned(), value))
}

impl Assignment {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::List { output, connection } => {
                    let page: Page<View> = connection.client()?.get("/assignments", &[]).await?;
                    match output {
                        Output::Json => print_json(&page)?,
                        Output::Text => print_all(&page.items),
                    }
                }
                Command::Create(create) => send(create).await?,
                Command::Delete { id, connection } => {
                    let client = connection.client()?;
                    client.send(client.request(Method::DELETE, &format!("/assignments/{id}"))).await?;
                }
            }
            Ok(Exit::Done)
        })
    }
}

async fn send(create: Create) -> Result<(), Failure> {
    let Create { policy, action, scope, environments, parameters, output, connection } = create;
    let parameters = Value::Object(parameters.into_iter().collect::<Map<_, _>>());
    let body = CreateAssignment { policy, parameters, action, scope, environments };
    let made: View = connection.client()?.post("/assignments", &body).await?;
    match output {
        Output::Json => print_json(&made)?,
        Output::Text => print(&made.id),
    }
    Ok(())
}

fn print_all(assignments: &[View]) {
    let row = |assignment: &View| {
        let scope = match &assignment.scope.name {
            Some(name) => format!("{}:{name}", assignment.scope.kind),
            None => assignment.scope.kind.clone(),
        };
        let environments: Vec<&str> = assignment.environments.iter().map(|named| named.name.as_str()).collect();
        let environments = if environments.is_empty() { "all".to_owned() } else { environments.join(", ") };
        vec![
            assignment.policy.name.clone(),
            assignment.version.to_string(),
            assignment.action.clone(),
            shown(&scope),
            shown(&environments),
            assignment.id.clone(),
        ]
    };
    let heading = ["policy", "version", "action", "scope", "environments", "id"];
    print_table(&heading, &assignments.iter().map(row).collect::<Vec<_>>());
}
