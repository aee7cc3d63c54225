//! Envelopes as Sigstore bundles 0.3, for tools that read those: the key is named by a hint and known by other ways.
//! <https://docs.sigstore.dev/about/bundle/>

use serde::Serialize;
use shipworthy_trust::dsse::Envelope;

/// The type of the form.
const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// An envelope with what is needed to verify it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bundle {
    media_type: &'static str,
    verification_material: Material,
    dsse_envelope: Envelope,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Material {
    public_key: PublicKeyHint,
    /// Always empty: nothing of it is in a public log. Readers of the form want the field.
    tlog_entries: [(); 0],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct PublicKeyHint {
    hint: String,
}

/// A bundle around an envelope.
pub(crate) fn bundle(envelope: Envelope) -> Bundle {
    let hint = envelope.signatures.first().and_then(|signature| signature.keyid.clone()).unwrap_or_default();
    let verification_material = Material { public_key: PublicKeyHint { hint }, tlog_entries: [] };
    Bundle { media_type: MEDIA_TYPE, verification_material, dsse_envelope: envelope }
}
