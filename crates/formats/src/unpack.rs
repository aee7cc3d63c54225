//! Documents that come packed: gzip and zstd around one document, zip and tar around several. They are known by their
//! first bytes and unpacked within limits, so that a small upload cannot become a large harm. Nothing is ever written to
//! a disk, and names in archives are only shown.

use crate::ReadError;
use crate::limits::{LARGEST_RATIO, LARGEST_ZSTD_WINDOW_LOG, MAX_ARCHIVE_ENTRIES, MAX_PACKINGS, UNPACKED_FREELY_BYTES};
use shipworthy_model::Warning;
use std::borrow::Cow;
use std::io::{Cursor, Read, Seek};

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const ZIP: &[u8] = b"PK\x03\x04";
/// POSIX.1-1988 and later write this into the header of every entry, GNU tar with blanks instead of a version.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// What came packed, unpacked.
#[derive(Debug)]
pub(crate) enum Unpacked<'a> {
    /// One document.
    Document(Cow<'a, [u8]>),
    /// The documents of an archive.
    Archive(Archive),
}

/// The documents of an archive.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    /// Name and bytes of each, in the order of the archive. Folders and empty files are not among them.
    pub(crate) documents: Vec<(String, Vec<u8>)>,
    /// What was left out.
    pub(crate) warnings: Vec<Warning>,
}

/// How much is unpacked at most. Limits are for those who read what others send; what people get themselves may be larger.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Of one document, in bytes.
    pub document_bytes: u64,
    /// Of all documents of an archive together, in bytes.
    pub archive_bytes: u64,
    /// How many documents an archive may hold.
    pub documents: usize,
}

impl Room {
    fn within(largest_bytes: u64) -> Self {
        Self { document_bytes: largest_bytes, archive_bytes: largest_bytes, documents: MAX_ARCHIVE_ENTRIES }
    }
}

/// Gives every document to `keep`: the one that the bytes are, packed with gzip or zstd or not, with an empty name, or each of
/// an archive with its name there, one at a time. What is left out is told in warnings.
///
/// # Errors
/// When it is damaged, or there is more than `room` for.
pub fn each_document(bytes: &[u8], room: Room, keep: &mut dyn FnMut(&str, &[u8])) -> Result<Vec<Warning>, ReadError> {
    let document = decompressed(bytes, room.archive_bytes)?;
    let mut keep_entry = |name: String, document: Vec<u8>| {
        if !document.is_empty() && !is_noise(&name) {
            keep(&name, &document);
        }
    };
    if document.starts_with(ZIP) {
        return unzip(Cursor::new(&document), room, &mut keep_entry);
    }
    if is_tar(&document) {
        return untar(&document, room, &mut keep_entry).map(|()| Vec::new());
    }
    keep("", &document);
    Ok(Vec::new())
}

/// As [`each_document`] for a zip archive in a file, which may be larger than memory.
///
/// # Errors
/// When it is damaged or no zip archive, or there is more than `room` for.
pub fn each_document_of_zip(
    file: impl Read + Seek,
    room: Room,
    keep: &mut dyn FnMut(&str, &[u8]),
) -> Result<Vec<Warning>, ReadError> {
    unzip(file, room, &mut |name, document| {
        if !document.is_empty() && !is_noise(&name) {
            keep(&name, &document);
        }
    })
}

/// Takes off gzip and zstd, however often, within `largest_bytes`.
pub(crate) fn decompressed(bytes: &[u8], largest_bytes: u64) -> Result<Cow<'_, [u8]>, ReadError> {
    let mut document = Cow::Borrowed(bytes);
    for _ in 0..MAX_PACKINGS {
        match decompressed_once(&document, largest_bytes)? {
            Some(inner) => document = Cow::Owned(inner),
            None => return Ok(document),
        }
    }
    match decompressed_once(&document, largest_bytes)? {
        Some(_) => Err(ReadError::Damaged {
            packing: "gzip or zstd",
            message: format!("it is packed more than {MAX_PACKINGS} times"),
        }),
        None => Ok(document),
    }
}

/// Takes off compression, and an archive around the documents.
pub(crate) fn unpacked(bytes: &[u8], largest_bytes: u64) -> Result<Unpacked<'_>, ReadError> {
    let document = decompressed(bytes, largest_bytes)?;
    let mut documents = Vec::new();
    let mut keep = |name: String, document: Vec<u8>| {
        if !document.is_empty() && !is_noise(&name) {
            documents.push((name, document));
        }
    };
    let warnings = if document.starts_with(ZIP) {
        unzip(Cursor::new(&document), Room::within(largest_bytes), &mut keep)?
    } else if is_tar(&document) {
        untar(&document, Room::within(largest_bytes), &mut keep)?;
        Vec::new()
    } else {
        return Ok(Unpacked::Document(document));
    };
    Ok(Unpacked::Archive(Archive { documents, warnings }))
}

fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(TAR.0..).is_some_and(|rest| rest.starts_with(TAR.1))
}

/// What macOS adds to archives is not the sender's.
fn is_noise(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.ends_with("/.DS_Store") || name == ".DS_Store"
}

/// Whether the bytes are those of an archive, which some tools call their report.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP)
}

