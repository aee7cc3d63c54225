//! Text of any origin as a page can show it.

/// Characters that would start a new line, change the direction of writing or cannot be seen become visible marks, so that
/// a text looks like what it is. Spaces and line breaks of all kinds are one space each.
#[must_use]
pub fn shown(text: &str) -> String {
    text.chars().map(mark).collect()
}

fn mark(c: char) -> char {
    match c {
        '\n' | '\t' | '\r' | '\u{a0}' | '\u{2028}' | '\u{2029}' => ' ',
        _ if c.is_control() || is_invisible(c) => '\u{fffd}',
        _ => c,
    }
}

/// Marks of direction (UAX 9), joiners and other characters without a form of their own.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_mislead_is_a_mark() {
        assert_eq!(shown("a\u{1b}[31mb\nc\u{202e}d\u{200b}e\u{feff}"), "a\u{fffd}[31mb c\u{fffd}d\u{fffd}e\u{fffd}");
        assert_eq!(shown("Grüße – Ελλάδα"), "Grüße – Ελλάδα");
    }
}
