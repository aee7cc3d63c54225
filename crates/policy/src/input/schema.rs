//! The JSON Schema of the facts, for the authors of policies and their editors.

use super::{Input, SCHEMA};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

/// The JSON Schema (2020-12) of [`Input`], as committed in `policies/input.schema.json`.
#[must_use]
pub fn input_schema() -> Value {
    let mut definitions = Vec::new();
    Input::schemas(&mut definitions);
    let definitions: Map<String, Value> =
        definitions.into_iter().map(|(name, schema)| (name, plain(&schema))).collect();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("What a Shipworthy policy sees as `input`, version {SCHEMA}"),
        "$defs": definitions,
    });
    let root = plain(&Input::schema());
    let fields = schema.as_object_mut().expect("an object was just written");
    fields.extend(root.as_object().expect("the schema of a struct is an object").clone());
    schema
}

/// One schema of the OpenAPI in plain JSON Schema.
fn plain(schema: &impl serde::Serialize) -> Value {
    let mut schema = serde_json::to_value(schema).expect("a schema is JSON");
    simplify(&mut schema);
    schema
}

/// Points references at `$defs` and takes `null` out: what is unknown is absent here, never null.
fn simplify(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(simplify),
        Value::Object(fields) => {
            if let Some(types) = fields.get("type").and_then(Value::as_array)
                && let Some(only) = types.iter().find(|name| *name != "null").cloned()
            {
                fields.insert("type".to_owned(), only);
            }
            if let Some(Value::Array(mut alternatives)) = fields.remove("oneOf") {
                alternatives.retain(|alternative| *alternative != json!({ "type": "null" }));
                let only = alternatives.pop().expect("utoipa writes `oneOf` only to add null to a reference");
                fields.extend(only.as_object().expect("a reference is an object").clone());
            }
            if let Some(Value::String(target)) = fields.get_mut("$ref") {
                *target = target.replace("#/components/schemas/", "#/$defs/");
            }
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            fields.values_mut().for_each(simplify);
        }
        _ => {}
    }
}
