//! Lists page by cursor: `limit` and `cursor` in, `items` and `next_cursor` out.

use crate::problem::{Answer, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The most items that one page gives.
pub const LARGEST_PAGE: usize = 500;

/// Which part of a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items at most, 1 to 500; 50 when not given.
    pub limit: Option<usize>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The number of items asked for.
    ///
    /// # Errors
    /// When it is 0 or too many.
    pub fn limit(&self) -> Answer<usize> {
        match self.limit.unwrap_or(50) {
            limit @ 1..=LARGEST_PAGE => Ok(limit),
            limit => Err(Problem::bad_request(format!("`limit` is {limit}: expected 1 to {LARGEST_PAGE}"))),
        }
    }

    /// The key of the last item of the page before.
    ///
    /// # Errors
    /// When the cursor is none of ours.
    pub fn after<K: DeserializeOwned>(&self) -> Answer<Option<K>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .map(Some)
            .ok_or_else(|| Problem::bad_request("`cursor` is not a cursor that this list gave"))
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that is given whole.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }

    /// A page out of up to `limit + 1` rows: the one too many says that there is a next page. `key` names the place
    /// of a row in the list's order.
    #[must_use]
    pub fn of<R, K: Serialize>(mut rows: Vec<R>, limit: usize, key: impl Fn(&R) -> K, item: impl Fn(R) -> T) -> Self {
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = has_more.then(|| rows.last().map(|row| cursor(&key(row)))).flatten();
        Self { items: rows.into_iter().map(item).collect(), next_cursor }
    }
}

fn cursor<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}