fn decompressed_once(bytes: &[u8], largest_bytes: u64) -> Result<Option<Vec<u8>>, ReadError> {
    if bytes.starts_with(GZIP) {
        return taken("gzip", flate2::read::MultiGzDecoder::new(bytes), bytes.len(), largest_bytes).map(Some);
    }
    if bytes.starts_with(ZSTD) {
        let damaged = |error: std::io::Error| damaged("zstd", &error);
        let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(damaged)?;
        decoder.window_log_max(LARGEST_ZSTD_WINDOW_LOG).map_err(damaged)?;
        return taken("zstd", decoder, bytes.len(), largest_bytes).map(Some);
    }
    Ok(None)
}

/// Everything that `packed` gives, as long as it stays in proportion to the `packed_bytes` that it is made of.
fn taken(
    packing: &'static str,
    packed: impl Read,
    packed_bytes: usize,
    largest_bytes: u64,
) -> Result<Vec<u8>, ReadError> {
    let by_ratio = UNPACKED_FREELY_BYTES.max((packed_bytes as u64).saturating_mul(LARGEST_RATIO));
    let limit = largest_bytes.min(by_ratio);
    let mut unpacked = Vec::new();
    // One byte more than the limit tells that there is more, without unpacking it.
    packed.take(limit.saturating_add(1)).read_to_end(&mut unpacked).map_err(|error| damaged(packing, &error))?;
    if unpacked.len() as u64 <= limit {
        return Ok(unpacked);
    }
    Err(if limit == largest_bytes {
        ReadError::UnpacksTooLarge { limit_bytes: largest_bytes }
    } else {
        ReadError::UnpacksTooMuch { packed_bytes, limit_ratio: LARGEST_RATIO }
    })
}

fn unzip(file: impl Read + Seek, room: Room, keep: &mut dyn FnMut(String, Vec<u8>)) -> Result<Vec<Warning>, ReadError> {
    let damaged = |error: zip::result::ZipError| ReadError::Damaged { packing: "zip", message: error.to_string() };
    let mut zip = zip::ZipArchive::new(file).map_err(damaged)?;
    let mut warnings = Vec::new();
    let mut left_bytes = room.archive_bytes;
    check_entries(zip.len(), room)?;
    for index in 0..zip.len() {
        let entry = match zip.by_index(index) {
            Ok(entry) => entry,
            // Encrypted, or packed in a way that is not read.
            Err(error) => {
                warnings.push(Warning { at: format!("entry {index}"), message: format!("left out: {error}") });
                continue;
            }
        };
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_or_else(|_| format!("entry {index}"), std::borrow::Cow::into_owned);
        let packed_bytes = usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX);
        let document = taken("zip", entry, packed_bytes, left_bytes.min(room.document_bytes))?;
        left_bytes = left_bytes.saturating_sub(document.len() as u64);
        keep(name, document);
    }
    Ok(warnings)
}

fn untar(bytes: &[u8], room: Room, keep: &mut dyn FnMut(String, Vec<u8>)) -> Result<(), ReadError> {
    let damaged = |error: std::io::Error| damaged("tar", &error);
    let mut left_bytes = room.archive_bytes;
    for (index, entry) in tar::Archive::new(bytes).entries().map_err(damaged)?.enumerate() {
        check_entries(index + 1, room)?;
        let entry = entry.map_err(damaged)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let document = taken("tar", entry, bytes.len(), left_bytes.min(room.document_bytes))?;
        left_bytes = left_bytes.saturating_sub(document.len() as u64);
        keep(name, document);
    }
    Ok(())
}

fn check_entries(count: usize, room: Room) -> Result<(), ReadError> {
    if count > room.documents {
        let message = format!("{count} files are more than the {} that are read of one archive", room.documents);
        return Err(ReadError::Archive { message });
    }
    Ok(())
}

fn damaged(packing: &'static str, error: &std::io::Error) -> ReadError {
    ReadError::Damaged { packing, message: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_came_packed_is_unpacked_and_the_rest_left_alone() {
        let text = b"{\"a\": 1}".as_slice();
        let several = [gzip(b"{\"a\""), gzip(b": 1}")].concat();
        for packed in [text.to_vec(), gzip(text), gzip(&gzip(text)), several, zstd::bulk::compress(text, 3).unwrap()] {
            assert_eq!(decompressed(&packed, 100).unwrap(), text);
        }
    }

    #[test]
    fn bombs_are_refused_before_they_unfold() {
        let zeros = vec![0; 10 * 1024 * 1024];
        for packed in [gzip(&zeros), zstd::bulk::compress(&zeros, 3).unwrap()] {
            let by_ratio = decompressed(&packed, u64::MAX).unwrap_err().to_string();
            assert!(by_ratio.contains("unpack to more than 200 times as many"), "{by_ratio}");
            let by_size = decompressed(&packed, 1_000).unwrap_err().to_string();
            assert!(by_size.contains("unpacks to more than 1000 bytes"), "{by_size}");
        }
        let mut packed = b"{}".to_vec();
        for _ in 0..=MAX_PACKINGS {
            packed = gzip(&packed);
        }
        assert!(decompressed(&packed, 1_000).unwrap_err().to_string().contains("packed more than"));
    }

    #[test]
    fn damage_is_told_with_its_kind() {
        let mut packed = gzip(b"{\"a\": 1}");
        packed.truncate(12);
        assert!(decompressed(&packed, 100).unwrap_err().to_string().contains("begins like gzip"));
        assert!(decompressed(ZSTD, 100).unwrap_err().to_string().contains("begins like zstd"));
        assert!(unpacked(ZIP, 100).unwrap_err().to_string().contains("begins like zip"));
    }
}
