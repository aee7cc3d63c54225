//! What is said of the vulnerabilities of a release beyond that they are there: by our exceptions in force, and by the VEX
//! statements in its evidence. Our own word goes first.

use crate::current::Read;
use crate::decide::context_of;
use crate::sbom::product;
use jiff::Timestamp;
use shipworthy_advisories::vex::{Question, Said, Stated, said};
use shipworthy_model::{ComponentRef, Environment, Exception, ExceptionId, VexStatement, VexStatus};
use shipworthy_policy::FindingFact;
use shipworthy_policy::excuse::{Context, covering, excuses_finding};
use shipworthy_store::release::OwnedRelease;
use shipworthy_store::{Session, StoreError, exception};

/// Whoever has a say about a release.
#[derive(Debug)]
pub(crate) struct Heard {
    context: Context,
    /// Those that hold now, in the order of their ids.
    exceptions: Vec<Exception>,
    statements: Vec<VexStatement>,
    /// The release by each of its names.
    products: Vec<ComponentRef>,
}

/// What is said of one vulnerability in one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// What is said.
    pub(crate) status: VexStatus,
    /// Why, in a word of VEX.
    pub(crate) justification: Option<String>,
    /// Why, at length.
    pub(crate) detail: Option<String>,
    /// What to do about it.
    pub(crate) action: Option<String>,
    /// When it was said.
    pub(crate) stated_at: Option<String>,
    /// By whom.
    pub(crate) by: By,
}

/// Whose word it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// Ours: an exception, which ends.
    Exception {
        /// Its id.
        id: ExceptionId,
        /// The first instant at which it holds no more.
        until: Timestamp,
    },
    /// That of the author of a statement in the evidence.
    Statement {
        /// The author, as the document says.
        author: Option<String>,
    },
}

impl Word {
    /// Why, at length, and who says so where it is not us.
    pub(crate) fn attributed(&self) -> Option<String> {
        let By::Statement { author: Some(author) } = &self.by else { return self.detail.clone() };
        let by = format!("Stated by {author}.");
        Some(self.detail.as_ref().map_or_else(|| by.clone(), |detail| format!("{detail}\n\n{by}")))
    }
}

impl Heard {
    /// Collects who has a say about a release now: before an environment, or wherever it may run.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn listen(
        session: &mut Session,
        owned: &OwnedRelease,
        environment: Option<&Environment>,
        current: &[Read],
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let context = context_of(owned, environment);
        let in_scope = exception::in_scope(session, owned, environment, now).await?;
        let exceptions = covering(&in_scope, &context, now).into_iter().cloned().collect();
        let statements = current.iter().flat_map(|read| read.sections.report.vex.iter().cloned()).collect();
        Ok(Self { context, exceptions, statements, products: names(owned) })
    }

    /// When the newest of the exceptions was approved.
    pub(crate) fn newest_exception(&self) -> Option<Timestamp> {
        self.exceptions.iter().filter_map(|exception| exception.decided_at).max()
    }

    /// What is said of a vulnerability with these ids in a component; nothing when nobody says anything.
    pub(crate) fn word(&self, fact: &FindingFact, component: Option<&ComponentRef>) -> Option<Word> {
        let mut excusing = self.exceptions.iter().filter(|exception| excuses_finding(exception, fact, &self.context));
        // That it does no harm says more than that the risk is borne.
        let (first, harmless) = (excusing.clone().next(), excusing.find(|exception| exception.justification.is_some()));
        harmless.or(first).map(ours).or_else(|| self.theirs(fact, component))
    }

    fn theirs(&self, fact: &FindingFact, component: Option<&ComponentRef>) -> Option<Word> {
        let ids: Vec<String> = std::iter::once(&fact.rule).chain(&fact.aliases).cloned().collect();
        let whole = ComponentRef::default();
        let component = component.unwrap_or(&whole);
        let question = Question { vulnerability: &ids, component, products: &self.products };
        // The evidence is about the release, whatever its documents call it.
        let stated = |statement| Stated { statement, is_about_product: true };
        match said(self.statements.iter().map(stated), question) {
            Said::Nothing => None,
            Said::Status { status, by, .. } => Some(Word {
                status,
                justification: by.justification.clone(),
                detail: by.detail.clone(),
                action: by.action.clone(),
                stated_at: by.stated_at.clone(),
                by: By::Statement { author: by.author.clone() },
            }),
        }
    }
}

/// The names under which statements speak of a release.
fn names(owned: &OwnedRelease) -> Vec<ComponentRef> {
    let mut names = Vec::new();
    for product in product::products(owned) {
        let name = product.name;
        names.extend(product.digest.map(|digest| ComponentRef { name: digest.to_string(), ..ComponentRef::default() }));
        names.push(ComponentRef { purl: Some(product.purl), name, version: Some(owned.release.version.clone()) });
    }
    names
}

/// An exception with a justification says that the vulnerability does no harm; one without, that the risk is borne.
fn ours(exception: &Exception) -> Word {
    let Exception { id, until, reason, .. } = exception;
    let stated_at = exception.decided_at.map(|at| at.to_string());
    let by = By::Exception { id: *id, until: *until };
    match exception.justification {
        Some(justification) => Word {
            status: VexStatus::NotAffected,
            justification: Some(justification.to_string()),
            detail: Some(format!("{reason}\n\nSaid by exception {id}, which holds until {until}.")),
            action: None,
            stated_at,
            by,
        },
        None => Word {
            status: VexStatus::Affected,
            justification: None,
            detail: None,
            action: Some(format!("The risk is accepted until {until} by exception {id}: {reason}")),
            stated_at,
            by,
        },
    }
}
