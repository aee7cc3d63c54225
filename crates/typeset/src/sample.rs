//! Documents to typeset in tests.

use crate::{Attachment, Block, Cell, Column, Document, Fact, Number, Section, Style, Summary, Table};

const DIGEST: &str = "sha256:0f343b0931126a20f133d67c2b018a3b0f343b0931126a20f133d67c2b018a3b";

/// A document with everything in it, some of it hostile.
pub(crate) fn sample() -> Document {
    Document {
        title: "Sample report".to_owned(),
        subject: "shop/cart 1.4.2 <b>&amp;</b>".to_owned(),
        facts: vec![
            Fact::new("Team", "Checkout"),
            Fact::new("Commit", Cell::code("8e1c5a9cfb3f8f0d1b6e0b2b0c4f6f5f0c2d7a11")),
            Fact::new("Signed", Cell::styled(Style::Good, "by the key `4f2a`")),
        ],
        summary: Summary {
            verdict: Cell::styled(Style::Bad, "One of two artifacts reaches SLSA Build level 3."),
            paragraphs: vec!["What is not shown counts as not met.".to_owned()],
        },
        sections: vec![
            Section {
                title: "Numbers".to_owned(),
                is_nested: false,
                blocks: vec![
                    Block::Numbers(vec![Number {
                        value: "1,204".to_owned(),
                        name: "releases".to_owned(),
                        definition: "Releases that were made in the period.".to_owned(),
                    }]),
                    Block::Note("Every number is the length of a list below.".to_owned()),
                ],
            },
            Section { title: "Artifacts".to_owned(), is_nested: false, blocks: vec![Block::Table(artifacts())] },
            Section {
                title: "How to check".to_owned(),
                is_nested: true,
                blocks: vec![
                    Block::Paragraph("On any machine, without this server:".to_owned()),
                    Block::Commands(vec![format!("shipworthy verify report.dsse.json --artifact {DIGEST}")]),
                    Block::Facts(vec![Fact::new("Log index", "96174")]),
                    Block::Table(Table { if_empty: "Nobody asked for an exception.".to_owned(), ..Table::default() }),
                ],
            },
        ],
        made_at: "2026-11-22T09:30:00Z".to_owned(),
        foot: format!("data {DIGEST}"),
        attachments: vec![Attachment {
            name: "report.json".to_owned(),
            media_type: "application/json".to_owned(),
            description: "What this report was made from".to_owned(),
            bytes: b"{}".to_vec(),
        }],
    }
}

fn artifacts() -> Table {
    Table {
        columns: vec![Column::new("Artifact", 3), Column::new("Digest", 4), Column::new("Provenance", 2)],
        rows: vec![
            vec!["registry.example/shop/cart".into(), Cell::code(DIGEST), Cell::styled(Style::Good, "met")],
            vec![
                "a\u{202e}gpj.exe, #set page(width: 1pt), 中".into(),
                Cell::code(DIGEST),
                Cell::styled(Style::Bad, "not met"),
            ],
            vec!["".into(), Cell::code(DIGEST), Cell::styled(Style::Open, "not shown")],
        ],
        if_empty: String::new(),
    }
}

/// A document with a table of so many rows, one of which is longer than a page.
pub(crate) fn long(rows: usize) -> Document {
    let row = |index: usize| {
        let words =
            if index == 7 { "a text that is much too long for a page ".repeat(400) } else { format!("row {index}") };
        vec![words.into(), Cell::code(DIGEST), Cell::styled(Style::Good, "met")]
    };
    let table = Table { rows: (0..rows).map(row).collect(), ..artifacts() };
    let section = Section { title: "Rows".to_owned(), is_nested: false, blocks: vec![Block::Table(table)] };
    Document { sections: vec![section], ..sample() }
}
