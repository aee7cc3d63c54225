//! Numbers of any length, compared without being converted.

use super::equal_by_order;
use std::cmp::Ordering;

/// A number as it is written, without its leading zeros.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number<'a>(&'a str);

impl<'a> Number<'a> {
    /// Zero.
    pub(super) const ZERO: Self = Self("");

    /// The number that ASCII digits are; anything else, the empty text included, is none.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        (!text.is_empty() && is_digits(text)).then(|| Self(text.trim_start_matches('0')))
    }

    /// Whether it is zero.
    pub(super) fn is_zero(self) -> bool {
        self.0.is_empty()
    }
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(other.0))
    }
}

equal_by_order!(Number);

/// Whether the text is ASCII digits alone; the empty text is.
pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text before the first character that is none of those asked for, and the rest.
pub(super) fn split_while(text: &str, belongs: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii() || !belongs(byte)).unwrap_or(text.len());
    text.split_at(end)
}
