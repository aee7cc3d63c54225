//! Paints sheets with the library that writes the file.

use super::NotTypeset;
use super::faces::{Faces, Letter, Use};
use super::layout::{Heading, LaidOut};
use super::sheet::{HEIGHT, Ink, Mark, Part, Sheet, WIDTH};
use crate::document::{Attachment, Document};
use crate::text::shown;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};

/// Paints the sheets and gives the file's bytes.
///
/// # Errors
/// When the library refuses the whole.
pub(super) fn paint(faces: &Faces, document: &Document, laid_out: LaidOut) -> Result<Vec<u8>, NotTypeset> {
    let LaidOut { sheets, structure, headings } = laid_out;
    let made_at = date(&document.made_at)?;
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| NotTypeset(format!("{error:?}")))?;
    let mut file = krilla::Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut painted: Vec<Vec<Identifier>> = Vec::new();
    let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| NotTypeset("the sheet has no size".to_owned()))?;
    for sheet in sheets {
        let mut page = file.start_page_with(size.clone());
        let mut surface = page.surface();
        paint_sheet(faces, &mut surface, sheet, &mut painted);
        surface.finish();
        page.finish();
    }
    file.set_tag_tree(structure.tree(painted));
    file.set_outline(outline(headings));
    file.set_metadata(metadata(document).creation_date(made_at));
    for attachment in &document.attachments {
        file.embed_file(embedded(attachment, made_at));
    }
    file.finish().map_err(|error| NotTypeset(format!("the file cannot be written: {error:?}")))
}

fn paint_sheet(faces: &Faces, surface: &mut Surface<'_>, sheet: Sheet, painted: &mut Vec<Vec<Identifier>>) {
    for mark in sheet.marks {
        match mark {
            Mark::Text { x, y, size, ink, letters, part } => {
                let tag = match part {
                    Part::Of(_) => ContentTag::Span(SpanTag::empty()),
                    Part::Decoration => decoration(),
                };
                let identifier = surface.start_tagged(tag);
                surface.set_fill(Some(fill(ink)));
                paint_letters(faces, surface, (x, y), size, &letters);
                surface.end_tagged();
                if let Part::Of(node) = part {
                    if painted.len() <= node {
                        painted.resize_with(node + 1, Vec::new);
                    }
                    painted[node].push(identifier);
                }
            }
            Mark::Box { x, y, width, height, ink } => {
                let Some(rectangle) = Rect::from_xywh(x, y, width, height) else { continue };
                let mut path = PathBuilder::new();
                path.push_rect(rectangle);
                let Some(path) = path.finish() else { continue };
                surface.start_tagged(decoration());
                surface.set_fill(Some(fill(ink)));
                surface.draw_path(&path);
                surface.end_tagged();
            }
        }
    }
}

fn decoration() -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other))
}

fn fill(ink: Ink) -> Fill {
    let [red, green, blue] = ink.red_green_blue();
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::default() }
}

/// Paints a line, in stretches of one face.
fn paint_letters(faces: &Faces, surface: &mut Surface<'_>, (mut x, y): (f32, f32), size: f32, letters: &[Letter]) {
    for stretch in letters.chunk_by(|one, next| one.face == next.face) {
        let Some(face) = stretch.first().map(|letter| letter.face) else { continue };
        let mut text = String::with_capacity(stretch.len());
        let mut glyphs = Vec::with_capacity(stretch.len());
        for Letter { character, glyph, advance, .. } in stretch {
            let begin = text.len();
            text.push(*character);
            let range = begin..text.len();
            glyphs.push(KrillaGlyph::new(GlyphId::new(*glyph), *advance, 0.0, 0.0, 0.0, range, None));
            x += advance * size;
        }
        let from = x - stretch.iter().map(|letter| letter.advance * size).sum::<f32>();
        surface.draw_glyphs(Point::from_xy(from, y), &glyphs, font(faces, face), &text, size, false);
    }
}

fn font(faces: &Faces, face: Use) -> krilla::text::Font {
    faces.font(face).clone()
}

/// The sections, and in them those that belong to them.
fn outline(headings: Vec<Heading>) -> Outline {
    let mut nodes: Vec<OutlineNode> = Vec::new();
    for Heading { title, is_nested, sheet, y } in headings {
        let node = OutlineNode::new(title, XyzDestination::new(sheet, Point::from_xy(0.0, y)));
        match nodes.last_mut().filter(|_| is_nested) {
            Some(section) => section.push_child(node),
            None => nodes.push(node),
        }
    }
    let mut outline = Outline::new();
    for node in nodes {
        outline.push_child(node);
    }
    outline
}

fn metadata(document: &Document) -> Metadata {
    let producer = "Shipworthy".to_owned();
    Metadata::new()
        .title(shown(&format!("{}: {}", document.title, document.subject)))
        .description(shown(&document.summary.verdict.text))
        .language("en".to_owned())
        .creator(producer.clone())
        .producer(producer)
}

fn embedded(attachment: &Attachment, made_at: DateTime) -> EmbeddedFile {
    let Attachment { name, media_type, description, bytes } = attachment;
    EmbeddedFile {
        path: name.clone(),
        mime_type: MimeType::new(media_type),
        description: Some(description.clone()),
        association_kind: AssociationKind::Source,
        data: bytes.clone().into(),
        modification_date: Some(made_at),
        compress: None,
        location: None,
    }
}

/// An instant as RFC 3339 writes it in UTC, to the second.
fn date(text: &str) -> Result<DateTime, NotTypeset> {
    let unreadable = || NotTypeset(format!("`{text}` is no instant: expected `2026-11-22T09:30:00Z`"));
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u8>().ok());
    let part = |from: usize| number(from..from + 2).ok_or_else(unreadable);
    let year = text.get(..4).and_then(|digits| digits.parse().ok()).ok_or_else(unreadable)?;
    let day = DateTime::new(year).month(part(5)?).day(part(8)?);
    Ok(day.hour(part(11)?).minute(part(14)?).second(part(17)?).utc_offset_hour(0).utc_offset_minute(0))
}
