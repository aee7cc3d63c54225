//! Fetches a source that is one document: the table of EPSS, CISA's catalogue.

use super::fetch::{Fetched, Fetcher};
use super::taking::Taking;
use reqwest::Url;
use shipworthy_store::advisory_sync::Mark;

/// EPSS packs a quarter of a million scores into 2 MB, and CISA's catalogue has as much.
const MOST_BYTES: usize = 256 << 20;

/// Fetches the document if it is another than before, and takes it in.
pub(super) async fn sync(fetcher: &Fetcher, url: &Url, mark: Mark, taking: &mut Taking<'_>) -> Result<Mark, String> {
    match fetcher.document(url, &mark, MOST_BYTES).await.map_err(|unfetched| unfetched.why)? {
        Fetched::Unchanged => Ok(mark),
        Fetched::Document(bytes, fetched) => taking.document(bytes).await.map(|()| fetched),
    }
}
