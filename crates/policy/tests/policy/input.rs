//! The contract of policies: its published schema.

use serde_json::Value;

#[test]
fn the_published_schema_of_the_facts_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/input.schema.json");
    let published = std::fs::read_to_string(path).expect("policies/input.schema.json is in the repository");
    let published: Value = serde_json::from_str(&published).expect("the published schema is JSON");
    let is_current = published == shipworthy_policy::input_schema();
    assert!(is_current, "policies/input.schema.json is not up to date: write it anew with `cargo xtask generate`");
}
