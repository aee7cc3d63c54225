//! What is said of documents that no format recognises, and of formats that do not exist.

use shipworthy_formats::{ReadError, read, recognise};

fn seen(bytes: &[u8]) -> String {
    match recognise(bytes).expect_err("must not be recognised") {
        ReadError::Unrecognised(unrecognised) => unrecognised.seen,
        other => panic!("{other}"),
    }
}

#[test]
fn what_was_seen_is_said() {
    insta::assert_snapshot!(seen(b""), @"an empty document");
    insta::assert_snapshot!(seen(b"hello"), @"neither JSON nor XML");
    insta::assert_snapshot!(seen(b"[]"), @"a JSON array that does not say what its elements are");
    insta::assert_snapshot!(seen(b"[1, {\"a\": 2}]"), @"a JSON array that does not say what its elements are");
    insta::assert_snapshot!(seen(b"[{\"a\": {\"b\": 1}, \"c\": [2]}, {\"d\": 3}]"), @"a JSON array of objects with the keys `a`, `c`");
    insta::assert_snapshot!(seen(b"{}"), @"a JSON object without keys");
    insta::assert_snapshot!(seen(b"\xEF\xBB\xBF{\"a\\u0062\": \"x\", \"c\": {\"d\": 1}}"), @"a JSON object with the keys `ab`, `c`");
    insta::assert_snapshot!(seen(b"<?xml version='1.0'?><!-- c --><a:shop xmlns:a='urn:s' b='1'/>"), @"an XML document with the root `shop` of the namespace `urn:s`");
}

#[test]
fn utf_16_and_windows_1252_are_understood() {
    let utf_16: Vec<u8> = "\u{feff}{\"a\": \"ü\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    insta::assert_snapshot!(seen(&utf_16), @"a JSON object with the keys `a`");
    insta::assert_snapshot!(seen(b"<?xml version='1.0' encoding='ISO-8859-1'?><caf\xE9/>"), @"an XML document with the root `café`");
    let error = recognise(b"<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>").expect_err("must be refused");
    insta::assert_snapshot!(error, @"not a well-formed XML document: expected the encoding UTF-8, UTF-16, ISO-8859-1 or windows-1252, found `ebcdic-cp-us`, at its first line");
}

#[test]
fn the_nearest_format_is_named_for_a_document_and_for_a_name() {
    let error = recognise(b"{\"Controls\": 1}").expect_err("must not be recognised");
    assert!(matches!(&error, ReadError::Unrecognised(u) if u.nearest == Some("kube-bench")), "{error}");
    let error = read(b"{}", Some("kubebench")).expect_err("must be refused");
    assert!(matches!(&error, ReadError::UnknownFormat { nearest: Some("kube-bench"), .. }), "{error}");
}
