//! Documents for people: a [`Document`] of plain data goes in, an HTML page or the bytes of a PDF file come out. The same
//! document gives the same bytes: no clock, no chance, no files. What a document says is shown as the text it is, and
//! never read as markup.

mod document;
mod html;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(all(test, feature = "pdf"))]
mod sample;
mod text;

pub use document::{Attachment, Block, Cell, Column, Document, Fact, Number, Section, Style, Summary, Table};
pub use html::{STYLE, html};
#[cfg(feature = "pdf")]
pub use pdf::{NotTypeset, pdf};
pub use text::shown;
