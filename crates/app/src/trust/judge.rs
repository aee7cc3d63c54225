//! Whose word counts: what verification says of an attestation, together with the rules that say who may sign what for
//! which release.

use super::check::Content;
use super::word;
use crate::problem::{Answer, Problem};
use jiff::Timestamp;
use shipworthy_model::Digest;
use shipworthy_store::Session;
use shipworthy_store::assignment::AssignmentScope;
use shipworthy_store::attestation::{self, Attestation};
use shipworthy_store::document::Document;
use shipworthy_store::release::OwnedRelease;
use shipworthy_store::signer::{self, SignedWith, Signer as SignerRule};
use shipworthy_trust::verify::identity::IdentityRule;
use shipworthy_trust::verify::{Attested, Outcome, Signer};
use std::collections::BTreeMap;

/// Any predicate type, in a rule.
const ANY: &str = "*";

/// The rules in force.
struct Rules(Vec<Rule>);

struct Rule {
    rule: SignerRule,
    identity: Option<IdentityRule>,
}

/// An attestation of a document, and what its word is worth for a release.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    /// What verification says.
    pub(crate) attested: Attested,
    /// What is known of the signature, in one of the words of [`word`].
    pub(crate) verification: &'static str,
    /// The rule by which the signer may.
    pub(crate) signer: Option<String>,
    /// Why it does not count; nothing where it does.
    pub(crate) why: Option<String>,
    /// What it says that decisions about trust rest on.
    pub(crate) content: Option<Content>,
}

/// What the attestations in documents are worth for a release, by document. Each document comes with the time at which it
/// was received.
///
/// # Errors
/// When the database fails, or holds what this version cannot read.
pub(crate) async fn of_release(
    session: &mut Session,
    release: &OwnedRelease,
    documents: &BTreeMap<Digest, Timestamp>,
) -> Answer<BTreeMap<Digest, Vec<Judged>>> {
    let digests: Vec<Digest> = documents.keys().cloned().collect();
    let kept = attestation::of_documents(session, &digests).await?;
    if kept.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rules = Rules::read(session).await?;
    let mut all = BTreeMap::new();
    for (document, kept) in kept {
        let received_at = documents.get(&document).copied().unwrap_or_default();
        let judge = |one: Attestation| {
            let content = one.content.as_deref().map(serde_json::from_str).transpose();
            let content = content.map_err(|error| Problem::internal(format!("attestation of {document}: {error}")))?;
            Ok(Judged { content, ..rules.judge(read(&document, &one.body)?, received_at, release) })
        };
        let judged = kept.into_iter().map(judge).collect::<Answer<Vec<_>>>()?;
        all.insert(document, judged);
    }
    Ok(all)
}

/// What is known of the signatures of a document as a whole: a chain is as strong as its weakest link. `stated` is what
/// its reader says of it; `judged` is nothing for a document that holds no attestation, or was not checked yet.
pub(crate) fn together<'j>(stated: &'j str, judged: Option<&Vec<Judged>>) -> &'j str {
    let weakest = judged.into_iter().flatten().map(|judged| judged.verification).min_by_key(|word| strength(word));
    weakest.unwrap_or(if stated == word::UNSIGNED { word::UNSIGNED } else { word::UNCHECKED })
}

/// What is known of the signatures of these documents by the roots alone, by document: the weakest of several. Documents
/// without attestations are left out.
///
/// # Errors
/// When the database fails.
pub(crate) async fn outcomes(session: &mut Session, documents: &[Digest]) -> Answer<BTreeMap<Digest, String>> {
    let kept = attestation::of_documents(session, documents).await?.into_iter();
    let weakest = |all: Vec<Attestation>| all.into_iter().map(|one| one.outcome).min_by_key(|word| strength(word));
    Ok(kept.filter_map(|(document, all)| Some((document, weakest(all)?))).collect())
}

/// The word for a document, where `outcomes` has what is known of several.
pub(crate) fn stated<'d>(document: &'d Document, outcomes: &'d BTreeMap<Digest, String>) -> &'d str {
    outcomes.get(&document.digest).map_or_else(|| together(&document.verification, None), String::as_str)
}

/// The order of the words from the weakest on.
fn strength(verification: &str) -> usize {
    const ORDER: [&str; 5] = [word::INVALID, word::UNCHECKED, word::UNSIGNED, word::UNKNOWN_SIGNER, word::VERIFIED];
    ORDER.iter().position(|known| *known == verification).unwrap_or_default()
}

