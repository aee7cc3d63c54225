//! Canonical JSON against the examples of RFC 8785.

use shipworthy_trust::canonical;

#[test]
fn the_example_of_the_standard_comes_out_as_the_standard_says() {
    let given = r#"{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"#;
    let value: serde_json::Value = serde_json::from_str(given).expect("JSON");
    let expected = r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
    assert_eq!(canonical::to_string(&value).expect("canonical"), expected);
}

#[test]
fn members_are_sorted_as_utf_16() {
    let given = r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;
    let value: serde_json::Value = serde_json::from_str(given).expect("JSON");
    let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
    assert_eq!(canonical::to_string(&value).expect("canonical"), expected);
    let again: serde_json::Value = serde_json::from_str(expected).expect("JSON");
    assert_eq!(canonical::digest(&again).expect("one"), canonical::digest(&value).expect("one"));
}
