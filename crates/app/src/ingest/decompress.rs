//! Documents that come compressed: gzip and zstd are known by their first bytes and unpacked within limits, so that a
//! small upload cannot become a large harm.

use crate::problem::{Answer, Problem};
use crate::wording::thousands;
use axum::http::StatusCode;
use std::borrow::Cow;
use std::io::Read;

/// From here on the ratio counts: small documents may repeat themselves a lot.
const FREE_BYTES: u64 = 1024 * 1024;

/// Real reports stay below a ratio of 50; bombs are above 1,000.
const LARGEST_RATIO: u64 = 200;

/// The largest window that a zstd document may ask for: 64 MiB.
const LARGEST_WINDOW_LOG: u32 = 26;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// The document itself, unpacked when it came compressed.
///
/// # Errors
/// 413 when it unpacks to more than `largest_bytes` or grows suspiciously; 422 when it is damaged.
pub(crate) fn decompress(bytes: &[u8], largest_bytes: u64) -> Answer<Cow<'_, [u8]>> {
    if bytes.starts_with(GZIP) {
        return unpack("gzip", flate2::read::MultiGzDecoder::new(bytes), bytes.len(), largest_bytes).map(Cow::Owned);
    }
    if bytes.starts_with(ZSTD) {
        let damaged = |error: std::io::Error| damaged("zstd", &error);
        let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(damaged)?;
        decoder.window_log_max(LARGEST_WINDOW_LOG).map_err(damaged)?;
        return unpack("zstd", decoder, bytes.len(), largest_bytes).map(Cow::Owned);
    }
    Ok(Cow::Borrowed(bytes))
}

fn unpack(name: &str, decoder: impl Read, packed_bytes: usize, largest_bytes: u64) -> Answer<Vec<u8>> {
    let by_ratio = FREE_BYTES.max((packed_bytes as u64).saturating_mul(LARGEST_RATIO));
    let limit = largest_bytes.min(by_ratio);
    let mut unpacked = Vec::new();
    // One byte more than the limit tells that there is more, without unpacking it.
    decoder.take(limit.saturating_add(1)).read_to_end(&mut unpacked).map_err(|error| damaged(name, &error))?;
    if unpacked.len() as u64 <= limit {
        return Ok(unpacked);
    }
    let why = if limit == largest_bytes {
        format!("it unpacks to more than {} bytes", thousands(largest_bytes))
    } else {
        format!("{} bytes unpack to more than {LARGEST_RATIO} times as many", thousands(packed_bytes as u64))
    };
    Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "decompressed-too-large", "Too large once unpacked", why)
        .hint("send the document uncompressed, or in parts"))
}

fn damaged(name: &str, error: &std::io::Error) -> Problem {
    let detail = format!("it begins like {name} and cannot be unpacked: {error}");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not-well-formed", "The document is damaged", detail)
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
        let twice = [gzip(b"{\"a\""), gzip(b": 1}")].concat();
        for packed in [text.to_vec(), gzip(text), twice, zstd::bulk::compress(text, 3).unwrap()] {
            assert_eq!(decompress(&packed, 100).unwrap(), text);
        }
    }

    #[test]
    fn bombs_are_refused_before_they_unfold() {
        let zeros = vec![0; 10 * 1024 * 1024];
        for packed in [gzip(&zeros), zstd::bulk::compress(&zeros, 3).unwrap()] {
            let by_ratio = decompress(&packed, u64::MAX).unwrap_err();
            assert!(by_ratio.detail.ends_with("unpack to more than 200 times as many"), "{by_ratio}");
            let by_size = decompress(&packed, 1_000).unwrap_err();
            assert_eq!(by_size.detail, "it unpacks to more than 1,000 bytes");
            assert_eq!(by_size.slug(), "decompressed-too-large");
        }
    }

    #[test]
    fn damage_is_told_with_its_kind() {
        let mut packed = gzip(b"{\"a\": 1}");
        packed.truncate(12);
        assert!(decompress(&packed, 100).unwrap_err().detail.starts_with("it begins like gzip"));
        assert!(decompress(ZSTD, 100).unwrap_err().detail.starts_with("it begins like zstd"));
    }
}
