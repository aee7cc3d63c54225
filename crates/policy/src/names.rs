//! The names that a policy may use: functions that are pure and bounded, facts that exist, parameters that are declared.
//! A misspelt fact would be undefined, and an undefined violation would be a pass; so it is refused before it runs.

use crate::PolicyError;
use crate::input::input_schema;
use crate::tokens::{Reference, Step, Word};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The functions that a policy may call: those of the engine that look at nothing but their arguments and whose work
/// is in proportion to them.
pub(crate) const FUNCTIONS: &[&str] = &[
    "abs",
    "array.concat",
    "array.reverse",
    "array.slice",
    "base64.decode",
    "base64.encode",
    "base64.is_valid",
    "base64url.decode",
    "base64url.encode",
    "base64url.encode_no_pad",
    "ceil",
    "concat",
    "contains",
    "count",
    "endswith",
    "floor",
    "format_int",
    "glob.match",
    "glob.quote_meta",
    "graph.reachable",
    "hex.decode",
    "hex.encode",
    "indexof",
    "indexof_n",
    "intersection",
    "is_array",
    "is_boolean",
    "is_null",
    "is_number",
    "is_object",
    "is_set",
    "is_string",
    "json.filter",
    "json.is_valid",
    "json.marshal",
    "json.remove",
    "json.unmarshal",
    "lower",
    "max",
    "min",
    "net.cidr_contains",
    "net.cidr_is_valid",
    "object.filter",
    "object.get",
    "object.keys",
    "object.remove",
    "object.subset",
    "object.union",
    "object.union_n",
    "product",
    "regex.find_n",
    "regex.globs_match",
    "regex.is_valid",
    "regex.match",
    "regex.replace",
    "regex.split",
    "regex.template_match",
    "replace",
    "round",
    "semver.compare",
    "semver.is_valid",
    "sort",
    "split",
    "sprintf",
    "startswith",
    "strings.any_prefix_match",
    "strings.any_suffix_match",
    "strings.count",
    "strings.replace_n",
    "strings.reverse",
    "substring",
    "sum",
    "time.add_date",
    "time.clock",
    "time.date",
    "time.diff",
    "time.format",
    "time.parse_duration_ns",
    "time.parse_ns",
    "time.parse_rfc3339_ns",
    "time.weekday",
    "to_number",
    "trim",
    "trim_left",
    "trim_prefix",
    "trim_right",
    "trim_space",
    "trim_suffix",
    "type_name",
    "union",
    "units.parse",
    "units.parse_bytes",
    "upper",
    "urlquery.decode",
    "urlquery.decode_object",
    "urlquery.encode",
    "urlquery.encode_object",
    "walk",
];

/// What is refused by name, with the reason. A name that ends in a dot stands for everything in it.
const FORBIDDEN: &[(&str, &str)] = &[
    ("http.", "a policy has no network; read what you need from `input`"),
    ("net.lookup_ip_addr", "a policy has no network; read what you need from `input`"),
    ("net.cidr_expand", "its answer can be without bound; use `net.cidr_contains`"),
    ("numbers.", "its answer can be without bound; iterate over what is in `input`"),
    ("opa.", "a policy does not see what it runs in"),
    ("rand.", "a policy has no chance: the same facts must give the same answer"),
    ("uuid.", "a policy has no chance: the same facts must give the same answer"),
    ("time.now_ns", "a policy has no clock; use `time.parse_rfc3339_ns(input.now)`"),
    ("rego.", "a policy cannot load others"),
    ("trace", "a policy says what it has to say in `violations`"),
    ("print", "a policy says what it has to say in `violations`"),
];

const KEYWORDS: &[&str] =
    &["as", "contains", "default", "else", "every", "if", "import", "in", "not", "package", "some", "with"];

static SCHEMA: LazyLock<Value> = LazyLock::new(input_schema);

