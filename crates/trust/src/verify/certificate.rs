//! Certificates: whom they name, and whether one of the trusted authorities issued them.

use super::identity::Identity;
use super::roots::SigstoreRoot;
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, UnixTime};
use sigstore_verify::crypto::{SubjectAltName, parse_certificate_info};
use sigstore_verify::types::DerCertificate;
use webpki::{EndEntityCert, KeyUsage};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::Utf8StringRef;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::SubjectAltName as Names;
use x509_cert::ext::pkix::name::GeneralName;

/// The other name by which Fulcio names whoever is neither a workflow nor a mail address.
const FULCIO_OTHER_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7");
/// The extended key usage for signing code (RFC 5280 §4.2.1.12), in DER without tag and length.
const CODE_SIGNING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];

/// A signing certificate that was read.
pub(super) struct Leaf {
    /// Whom it names.
    pub(super) identity: Identity,
    /// From when it is valid.
    pub(super) not_before: Timestamp,
    /// Until when it is valid, that instant included.
    pub(super) not_after: Timestamp,
}

/// Why no authority of a root vouches for a certificate.
pub(super) enum ChainFault {
    /// None of them issued it.
    UnknownIssuer,
    /// It, or one above it, is not valid at that time.
    NotValidThen,
    /// It is no certificate for signing, or its chain is broken.
    Unusable(String),
}

/// Reads a signing certificate.
pub(super) fn read(der: &[u8]) -> Result<Leaf, String> {
    let info = parse_certificate_info(&DerCertificate::from_bytes(der)).map_err(|error| error.to_string())?;
    let claims = info.ci_claims;
    let san = match info.identity {
        Some(SubjectAltName::Email(name) | SubjectAltName::Uri(name)) => name,
        _ => other_name(der).unwrap_or_default(),
    };
    let old = claims.deprecated_github;
    let identity = Identity {
        san,
        issuer: info.issuer,
        build_signer_uri: claims.build_signer_uri,
        build_signer_digest: claims.build_signer_digest,
        runner_environment: claims.runner_environment,
        // Certificates of before 2023 have the older extensions alone.
        source_repository_uri: claims
            .source_repository_uri
            .or_else(|| old.workflow_repository.map(|repository| format!("https://github.com/{repository}"))),
        source_repository_digest: claims.source_repository_digest.or(old.workflow_sha),
        source_repository_ref: claims.source_repository_ref.or(old.workflow_ref),
        source_repository_identifier: claims.source_repository_identifier,
        source_repository_owner_uri: claims.source_repository_owner_uri,
        source_repository_owner_identifier: claims.source_repository_owner_identifier,
        source_repository_visibility: claims.source_repository_visibility_at_signing,
        build_config_uri: claims.build_config_uri,
        build_config_digest: claims.build_config_digest,
        build_trigger: claims.build_trigger.or(old.workflow_trigger),
        run_invocation_uri: claims.run_invocation_uri,
    };
    Ok(Leaf { identity, not_before: info.not_before, not_after: info.not_after })
}

/// Whether an authority of the root issued the certificate, and all above it were valid at that time. Certificates that came
/// with the document lead to an authority and are never one themselves.
pub(super) fn check_chain(
    leaf: &[u8],
    intermediates: &[Vec<u8>],
    root: &SigstoreRoot,
    time: Timestamp,
) -> Result<(), ChainFault> {
    let leaf = CertificateDer::from(leaf);
    let certificate = EndEntityCert::try_from(&leaf).map_err(|error| ChainFault::Unusable(error.to_string()))?;
    let between: Vec<CertificateDer<'_>> = intermediates.iter().map(|der| CertificateDer::from(&der[..])).collect();
    let seconds = u64::try_from(time.as_second()).unwrap_or_default();
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    let usage = KeyUsage::required(CODE_SIGNING);
    match certificate.verify_for_usage(algorithms, root.anchors(), &between, time, usage, None, None) {
        Ok(_) => Ok(()),
        Err(webpki::Error::UnknownIssuer) => Err(ChainFault::UnknownIssuer),
        Err(webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. }) => Err(ChainFault::NotValidThen),
        Err(error) => Err(ChainFault::Unusable(error.to_string())),
    }
}

/// A sentence about a certificate by nobody who is trusted, and about the root that came with it.
pub(super) fn unknown_words(above: &[Vec<u8>]) -> &'static str {
    let is_root = |der: &Vec<u8>| {
        let certificate = Certificate::from_der(der);
        certificate.is_ok_and(|read| read.tbs_certificate.issuer == read.tbs_certificate.subject)
    };
    if above.iter().any(is_root) {
        return "no trusted authority issued the certificate; the root that it brings along counts for nothing";
    }
    "no trusted authority issued the certificate"
}

/// The name in Fulcio's own form, which the library does not read.
fn other_name(der: &[u8]) -> Option<String> {
    let certificate = Certificate::from_der(der).ok()?;
    let (_, names) = certificate.tbs_certificate.get::<Names>().ok()??;
    names.0.iter().find_map(|name| match name {
        GeneralName::OtherName(other) if other.type_id == FULCIO_OTHER_NAME => {
            other.value.decode_as::<Utf8StringRef<'_>>().ok().map(|text| text.as_str().to_owned())
        }
        _ => None,
    })
}
