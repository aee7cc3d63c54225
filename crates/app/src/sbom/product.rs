//! What a release is called where others read of it: its artifacts by package URL and digest, and the release itself where
//! it ships none that is known.

use packageurl::PackageUrl;
use shipworthy_model::{Digest, ReleaseArtifact};
use shipworthy_store::release::OwnedRelease;

/// Something that is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Product {
    /// Its package URL in canonical form.
    pub(crate) purl: String,
    /// Where it can be had, else the name of the service.
    pub(crate) name: String,
    /// `container-image`, `package` or `file`; absent for a release without artifacts.
    pub(crate) kind: Option<String>,
    /// Its digest.
    pub(crate) digest: Option<Digest>,
}

/// The artifacts of a release in their order, or the release itself when it ships none.
pub(crate) fn products(owned: &OwnedRelease) -> Vec<Product> {
    if owned.release.artifacts.is_empty() {
        let purl = url("generic", Some(&owned.application_name), owned, Some(&owned.release.version), &[]);
        return vec![Product { purl, name: owned.service_name.clone(), kind: None, digest: None }];
    }
    owned.release.artifacts.iter().map(|artifact| of_artifact(owned, artifact)).collect()
}

fn of_artifact(owned: &OwnedRelease, artifact: &ReleaseArtifact) -> Product {
    let ReleaseArtifact { digest, name, kind } = artifact;
    let stated = name.as_deref().and_then(|name| name.parse::<PackageUrl<'_>>().ok()).map(|purl| purl.to_string());
    let purl = stated.unwrap_or_else(|| match kind.as_str() {
        "container-image" => of_image(owned, name.as_deref(), digest),
        _ => {
            let checksum = [("checksum", digest.as_str())];
            url("generic", Some(&owned.application_name), owned, Some(&owned.release.version), &checksum)
        }
    });
    let name = name.clone().unwrap_or_else(|| owned.service_name.clone());
    Product { purl, name, kind: Some(kind.clone()), digest: Some(digest.clone()) }
}

/// <https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md>
fn of_image(owned: &OwnedRelease, name: Option<&str>, digest: &Digest) -> String {
    let Some(name) = name else { return url("oci", None, owned, Some(digest.as_str()), &[]) };
    let name = name.split('@').next().unwrap_or(name);
    let (repository, tag) = match name.rsplit_once(':') {
        // What stands behind the colon of a port is a path.
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    };
    let last = repository.rsplit('/').next().unwrap_or(repository).to_lowercase();
    let mut qualifiers = vec![("repository_url", repository)];
    qualifiers.extend(tag.map(|tag| ("tag", tag)));
    named("oci", None, &last, Some(digest.as_str()), &qualifiers)
        .unwrap_or_else(|| url("oci", None, owned, Some(digest.as_str()), &[]))
}

/// The package URL of something that is called as the service. Names that no package URL can have are left to the digest.
fn url(
    kind: &str,
    namespace: Option<&str>,
    owned: &OwnedRelease,
    version: Option<&str>,
    qualifiers: &[(&str, &str)],
) -> String {
    let name = if kind == "oci" { owned.service_name.to_lowercase() } else { owned.service_name.clone() };
    let written = named(kind, namespace, &name, version, qualifiers);
    written.unwrap_or_else(|| format!("pkg:generic/release@{}", owned.release.id))
}

fn named(
    kind: &str,
    namespace: Option<&str>,
    name: &str,
    version: Option<&str>,
    qualifiers: &[(&str, &str)],
) -> Option<String> {
    let mut purl = PackageUrl::new(kind.to_owned(), name.to_owned()).ok()?;
    if let Some(namespace) = namespace {
        purl.with_namespace(namespace.to_owned()).ok()?;
    }
    if let Some(version) = version {
        purl.with_version(version.to_owned()).ok()?;
    }
    for (key, value) in qualifiers {
        purl.add_qualifier((*key).to_owned(), (*value).to_owned()).ok()?;
    }
    Some(purl.to_string())
}
