//! Texts for people out of documents: one line for a title, and an end to texts without end.

/// Longer texts are cut: nobody reads further, and a report has thousands of them.
const MAX_CHARACTERS: usize = 8_000;
const MAX_TITLE_CHARACTERS: usize = 200;

/// The text, cut where it is longer than people read.
pub(crate) fn capped(text: String) -> String {
    cut(text, MAX_CHARACTERS)
}

/// The first line, cut where it is longer than a title.
pub(crate) fn title(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(cut(line.to_owned(), MAX_TITLE_CHARACTERS))
}

/// What people read of a text in HTML: without tags, which stand for a space or a new line, and with its entities.
pub(crate) fn plain(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        plain.push_str(before);
        // A `<` that begins no tag is a character like any other.
        if !tag[1..].starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!')) {
            plain.push('<');
            rest = &tag[1..];
            continue;
        }
        let Some(end) = tag.find('>') else {
            rest = tag;
            break;
        };
        let name = tag[1..end].trim_start_matches('/');
        let is_block = ["p", "br", "li", "ul", "div", "h", "tr", "table"].iter().any(|block| name.starts_with(block));
        plain.push_str(if is_block { "\n" } else { "" });
        rest = &tag[end + 1..];
    }
    plain.push_str(rest);
    for (entity, character) in ENTITIES {
        if plain.contains('&') {
            plain = plain.replace(entity, character);
        }
    }
    let lines = plain.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Those that reports use; the ampersand comes last, so that nothing is resolved twice.
const ENTITIES: &[(&str, &str)] = &[
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

/// The addresses in a text, each once, in their order.
pub(crate) fn addresses(text: &str) -> Vec<String> {
    let mut addresses: Vec<String> = Vec::new();
    for piece in text.split(|character: char| character.is_whitespace() || "\"'<>,;()[]".contains(character)) {
        let is_new = || !addresses.iter().any(|known| known == piece);
        if (piece.starts_with("http://") || piece.starts_with("https://")) && is_new() {
            addresses.push(piece.to_owned());
        }
    }
    addresses
}

fn cut(mut text: String, characters: usize) -> String {
    // A character has at most four bytes, so that most texts need not be counted.
    if text.len() > characters
        && let Some((end, _)) = text.char_indices().nth(characters)
    {
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{addresses, plain};

    #[test]
    fn html_becomes_what_people_read() {
        assert_eq!(
            plain("<p>Set the <b>Secure</b> flag.</p><p>See &amp;lt; 3 &lt; 4</p>"),
            "Set the Secure flag.\nSee &lt; 3 < 4"
        );
        assert_eq!(plain("a < b and <"), "a < b and <");
    }

    #[test]
    fn addresses_are_found_in_text_and_in_html() {
        let text = "<a href='https://shopwright.example/a'>A</a> https://shopwright.example/a\nhttp://b.example";
        assert_eq!(addresses(text), ["https://shopwright.example/a", "http://b.example"]);
    }
}
