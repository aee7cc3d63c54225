//! What both layouts of JMeter's results share.

/// A sample of a transaction controller is the sum of others, which are counted themselves.
pub(crate) fn is_sum(message: &str) -> bool {
    message.starts_with("Number of samples in transaction : ")
}
