//! The parameters of a policy: a small, closed part of JSON Schema, with defaults for everything.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The parameters that a policy declares, as a JSON Schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Always `object`.
    #[serde(rename = "type", default)]
    pub kind: ObjectKind,
    /// Name to declaration.
    #[serde(default)]
    pub properties: BTreeMap<String, Parameter>,
}

/// The one type that all parameters together have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectKind {
    /// An object.
    #[default]
    Object,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ParameterKind,
    /// What it means, for people.
    pub description: String,
    /// Its value unless an assignment gives another.
    pub default: Value,
    /// The least number allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// The greatest number allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// The only values allowed.
    #[serde(rename = "enum", default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<Value>>,
    /// What the entries of a list are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Items>,
}

/// What the entries of a list are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// Their type.
    #[serde(rename = "type")]
    pub kind: ParameterKind,
    /// The only values allowed.
    #[serde(rename = "enum", default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<Value>>,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterKind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
}

impl Parameters {
    /// Checks what an assignment gives and fills in the defaults for the rest.
    ///
    /// # Errors
    /// A sentence that names the parameter and what was expected.
    pub fn fill(&self, given: &Value) -> Result<Value, String> {
        let empty = Map::new();
        let given = match given {
            Value::Null => &empty,
            Value::Object(given) => given,
            other => return Err(format!("parameters are an object of names and values, not `{other}`")),
        };
        if let Some(name) = given.keys().find(|name| !self.properties.contains_key(*name)) {
            let known: Vec<_> = self.properties.keys().map(|name| format!("`{name}`")).collect();
            return Err(format!("there is no parameter `{name}`, only {}", known.join(", ")));
        }
        let mut filled = Map::new();
        for (name, parameter) in &self.properties {
            let value = given.get(name).unwrap_or(&parameter.default);
            parameter.check(value).map_err(|why| format!("parameter `{name}` {why}"))?;
            filled.insert(name.clone(), value.clone());
        }
        Ok(Value::Object(filled))
    }

    /// Checks that every default is a value that the declaration allows.
    ///
    /// # Errors
    /// A sentence that names the parameter and what was expected.
    pub fn check_defaults(&self) -> Result<(), String> {
        for (name, parameter) in &self.properties {
            if (parameter.kind == ParameterKind::Array) != parameter.items.is_some() {
                return Err(format!("parameter `{name}` is a list exactly if it declares `items`"));
            }
        }
        self.fill(&Value::Null).map(drop).map_err(|why| format!("default of {why}"))
    }
}

impl Parameter {
    fn check(&self, value: &Value) -> Result<(), String> {
        let Self { kind, description: _, default: _, minimum, maximum, options, items } = self;
        kind.check(value)?;
        check_options(options.as_deref(), value)?;
        if let Some(number) = value.as_f64() {
            if let Some(minimum) = minimum.filter(|minimum| number < *minimum) {
                return Err(format!("is at least {minimum}, not {number}"));
            }
            if let Some(maximum) = maximum.filter(|maximum| number > *maximum) {
                return Err(format!("is at most {maximum}, not {number}"));
            }
        }
        let (Some(items), Value::Array(entries)) = (items, value) else { return Ok(()) };
        for entry in entries {
            items.kind.check(entry).map_err(|why| format!("holds an entry that {why}"))?;
            check_options(items.options.as_deref(), entry).map_err(|why| format!("holds an entry that {why}"))?;
        }
        Ok(())
    }
}

impl ParameterKind {
    fn check(self, value: &Value) -> Result<(), String> {
        let (is_it, name) = match self {
            Self::Boolean => (value.is_boolean(), "`true` or `false`"),
            Self::Integer => (value.is_i64() || value.is_u64(), "a whole number"),
            Self::Number => (value.is_number(), "a number"),
            Self::String => (value.is_string(), "a text"),
            Self::Array => (value.is_array(), "a list"),
        };
        if is_it { Ok(()) } else { Err(format!("is {name}, not `{value}`")) }
    }
}

fn check_options(options: Option<&[Value]>, value: &Value) -> Result<(), String> {
    let Some(options) = options.filter(|options| !options.contains(value)) else { return Ok(()) };
    let options: Vec<_> = options.iter().map(|option| format!("`{option}`")).collect();
    Err(format!("is one of {}, not `{value}`", options.join(", ")))
}
