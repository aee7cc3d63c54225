//! What is percent-encoded in a version, §5.3.3.2 of the standard: the signs of ranges, blanks, and what is not ASCII.

/// The version with everything encoded that must be.
pub(super) fn encoded(version: &str) -> String {
    let mut text = String::with_capacity(version.len());
    for letter in version.chars() {
        if letter.is_ascii_graphic() && !matches!(letter, '<' | '>' | '=' | '!' | '*' | '|' | '%') {
            text.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    text
}

/// The version that is meant; none where a `%` does not begin a byte, or where the bytes are no text.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let (digits, after) = after.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}
