//! What the parts of a document are, for readers that speak it: a tree of headings, paragraphs and tables, whose leaves
//! are found on the sheets.

use krilla::tagging::{Identifier, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use std::num::NonZeroU16;

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Heading { level: u16, title: String },
    Paragraph,
    Code,
    Table,
    Row,
    ColumnHead,
    RowHead,
    Data,
}

/// The parts in their order; a part comes after the part that it is in.
#[derive(Debug, Default)]
pub(super) struct Structure {
    nodes: Vec<(Role, Option<usize>)>,
}

impl Structure {
    /// Adds a part, in another or at the top, and gives its number.
    pub(super) fn add(&mut self, role: Role, within: Option<usize>) -> usize {
        self.nodes.push((role, within));
        self.nodes.len() - 1
    }

    /// The tree, with what was painted for each part.
    pub(super) fn tree(self, mut painted: Vec<Vec<Identifier>>) -> TagTree {
        painted.resize_with(self.nodes.len(), Vec::new);
        let mut within: Vec<Vec<TagGroup>> = self.nodes.iter().map(|_| Vec::new()).collect();
        let mut top = Vec::new();
        for (index, (role, parent)) in self.nodes.iter().enumerate().rev() {
            let mut group = TagGroup::new(role.tag());
            for leaf in painted[index].drain(..) {
                group.push(leaf);
            }
            for inner in within[index].drain(..).rev() {
                group.push(inner);
            }
            match parent {
                Some(parent) => within[*parent].push(group),
                None => top.push(group),
            }
        }
        let mut tree = TagTree::new().with_lang(Some("en".to_owned()));
        for group in top.into_iter().rev() {
            tree.push(Node::Group(group));
        }
        tree
    }
}

impl Role {
    fn tag(&self) -> TagKind {
        match self {
            Self::Title => Tag::Hn(NonZeroU16::MIN, Some("Title".to_owned())).into(),
            Self::Heading { level, title } => {
                Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into()
            }
            Self::Paragraph => Tag::P.into(),
            Self::Code => Tag::Code.into(),
            Self::Table => Tag::Table.into(),
            Self::Row => Tag::TR.into(),
            Self::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
            Self::RowHead => Tag::TH(TableHeaderScope::Row).into(),
            Self::Data => Tag::TD.into(),
        }
    }
}
