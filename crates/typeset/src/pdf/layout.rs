//! Lays a document out on sheets, block by block from above.

use super::faces::{Faces, Letter, Use};
use super::lines::{lines, width};
use super::sheet::{BOTTOM, HEIGHT, Ink, MARGIN, MEASURE, Mark, Part, Sheet, TOP, WIDTH};
use super::structure::{Role, Structure};
use super::table;
use crate::document::{Block, Cell, Document, Section, Style, Summary};
use crate::text::shown;

/// The sheets, what is on them, and where the sections begin.
pub(super) struct LaidOut {
    pub(super) sheets: Vec<Sheet>,
    pub(super) structure: Structure,
    pub(super) headings: Vec<Heading>,
}

/// Where a section begins.
pub(super) struct Heading {
    pub(super) title: String,
    pub(super) is_nested: bool,
    pub(super) sheet: usize,
    pub(super) y: f32,
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) face: Use,
    pub(super) size: f32,
    pub(super) ink: Ink,
}

pub(super) const BODY: Setting = Setting { face: Use::Text, size: 9.5, ink: Ink::Black };
const NOTE: Setting = Setting { face: Use::Text, size: 8.5, ink: Ink::Soft };
const COMMAND: Setting = Setting { face: Use::Code, size: 7.5, ink: Ink::Black };
const KIND: Setting = Setting { face: Use::Text, size: 10.5, ink: Ink::Soft };
const TITLE: Setting = Setting { face: Use::Strong, size: 19.0, ink: Ink::Black };
const VERDICT: Setting = Setting { face: Use::Strong, size: 11.5, ink: Ink::Black };
const RUNNING: Setting = Setting { face: Use::Text, size: 7.5, ink: Ink::Soft };
const FOOT: Setting = Setting { face: Use::Code, size: 6.2, ink: Ink::Soft };

/// From one base line to the next, as a share of the size.
pub(super) const LEADING: f32 = 1.36;

/// Lays the document out.
pub(super) fn lay_out(faces: &Faces, document: &Document) -> LaidOut {
    let Document { title, subject, facts, summary, sections, made_at: _, foot, attachments: _ } = document;
    let mut desk = Desk::new(faces);
    desk.paragraph(title, KIND, Role::Paragraph);
    desk.paragraph(subject, TITLE, Role::Title);
    desk.space(6.0);
    table::facts(&mut desk, facts);
    desk.space(8.0);
    desk.summary(summary);
    for section in sections {
        desk.section(section);
    }
    desk.finish(&format!("{title}: {subject}"), foot)
}

/// The sheets so far, and how far down the last one is written on.
pub(super) struct Desk<'f> {
    pub(super) faces: &'f Faces,
    sheets: Vec<Sheet>,
    pub(super) structure: Structure,
    headings: Vec<Heading>,
    pub(super) y: f32,
}

impl<'f> Desk<'f> {
    fn new(faces: &'f Faces) -> Self {
        let structure = Structure::default();
        Self { faces, sheets: vec![Sheet::default()], structure, headings: Vec::new(), y: TOP - 14.0 }
    }

    /// How much of the sheet is left.
    pub(super) fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Takes a new sheet when less than `height` is left.
    pub(super) fn need(&mut self, height: f32) {
        if self.room() < height {
            self.turn();
        }
    }

    /// Takes a new sheet.
    pub(super) fn turn(&mut self) {
        self.sheets.push(Sheet::default());
        self.y = TOP;
    }

    /// Leaves something free.
    pub(super) fn space(&mut self, height: f32) {
        self.y += height;
    }

