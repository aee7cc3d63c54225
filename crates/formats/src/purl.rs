//! Package URLs in their canonical form.

use packageurl::PackageUrl;
use shipworthy_model::{ComponentRef, Warning};
use std::str::FromStr;

/// The canonical form of a package URL found at `at`. One that is none is a warning; the component stays without it.
pub(crate) fn canonical(text: &str, at: impl std::fmt::Display, warnings: &mut Vec<Warning>) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match PackageUrl::from_str(text) {
        Ok(purl) => Some(purl.to_string()),
        Err(error) => {
            let shown: String = text.chars().take(200).collect();
            let message = format!("`{shown}` is not a package URL: {error}; the component is kept without it");
            warnings.push(Warning { at: at.to_string(), message });
            None
        }
    }
}

/// The component that a package URL names.
pub(crate) fn component(text: &str) -> Option<ComponentRef> {
    let purl = PackageUrl::from_str(text).ok()?;
    // Of packages of an operating system the namespace is the vendor and no part of the name.
    let is_of_vendor = matches!(purl.ty(), "deb" | "rpm" | "apk" | "alpm" | "bitnami");
    let group = purl.namespace().filter(|_| !is_of_vendor).map(str::to_owned);
    let canonical = purl.to_string();
    let name = name_in_group(Some(&canonical), group, purl.name().to_owned());
    Some(ComponentRef { name, version: purl.version().map(str::to_owned), purl: Some(canonical) })
}

/// The digest that a package URL of an image has for a version: `pkg:oci/shop@sha256:…`.
pub(crate) fn digest(text: &str) -> Option<String> {
    let purl = PackageUrl::from_str(text).ok()?;
    let is_image = matches!(purl.ty(), "oci" | "docker");
    purl.version().filter(|version| is_image && version.starts_with("sha256:")).map(str::to_owned)
}

/// A name with its group, as the ecosystem writes it: `org.shop:cart` for Maven, `@shop/cart` for npm.
pub(crate) fn name_in_group(purl: Option<&str>, group: Option<String>, name: String) -> String {
    let Some(group) = group.filter(|group| !name.starts_with(group.as_str())) else { return name };
    let separator = if purl.is_some_and(|purl| purl.starts_with("pkg:maven/")) { ":" } else { "/" };
    format!("{group}{separator}{name}")
}
