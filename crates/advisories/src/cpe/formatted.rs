//! Formatted strings, NISTIR 7695 §6.2: eleven parts between colons, a backslash before what is not a letter, digit, `_`, `.` or
//! `-`.

use super::{Text, Value, Wildcard};

/// The values of the parts.
pub(super) fn read(text: &str) -> Result<[Value; 11], &'static str> {
    let mut values = Vec::with_capacity(11);
    for part in parts(text) {
        values.push(value(part)?);
    }
    values.try_into().map_err(|_| "expected eleven parts behind `cpe:2.3:`")
}

/// The text between colons that no backslash quotes.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |letter| {
        let divides = letter == ':' && !is_quoted;
        is_quoted = letter == '\\' && !is_quoted;
        divides
    })
}

fn value(part: &str) -> Result<Value, &'static str> {
    match part {
        "" => return Err("expected no empty part: `*` for any value and `-` for none"),
        "*" => return Ok(Value::Any),
        "-" => return Ok(Value::NotApplicable),
        _ => {}
    }
    let (before, rest) = leading(part);
    let mut text = String::with_capacity(rest.len());
    let mut letters = rest.chars();
    let mut behind = Wildcard::UpTo(0);
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(letters.next().ok_or("expected a character behind the backslash")?),
            '*' | '?' => {
                let tail = letters.as_str();
                behind = if letter == '*' { Wildcard::Any } else { Wildcard::UpTo(tail.len() + 1) };
                let is_end = if letter == '*' { tail.is_empty() } else { tail.bytes().all(|byte| byte == b'?') };
                if !is_end {
                    return Err("expected `*` and `?` at the beginning and the end of a part alone");
                }
                break;
            }
            _ if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-') => text.push(letter),
            _ => return Err("expected a backslash before what is not a letter, digit, `_`, `.` or `-`"),
        }
    }
    Text::new(before, text, behind).map(Value::Text).ok_or("expected a text")
}

/// The wildcards at the beginning, and what follows them.
fn leading(part: &str) -> (Wildcard, &str) {
    if let Some(rest) = part.strip_prefix('*') {
        return (Wildcard::Any, rest);
    }
    let rest = part.trim_start_matches('?');
    (Wildcard::UpTo(part.len() - rest.len()), rest)
}

/// A value as a part of the string.
pub(super) fn written(value: &Value) -> String {
    let text = match value {
        Value::Any => return "*".to_owned(),
        Value::NotApplicable => return "-".to_owned(),
        Value::Text(text) => text,
    };
    let is_dash = text.literal() == Some("-");
    let mut part = wildcard(text.before, "*", "?");
    for letter in text.text.chars() {
        let is_plain = letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
        if !is_plain || is_dash {
            part.push('\\');
        }
        part.push(letter);
    }
    part + &wildcard(text.behind, "*", "?")
}

/// Wildcards in the signs of a form.
pub(super) fn wildcard(wildcard: Wildcard, any: &str, one: &str) -> String {
    match wildcard {
        Wildcard::Any => any.to_owned(),
        Wildcard::UpTo(count) => one.repeat(count),
    }
}
