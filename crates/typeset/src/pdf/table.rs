//! Tables that break well: a row stays together where a sheet can hold it, and the head is repeated on every sheet.

use super::faces::{Letter, Use};
use super::layout::{Desk, LEADING, Setting, ink, with_sign};
use super::lines::{lines, width};
use super::sheet::{BOTTOM, Ink, MARGIN, MEASURE, Mark, Part, TOP};
use super::structure::Role;
use crate::document::{Cell, Fact, Number, Style, Table};
use crate::text::shown;

const SIZE: f32 = 8.2;
const CODE_SIZE: f32 = 6.9;
const HEAD: Setting = Setting { face: Use::Strong, size: SIZE, ink: Ink::Black };
const NAME: Setting = Setting { face: Use::Text, size: 9.0, ink: Ink::Soft };
const LABEL: Setting = Setting { face: Use::Strong, size: 9.0, ink: Ink::Black };
const DEFINITION: Setting = Setting { face: Use::Text, size: SIZE, ink: Ink::Soft };
const NUMBER: Setting = Setting { face: Use::Strong, size: 12.5, ink: Ink::Black };

/// From a column's edge to its text.
const PADDING: f32 = 4.0;
/// How wide the names before facts are.
const NAMES: f32 = 112.0;

/// Sets a table.
pub(super) fn table(desk: &mut Desk<'_>, table: &Table) {
    let sum: f32 = table.columns.iter().map(|column| f32::from(column.share)).sum();
    let mut columns = Vec::new();
    let mut x = MARGIN;
    for column in &table.columns {
        let measure = MEASURE * f32::from(column.share) / sum;
        columns.push((x, measure));
        x += measure;
    }
    let part = desk.structure.add(Role::Table, None);
    let titles: Vec<Text> = table.columns.iter().map(|column| Text::new(desk, &column.title, HEAD)).collect();
    let mut head = Row::new(&titles, &columns, Ink::Line);
    head.is_shaded = true;
    let roles = vec![Role::ColumnHead; titles.len()];
    let parts = Some((part, roles.as_slice()));
    // The head and the first row are on the same sheet.
    let roles = vec![Role::Data; titles.len()];
    for (index, cells) in table.rows.iter().enumerate() {
        let texts: Vec<Text> = cells.iter().map(|cell| Text::of_cell(desk, cell)).collect();
        let row = Row::new(&texts, &columns, Ink::Line);
        if index == 0 {
            desk.need(head.height() + row.height().min(BOTTOM - TOP - head.height()));
            head.put(desk, parts, None);
        }
        row.put(desk, Some((part, &roles)), Some(&head));
    }
}

/// Sets names and what they stand for.
pub(super) fn facts(desk: &mut Desk<'_>, facts: &[Fact]) {
    let columns = [(MARGIN - PADDING, NAMES), (MARGIN - PADDING + NAMES, MEASURE - NAMES + PADDING)];
    let part = desk.structure.add(Role::Table, None);
    for Fact { name, value } in facts {
        let setting = match value.style {
            Style::Code => Setting { face: Use::Code, size: 7.3, ink: Ink::Black },
            style => Setting { ink: ink(style), face: face(style), size: 9.0 },
        };
        let texts = [Text::new(desk, name, NAME), Text::new(desk, &with_sign(value), setting)];
        let mut row = Row::new(&texts, &columns, Ink::Line);
        row.is_open = true;
        row.put(desk, Some((part, &[Role::RowHead, Role::Data])), None);
    }
}

/// Sets numbers, each with its name and what was counted.
pub(super) fn numbers(desk: &mut Desk<'_>, numbers: &[Number]) {
    let columns = [(MARGIN, 52.0), (MARGIN + 52.0, 150.0), (MARGIN + 202.0, MEASURE - 202.0)];
    let part = desk.structure.add(Role::Table, None);
    for Number { value, name, definition } in numbers {
        let mut value = Text::new(desk, value, NUMBER);
        value.is_right = true;
        let texts = [value, Text::new(desk, name, LABEL), Text::new(desk, definition, DEFINITION)];
        Row::new(&texts, &columns, Ink::Line).put(desk, Some((part, &[Role::Data, Role::RowHead, Role::Data])), None);
    }
}

/// A text that is to be set in a column.
struct Text {
    letters: Vec<Letter>,
    setting: Setting,
    is_right: bool,
}

impl Text {
    fn new(desk: &Desk<'_>, text: &str, setting: Setting) -> Self {
        Self { letters: desk.faces.letters(&shown(text), setting.face), setting, is_right: false }
    }

    fn of_cell(desk: &Desk<'_>, cell: &Cell) -> Self {
        let size = if cell.style == Style::Code { CODE_SIZE } else { SIZE };
        let setting = Setting { face: face(cell.style), size, ink: ink(cell.style) };
        Self::new(desk, &with_sign(cell), setting)
    }
}

