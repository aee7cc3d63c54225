//! What entries are bound to: objects against the last entry about them, facts and documents against their digests.

use super::entries::Bindings;
use super::{Fault, Findings};
use crate::audit_log::binding;
use shipworthy_model::Digest;
use shipworthy_store::bound::{self, NOUNS, Noun};
use shipworthy_store::documents::Documents;
use shipworthy_store::{Session, StoreError, document_file, facts};

/// How many objects are read at once.
const PAGE: usize = 200;

/// Holds every object against the last entry that is bound to it.
pub(super) async fn check_objects(
    session: &mut Session,
    mut bindings: Bindings,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    for noun in NOUNS {
        let mut after = String::new();
        loop {
            let ids = bound::ids(session, noun, &after, PAGE).await?;
            let Some(last) = ids.last() else { break };
            after.clone_from(last);
            let digests = binding::digests(session, noun, &ids).await?;
            for (id, digest) in digests {
                findings.checked.objects += 1;
                let bound = bindings.remove(&(noun.kind.to_owned(), id.clone()));
                findings.faults.extend(object_fault(noun, &id, &digest, bound));
            }
        }
    }
    for ((kind, id), (_, entry)) in bindings.into_iter().filter(|((kind, _), _)| Noun::of(kind).is_some()) {
        let detail = format!("{kind} {id}, which entry {entry} tells of, is missing");
        findings.faults.push(Fault::of_object("object-removed", format!("{kind} {id}"), detail));
    }
    Ok(())
}

fn object_fault(noun: &Noun, id: &str, digest: &Digest, bound: Option<(Digest, i64)>) -> Option<Fault> {
    let object = format!("{} {id}", noun.kind);
    match bound {
        Some((bound, _)) if bound == *digest => None,
        Some((_, entry)) => {
            let detail = format!("{object} is not what it was when entry {entry} was written");
            Some(Fault::of_object("object-changed", object, detail))
        }
        None => {
            let detail = format!("{object} is there, and no entry is bound to it");
            Some(Fault::of_object("object-inserted", object, detail))
        }
    }
}

/// Holds what policies saw against its digests.
pub(super) async fn check_facts(session: &mut Session, findings: &mut Findings) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let page = facts::digests(session, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(last);
        for digest in page {
            findings.checked.facts += 1;
            let read = match digest.parse::<Digest>() {
                Ok(digest) => facts::get(session, &digest).await.map(|_| ()),
                Err(error) => Err(StoreError::Corrupt(error.to_string())),
            };
            if let Err(error) = read {
                let object = format!("facts {digest}");
                findings.faults.push(Fault::of_object("facts-changed", object, error.to_string()));
            }
        }
    }
}

/// Holds every document against its digest, and what is stored of it against the digest that was noted of that.
pub(super) async fn check_documents(
    session: &mut Session,
    documents: &Documents,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let page = document_file::list(session, &after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after.clone_from(last);
        for (digest, noted) in page {
            findings.checked.documents += 1;
            let why = match (digest.parse::<Digest>(), noted) {
                (Err(error), _) => Some(error.to_string()),
                (Ok(_), None) => Some("nothing was noted of what is stored of it".to_owned()),
                (Ok(digest), Some(noted)) => document_fault(documents, &digest, noted).await?,
            };
            if let Some(why) = why {
                let detail = format!("document {digest} is not what was kept: {why}");
                findings.faults.push(Fault::of_object("document-changed", format!("document {digest}"), detail));
            }
        }
    }
}

async fn document_fault(
    documents: &Documents,
    digest: &Digest,
    noted: (String, i64),
) -> Result<Option<String>, StoreError> {
    match documents.get_stored(digest).await {
        // A store that does not answer is no fault of the document.
        Err(error @ StoreError::Documents(_)) => Err(error),
        Err(error) => Ok(Some(error.to_string())),
        Ok((_, stored)) if stored.digest.as_str() == noted.0 && stored.size_bytes == noted.1.unsigned_abs() => Ok(None),
        Ok(_) => Ok(Some("its bytes are the same, and they are stored in another way than they were".to_owned())),
    }
}
