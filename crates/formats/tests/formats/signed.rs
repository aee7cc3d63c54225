//! Signed content is read strictly: what two readers could understand in two ways is refused.

use shipworthy_formats::read;

fn refusal(document: &str) -> String {
    read(document.as_bytes(), Some("in-toto")).expect_err("must be refused").to_string()
}

#[test]
fn a_repeated_key_is_refused_by_its_name_at_any_depth() {
    let repeated = r#"{"_type": "https://in-toto.io/Statement/v1", "predicateType": "x", "predicateType": "y"}"#;
    insta::assert_snapshot!(refusal(repeated), @"not a well-formed JSON document: expected every key once, found `predicateType` again, at line 1 column 88");
    let deep =
        r#"{"_type": "https://in-toto.io/Statement/v1", "predicateType": "x", "predicate": [{"a": 1, "\u0061": 2}]}"#;
    insta::assert_snapshot!(refusal(deep), @"not a well-formed JSON document: expected every key once, found `a` again, at line 1 column 102");
}

#[test]
fn an_envelope_of_something_else_is_refused_with_what_was_expected() {
    let policy = r#"{"payloadType": "application/vnd.shop.menu", "payload": "e30=", "signatures": []}"#;
    insta::assert_snapshot!(refusal(policy), @"not a well-formed in-toto envelope: expected the payload type `application/vnd.in-toto+json`, found `application/vnd.shop.menu`, at payloadType");
    let broken = r#"{"payloadType": "application/vnd.in-toto+json", "payload": "e30=!", "signatures": []}"#;
    insta::assert_snapshot!(refusal(broken), @"not a well-formed in-toto envelope: expected base64: Invalid symbol 33, offset 4., at payload");
    let empty = r#"{"payloadType": "application/vnd.in-toto+json", "payload": "e30=", "signatures": []}"#;
    insta::assert_snapshot!(refusal(empty), @"not a well-formed JSON document: missing field `_type`, at line 1 column 2");
    let link = r#"{"_type": "link", "predicateType": "x"}"#;
    insta::assert_snapshot!(refusal(link), @"not a well-formed in-toto statement: expected `https://in-toto.io/Statement/…`, found `link`, at _type");
}
