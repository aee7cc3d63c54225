//! Digests of components as `algorithm:hex`, the form that is compared.

use shipworthy_model::Warning;
use std::fmt::Display;

/// Algorithms with the number of hexadecimal digits that they give.
const DIGITS: &[(&str, usize)] =
    &[("md5", 32), ("sha1", 40), ("sha224", 56), ("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// `SHA-256` and `AB…`, found at `at`, become `sha256:ab…`. What is no digest is a warning; the component stays without it.
pub(crate) fn written(algorithm: &str, content: &str, at: impl Display, warnings: &mut Vec<Warning>) -> Option<String> {
    let algorithm = algorithm.trim().to_ascii_lowercase();
    let algorithm = algorithm.strip_prefix("sha-").map_or(algorithm.clone(), |size| format!("sha{size}"));
    let content = content.trim().to_ascii_lowercase();
    let digits = DIGITS.iter().find(|(known, _)| *known == algorithm).map(|(_, digits)| *digits);
    let is_hexadecimal = !content.is_empty() && content.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hexadecimal && digits.is_none_or(|digits| digits == content.len()) {
        return Some(format!("{algorithm}:{content}"));
    }
    let shown: String = content.chars().take(200).collect();
    let digits = digits.map_or(String::new(), |digits| format!("{digits} "));
    let message = format!(
        "`{shown}` is not a digest of `{algorithm}`: expected {digits}hexadecimal digits; the component is kept without it"
    );
    warnings.push(Warning { at: at.to_string(), message });
    None
}