/// What verification says, as it is kept for a document.
///
/// # Errors
/// When this version cannot read it.
pub(crate) fn read(document: &Digest, body: &str) -> Answer<Attested> {
    serde_json::from_str(body)
        .map_err(|error| Problem::internal(format!("what is kept of the attestations in {document}: {error}")))
}

impl Rules {
    /// The rules as they are now.
    ///
    /// # Errors
    /// When the database fails, or holds a rule that this version cannot read.
    async fn read(session: &mut Session) -> Answer<Self> {
        let in_force = signer::list(session).await?.into_iter().filter(|rule| rule.revoked.is_none());
        let readable = |rule: SignerRule| {
            let identity = match &rule.who {
                SignedWith::Key { .. } => None,
                SignedWith::Identity(stated) => Some(
                    serde_json::from_value(stated.clone())
                        .map_err(|error| Problem::internal(format!("signer `{}`: {error}", rule.id)))?,
                ),
            };
            Ok(Rule { rule, identity })
        };
        Ok(Self(in_force.map(readable).collect::<Answer<_>>()?))
    }

    /// What an attestation's word is worth for a release. `received_at` is when its document came, which counts as the
    /// time of signing where nobody trusted attests another.
    fn judge(&self, attested: Attested, received_at: Timestamp, release: &OwnedRelease) -> Judged {
        let (verification, signer, why) = match &attested.outcome {
            Outcome::Unsigned => (word::UNSIGNED, None, Some("it carries no signature".to_owned())),
            Outcome::Invalid { why } => (word::INVALID, None, Some(why.clone())),
            Outcome::UnknownSigner { who } => (word::UNKNOWN_SIGNER, None, Some(who.clone())),
            Outcome::Unchecked { why } => (word::UNCHECKED, None, Some(why.clone())),
            Outcome::Verified => match self.rule_for(&attested, received_at, release) {
                Some(rule) => (word::VERIFIED, Some(rule.rule.name.clone()), None),
                None => (word::UNKNOWN_SIGNER, None, Some(nobody_lets(&attested, release))),
            },
        };
        Judged { attested, verification, signer, why, content: None }
    }

    fn rule_for(&self, attested: &Attested, received_at: Timestamp, release: &OwnedRelease) -> Option<&Rule> {
        let at = attested.signed_at.unwrap_or(received_at);
        let predicate = predicate(attested);
        self.0.iter().find(|rule| {
            attested.signers.iter().any(|signer| rule.names(signer))
                && rule.rule.predicate_types.iter().any(|known| known == ANY || known == predicate)
                && covers(rule.rule.scope, release)
                && rule.rule.valid_from.is_none_or(|from| from <= at)
                && rule.rule.valid_until.is_none_or(|until| at < until)
        })
    }
}

impl Rule {
    fn names(&self, signer: &Signer) -> bool {
        match (signer, &self.rule.who, &self.identity) {
            (Signer::Key { id, .. }, SignedWith::Key { key_id, .. }, _) => id == key_id,
            (Signer::Identity(identity), _, Some(rule)) => rule.names(identity),
            _ => false,
        }
    }
}

/// The sort of thing an attestation says. A signature over an artifact itself says nothing but that somebody signed it, and
/// goes by what carries it.
pub(crate) fn predicate(attested: &Attested) -> &str {
    let stated = attested.said.as_ref().and_then(|said| said.predicate_type.as_deref());
    stated.unwrap_or(attested.form.as_str())
}

fn covers(scope: AssignmentScope, release: &OwnedRelease) -> bool {
    match scope {
        AssignmentScope::Everything => true,
        AssignmentScope::Team(id) => id == release.team_id,
        AssignmentScope::Application(id) => id == release.application_id,
        AssignmentScope::Service(id) => id == release.release.service_id,
    }
}

fn nobody_lets(attested: &Attested, release: &OwnedRelease) -> String {
    let names: Vec<String> = attested.signers.iter().map(shown).collect();
    let OwnedRelease { application_name, service_name, .. } = release;
    let (who, what) = (names.join(" and "), predicate(attested));
    format!("signed by {who}, but no signer rule lets them say `{what}` for {application_name}/{service_name}")
}

/// A signer as people read it.
pub(crate) fn shown(signer: &Signer) -> String {
    match signer {
        Signer::Key { id, name: None } => format!("the key {id}"),
        Signer::Key { name: Some(name), .. } => format!("the key `{name}`"),
        Signer::Identity(identity) => {
            let issuer = identity.issuer.as_deref().unwrap_or("nobody");
            format!("{} (by {issuer})", identity.san)
        }
    }
}
