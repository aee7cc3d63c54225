//! Package URLs in their canonical form.

use packageurl::PackageUrl;
use shipworthy_model::Warning;
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
