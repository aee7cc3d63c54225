//! A small part of an XML document as a tree, for items whose children come in any order.

use super::{Document, Element, Step};
use crate::ReadError;

/// An element with everything in it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// Its name without prefix.
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    /// The text that is its own, without that of its children.
    text: String,
    /// The elements in it.
    pub(crate) nodes: Vec<Node>,
}

impl Document<'_> {
    /// Reads all of `element`, which has just been reached, and goes past its end.
    pub(crate) fn node(&mut self, element: Element) -> Result<Node, ReadError> {
        let of = |element: Element| Node { name: element.name, attributes: element.attributes, ..Node::default() };
        let mut current = of(element);
        let mut around: Vec<Node> = Vec::new();
        loop {
            match self.step()? {
                Some(Step::Start(child)) => around.push(std::mem::replace(&mut current, of(child))),
                Some(Step::Text(text)) => current.text.push_str(&text),
                Some(Step::End) => {
                    let Some(mut parent) = around.pop() else { return Ok(current) };
                    std::mem::swap(&mut parent, &mut current);
                    current.nodes.push(parent);
                }
                None => return Err(self.broken("expected the end of every element, found the end of the document")),
            }
        }
    }

    /// Reads all of the next child of `parent`; nothing after the last.
    pub(crate) fn next_node(&mut self, parent: &Element) -> Result<Option<Node>, ReadError> {
        let child = self.next_child(parent)?;
        child.map(|child| self.node(child)).transpose()
    }
}

impl Node {
    /// The attribute `name`; nothing where it is blank.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(known, _)| known == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The first element at `path`, such as `Primary/FileName`.
    pub(crate) fn at(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| node.nodes.iter().find(|child| child.name == name))
    }

    /// The elements called `name`.
    pub(crate) fn all<'n>(&'n self, name: &str) -> impl Iterator<Item = &'n Node> {
        self.nodes.iter().filter(move |child| child.name == name)
    }

    /// The elements called `name` in the element at `path`.
    pub(crate) fn all_at<'n>(&'n self, path: &str, name: &str) -> impl Iterator<Item = &'n Node> {
        self.at(path).into_iter().flat_map(move |node| node.all(name))
    }

    /// Its text, trimmed; nothing where it is blank.
    pub(crate) fn own_text(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// The text of the element at `path`.
    pub(crate) fn get(&self, path: &str) -> Option<&str> {
        self.at(path)?.own_text()
    }

    /// The same, owned.
    pub(crate) fn stated(&self, path: &str) -> Option<String> {
        self.get(path).map(str::to_owned)
    }
}
