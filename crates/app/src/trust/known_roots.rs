//! The trust roots in force, read once for each generation: reading a trusted root costs more than verifying by it.

use crate::problem::{Answer, Problem};
use shipworthy_store::trust_root::{self, TrustRoot, TrustRootKind};
use shipworthy_store::{Session, generation};
use shipworthy_trust::PublicKey;
use shipworthy_trust::verify::{Roots, SigstoreRoot, TrustedKey};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// The roots of a generation.
type Kept = (i64, Arc<Roots>);

/// The trust roots in force, as of the last time that somebody asked.
#[derive(Default)]
pub(crate) struct KnownRoots(RwLock<Option<Kept>>);

impl fmt::Debug for KnownRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownRoots").finish_non_exhaustive()
    }
}

impl KnownRoots {
    /// The roots in force now, with their generation.
    ///
    /// # Errors
    /// When the database fails, or holds a root that this version cannot read.
    pub(crate) async fn read(&self, session: &mut Session) -> Answer<Kept> {
        let now = generation::all(session).await?.get("roots").copied().unwrap_or_default();
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = kept.filter(|(of, _)| *of == now) {
            return Ok(kept);
        }
        let mut roots = Roots::default();
        for root in trust_root::list(session).await? {
            add(&mut roots, root)?;
        }
        let kept = (now, Arc::new(roots));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(kept.clone());
        Ok(kept)
    }
}

/// A key that is revoked did sign what was signed before. A Sigstore instance that is revoked vouches for nothing any more:
/// it is its own witness of when something was signed.
fn add(roots: &mut Roots, root: TrustRoot) -> Answer<()> {
    let revoked_at = root.revoked.map(|(_, at)| at);
    let unreadable = |error: &dyn fmt::Display| Problem::internal(format!("trust root `{}`: {error}", root.name));
    match root.kind {
        TrustRootKind::Key(_) => roots.keys.push(TrustedKey {
            key: PublicKey::from_pem(&root.body).map_err(|error| unreadable(&error))?,
            name: root.name,
            from: root.valid_from,
            until: root.valid_until,
            revoked_at,
        }),
        TrustRootKind::Sigstore if revoked_at.is_none() => {
            let read = SigstoreRoot::from_json(&root.name, &root.body).map_err(|error| unreadable(&error))?;
            let demands = root.demands.clone().map(serde_json::from_value).transpose();
            roots.sigstore.push(match demands.map_err(|error| unreadable(&error))? {
                Some(demands) => read.demanding(demands),
                None => read,
            });
        }
        TrustRootKind::Sigstore => {}
    }
    Ok(())
}
