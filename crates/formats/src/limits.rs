//! What is read of one document at most: one policy in one place. Every limit holds before what it limits does harm.

/// The largest document, unpacked, unless the caller says otherwise.
pub const MAX_DOCUMENT_BYTES: usize = 512 * 1024 * 1024;

/// From here on the ratio counts: small documents may repeat themselves a lot.
pub(crate) const UNPACKED_FREELY_BYTES: u64 = 1024 * 1024;

/// How much larger a document may become by unpacking. Real reports stay below 50; bombs are above 1,000.
pub(crate) const LARGEST_RATIO: u64 = 200;

/// The largest window that a zstd document may ask for: 64 MiB.
pub(crate) const LARGEST_ZSTD_WINDOW_LOG: u32 = 26;

/// How often a document may be packed: some are compressed by the tool and once more on the way.
pub(crate) const MAX_PACKINGS: usize = 3;

/// The most files in one archive.
pub(crate) const MAX_ARCHIVE_ENTRIES: usize = 10_000;

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
