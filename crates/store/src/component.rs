//! The components of inventories. One that several documents name is one component in every answer.

use crate::audit::escape_like;
use crate::value::list_of;
use crate::{Arg, Column, Row, Session, StoreError, args};
use shipworthy_model::{Component, Digest};

/// One component as a release has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedComponent {
    /// A document that names it.
    pub document: Digest,
    /// Its package URL, or name and version where it has none. The same for the same component in every document.
    pub identity: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// What it is, as stated.
    pub kind: String,
    /// Its licence as an SPDX expression.
    pub license: Option<String>,
    /// Who supplies it.
    pub supplier: Option<String>,
}

/// How many rows are made ready at once, which bounds the memory of large inventories.
pub(crate) const ROWS_AT_ONCE: usize = 2_000;

/// Adds the components of a document, once in its life.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, document: &Digest, components: &[Component]) -> Result<(), StoreError> {
    let columns = [
        ("document", Column::Text),
        ("position", Column::Int),
        ("identity", Column::Text),
        ("name", Column::Text),
        ("version", Column::Text),
        ("purl", Column::Text),
        ("kind", Column::Text),
        ("license", Column::Text),
        ("supplier", Column::Text),
    ];
    for (chunk, components) in components.chunks(ROWS_AT_ONCE).enumerate() {
        let row = |(index, component): (usize, &Component)| {
            let Component { name, version, purl, kind, license, supplier, .. } = component;
            let position = chunk * ROWS_AT_ONCE + index;
            let identity = identity(purl.as_deref(), name, version.as_deref());
            args![document, position, identity, name, version, purl, kind, license, supplier]
        };
        let rows = components.iter().enumerate().map(row).collect();
        session.insert_many("component", &columns, rows, "").await?;
    }
    Ok(())
}

/// What makes it the same component in another document.
pub(crate) fn identity(purl: Option<&str>, name: &str, version: Option<&str>) -> String {
    match (purl, version) {
        (Some(purl), _) => purl.to_owned(),
        (None, Some(version)) => format!("{name}@{version}"),
        (None, None) => name.to_owned(),
    }
}

/// Which components are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the name or package URL.
    pub text: Option<String>,
    /// Part of the licence expression.
    pub license: Option<String>,
}

/// Where a page of components ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of its last component.
    pub name: String,
    /// The identity of its last component.
    pub identity: String,
}

/// The components of these documents that match, by name, at most `limit`, after `after`.
///
/// # Errors
/// When the database fails.
pub async fn of_documents(
    session: &mut Session,
    documents: &[Digest],
    filter: &Filter,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<ListedComponent>, StoreError> {
    let mut arguments = filter_arguments(filter);
    arguments.extend(args![after.map(|place| &*place.name), after.map(|place| &*place.identity), limit]);
    let distinct = distinct(documents, &mut arguments);
    let sql = format!(
        "SELECT document, identity, name, version, purl, kind, license, supplier FROM ({distinct}) c
         WHERE {FILTERED} AND ($3 IS NULL OR name > $3 OR (name = $3 AND identity > $4))
         ORDER BY name, identity LIMIT $5"
    );
    session.rows(&sql, arguments).await?.iter().map(component).collect()
}

/// How many components of these documents match.
///
/// # Errors
/// When the database fails.
pub async fn count(session: &mut Session, documents: &[Digest], filter: &Filter) -> Result<u64, StoreError> {
    let mut arguments = filter_arguments(filter);
    let distinct = distinct(documents, &mut arguments);
    let row = session.row(&format!("SELECT COUNT(*) FROM ({distinct}) c WHERE {FILTERED}"), arguments).await?;
    row.map_or(Ok(0), |row| row.first())
}

fn filter_arguments(filter: &Filter) -> Vec<Arg> {
    let pattern = |part: &Option<String>| part.as_ref().map(|part| format!("%{}%", escape_like(&part.to_lowercase())));
    args![pattern(&filter.text), pattern(&filter.license)]
}

const FILTERED: &str = "($1 IS NULL OR LOWER(name) LIKE $1 ESCAPE '\\' OR LOWER(purl) LIKE $1 ESCAPE '\\')
    AND ($2 IS NULL OR LOWER(license) LIKE $2 ESCAPE '\\')";

/// Every component of the documents once: the row that states a licence before one that does not.
fn distinct(documents: &[Digest], arguments: &mut Vec<Arg>) -> String {
    let documents = list_of(documents, arguments);
    format!(
        "SELECT * FROM (SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.identity
             ORDER BY CASE WHEN x.license IS NULL THEN 1 ELSE 0 END, x.document, x.position) AS place
           FROM component x WHERE x.document IN ({documents})) numbered WHERE place = 1"
    )
}

fn component(row: &Row) -> Result<ListedComponent, StoreError> {
    let mut column = row.columns();
    Ok(ListedComponent {
        document: column.read()?,
        identity: column.read()?,
        name: column.read()?,
        version: column.read()?,
        purl: column.read()?,
        kind: column.read()?,
        license: column.read()?,
        supplier: column.read()?,
    })
}

/// One licence expression, or none, with who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseUse {
    /// The SPDX expression; absent for the components that state none.
    pub expression: Option<String>,
    /// The identities of the first components that state it, sorted.
    pub components: Vec<String>,
    /// How many components state it.
    pub component_count: u64,
}

/// The licences of the components of these documents, each with its first `shown` components.
///
/// # Errors
/// When the database fails.
pub async fn licenses(
    session: &mut Session,
    documents: &[Digest],
    shown: usize,
) -> Result<Vec<LicenseUse>, StoreError> {
    let mut arguments = args![shown];
    let distinct = distinct(documents, &mut arguments);
    let sql = format!(
        "SELECT license, identity, total FROM (SELECT license, identity, COUNT(*) OVER (PARTITION BY license) AS total,
             ROW_NUMBER() OVER (PARTITION BY license ORDER BY identity) AS place_in_license FROM ({distinct}) c) ranked
         WHERE place_in_license <= $1 ORDER BY license, identity"
    );
    let mut licenses: Vec<LicenseUse> = Vec::new();
    for row in session.rows(&sql, arguments).await? {
        let mut column = row.columns();
        let (expression, identity, component_count) = (column.read()?, column.read()?, column.read()?);
        match licenses.last_mut().filter(|last| last.expression == expression) {
            Some(last) => last.components.push(identity),
            None => licenses.push(LicenseUse { expression, components: vec![identity], component_count }),
        }
    }
    // Sorted here, because the two databases sort texts and nothing differently.
    licenses.sort_by(|one, other| one.expression.cmp(&other.expression));
    Ok(licenses)
}
