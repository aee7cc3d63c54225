//! The words of a Rego source, read before any parser sees it: nesting is counted and names are found here, because
//! the parser of the engine takes exponential time in nested brackets and would run what it cannot refuse.

use crate::PolicyError;

/// How deep brackets may nest.
const DEPTH_LIMIT: usize = 16;

/// One word of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word<'a> {
    /// A name or keyword.
    Name(&'a str),
    /// A string between quotes or backticks, as written, without them.
    Text(&'a str),
    /// A number.
    Number,
    /// Any other character.
    Symbol(char),
}

/// A word with its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) word: Word<'a>,
    /// The line, from 1.
    pub(crate) line: usize,
    /// How many brackets are open before it.
    pub(crate) depth: usize,
    pub(crate) is_first_in_line: bool,
}

/// One step of a reference after its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// `.name` or `["name"]`.
    Field(&'a str),
    /// `[…]` with anything else inside.
    Any,
}

/// A name with what is looked up in it, such as `input.artifact.vulnerabilities.worst[_].id`.
#[derive(Debug)]
pub(crate) struct Reference<'a> {
    pub(crate) root: &'a str,
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) line: usize,
    /// Whether an opening parenthesis follows.
    pub(crate) is_call: bool,
    /// Whether it stands where a rule begins.
    pub(crate) begins_rule: bool,
    /// The word before it.
    pub(crate) previous: Option<Word<'a>>,
}

impl Reference<'_> {
    /// The reference in dots, up to the first step that is not a plain name.
    pub(crate) fn dotted(&self) -> String {
        let mut text = self.root.to_owned();
        for step in &self.steps {
            let Step::Field(name) = step else { break };
            text.push('.');
            text.push_str(name);
        }
        text
    }
}

/// Every reference of the source, in order.
///
/// # Errors
/// When brackets nest too deep or do not match, or a string does not end.
pub(crate) fn references(source: &str) -> Result<Vec<Reference<'_>>, PolicyError> {
    let tokens = tokens(source)?;
    let mut references = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let Word::Name(root) = token.word else { continue };
        let previous = index.checked_sub(1).map(|before| tokens[before].word);
        if previous == Some(Word::Symbol('.')) {
            continue;
        }
        let (steps, next) = steps(&tokens, index + 1);
        references.push(Reference {
            root,
            steps,
            line: token.line,
            is_call: tokens.get(next).is_some_and(|token| token.word == Word::Symbol('(')),
            begins_rule: token.depth == 0 && (token.is_first_in_line || previous == Some(Word::Name("default"))),
            previous,
        });
    }
    Ok(references)
}

/// The steps that begin at `start`, and the index of the first token after them.
fn steps<'a>(tokens: &[Token<'a>], start: usize) -> (Vec<Step<'a>>, usize) {
    let mut steps = Vec::new();
    let mut at = start;
    let word = |at: usize| tokens.get(at).map(|token| token.word);
    loop {
        match (word(at), word(at + 1)) {
            (Some(Word::Symbol('.')), Some(Word::Name(name))) => {
                steps.push(Step::Field(name));
                at += 2;
            }
            (Some(Word::Symbol('[')), Some(inside)) => {
                let depth = tokens[at].depth;
                let is_end = |token: &Token<'_>| token.word == Word::Symbol(']') && token.depth == depth + 1;
                let Some(length) = tokens[at..].iter().position(is_end) else { return (steps, at) };
                steps.push(match inside {
                    Word::Text(name) if length == 2 && !name.contains('\\') => Step::Field(name),
                    _ => Step::Any,
                });
                at += length + 1;
            }
            _ => return (steps, at),
        }
    }
}

/// Every word of the source. Comments are skipped.
fn tokens(source: &str) -> Result<Vec<Token<'_>>, PolicyError> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut open = Vec::new();
    let mut line = 1;
    let mut last_line = 0;
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = length(rest, first).ok_or(PolicyError::OpenText { line })?;
        let (text, after) = rest.split_at(length);
        rest = after;
        let starts_at = line;
        line += text.matches('\n').count();
        let word = match first {
            '#' => continue,
            _ if first.is_whitespace() => continue,
            '"' | '`' => Word::Text(&text[1..text.len() - 1]),
            '0'..='9' => Word::Number,
            _ if is_name(first) => Word::Name(text),
            _ => Word::Symbol(first),
        };
        tokens.push(Token {
            word,
            line: starts_at,
            depth: open.len(),
            is_first_in_line: std::mem::replace(&mut last_line, starts_at) != starts_at,
        });
        if let Word::Symbol(symbol) = word {
            nest(&mut open, symbol, starts_at)?;
        }
    }
    Ok(tokens)
}

/// How many bytes the word at the beginning of `rest` has, or nothing when a string does not end.
fn length(rest: &str, first: char) -> Option<usize> {
    let while_true = |is_part: fn(char) -> bool| rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    match first {
        '#' => Some(rest.find('\n').unwrap_or(rest.len())),
        '`' => rest[1..].find('`').map(|end| end + 2),
        '"' => text_length(rest),
        _ if first.is_ascii_digit() => Some(while_true(|c| c.is_ascii_digit())),
        _ if is_name(first) => Some(while_true(|c| is_name(c) || c.is_ascii_digit())),
        _ => Some(first.len_utf8()),
    }
}

/// How many bytes the string between quotes at the beginning of `rest` has.
fn text_length(rest: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(at + 1),
            '\n' => return None,
            _ => {}
        }
    }
    None
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_'
}

/// Counts brackets.
fn nest(open: &mut Vec<char>, symbol: char, line: usize) -> Result<(), PolicyError> {
    let closing = match symbol {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        ')' | ']' | '}' if open.pop() == Some(symbol) => return Ok(()),
        ')' | ']' | '}' => return Err(PolicyError::Bracket { bracket: symbol, line }),
        _ => return Ok(()),
    };
    open.push(closing);
    if open.len() > DEPTH_LIMIT {
        return Err(PolicyError::TooDeep { line, limit: DEPTH_LIMIT });
    }
    Ok(())
}
