//! `shipworthy release`: versions of services. In a run of a known build system, repository, branch, commit and build
//! are taken from its variables.

use crate::api::release_choice::ReleaseChoice;
use crate::api::releases::{Approval, CreateApproval, CreateArtifact, CreateRelease, Release as Shown};
use crate::ci;
use crate::cli::attestation::OfRelease;
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table, to_the_second};
use crate::cli::release_compare::Compare;
use crate::cli::release_name;
use crate::cli::release_sbom::{Sbom, Vex};
use crate::cli::serve::run_async;
use crate::client::{Client, Connection};
use crate::page::Page;

/// Create, look at, compare and approve releases, and hand on what they are made of.
#[derive(Debug, clap::Args)]
pub(crate) struct Release {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Create a release; the same again gives the same release.
    Create(Box<Create>),
    /// List releases, newest first.
    List(List),
    /// Show a release.
    Show {
        /// Its id, or `application/service@version`.
        #[arg(value_name = "RELEASE", value_parser = release_name::parse)]
        release: ReleaseChoice,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Say that a release may go to an environment, as the person behind the token.
    Approve {
        /// Its id, or `application/service@version`.
        #[arg(value_name = "RELEASE", value_parser = release_name::parse)]
        release: ReleaseChoice,
        /// The environment's name.
        #[arg(long, value_name = "NAME")]
        environment: String,
        /// What to remember.
        #[arg(long, value_name = "TEXT")]
        comment: Option<String>,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    Compare(Compare),
    Attestation(OfRelease),
    Sbom(Sbom),
    Vex(Vex),
}

#[derive(Debug, clap::Args)]
struct Create {
    /// The application, made on first mention.
    #[arg(long, value_name = "NAME")]
    application: String,
    /// The service, made on first mention.
    #[arg(long, value_name = "NAME")]
    service: String,
    /// The version, unique for the service.
    #[arg(long, value_name = "VERSION")]
    version: String,
    /// The team that owns the application, where it is made.
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    /// The repository [default: what the build system says].
    #[arg(long, value_name = "URL")]
    repository: Option<String>,
    /// The branch [default: what the build system says].
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// The source commit [default: what the build system says].
    #[arg(long, value_name = "COMMIT")]
    commit: Option<String>,
    /// The run that built it, as `<system>/<id>` [default: what the build system says].
    #[arg(long, value_name = "BUILD")]
    build: Option<String>,
    /// What it ships: `sha256:<digest>`, or `<name>@sha256:<digest>`. May be repeated.
    #[arg(long = "artifact", value_name = "ARTIFACT")]
    artifacts: Vec<String>,
    /// What the artifacts are: container-image, package or file.
    #[arg(long, value_name = "KIND", default_value = "container-image")]
    kind: String,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those of this application.
    #[arg(long, value_name = "NAME")]
    application: Option<String>,
    /// Those of services with this name.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Those of this commit.
    #[arg(long, value_name = "COMMIT")]
    commit: Option<String>,
    /// Those that ship this artifact.
    #[arg(long, value_name = "DIGEST")]
    artifact: Option<String>,
    /// How many at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: usize,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Release {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::Create(create) => create.create().await,
                Command::List(list) => list.list().await,
                Command::Show { release, output, connection } => {
                    let client = connection.client()?;
                    show(&get(&client, &release).await?, output)
                }
                Command::Approve { release, environment, comment, output, connection } => {
                    let client = connection.client()?;
                    let id = release_name::id(&client, &release).await?;
                    let path = format!("/releases/{id}/approvals");
                    let approval = client.post(&path, &CreateApproval { environment, comment }).await?;
                    show_approval(&approval, &get(&client, &ReleaseChoice::Id(id)).await?, output)
                }
                Command::Compare(compare) => compare.print().await,
                Command::Attestation(attestation) => attestation.print().await,
                Command::Sbom(sbom) => sbom.print().await,
                Command::Vex(vex) => vex.print().await,
            }
        })
    }
}

impl Create {
    async fn create(self) -> Result<Exit, Failure> {
        let run = ci::detect(|name| std::env::var(name).ok()).unwrap_or_default();
        let artifacts = self.artifacts.iter().map(|text| artifact(text, &self.kind)).collect();
        let new = CreateRelease {
            application: self.application,
            service: self.service,
            version: self.version,
            team: self.team,
            repository: self.repository.or(run.repository),
            branch: self.branch.or(run.branch),
            commit: self.commit.or(run.commit),
            build: self.build.or(run.build),
            artifacts,
        };
        let made: Shown = self.connection.client()?.post("/releases", &new).await?;
        show(&made, self.output)
    }
}

/// `<name>@sha256:<digest>`, as container tools write it, or the digest alone. The server checks the digest.
fn artifact(text: &str, kind: &str) -> CreateArtifact {
    let (name, digest) = match text.rsplit_once('@') {
        Some((name, digest)) => (Some(name.to_owned()), digest),
        None => (None, text),
    };
    CreateArtifact { digest: digest.to_owned(), name, kind: Some(kind.to_owned()) }
}

impl List {
    async fn list(self) -> Result<Exit, Failure> {
        let limit = self.limit.to_string();
        let mut query = vec![("limit", limit.as_str())];
        let filters = [
            ("application", &self.application),
            ("service", &self.service),
            ("commit", &self.commit),
            ("artifact", &self.artifact),
        ];
        query.extend(filters.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))));
        let page: Page<Shown> = self.connection.client()?.get("/releases", &query).await?;
        if self.output == Output::Json {
            print_json(&page.items)?;
            return Ok(Exit::Done);
        }
        let short = |commit: Option<String>| commit.unwrap_or_default().chars().take(12).collect();
        let rows: Vec<Vec<String>> = page
            .items
            .into_iter()
            .map(|release| vec![named(&release), short(release.commit), to_the_second(&release.created_at), release.id])
            .collect();
        print_table(&["RELEASE", "COMMIT", "CREATED", "ID"], &rows);
        Ok(Exit::Done)
    }
}

async fn get(client: &Client, release: &ReleaseChoice) -> Result<Shown, Failure> {
    let id = release_name::id(client, release).await?;
    Ok(client.get(&format!("/releases/{id}"), &[]).await?)
}

fn named(release: &Shown) -> String {
    format!("{}/{}@{}", release.application.name, release.service.name, release.version)
}

fn show(release: &Shown, output: Output) -> Result<Exit, Failure> {
    if output == Output::Json {
        print_json(release)?;
        return Ok(Exit::Done);
    }
    print(format_args!("release    {}", named(release)));
    print(format_args!("id         {}", release.id));
    print(format_args!("team       {}", release.team.name));
    let stated = [
        ("repository", &release.repository),
        ("branch    ", &release.branch),
        ("commit    ", &release.commit),
        ("build     ", &release.build),
    ];
    for (what, value) in stated {
        if let Some(value) = value {
            print(format_args!("{what} {value}"));
        }
    }
    for artifact in &release.artifacts {
        let name = artifact.name.as_ref().map_or_else(String::new, |name| format!("{name} "));
        print(format_args!("artifact   {name}{} ({})", artifact.digest, artifact.kind));
    }
    print(format_args!("created    {} by {}", release.created_at, release.created_by));
    Ok(Exit::Done)
}

fn show_approval(approval: &Approval, release: &Shown, output: Output) -> Result<Exit, Failure> {
    if output == Output::Json {
        print_json(approval)?;
        return Ok(Exit::Done);
    }
    let (who, place) = (&approval.approved_by.name, &approval.environment.name);
    print(format_args!("{} approved for {place} by {who} at {}", named(release), approval.approved_at));
    Ok(Exit::Done)
}
