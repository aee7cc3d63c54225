//! `shipworthy signer`: the rules that say who may sign what for which applications.

use crate::api::assignments::AssignmentScope;
use crate::api::signers::{CreateSigner, IdentityRule, Pattern, Signer as View};
use crate::cli::assignment::scope;
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;
use crate::wording::shown;
use jiff::Timestamp;
use reqwest::Method;
use shipworthy_model::SignerId;

/// Say who may sign what for which applications.
#[derive(Debug, clap::Args)]
pub(crate) struct Signer {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the rules, revoked ones too.
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Make a rule.
    Add(Box<Add>),
    /// Revoke a rule: nothing counts by it any more, whenever it was signed.
    Revoke {
        /// The rule's id.
        id: SignerId,
        #[command(flatten)]
        connection: Connection,
    },
}

#[derive(Debug, clap::Args)]
struct Add {
    /// What it is called.
    #[arg(value_name = "NAME")]
    name: String,
    /// The name of the trust root whose key signs.
    #[arg(long, value_name = "TRUST-ROOT", conflicts_with_all = ["identity", "any_identity"], required_unless_present_any = ["identity", "any_identity"])]
    key: Option<String>,
    /// Or the name in the certificate that signs; each `*` stands for any characters.
    #[arg(long, value_name = "PATTERN", requires = "issuer", conflicts_with = "any_identity")]
    identity: Option<String>,
    /// Or whatever name an issuer vouched for.
    #[arg(long, requires = "issuer")]
    any_identity: bool,
    /// Who vouched for the name: the address of the OpenID Connect issuer; each `*` stands for any characters.
    #[arg(long, value_name = "PATTERN")]
    issuer: Option<String>,
    /// A predicate type that counts from the signer; `*` stands for any. May be repeated.
    #[arg(long = "predicate", value_name = "TYPE", required = true)]
    predicates: Vec<String>,
    /// Where: everything, team:<name>, application:<name> or service:<application>/<name>.
    #[arg(long, value_name = "SCOPE", default_value = "everything", value_parser = scope)]
    scope: AssignmentScope,
    /// The instant from which signatures count.
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// The instant from which they count no more.
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    #[command(flatten)]
    connection: Connection,
}

impl Signer {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::List { output, connection } => {
                    let page: Page<View> = connection.client()?.get("/signers", &[]).await?;
                    match output {
                        Output::Json => print_json(&page)?,
                        Output::Text => print_all(&page.items),
                    }
                }
                Command::Add(add) => send(*add).await?,
                Command::Revoke { id, connection } => {
                    let client = connection.client()?;
                    client.send(client.request(Method::DELETE, &format!("/signers/{id}"))).await?;
                }
            }
            Ok(Exit::Done)
        })
    }
}

async fn send(add: Add) -> Result<(), Failure> {
    let Add { name, key, identity, any_identity, issuer, predicates, scope, from, until, connection } = add;
    let any = Pattern { kind: "any".to_owned(), value: None };
    let named = identity.map(pattern).or_else(|| any_identity.then_some(any));
    let identity = named.zip(issuer).map(|(name, issuer)| IdentityRule { name, issuer: pattern(issuer) });
    let body =
        CreateSigner { name, key, identity, predicate_types: predicates, scope, valid_from: from, valid_until: until };
    let made: View = connection.client()?.post("/signers", &body).await?;
    print(&made.id);
    Ok(())
}

fn pattern(text: String) -> Pattern {
    let kind = if text.contains('*') { "pattern" } else { "exact" };
    Pattern { kind: kind.to_owned(), value: Some(text) }
}

fn print_all(signers: &[View]) {
    let row = |signer: &View| {
        let any = || "any".to_owned();
        let who = match (&signer.key, &signer.identity) {
            (Some(key), _) => format!("key {}", key.name),
            (None, Some(rule)) => {
                let name = rule.name.value.clone().unwrap_or_else(any);
                format!("{name} by {}", rule.issuer.value.clone().unwrap_or_else(any))
            }
            (None, None) => "-".to_owned(),
        };
        let scope = match &signer.scope.name {
            Some(name) => format!("{}:{name}", signer.scope.kind),
            None => signer.scope.kind.clone(),
        };
        let until = match (&signer.revoked, &signer.valid_until) {
            (Some(revoked), _) => format!("revoked {}", revoked.at),
            (None, Some(until)) => until.clone(),
            (None, None) => "-".to_owned(),
        };
        let predicates = signer.predicate_types.join(", ");
        vec![shown(&signer.name), shown(&who), shown(&predicates), shown(&scope), until, signer.id.clone()]
    };
    let heading = ["name", "signs with", "what", "scope", "until", "id"];
    print_table(&heading, &signers.iter().map(row).collect::<Vec<_>>());
}
