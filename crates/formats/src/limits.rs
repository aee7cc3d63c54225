//! What is read of one document at most: one policy in one place. Every limit holds before what it limits does harm.

/// The largest document, before and after unpacking.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024 * 1024;

/// The deepest nesting of JSON; what `serde_json` reads, too.
pub(crate) const MAX_JSON_DEPTH: usize = 127;

/// The deepest nesting of XML.
pub(crate) const MAX_XML_DEPTH: usize = 256;

/// The most JSON values (items, members and containers together) or XML elements in one document.
pub(crate) const MAX_NODES: usize = 50_000_000;

/// How much of a document is looked at to recognise it, before the whole of it is.
pub(crate) const PROBED_BYTES: usize = 128 * 1024;

/// How deep JSON and XML are looked into to recognise them.
pub(crate) const PROBED_DEPTH: usize = 5;

/// The most places that are remembered of a document to recognise it.
pub(crate) const PROBED_PLACES: usize = 4_000;