fn face(style: Style) -> Use {
    match style {
        Style::Plain | Style::Good | Style::Open => Use::Text,
        Style::Code => Use::Code,
        Style::Strong | Style::Bad => Use::Strong,
    }
}

/// A row: the lines of each column.
struct Row<'t> {
    cells: Vec<RowCell<'t>>,
    rule: Ink,
    is_shaded: bool,
    /// Without a line below.
    is_open: bool,
}

struct RowCell<'t> {
    lines: Vec<&'t [Letter]>,
    text: &'t Text,
    x: f32,
    measure: f32,
}

impl<'t> Row<'t> {
    fn new(texts: &'t [Text], columns: &[(f32, f32)], rule: Ink) -> Self {
        let cell = |(text, (x, measure)): (&'t Text, &(f32, f32))| RowCell {
            lines: lines(&text.letters, text.setting.size, measure - 2.0 * PADDING),
            text,
            x: x + PADDING,
            measure: measure - 2.0 * PADDING,
        };
        Self { cells: texts.iter().zip(columns).map(cell).collect(), rule, is_shaded: false, is_open: false }
    }

    /// The room around the lines, above and below together.
    fn around(&self) -> f32 {
        if self.is_open { 1.0 } else { 5.0 }
    }

    /// One line of the tallest setting.
    fn leading(&self) -> f32 {
        self.cells.iter().map(|cell| cell.text.setting.size).fold(0.0, f32::max) * LEADING
    }

    fn line_count(&self) -> usize {
        self.cells.iter().map(|cell| cell.lines.len()).max().unwrap_or_default()
    }

    fn height(&self) -> f32 {
        let tallest = |cell: &RowCell<'_>| {
            let setting = cell.text.setting;
            let lines: f32 = cell.lines.iter().map(|_| setting.size * LEADING).sum();
            self.first_line(setting) + lines
        };
        self.cells.iter().map(tallest).fold(0.0, f32::max) + self.around()
    }

    /// Puts the row on the sheet, in a table's part with a role for each cell; on a new sheet after the `head`. A row that no
    /// sheet can hold goes on on the next one.
    fn put(&self, desk: &mut Desk<'_>, parts: Option<(usize, &[Role])>, head: Option<&Row<'_>>) {
        let parts: Vec<Part> = match parts {
            Some((table, roles)) => {
                let row = desk.structure.add(Role::Row, Some(table));
                roles.iter().map(|role| Part::Of(desk.structure.add(role.clone(), Some(row)))).collect()
            }
            None => vec![Part::Decoration; self.cells.len()],
        };
        let room_of_a_sheet = BOTTOM - TOP - head.map_or(0.0, Row::height);
        if desk.room() < self.height() && self.height() <= room_of_a_sheet {
            turn(desk, head);
        }
        if self.height() <= desk.room() {
            self.put_lines(desk, &parts, 0, self.line_count(), self.height());
            return;
        }
        let mut from = 0;
        while from < self.line_count() {
            let mut until = from;
            let mut height = self.around();
            while until < self.line_count() && height + self.leading() <= desk.room() {
                (until, height) = (until + 1, height + self.leading());
            }
            if until == from {
                turn(desk, head);
                continue;
            }
            self.put_lines(desk, &parts, from, until, height);
            from = until;
        }
    }

    fn put_lines(&self, desk: &mut Desk<'_>, parts: &[Part], from: usize, until: usize, height: f32) {
        let y = desk.y;
        if self.is_shaded {
            desk.put(Mark::Box { x: MARGIN, y, width: MEASURE, height, ink: Ink::Shade });
        }
        for (cell, part) in self.cells.iter().zip(parts) {
            let setting = cell.text.setting;
            // The first lines of small and large letters stand on one base line.
            let mut at = y + self.around() / 2.0 + self.first_line(setting);
            for line in cell.lines.iter().take(until).skip(from) {
                let right = cell.x + cell.measure - width(line, setting.size);
                desk.put_line((if cell.text.is_right { right } else { cell.x }, at), line, setting, *part);
                at += setting.size * LEADING;
            }
        }
        desk.y += height;
        if !self.is_open {
            desk.put(Mark::Box { x: MARGIN, y: desk.y, width: MEASURE, height: 0.4, ink: self.rule });
        }
    }

    /// How much lower the first line of a setting begins, so that it stands on the base line of the largest one.
    fn first_line(&self, setting: Setting) -> f32 {
        let largest = self.leading() / LEADING;
        (largest - setting.size) * (LEADING / 2.0 + 0.36)
    }
}

fn turn(desk: &mut Desk<'_>, head: Option<&Row<'_>>) {
    desk.turn();
    if let Some(head) = head {
        head.put(desk, None, None);
    }
}
