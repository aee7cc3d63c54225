//! The older metadata of in-toto: layouts and links, signed over their canonical JSON.
//! <https://github.com/in-toto/specification/blob/master/in-toto-spec.md>, section 4.2.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Canonical JSON as in-toto means it, which is that of OLPC and not of RFC 8785: keys in order, nothing between them, and only
/// quotation mark and backslash escaped. Absent where there is a number that is no integer.
/// <http://wiki.laptop.org/go/Canonical_JSON>
pub(super) fn canonical(value: &Value) -> Option<Vec<u8>> {
    let mut text = String::new();
    write(value, &mut text)?;
    Some(text.into_bytes())
}

fn write(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(boolean) => write!(text, "{boolean}").ok()?,
        Value::Number(number) if number.is_i64() || number.is_u64() => write!(text, "{number}").ok()?,
        Value::Number(_) => return None,
        Value::String(string) => write_string(string, text),
        Value::Array(values) => {
            text.push('[');
            for (position, value) in values.iter().enumerate() {
                separate(position, text);
                write(value, text)?;
            }
            text.push(']');
        }
        Value::Object(object) => write_object(object, text)?,
    }
    Some(())
}

fn write_object(object: &Map<String, Value>, text: &mut String) -> Option<()> {
    let mut names: Vec<&String> = object.keys().collect();
    names.sort();
    text.push('{');
    for (position, name) in names.into_iter().enumerate() {
        separate(position, text);
        write_string(name, text);
        text.push(':');
        write(&object[name], text)?;
    }
    text.push('}');
    Some(())
}

fn separate(position: usize, text: &mut String) {
    if position > 0 {
        text.push(',');
    }
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('"');
}
