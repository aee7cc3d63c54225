//! Whole numbers in the attributes of XML.

/// More than anything has lines. Sums of such counts neither overflow nor lose their last digit in a fraction.
pub(crate) const LARGEST: u64 = 1 << 40;

/// A count, which some tools write as `1.0`. Nothing for what is negative, broken or larger than anything countable.
pub(crate) fn whole(text: &str) -> Option<u64> {
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).parse().ok().filter(|count| *count <= LARGEST)
}