/// Checks every name that a policy uses. `parameters` are those it declares.
///
/// # Errors
/// The first name that is not allowed, with the reason.
pub(crate) fn check_names(references: &[Reference<'_>], parameters: &BTreeSet<&str>) -> Result<(), PolicyError> {
    let own: BTreeSet<&str> =
        references.iter().filter(|found| found.is_call && found.begins_rule).map(|found| found.root).collect();
    for reference in references {
        match (reference.previous, reference.root) {
            (Some(Word::Name("package")), _) => {}
            (Some(Word::Name("import")), _) => check_import(reference)?,
            (_, "input") => check_input(reference)?,
            (_, "data") => check_data(reference, parameters)?,
            _ => check_function(reference, &own)?,
        }
    }
    Ok(())
}

/// Only the keywords can be imported: an alias would hide what a name stands for.
fn check_import(reference: &Reference<'_>) -> Result<(), PolicyError> {
    let name = reference.dotted();
    if name == "rego.v1" || name.starts_with("future.keywords") {
        return Ok(());
    }
    let why = "only `rego.v1` can be imported; write names in full".to_owned();
    Err(PolicyError::Forbidden { name: format!("import {name}"), line: reference.line, why })
}

fn check_input(reference: &Reference<'_>) -> Result<(), PolicyError> {
    let fields = reference.steps.iter().copied();
    check_fact(fields).map_err(|why| PolicyError::Fact { path: reference.dotted(), line: reference.line, why })
}

/// Checks a path of facts, without `input` in front.
///
/// # Errors
/// A sentence that names what does not exist.
pub(crate) fn check_fact<'a>(steps: impl Iterator<Item = Step<'a>>) -> Result<(), String> {
    let mut schema = resolve(&SCHEMA);
    for step in steps {
        let next = match step {
            Step::Field(name) if schema.get("properties").is_some() => match schema["properties"].get(name) {
                Some(found) => found,
                None => return Err(format!("there is no `{name}` there, only {}", names(&schema["properties"]))),
            },
            Step::Field(_) if schema["type"] == "array" => return Err("a list has no fields".to_owned()),
            Step::Field(_) | Step::Any => match schema.get("items").or_else(|| schema.get("additionalProperties")) {
                Some(found) if found.is_object() => found,
                Some(_) => return Ok(()),
                None => return Err("nothing is inside of it".to_owned()),
            },
        };
        schema = resolve(next);
    }
    Ok(())
}

/// The schema itself, or the definition that it points at.
fn resolve(schema: &'static Value) -> &'static Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    target.and_then(|pointer| SCHEMA.pointer(pointer)).unwrap_or(schema)
}

/// The names of an object, for people.
fn names(object: &Value) -> String {
    let names = object.as_object().into_iter().flatten().map(|(name, _)| format!("`{name}`"));
    names.collect::<Vec<_>>().join(", ")
}

fn check_data(reference: &Reference<'_>, parameters: &BTreeSet<&str>) -> Result<(), PolicyError> {
    match reference.steps.as_slice() {
        [Step::Field("parameters")] | [Step::Field("parameters"), Step::Any, ..] => return Ok(()),
        [Step::Field("parameters"), Step::Field(name), ..] if parameters.contains(name) => return Ok(()),
        [Step::Field("parameters"), Step::Field(name), ..] => {
            return Err(PolicyError::UndeclaredParameter { name: (*name).to_owned(), line: reference.line });
        }
        _ => {}
    }
    let name = reference.dotted();
    let why = "`data` holds `data.parameters` and nothing else; call rules of the policy by their name".to_owned();
    Err(PolicyError::Forbidden { name, line: reference.line, why })
}

fn check_function(reference: &Reference<'_>, own: &BTreeSet<&str>) -> Result<(), PolicyError> {
    let name = reference.dotted();
    let line = reference.line;
    let is_used = reference.is_call || reference.previous == Some(Word::Name("as"));
    for (forbidden, why) in FORBIDDEN {
        let is_namespace = forbidden.strip_suffix('.') == Some(reference.root) && !reference.steps.is_empty();
        let is_named = name == *forbidden && (name.contains('.') || is_used);
        if is_namespace || is_named {
            return Err(PolicyError::Forbidden { name, line, why: (*why).to_owned() });
        }
    }
    let is_hidden = reference.steps.first() == Some(&Step::Any) && matches!(reference.root, "net" | "time");
    if is_hidden {
        let why = "write the function's name with a dot".to_owned();
        return Err(PolicyError::Forbidden { name: format!("{name}[…]"), line, why });
    }
    let is_keyword = reference.steps.is_empty() && KEYWORDS.contains(&reference.root);
    let is_known = is_keyword || own.contains(name.as_str()) || FUNCTIONS.contains(&name.as_str());
    if reference.is_call && !is_known {
        return Err(PolicyError::UnknownFunction { name, line });
    }
    Ok(())
}
