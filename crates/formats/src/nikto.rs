//! What the reports of Nikto say of an item, in JSON and in XML alike. Nikto rates nothing.

use crate::web::{self, Place};
use shipworthy_model::{Finding, Tool};

/// What makes an item the same one, for both layouts.
pub(crate) const IDENTIFIES: &str =
    "Nikto's test with host, path, method and, where the message quotes one, the header";

/// The tool, in a version where the document says it.
pub(crate) fn tool(version: Option<String>) -> Tool {
    Tool { name: "nikto".to_owned(), version }
}

/// One test serves every unusual header, which it quotes.
pub(crate) fn finding(test: &str, url: &str, method: &str, message: &str, references: Vec<String>) -> Finding {
    let quoted = message.split('\'').nth(1).filter(|quoted| message.contains("header") && quoted.len() < 80);
    let title = crate::text::title(message).unwrap_or_else(|| test.to_owned());
    let place = Place { url, parameter: quoted.unwrap_or_default(), method };
    Finding { references, ..web::finding(test, &title, place) }
}