    /// Puts something on the sheet.
    pub(super) fn put(&mut self, mark: Mark) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.marks.push(mark);
        }
    }

    /// Puts a line of text on the sheet, its upper edge at `y`.
    pub(super) fn put_line(&mut self, (x, y): (f32, f32), letters: &[Letter], setting: Setting, part: Part) {
        let Setting { size, ink, .. } = setting;
        // The base line lies where a line of this height has it in its middle.
        let base = y + size * (LEADING / 2.0 + 0.36);
        self.put(Mark::Text { x, y: base, size, ink, letters: letters.to_vec(), part });
    }

    fn paragraph(&mut self, text: &str, setting: Setting, role: Role) {
        let part = Part::Of(self.structure.add(role, None));
        self.text(text, setting, (MARGIN, MEASURE), part);
    }

    fn text(&mut self, text: &str, setting: Setting, (x, measure): (f32, f32), part: Part) {
        let letters = self.faces.letters(&shown(text), setting.face);
        for line in lines(&letters, setting.size, measure) {
            self.need(setting.size * LEADING);
            self.put_line((x, self.y), line, setting, part);
            self.y += setting.size * LEADING;
        }
    }

    /// The conclusion, beside a bar.
    fn summary(&mut self, summary: &Summary) {
        let Summary { verdict, paragraphs } = summary;
        self.need(60.0);
        let (begin, sheet) = (self.y, self.sheets.len());
        self.space(3.0);
        let beside = (MARGIN + 12.0, MEASURE - 12.0);
        let (face, ink) = (VERDICT.face, ink(verdict.style));
        let part = Part::Of(self.structure.add(Role::Paragraph, None));
        self.text(&with_sign(verdict), Setting { face, ink, ..VERDICT }, beside, part);
        for paragraph in paragraphs {
            self.space(2.5);
            let part = Part::Of(self.structure.add(Role::Paragraph, None));
            self.text(paragraph, BODY, beside, part);
        }
        self.space(3.0);
        if sheet == self.sheets.len() {
            let height = self.y - begin;
            self.put(Mark::Box { x: MARGIN, y: begin, width: 3.0, height, ink });
        }
    }

    fn section(&mut self, section: &Section) {
        let Section { title, is_nested, blocks } = section;
        let size = if *is_nested { 10.5 } else { 13.0 };
        self.space(if *is_nested { 10.0 } else { 16.0 });
        // A heading is not left alone at the end of a sheet.
        self.need(size + 76.0);
        let heading = Heading { title: shown(title), is_nested: *is_nested, sheet: self.sheets.len() - 1, y: self.y };
        self.headings.push(heading);
        let level = if *is_nested { 3 } else { 2 };
        let setting = Setting { face: Use::Strong, size, ink: Ink::Black };
        self.paragraph(title, setting, Role::Heading { level, title: shown(title) });
        self.space(3.0);
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(text) => self.paragraph(text, BODY, Role::Paragraph),
            Block::Note(text) => self.paragraph(text, NOTE, Role::Paragraph),
            Block::Facts(facts) => table::facts(self, facts),
            Block::Numbers(numbers) => table::numbers(self, numbers),
            Block::Commands(commands) => self.commands(commands),
            Block::Table(of_rows) if of_rows.rows.is_empty() => {
                self.paragraph(&of_rows.if_empty, NOTE, Role::Paragraph)
            }
            Block::Table(of_rows) => table::table(self, of_rows),
        }
        self.space(4.0);
    }

    fn commands(&mut self, commands: &[String]) {
        let height = COMMAND.size * LEADING;
        for command in commands {
            let part = Part::Of(self.structure.add(Role::Code, None));
            let letters = self.faces.letters(&shown(command), Use::Code);
            for line in lines(&letters, COMMAND.size, MEASURE - 12.0) {
                self.need(height);
                self.put(Mark::Box { x: MARGIN, y: self.y, width: MEASURE, height: height + 0.2, ink: Ink::Shade });
                self.put_line((MARGIN + 6.0, self.y), line, COMMAND, part);
                self.y += height;
            }
        }
    }

    /// What repeats on every sheet, now that their number is known.
    fn finish(mut self, running: &str, foot: &str) -> LaidOut {
        let count = self.sheets.len();
        let head = self.faces.letters(&shown(running), RUNNING.face);
        let foot = self.faces.letters(&shown(foot), FOOT.face);
        for (index, sheet) in self.sheets.iter_mut().enumerate() {
            let number = self.faces.letters(&format!("page {} of {count}", index + 1), RUNNING.face);
            let right = WIDTH - MARGIN - width(&number, RUNNING.size);
            let mut write = |x, y, setting: Setting, letters: &[Letter]| {
                let Setting { size, ink, .. } = setting;
                sheet.marks.push(Mark::Text { x, y, size, ink, letters: letters.to_vec(), part: Part::Decoration });
            };
            write(right, HEIGHT - 32.0, RUNNING, &number);
            if let Some(line) = lines(&foot, FOOT.size, right - MARGIN - 12.0).first() {
                write(MARGIN, HEIGHT - 32.0, FOOT, line);
            }
            if let Some(line) = lines(&head, RUNNING.size, MEASURE).first().filter(|_| index > 0) {
                write(MARGIN, 40.0, RUNNING, line);
            }
            let rule = |y| Mark::Box { x: MARGIN, y, width: MEASURE, height: 0.5, ink: Ink::Line };
            sheet.marks.push(rule(HEIGHT - 44.0));
            sheet.marks.extend((index > 0).then(|| rule(46.0)));
        }
        LaidOut { sheets: self.sheets, structure: self.structure, headings: self.headings }
    }
}

/// The colour of a kind of text.
pub(super) fn ink(style: Style) -> Ink {
    match style {
        Style::Plain | Style::Code | Style::Strong => Ink::Black,
        Style::Good => Ink::Good,
        Style::Bad => Ink::Bad,
        Style::Open => Ink::Soft,
    }
}

/// A text after the sign of its kind. What is empty is a dash, so that nobody takes it for forgotten.
pub(super) fn with_sign(cell: &Cell) -> String {
    let text = if cell.text.trim().is_empty() { "–" } else { &cell.text };
    cell.style.sign().map_or_else(|| text.to_owned(), |sign| format!("{sign} {text}"))
}
