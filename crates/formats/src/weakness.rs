//! Numbers of weaknesses (CWE) as tools write them.

/// Every number that follows `CWE` in a text, such as `CWE-79`, `cwe_79`, `CWE: 79`, or the address of its page; the
/// numbers themselves where the text has nothing but numbers. Each once, in their order.
pub(crate) fn numbers(text: &str) -> Vec<u32> {
    let text = text.to_ascii_lowercase();
    let is_list = text.chars().all(|character| character.is_ascii_digit() || matches!(character, ',' | ' ' | ';'));
    let mut numbers = Vec::new();
    let pieces: Vec<&str> = if is_list {
        text.split([',', ';', ' ']).collect()
    } else {
        text.split("cwe").skip(1).map(|rest| rest.trim_start_matches(FILLERS)).collect()
    };
    for piece in pieces {
        let end = piece.find(|character: char| !character.is_ascii_digit()).unwrap_or(piece.len());
        if let Ok(number) = piece[..end].parse::<u32>()
            && number > 0
            && !numbers.contains(&number)
        {
            numbers.push(number);
        }
    }
    numbers
}

/// What stands between the word and the number, also in `cwe.mitre.org/data/definitions/79.html`.
const FILLERS: fn(char) -> bool =
    |character| matches!(character, '-' | '_' | ':' | ' ' | '.' | '/') || "mitreorgdatadefinitions".contains(character);

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_are_found_however_they_are_written() {
        assert_eq!(numbers("CWE-79, cwe_89"), [79, 89]);
        assert_eq!(numbers("https://cwe.mitre.org/data/definitions/327.html"), [327]);
        assert_eq!(numbers("16, 200"), [16, 200]);
        assert_eq!(numbers("CWE-79: XSS (CWE-79)"), [79]);
        assert!(numbers("0").is_empty() && numbers("").is_empty() && numbers("nvd-cwe-other").is_empty());
    }
}
