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
