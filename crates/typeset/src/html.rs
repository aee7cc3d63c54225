//! A document as a page of its own: one file without scripts, whose only style is [`STYLE`], so that a content security
//! policy can allow exactly that.

use crate::document::{Block, Cell, Document, Fact, Number, Section, Style, Summary, Table};
use crate::text::shown;
use std::fmt::Write as _;

/// The text of the page's `style` element. A content security policy allows it by its digest.
pub const STYLE: &str = include_str!("style.css");

/// The page.
#[must_use]
pub fn html(document: &Document) -> String {
    let Document { title, subject, facts, summary, sections, made_at: _, foot, attachments: _ } = document;
    let mut page = String::new();
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{} – {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<p class=\"kind\">{}</p>\n<h1>{}</h1>\n",
        text(title),
        text(subject),
        text(title),
        text(subject),
    );
    write_facts(&mut page, facts);
    page.push_str("</header>\n<main>\n");
    write_summary(&mut page, summary);
    for section in sections {
        write_section(&mut page, section);
    }
    let _ = write!(page, "</main>\n<footer><code>{}</code></footer>\n</body>\n</html>\n", text(foot));
    page
}

fn write_summary(page: &mut String, summary: &Summary) {
    let Summary { verdict, paragraphs } = summary;
    let _ = write!(page, "<section class=\"summary\">\n<p class=\"verdict\">{}</p>\n", cell(verdict));
    for paragraph in paragraphs {
        let _ = writeln!(page, "<p>{}</p>", text(paragraph));
    }
    page.push_str("</section>\n");
}

fn write_section(page: &mut String, section: &Section) {
    let Section { title, is_nested, blocks } = section;
    let level = if *is_nested { 3 } else { 2 };
    let _ = writeln!(page, "<h{level}>{}</h{level}>", text(title));
    for block in blocks {
        match block {
            Block::Paragraph(words) => {
                let _ = writeln!(page, "<p>{}</p>", text(words));
            }
            Block::Note(words) => {
                let _ = writeln!(page, "<p class=\"note\">{}</p>", text(words));
            }
            Block::Facts(facts) => write_facts(page, facts),
            Block::Numbers(numbers) => write_numbers(page, numbers),
            Block::Commands(lines) => {
                let lines: Vec<String> = lines.iter().map(|line| text(line)).collect();
                let _ = writeln!(page, "<pre>{}</pre>", lines.join("\n"));
            }
            Block::Table(table) => write_table(page, table),
        }
    }
}

fn write_facts(page: &mut String, facts: &[Fact]) {
    page.push_str("<dl>\n");
    for Fact { name, value } in facts {
        let _ = writeln!(page, "<dt>{}</dt><dd>{}</dd>", text(name), cell(value));
    }
    page.push_str("</dl>\n");
}

fn write_numbers(page: &mut String, numbers: &[Number]) {
    page.push_str("<table class=\"numbers\">\n<tbody>\n");
    for Number { value, name, definition } in numbers {
        let (value, name, definition) = (text(value), text(name), text(definition));
        let _ = writeln!(
            page,
            "<tr><td class=\"number\">{value}</td><th scope=\"row\">{name}</th><td class=\"note\">{definition}</td></tr>"
        );
    }
    page.push_str("</tbody>\n</table>\n");
}

fn write_table(page: &mut String, table: &Table) {
    let Table { columns, rows, if_empty } = table;
    if rows.is_empty() {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", text(if_empty));
        return;
    }
    page.push_str("<div class=\"wide\">\n<table>\n<thead><tr>");
    for column in columns {
        let _ = write!(page, "<th scope=\"col\">{}</th>", text(&column.title));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for of_row in row {
            let _ = write!(page, "<td>{}</td>", cell(of_row));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
}

fn cell(cell: &Cell) -> String {
    let Cell { text: words, style } = cell;
    let words = text(words);
    match style {
        Style::Plain => words,
        Style::Code => format!("<code>{words}</code>"),
        Style::Strong => format!("<strong>{words}</strong>"),
        Style::Good => signed("good", *style, &words),
        Style::Bad => signed("bad", *style, &words),
        Style::Open => signed("open", *style, &words),
    }
}

fn signed(class: &str, style: Style, words: &str) -> String {
    let sign = style.sign().unwrap_or(' ');
    format!("<span class=\"{class}\"><span aria-hidden=\"true\">{sign}</span> {words}</span>")
}

/// Text as HTML shows it unchanged, in an element and in an attribute.
fn text(raw: &str) -> String {
    let mut escaped = String::with_capacity(raw.len());
    for c in shown(raw).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(all(test, feature = "pdf"))]
mod tests {
    use super::*;
    use crate::sample::sample;

    #[test]
    fn a_page_says_everything_and_nothing_is_markup() {
        insta::assert_snapshot!(html(&sample()).replace(STYLE, "…"));
    }
}
