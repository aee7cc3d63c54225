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
    if Plain::of(text).is_some() {
        return Some(text.to_owned());
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
    if let Some(Plain { kind, namespace, name, version }) = Plain::of(text) {
        let namespace = namespace.map(|namespace| namespace.replace("%40", "@"));
        return Some(named(kind, namespace.as_deref(), name, version, text.to_owned()));
    }
    let purl = PackageUrl::from_str(text).ok()?;
    Some(named(purl.ty(), purl.namespace(), purl.name(), purl.version(), purl.to_string()))
}

fn named(kind: &str, namespace: Option<&str>, name: &str, version: Option<&str>, canonical: String) -> ComponentRef {
    // Of packages of an operating system the namespace is the vendor and no part of the name.
    let is_of_vendor = matches!(kind, "deb" | "rpm" | "apk" | "alpm" | "bitnami");
    let group = namespace.filter(|_| !is_of_vendor).map(str::to_owned);
    let name = name_in_group(Some(&canonical), group, name.to_owned());
    ComponentRef { name, version: version.map(str::to_owned), purl: Some(canonical) }
}

/// A package URL that is canonical as it stands, which nearly all are: of a type without rules of its own for what is
/// used here, in small letters without escapes, its qualifiers in order.
struct Plain<'a> {
    kind: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
    version: Option<&'a str>,
}

impl<'a> Plain<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (kind, rest) = text.strip_prefix("pkg:")?.split_once('/')?;
        let (rest, qualifiers) = rest.split_once('?').map_or((rest, None), |(rest, after)| (rest, Some(after)));
        let (path, version) = rest.split_once('@').map_or((rest, None), |(path, version)| (path, Some(version)));
        let (namespace, name) = path.rsplit_once('/').map_or((None, path), |(before, name)| (Some(before), name));
        let is_plain = |part: &str| {
            let is_plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
            part.bytes().all(is_plain) && part.bytes().any(|byte| byte.is_ascii_alphanumeric())
        };
        let is_of_plain_type = match kind {
            "maven" | "deb" | "rpm" | "apk" => namespace.is_some(),
            "cargo" | "gem" | "nuget" | "pypi" => namespace.is_none(),
            "npm" => true,
            _ => false,
        };
        // The scope of npm begins with an at sign, which is written as an escape.
        let scope = namespace.filter(|_| kind == "npm").and_then(|namespace| namespace.strip_prefix("%40"));
        let are_plain = scope.or(namespace).is_none_or(|namespace| namespace.split('/').all(is_plain))
            && is_plain(name)
            && version.is_none_or(is_plain);
        let are_in_order = |qualifiers: &str| {
            let mut before = "";
            qualifiers.split('&').all(|qualifier| {
                let Some((key, value)) = qualifier.split_once('=') else { return false };
                let is_next = before < key && is_plain(key) && is_plain(value) && key != "checksum";
                before = key;
                is_next
            })
        };
        (is_of_plain_type && are_plain && qualifiers.is_none_or(are_in_order)).then_some(Self {
            kind,
            namespace,
            name,
            version,
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nearly_all_that_tools_write_is_taken_for_canonical() {
        for text in [
            "pkg:npm/%40shop/cart@1.2.3",
            "pkg:maven/com.shopwright/till@4.0.1",
            "pkg:deb/debian/libc-bin@2.36-9?arch=amd64&distro=debian-12",
            "pkg:cargo/basket@0.3.0",
        ] {
            assert!(Plain::of(text).is_some(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_for_canonical_is_what_the_library_writes(
            text in "pkg:(npm|maven|deb|rpm|apk|cargo|gem|nuget|pypi)/(%40)?([a-z.-]{1,6}/){0,2}[a-z0-9._-]{1,6}(@[a-z0-9.-]{1,6})?(\\?[a-c]{1,2}=[a-z0-9.-]{0,4}(&[b-e]{1,2}=[a-z0-9.]{1,4})?)?"
        ) {
            if let Some(Plain { kind, namespace, name, version }) = Plain::of(&text) {
                let purl = PackageUrl::from_str(&text).expect("it is a package URL");
                prop_assert_eq!(purl.to_string(), text.clone());
                let parts = (purl.ty(), purl.namespace(), purl.name(), purl.version());
                let namespace = namespace.map(|namespace| namespace.replace("%40", "@"));
                prop_assert_eq!(parts, (kind, namespace.as_deref(), name, version));
            }
        }
    }
}
