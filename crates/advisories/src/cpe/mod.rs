//! CPE names: read from and written as formatted strings (`cpe:2.3:a:…`) and URIs (`cpe:/a:…`) by NISTIR 7695,
//! <https://nvlpubs.nist.gov/nistpubs/Legacy/IR/nistir7695.pdf>, and compared by NISTIR 7696,
//! <https://nvlpubs.nist.gov/nistpubs/Legacy/IR/nistir7696.pdf>.

mod comparison;
mod formatted;
mod uri;

use std::fmt;

pub use comparison::Relation;

/// The name of a product or of a set of products.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cpe {
    /// In the order of [`Attribute`].
    values: [Value; 11],
}

/// What a name says of a product, in the order of the formatted string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    /// `a` for applications, `o` for operating systems, `h` for hardware.
    Part,
    /// Who makes it.
    Vendor,
    /// What it is called.
    Product,
    /// Its version.
    Version,
    /// What the vendor added to the version: `rc1`, `sp2`.
    Update,
    /// The edition, in the sense of CPE 2.2.
    Edition,
    /// The language of its user interface.
    Language,
    /// For whom it is made.
    SwEdition,
    /// On what software it runs: `windows`, `node.js`.
    TargetSw,
    /// On what hardware it runs: `x64`.
    TargetHw,
    /// Anything else.
    Other,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// `*`: any value, or nothing was said.
    Any,
    /// `-`: the product has nothing of the kind.
    NotApplicable,
    /// A text in small letters.
    Text(Text),
}

/// The text of a value, which may begin and end with wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// What may stand before it.
    before: Wildcard,
    /// The letters themselves.
    text: String,
    /// What may stand behind it.
    behind: Wildcard,
}

/// What stands for letters that are not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Wildcard {
    /// `*`: any number of letters.
    Any,
    /// `?`, so many of them: up to so many letters, and with 0 none.
    UpTo(usize),
}

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a CPE name: {problem}")]
pub struct CpeError {
    /// The text, shortened to 200 characters.
    pub text: String,
    /// What is wrong, and what was expected.
    pub problem: &'static str,
}

impl Attribute {
    /// Every attribute, in the order of the formatted string.
    pub const ALL: [Self; 11] = [
        Self::Part,
        Self::Vendor,
        Self::Product,
        Self::Version,
        Self::Update,
        Self::Edition,
        Self::Language,
        Self::SwEdition,
        Self::TargetSw,
        Self::TargetHw,
        Self::Other,
    ];
}

/// Names that are longer are nobody's; the schema of NVD allows 2,048 characters.
const LONGEST_NAME: usize = 2048;

impl Cpe {
    /// Reads a name in either form. Capital letters become small ones.
    ///
    /// # Errors
    ///
    /// When it is neither a formatted string with its eleven parts nor a URI.
    pub fn parse(text: &str) -> Result<Self, CpeError> {
        let error = |problem| CpeError { text: text.chars().take(200).collect(), problem };
        if text.len() > LONGEST_NAME || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(error("expected at most 2048 printable ASCII characters without blanks"));
        }
        let lower = text.to_ascii_lowercase();
        let values = match (lower.strip_prefix("cpe:2.3:"), lower.strip_prefix("cpe:/")) {
            (Some(parts), _) => formatted::read(parts),
            (_, Some(parts)) => uri::read(parts),
            (None, None) => Err("expected `cpe:2.3:` or `cpe:/` at the beginning"),
        };
        let name = Self { values: values.map_err(error)? };
        match name.value(Attribute::Part) {
            Value::Text(part) if part.literal().is_none_or(|part| !matches!(part, "a" | "o" | "h")) => {
                Err(error("expected `a`, `o` or `h` as the part"))
            }
            Value::Any | Value::NotApplicable | Value::Text(_) => Ok(name),
        }
    }

    /// What it says of an attribute.
    pub fn value(&self, attribute: Attribute) -> &Value {
        let [part, vendor, product, version, update, edition, language, sw_edition, target_sw, target_hw, other] =
            &self.values;
        match attribute {
            Attribute::Part => part,
            Attribute::Vendor => vendor,
            Attribute::Product => product,
            Attribute::Version => version,
            Attribute::Update => update,
            Attribute::Edition => edition,
            Attribute::Language => language,
            Attribute::SwEdition => sw_edition,
            Attribute::TargetSw => target_sw,
            Attribute::TargetHw => target_hw,
            Attribute::Other => other,
        }
    }

    /// The name as a URI of CPE 2.2. What that form had no place for is packed into its edition.
    pub fn to_uri(&self) -> String {
        uri::written(self)
    }
}

/// The name as a formatted string.
impl fmt::Display for Cpe {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("cpe:2.3")?;
        self.values.iter().try_for_each(|value| write!(out, ":{}", formatted::written(value)))
    }
}

impl Text {
    /// A text between wildcards; none where it would be nothing.
    fn new(before: Wildcard, text: String, behind: Wildcard) -> Option<Self> {
        let is_nothing = text.is_empty() && before == Wildcard::UpTo(0) && behind == Wildcard::UpTo(0);
        (!is_nothing).then_some(Self { before, text, behind })
    }

    /// The letters, where no wildcard stands beside them.
    pub fn literal(&self) -> Option<&str> {
        let is_literal = self.before == Wildcard::UpTo(0) && self.behind == Wildcard::UpTo(0);
        is_literal.then_some(self.text.as_str())
    }
}
