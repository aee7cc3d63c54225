//! Where a text is broken into lines.

use super::faces::Letter;

/// The lines of a text at a size, none wider than `width` unless a single letter is. Lines end at spaces; a word that is
/// too long for a line ends after a sign, as addresses and digests have them, and where there is none, anywhere.
pub(super) fn lines(letters: &[Letter], size: f32, width: f32) -> Vec<&[Letter]> {
    let mut lines = Vec::new();
    let mut rest = letters;
    while !rest.is_empty() {
        let fitting = fitting(rest, size, width);
        if fitting == rest.len() {
            lines.push(rest);
            break;
        }
        let (line, next) = match rest[..=fitting].iter().rposition(|letter| letter.character == ' ') {
            Some(space) if space > 0 => (&rest[..space], &rest[space + 1..]),
            _ => rest.split_at(after_sign(rest, fitting)),
        };
        lines.push(line);
        rest = next;
    }
    lines
}

/// How wide a line is at a size.
pub(super) fn width(letters: &[Letter], size: f32) -> f32 {
    letters.iter().map(|letter| letter.advance * size).sum()
}

/// How many letters fit, at least one.
fn fitting(letters: &[Letter], size: f32, width: f32) -> usize {
    let mut used = 0.0;
    for (index, letter) in letters.iter().enumerate() {
        used += letter.advance * size;
        if used > width {
            return index.max(1);
        }
    }
    letters.len()
}

/// The last place after a sign in the second half of what fits, or its end.
fn after_sign(letters: &[Letter], fitting: usize) -> usize {
    let half = fitting / 2;
    let sign = letters[half..fitting].iter().rposition(|letter| "/-_.:@,;=&?+".contains(letter.character));
    sign.map_or(fitting, |sign| half + sign + 1)
}
