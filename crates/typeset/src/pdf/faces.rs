//! The three typefaces that a file is set in, and the letters of a text: which face has each, and how wide it is there.

use super::NotTypeset;
use krilla::text::Font;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};

/// A face by what it is for. The last one has signs that the others lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Text,
    Strong,
    Code,
}

/// One letter as it is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    pub(super) character: char,
    pub(super) face: Use,
    pub(super) glyph: u32,
    /// Its width as a share of the size.
    pub(super) advance: f32,
}

/// The faces, ready to use.
pub(super) struct Faces {
    text: Face,
    strong: Face,
    code: Face,
}

struct Face {
    font: Font,
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units_per_em: f32,
}

impl Faces {
    /// # Errors
    /// When a face cannot be read, which is a mistake of ours.
    pub(super) fn load() -> Result<Self, NotTypeset> {
        Ok(Self {
            text: Face::read(notosans::REGULAR_TTF)?,
            strong: Face::read(notosans::BOLD_TTF)?,
            code: Face::read(dejavu::sans_mono::regular())?,
        })
    }

    pub(super) fn font(&self, face: Use) -> &Font {
        &self.face(face).font
    }

    fn face(&self, face: Use) -> &Face {
        match face {
            Use::Text => &self.text,
            Use::Strong => &self.strong,
            Use::Code => &self.code,
        }
    }

    /// The letters of a text. A character that no face has is written as its number: `<U+4E2D>`.
    pub(super) fn letters(&self, text: &str, face: Use) -> Vec<Letter> {
        let mut letters = Vec::with_capacity(text.len());
        for character in text.chars() {
            match self.letter(character, face) {
                Some(letter) => letters.push(letter),
                None => {
                    let spelled = format!("<U+{:04X}>", u32::from(character));
                    letters.extend(spelled.chars().filter_map(|c| self.letter(c, face)));
                }
            }
        }
        letters
    }

    fn letter(&self, character: char, preferred: Use) -> Option<Letter> {
        [preferred, Use::Code].into_iter().find_map(|face| self.face(face).letter(character, face))
    }
}

impl Face {
    fn read(bytes: &'static [u8]) -> Result<Self, NotTypeset> {
        let unreadable = || NotTypeset("a typeface cannot be read".to_owned());
        let parsed = FontRef::new(bytes).map_err(|_| unreadable())?;
        let font = Font::new(bytes.to_vec().into(), 0).ok_or_else(unreadable)?;
        Ok(Self {
            units_per_em: font.units_per_em(),
            font,
            characters: parsed.charmap(),
            metrics: parsed.glyph_metrics(Size::unscaled(), LocationRef::default()),
        })
    }

    fn letter(&self, character: char, face: Use) -> Option<Letter> {
        let glyph = self.characters.map(character)?;
        let advance = self.metrics.advance_width(glyph)? / self.units_per_em;
        Some(Letter { character, face, glyph: glyph.to_u32(), advance })
    }
}
