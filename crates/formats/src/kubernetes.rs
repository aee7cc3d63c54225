//! Objects of Kubernetes as its tools name them.

use crate::json::{List, Text, stated};
use serde::Deserialize;

/// Which object: `kind`, `namespace` and `name`.
#[derive(Default, Deserialize)]
pub(crate) struct ObjectName<'a> {
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    namespace: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

impl ObjectName<'_> {
    /// `Deployment/shop/till`, without what is not stated.
    pub(crate) fn path(&self) -> Option<String> {
        path([self.kind.as_ref(), self.namespace.as_ref(), self.name.as_ref()])
    }
}

/// The parts that are stated, with slashes between them.
pub(crate) fn path<'t>(parts: impl IntoIterator<Item = Option<&'t Text<'t>>>) -> Option<String> {
    let parts: Vec<_> = parts.into_iter().filter_map(stated).collect();
    Some(parts.join("/")).filter(|path| !path.is_empty())
}

/// One object or the `items` of a list of them, as `kubectl get` writes both, or several documents one after another.
pub(crate) fn objects<'a>(bytes: &'a [u8]) -> Result<List<'a>, crate::ReadError> {
    #[derive(Deserialize)]
    struct Listed<'a> {
        #[serde(borrow)]
        items: Option<List<'a>>,
    }
    if bytes.trim_ascii_start().starts_with(b"[") {
        return crate::json::document(bytes);
    }
    let listed: Listed<'a> = crate::json::document(bytes)?;
    match listed.items {
        Some(items) => Ok(items),
        None => Ok(List::of(crate::json::values(bytes)?)),
    }
}
