//! How long the lines of products are maintained: each product as it was read, and what it is looked up by.

use crate::{Column, Row, Session, StoreError, args};
use serde_json::json;

/// Keeps a product in the place of what was known of it. Says whether it was not known before.
///
/// # Errors
/// When the database fails.
pub async fn keep(session: &mut Session, product: &str, keys: &[String], body: &str) -> Result<bool, StoreError> {
    let is_known = session.row("SELECT product FROM product_life WHERE product = $1", args![product]).await?.is_some();
    session.execute("DELETE FROM product_life_key WHERE product = $1", args![product]).await?;
    let sql = "INSERT INTO product_life (product, body) VALUES ($1, $2)
               ON CONFLICT (product) DO UPDATE SET body = excluded.body";
    session.execute(sql, args![product, body]).await?;
    let rows = keys.iter().map(|key| args![key, product]).collect();
    let columns = [("key", Column::Text), ("product", Column::Text)];
    session.insert_many("product_life_key", &columns, rows, "ON CONFLICT DO NOTHING").await?;
    Ok(!is_known)
}

/// The products that are filed under these keys, each with the key.
///
/// # Errors
/// When the database fails.
pub async fn with_keys(session: &mut Session, keys: &[String]) -> Result<Vec<(String, String)>, StoreError> {
    let sql = format!(
        "SELECT k.key, p.body FROM product_life_key k JOIN product_life p ON p.product = k.product
         WHERE k.key IN ({}) ORDER BY p.product",
        session.texts_of("$1")
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok((column.read()?, column.read()?))
    };
    session.rows(&sql, args![json!(keys).to_string()]).await?.iter().map(read).collect()
}
