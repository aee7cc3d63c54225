//! What a document consists of, for whoever puts one together. Nothing here says how it looks.

/// A document: a title block, a summary in words, and sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// What kind of document it is: `SLSA attestation report`.
    pub title: String,
    /// What it is about: `shop/cart 1.4.2`.
    pub subject: String,
    /// The lines of the title block.
    pub facts: Vec<Fact>,
    /// What it concludes.
    pub summary: Summary,
    /// The rest, in its order.
    pub sections: Vec<Section>,
    /// When it was made, RFC 3339 in UTC: `2026-11-22T09:30:00Z`.
    pub made_at: String,
    /// What stands at the foot of every page, such as a digest.
    pub foot: String,
    /// Files that a PDF carries with it.
    pub attachments: Vec<Attachment>,
}

/// A name and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The name: `Built by`.
    pub name: String,
    /// What it stands for.
    pub value: Cell,
}

impl Fact {
    /// A name and a text.
    #[must_use]
    pub fn new(name: &str, value: impl Into<Cell>) -> Self {
        Self { name: name.to_owned(), value: value.into() }
    }
}

/// What a document concludes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The conclusion in one sentence.
    pub verdict: Cell,
    /// What has to be known of it, each a paragraph.
    pub paragraphs: Vec<String>,
}

/// A part of a document under a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// Whether it belongs to the section before it.
    pub is_nested: bool,
    /// What stands under the heading.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A paragraph that explains and may be passed over.
    Note(String),
    /// Names and what they stand for.
    Facts(Vec<Fact>),
    /// Numbers, each with what was counted.
    Numbers(Vec<Number>),
    /// Lines to be typed as they are.
    Commands(Vec<String>),
    /// A table.
    Table(Table),
}

/// A number with what was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number as it is written.
    pub value: String,
    /// What it is the number of.
    pub name: String,
    /// What counts as one.
    pub definition: String,
}

/// A table. Every row has as many cells as there are columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// What is said instead when there are no rows.
    pub if_empty: String,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it says of each row.
    pub title: String,
    /// How wide it is, as a share of the sum of all columns.
    pub share: u16,
}

impl Column {
    /// A column.
    #[must_use]
    pub fn new(title: &str, share: u16) -> Self {
        Self { title: title.to_owned(), share }
    }
}

/// A text in a table or after a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text, of any origin.
    pub text: String,
    /// What kind of text it is.
    pub style: Style,
}

/// What kind of text something is. What is said by colour is said by a sign before the text, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// A text.
    #[default]
    Plain,
    /// Something to be compared letter by letter: a digest, an id, an address.
    Code,
    /// A text that stands out.
    Strong,
    /// Something that is as it should be.
    Good,
    /// Something that is not as it should be.
    Bad,
    /// Something of which nobody knows.
    Open,
}

impl Style {
    /// The sign that is set before the text.
    #[must_use]
    pub fn sign(self) -> Option<char> {
        match self {
            Self::Plain | Self::Code | Self::Strong => None,
            Self::Good => Some('✓'),
            Self::Bad => Some('✗'),
            Self::Open => Some('○'),
        }
    }
}

impl Cell {
    /// A text of a kind.
    #[must_use]
    pub fn styled(style: Style, text: impl Into<String>) -> Self {
        Self { text: text.into(), style }
    }

    /// Something to be compared letter by letter.
    #[must_use]
    pub fn code(text: impl Into<String>) -> Self {
        Self::styled(Style::Code, text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, style: Style::Plain }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A file that a PDF carries with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name: `report.json`.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// What it is, in a sentence.
    pub description: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}
