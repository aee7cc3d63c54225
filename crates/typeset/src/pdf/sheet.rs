//! What is on a sheet of paper: letters, lines and shades at their places, in points from the upper left corner.

use super::faces::Letter;

/// A4, in points.
pub(super) const WIDTH: f32 = 595.28;
/// A4, in points.
pub(super) const HEIGHT: f32 = 841.89;
/// From the edge to the text on the left and on the right.
pub(super) const MARGIN: f32 = 48.0;
/// From the upper edge to the text.
pub(super) const TOP: f32 = 62.0;
/// From the upper edge to the end of the text.
pub(super) const BOTTOM: f32 = HEIGHT - 58.0;
/// How wide the text is.
pub(super) const MEASURE: f32 = WIDTH - 2.0 * MARGIN;

/// A colour that can still be told apart in black and white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    Soft,
    Line,
    Shade,
    Good,
    Bad,
}

impl Ink {
    pub(super) fn red_green_blue(self) -> [u8; 3] {
        match self {
            Self::Black => [20, 20, 20],
            Self::Soft => [90, 90, 90],
            Self::Line => [190, 190, 190],
            Self::Shade => [240, 240, 240],
            Self::Good => [20, 84, 30],
            Self::Bad => [150, 20, 20],
        }
    }
}

/// What something on a sheet belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A node of the document's structure.
    Of(usize),
    /// What repeats or decorates, and is passed over by readers that speak.
    Decoration,
}

/// One thing on a sheet.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// A line of text; `y` is its base line.
    Text { x: f32, y: f32, size: f32, ink: Ink, letters: Vec<Letter>, part: Part },
    /// A filled rectangle.
    Box { x: f32, y: f32, width: f32, height: f32, ink: Ink },
}

/// Everything on a sheet, in the order in which it is painted.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    pub(super) marks: Vec<Mark>,
}
