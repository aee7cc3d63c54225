//! What every handler, verb and job works with: the database, the documents, the clock and the settings.

use crate::answers::Answers;
use crate::attempts::Attempts;
use crate::audit_log::carry_over;
use crate::audit_log::queue::Queue;
use crate::caller::KnownCallers;
use crate::clock::Clock;
use crate::events::Events;
use crate::exposure::Exposures;
use crate::remembered::Remembered;
use crate::sbom::Recent;
use crate::settings::Settings;
use crate::signing::{Keeper, Keys};
use crate::trust::KnownRoots;
use crate::usage::Usage;
use crate::worker::Workers;
use shipworthy_model::{Digest, SeverityCounts};
use shipworthy_policy::Policy;
use shipworthy_store::Db;
use shipworthy_store::documents::Documents;
use std::path::PathBuf;
use std::sync::Arc;

/// The state of a running server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The documents.
    pub documents: Documents,
    /// Time and chance.
    pub clock: Arc<Clock>,
    /// The settings in force.
    pub settings: Settings,
    /// The keys that sign.
    pub keys: Keys,
    /// Entries of the audit log that wait to be written.
    pub(crate) audit_queue: Queue,
    /// The child processes in which policies run.
    pub workers: Arc<Workers>,
    /// Policies that were read before, by the digest of their source.
    pub(crate) policies: Remembered<Digest, Arc<Policy>>,
    /// Findings that were counted before, by what was asked.
    pub(crate) finding_counts: Remembered<String, SeverityCounts>,
    /// What releases are made of, as far as somebody asked lately.
    pub(crate) contents: Recent,
    /// Answers of gates as they were written last.
    pub(crate) answers: Answers,
    /// Where components are.
    pub(crate) usage: Usage,
    /// The vulnerabilities of components.
    pub(crate) exposures: Exposures,
    /// Whose signatures can be checked.
    pub(crate) roots: KnownRoots,
    /// Who failed to sign in.
    pub(crate) attempts: Attempts,
    /// Who called a moment ago.
    pub(crate) callers: KnownCallers,
    /// Who listens for changes.
    pub(crate) events: Events,
}

impl App {
    /// Opens database and documents as the settings say.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub async fn open(settings: Settings, clock: Arc<Clock>) -> anyhow::Result<Self> {
        use anyhow::Context as _;
        let program = std::env::current_exe().context("the path of this program is not known")?;
        Self::open_with_worker(settings, clock, program).await
    }

    /// As [`App::open`], with policies in workers of another program: a test is not itself the product.
    ///
    /// # Errors
    /// As [`App::open`].
    pub async fn open_with_worker(settings: Settings, clock: Arc<Clock>, program: PathBuf) -> anyhow::Result<Self> {
        use anyhow::Context as _;
        std::fs::create_dir_all(&settings.data)
            .with_context(|| format!("the data folder `{}` cannot be made", settings.data.display()))?;
        let db = Db::open(&settings.database_url).await?;
        let documents = Documents::open(&settings.documents)?;
        let keeper = Keeper::new(settings.signing_passphrase.clone());
        let keys = Keys::open(&settings.signing_keys, keeper, &settings.data.join("signing-key.pem"), &clock)?;
        let app = Self(Arc::new(Parts {
            db,
            documents,
            clock,
            settings,
            keys,
            audit_queue: Queue::default(),
            workers: Workers::new(program),
            policies: Remembered::default(),
            finding_counts: Remembered::default(),
            contents: Recent::default(),
            answers: Answers::default(),
            usage: Usage::default(),
            exposures: Exposures::default(),
            roots: KnownRoots::default(),
            attempts: Attempts::default(),
            callers: KnownCallers::default(),
            events: Events::default(),
        }));
        carry_over::carry_over(&app).await.context("the audit log of before cannot be carried over")?;
        Ok(app)
    }
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
