//! URIs, NISTIR 7695 §6.1: seven parts between colons, percent-encoded, of which those at the end may be missing. The edition
//! holds the attributes that CPE 2.2 did not know, between tildes.

use super::formatted::wildcard;
use super::{Attribute, Cpe, Text, Value, Wildcard};

/// The values of the parts.
pub(super) fn read(text: &str) -> Result<[Value; 11], &'static str> {
    let mut parts = text.split(':');
    let mut next = || parts.next().unwrap_or_default();
    let [part, vendor, product, version, update, edition, language] =
        [next(), next(), next(), next(), next(), next(), next()];
    if parts.next().is_some() {
        return Err("expected at most seven parts behind `cpe:/`");
    }
    let packed: Vec<&str> =
        edition.strip_prefix('~').map_or(vec![edition, "", "", "", ""], |packed| packed.split('~').collect());
    let [edition, sw_edition, target_sw, target_hw, other] = packed[..] else {
        return Err("expected five values in an edition that begins with `~`");
    };
    let values = [part, vendor, product, version, update, edition, language, sw_edition, target_sw, target_hw, other];
    let values = values.into_iter().map(value).collect::<Result<Vec<_>, _>>()?;
    values.try_into().map_err(|_| "expected eleven values")
}

fn value(part: &str) -> Result<Value, &'static str> {
    match part {
        "" => return Ok(Value::Any),
        "-" => return Ok(Value::NotApplicable),
        _ => {}
    }
    let (before, rest) = match part.strip_prefix("%02") {
        Some(rest) => (Wildcard::Any, rest),
        None => {
            let rest = part.trim_start_matches("%01");
            (Wildcard::UpTo((part.len() - rest.len()) / 3), rest)
        }
    };
    let (behind, rest) = match rest.strip_suffix("%02") {
        Some(rest) => (Wildcard::Any, rest),
        None => {
            let kept = rest.trim_end_matches("%01");
            (Wildcard::UpTo((rest.len() - kept.len()) / 3), kept)
        }
    };
    Text::new(before, decoded(rest)?, behind).map(Value::Text).ok_or("expected a text")
}

fn decoded(part: &str) -> Result<String, &'static str> {
    let mut text = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(letter) = rest.chars().next() {
        let after = rest.get(letter.len_utf8()..).unwrap_or_default();
        rest = match letter {
            '%' => {
                let code = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
                let code = code.filter(u8::is_ascii_graphic).ok_or("expected a printable character behind `%`")?;
                text.push(char::from(code).to_ascii_lowercase());
                after.get(2..).unwrap_or_default()
            }
            _ if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-' | '~') => {
                text.push(letter);
                after
            }
            _ => return Err("expected what is not a letter, digit, `_`, `.`, `-` or `~` to be percent-encoded"),
        };
    }
    Ok(text)
}

/// The name as a URI.
pub(super) fn written(name: &Cpe) -> String {
    let part = |attribute| written_value(name.value(attribute));
    let further = [Attribute::SwEdition, Attribute::TargetSw, Attribute::TargetHw, Attribute::Other];
    let edition = if further.iter().all(|attribute| *name.value(*attribute) == Value::Any) {
        part(Attribute::Edition)
    } else {
        let further: Vec<_> = further.into_iter().map(part).collect();
        format!("~{}~{}", part(Attribute::Edition), further.join("~"))
    };
    let parts = [
        part(Attribute::Part),
        part(Attribute::Vendor),
        part(Attribute::Product),
        part(Attribute::Version),
        part(Attribute::Update),
        edition,
        part(Attribute::Language),
    ];
    format!("cpe:/{}", parts.join(":").trim_end_matches(':'))
}

fn written_value(value: &Value) -> String {
    let text = match value {
        Value::Any => return String::new(),
        Value::NotApplicable => return "-".to_owned(),
        Value::Text(text) => text,
    };
    let is_dash = text.literal() == Some("-");
    let mut part = wildcard(text.before, "%02", "%01");
    for letter in text.text.chars() {
        if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.') || (letter == '-' && !is_dash) {
            part.push(letter);
        } else {
            part.push_str(&format!("%{:02x}", u32::from(letter)));
        }
    }
    part + &wildcard(text.behind, "%02", "%01")
}
