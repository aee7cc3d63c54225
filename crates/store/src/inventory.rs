//! Inventories: which components a document names, and which of them speak for a release. The set of components is a few
//! bytes a component; who has a component is answered from a copy of all sets in memory.

use crate::value::list_of;
use crate::{NumberSet, Row, Session, StoreError, args, generation};
use shipworthy_model::{Digest, ReleaseId};
use std::collections::{BTreeMap, BTreeSet};

/// The components of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// Its number, counted up from 1 without gaps: what has a smaller one was there earlier.
    pub number: u32,
    /// The document.
    pub document: Digest,
    /// Its components by their numbers, ascending.
    pub components: Vec<u32>,
}

/// Adds the inventory of a document, once in its life, and gives its number.
///
/// # Errors
/// When the database fails.
pub(crate) async fn insert(
    session: &mut Session,
    document: &Digest,
    components: &BTreeSet<u32>,
) -> Result<u32, StoreError> {
    let number = generation::advance(session, "inventory", 1).await?.start;
    let set: NumberSet = components.iter().copied().collect();
    let sql = "INSERT INTO inventory (number, document, components, component_count) VALUES ($1, $2, $3, $4)";
    session.execute(sql, args![number, document, set.as_bytes().to_vec(), components.len()]).await?;
    Ok(number)
}

/// The inventories of these documents, in the order of their numbers. Documents without one are left out.
///
/// # Errors
/// When the database fails.
pub async fn of_documents(session: &mut Session, documents: &[Digest]) -> Result<Vec<Inventory>, StoreError> {
    let mut arguments = Vec::new();
    let documents = list_of(documents, &mut arguments);
    let sql =
        format!("SELECT number, document, components FROM inventory WHERE document IN ({documents}) ORDER BY number");
    session.rows(&sql, arguments).await?.iter().map(inventory).collect()
}

/// The components of all these documents, each with the documents that name it, in the order of their inventories.
///
/// # Errors
/// When the database fails.
pub(crate) async fn naming(
    session: &mut Session,
    documents: &[Digest],
) -> Result<BTreeMap<u32, Vec<Digest>>, StoreError> {
    let mut naming: BTreeMap<u32, Vec<Digest>> = BTreeMap::new();
    for inventory in of_documents(session, documents).await? {
        for number in inventory.components {
            naming.entry(number).or_default().push(inventory.document.clone());
        }
    }
    Ok(naming)
}

/// The components of the inventories that speak for a release, ascending.
///
/// # Errors
/// When the database fails.
pub async fn components_of_release(session: &mut Session, release: ReleaseId) -> Result<BTreeSet<u32>, StoreError> {
    let sql = "SELECT i.number, i.document, i.components FROM inventory i
               JOIN release_inventory ri ON ri.inventory = i.number WHERE ri.release_id = $1";
    let rows = session.rows(sql, args![release]).await?;
    let inventories = rows.iter().map(inventory).collect::<Result<Vec<_>, _>>()?;
    Ok(inventories.into_iter().flat_map(|inventory| inventory.components).collect())
}

/// The inventories with these numbers, in their order.
///
/// # Errors
/// When the database fails.
pub async fn with_numbers(session: &mut Session, numbers: &BTreeSet<u32>) -> Result<Vec<Inventory>, StoreError> {
    let sql = format!(
        "SELECT number, document, components FROM inventory WHERE number IN ({}) ORDER BY number",
        session.numbers_of("$1")
    );
    session.rows(&sql, args![serde_json::json!(numbers).to_string()]).await?.iter().map(inventory).collect()
}

/// The inventories with greater numbers than `after`, in the order of their numbers, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn after(session: &mut Session, after: u32, limit: usize) -> Result<Vec<Inventory>, StoreError> {
    let sql = "SELECT number, document, components FROM inventory WHERE number > $1 ORDER BY number LIMIT $2";
    session.rows(sql, args![after, limit]).await?.iter().map(inventory).collect()
}

fn inventory(row: &Row) -> Result<Inventory, StoreError> {
    let mut column = row.columns();
    let (number, document) = (column.read()?, column.read()?);
    let components: Vec<u8> = column.read()?;
    Ok(Inventory { number, document, components: NumberSet::from_bytes(components)?.iter().collect() })
}

/// Says which documents' inventories speak for a release now. Whoever keeps a copy is told by the generation `releases`.
///
/// # Errors
/// When the database fails.
pub async fn settle(session: &mut Session, release: ReleaseId, documents: &[Digest]) -> Result<(), StoreError> {
    let mut arguments = Vec::new();
    let list = list_of(documents, &mut arguments);
    let sql = format!("SELECT number FROM inventory WHERE document IN ({list})");
    let now: BTreeSet<i64> = numbers(session.rows(&sql, arguments).await?)?;
    let sql = "SELECT inventory FROM release_inventory WHERE release_id = $1";
    let before: BTreeSet<i64> = numbers(session.rows(sql, args![release]).await?)?;
    if now == before {
        return Ok(());
    }
    generation::advance(session, "releases", 1).await?;
    for gone in before.difference(&now) {
        let sql = "DELETE FROM release_inventory WHERE release_id = $1 AND inventory = $2";
        session.execute(sql, args![release, *gone]).await?;
    }
    for new in now.difference(&before) {
        let sql = "INSERT INTO release_inventory (release_id, inventory) VALUES ($1, $2)";
        session.execute(sql, args![release, *new]).await?;
    }
    Ok(())
}

/// Releases that have no inventory noted although evidence about them has one: those from before it was noted.
///
/// # Errors
/// When the database fails.
pub async fn unsettled(session: &mut Session) -> Result<Vec<ReleaseId>, StoreError> {
    let sql = "SELECT DISTINCT rs.release_id FROM inventory i JOIN evidence e ON e.document = i.document
               JOIN evidence_subject es ON es.evidence_id = e.id JOIN release_subject rs ON rs.subject = es.subject
               WHERE NOT EXISTS (SELECT 1 FROM release_inventory ri WHERE ri.release_id = rs.release_id)
               ORDER BY rs.release_id";
    session.rows(sql, args![]).await?.iter().map(Row::first).collect()
}

fn numbers(rows: Vec<Row>) -> Result<BTreeSet<i64>, StoreError> {
    rows.iter().map(Row::first).collect()
}
