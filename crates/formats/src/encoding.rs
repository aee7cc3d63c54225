//! Turns the bytes of a document into UTF-8 without a byte order mark, so that no reader thinks about encodings.

use crate::ReadError;
use std::borrow::Cow;

/// The document in UTF-8. UTF-16 is known by its byte order mark, Latin-1 and Windows-1252 by the XML declaration;
/// everything else is taken for UTF-8 and left for the parser to check.
pub(crate) fn to_utf8(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Ok(Cow::Borrowed(rest)),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes).map(Cow::Owned),
        _ => declared(bytes),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Vec<u8>, ReadError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let decoded: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match decoded {
        Ok(text) if rest.is_empty() => Ok(text.into_bytes()),
        _ => Err(ReadError::lacks("UTF-16 document", "its end", "expected whole pairs of bytes and paired surrogates")),
    }
}

/// Follows the encoding of an XML declaration.
fn declared(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    let Some(encoding) = xml_encoding(bytes) else { return Ok(Cow::Borrowed(bytes)) };
    match encoding.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" => Ok(Cow::Borrowed(bytes)),
        "iso-8859-1" | "latin1" | "windows-1252" | "cp1252" => Ok(Cow::Owned(windows_1252(bytes).into_bytes())),
        other => Err(ReadError::lacks(
            "XML document",
            "its first line",
            format!("expected the encoding UTF-8, UTF-16, ISO-8859-1 or windows-1252, found `{other}`"),
        )),
    }
}

/// The value of `encoding` in `<?xml … ?>`, which stands in the first bytes or nowhere.
fn xml_encoding(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(200)];
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&declaration[..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// Browsers and tools alike mean Windows-1252 when they say Latin-1 (<https://encoding.spec.whatwg.org/#names-and-labels>).
fn windows_1252(bytes: &[u8]) -> String {
    const FROM_0X80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let decode = |byte: &u8| match byte {
        0x80..=0x9F => FROM_0X80[usize::from(byte - 0x80)],
        other => char::from(*other),
    };
    bytes.iter().map(decode).collect()
}
