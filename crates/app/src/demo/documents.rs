//! The documents of the demo, as the tools of a pipeline write them. `demo/documents/README.md` says how each was made.
//! What differs from release to release stands in them as `{{name}}` and is filled in here.

use anyhow::{Context as _, bail};

/// One document.
#[derive(Clone, Copy, Debug)]
struct Document {
    /// Its path below `demo/documents`.
    path: &'static str,
    text: &'static str,
}

macro_rules! documents {
    ($($path:literal,)*) => {
        &[$(Document { path: $path, text: include_str!(concat!("../../../../demo/documents/", $path)) }),*]
    };
}

/// Every document of the demo.
static DOCUMENTS: &[Document] = documents![
    "accounts/coverage.cobertura.xml",
    "accounts/image-with-ring-0.17.8.trivy.json",
    "accounts/image.trivy.json",
    "accounts/sbom-with-ring-0.17.8.cdx.json",
    "accounts/sbom.cdx.json",
    "accounts/tests.junit.xml",
    "advisories.osv.json",
    "cart/coverage.cobertura.xml",
    "cart/image-with-old-openssl.trivy.json",
    "cart/image.trivy.json",
    "cart/sbom-with-mariadb.cdx.json",
    "cart/sbom.cdx.json",
    "cart/tests.junit.xml",
    "catalogue/code.bandit.sarif",
    "catalogue/coverage.cobertura.xml",
    "catalogue/image-with-h11-0.14.trivy.json",
    "catalogue/image.trivy.json",
    "catalogue/sbom-with-h11-0.14.cdx.xml",
    "catalogue/sbom.cdx.xml",
    "catalogue/tests.junit.xml",
    "checkout/coverage.jacoco.xml",
    "checkout/image-old.trivy.json",
    "checkout/image.trivy.json",
    "checkout/sbom-old.spdx.json",
    "checkout/sbom.spdx.json",
    "checkout/tests-failed.junit.xml",
    "checkout/tests.junit.xml",
    "environments/production.kube-bench.json",
    "environments/staging.kube-bench.json",
    "environments/test.kube-bench.json",
    "known-exploited.json",
    "pipeline/jenkins-build.json",
    "pipeline/measures.sonarqube.json",
    "pipeline/provenance.slsa.json",
    "pipeline/pull-request.json",
    "pipeline/quality-gate-failed.sonarqube.json",
    "pipeline/quality-gate.sonarqube.json",
];

/// The document at `path`, with the values filled in.
///
/// # Errors
/// When there is no such document, or it asks for a value that is not given.
pub(crate) fn filled(path: &str, values: &[(&str, String)]) -> anyhow::Result<String> {
    let document = DOCUMENTS.iter().find(|document| document.path == path);
    let mut text = document.with_context(|| format!("the demo has no document `{path}`"))?.text.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{{{name}}}}}"), value);
    }
    if let Some((_, rest)) = text.split_once("{{") {
        let name = rest.split("}}").next().unwrap_or_default();
        bail!("`{path}` asks for `{name}`, which is not given");
    }
    Ok(text)
}
