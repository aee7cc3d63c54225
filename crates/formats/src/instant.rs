//! Instants as documents write them, with whatever offset, as RFC 3339 in UTC.

use crate::json::{Text, stated};
use shipworthy_model::Warning;
use std::fmt::Display;

/// The instant that `text` states, in UTC. What is no instant, such as a date without an offset, is left out with a
/// warning.
pub(crate) fn utc(text: Option<&Text<'_>>, at: impl Display, warnings: &mut Vec<Warning>) -> Option<String> {
    let text = stated(text)?;
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => Some(instant.to_string()),
        Err(_) => {
            let shown: String = text.chars().take(100).collect();
            let message = format!("left out: expected an instant as RFC 3339 has it, found `{shown}`");
            warnings.push(Warning { at: at.to_string(), message });
            None
        }
    }
}
