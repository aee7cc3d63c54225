//! Documents made to harm are refused before they do.

use shipworthy_formats::{FORMATS, MAX_DOCUMENT_BYTES, ReadError, read};

#[test]
fn json_nested_a_hundred_thousand_deep_is_refused_with_the_limit() {
    for bytes in ["[".repeat(100_000), "{\"a\":".repeat(100_000)] {
        let error = read(bytes.as_bytes(), None).expect_err("must be refused");
        assert!(matches!(error, ReadError::TooDeep { limit: 127, .. }), "{error}");
    }
}

#[test]
fn xml_nested_a_hundred_thousand_deep_is_refused_by_every_format() {
    let bytes = "<bom>".repeat(100_000);
    for format in FORMATS {
        read(bytes.as_bytes(), Some(format.name)).expect_err("must be refused");
    }
}

#[test]
fn a_document_larger_than_the_limit_is_refused_unseen() {
    let bytes = vec![b' '; MAX_DOCUMENT_BYTES + 1];
    let error = read(&bytes, None).expect_err("must be refused");
    assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
}

#[test]
fn entities_are_neither_defined_nor_fetched() {
    let internal = r#"<!DOCTYPE bom [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;">]><bom>&b;</bom>"#;
    let external = r#"<!DOCTYPE bom [<!ENTITY a SYSTEM "file:///etc/passwd">]><bom>&a;</bom>"#;
    for bytes in [internal, external] {
        for format in [None].into_iter().chain(FORMATS.iter().map(|format| Some(format.name))) {
            read(bytes.as_bytes(), format).expect_err("must be refused");
        }
    }
    let error = read(internal.as_bytes(), None).expect_err("must be refused");
    insta::assert_snapshot!(error, @"not a well-formed XML document: expected no definitions in the DOCTYPE, since none is ever followed, at line 1 column 1");
}

#[test]
fn numbers_that_json_does_not_have_are_refused_with_their_place() {
    for number in ["NaN", "Infinity", "-Infinity"] {
        let bytes = format!("{{\"Controls\": [],\n\"Totals\": {number}}}");
        let error = read(bytes.as_bytes(), Some("kube-bench")).expect_err("must be refused").to_string();
        assert!(error.contains("at line 2 column"), "{number}: {error}");
    }
}

/// The payload of an envelope is another document, which the look at the outer one does not reach.
#[test]
fn a_payload_nested_a_hundred_thousand_deep_is_refused_with_the_limit() {
    let payload = "[".repeat(99_999);
    // Three `[` are four `W1tb` in base64.
    assert_eq!(payload.len() % 3, 0);
    let payload = "W1tb".repeat(payload.len() / 3);
    let document =
        format!(r#"{{"payloadType": "application/vnd.in-toto+json", "payload": "{payload}", "signatures": []}}"#);
    let error = read(document.as_bytes(), None).expect_err("must be refused");
    assert!(matches!(error, ReadError::TooDeep { limit: 127, .. }), "{error}");
}
