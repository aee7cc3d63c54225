//! Components, each once for all inventories that name it, and what they are looked up by. One that several documents name is
//! one component in every answer.

use crate::audit::escape_like;
use crate::{Arg, Column, Columns, Row, Session, StoreError, args, generation, inventory};
use serde_json::json;
use shipworthy_model::{Component, Digest};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// What is said of a component that matters for matching it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Its CPE name.
    pub cpe: Option<String>,
}

/// Adds the inventory of a document, once in its life, and gives the components that no document named before: they are not
/// matched with anything yet.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    session: &mut Session,
    document: &Digest,
    components: &[Component],
) -> Result<Vec<Named>, StoreError> {
    let (mut numbers, mut new) = (BTreeSet::new(), Vec::new());
    for some in components.chunks(ROWS_AT_ONCE) {
        numbers.extend(shared(session, some, &mut new).await?);
    }
    inventory::insert(session, document, &numbers).await?;
    Ok(new)
}

/// The numbers of components. Those that are new are added to `added`, too.
async fn shared(
    session: &mut Session,
    components: &[Component],
    added: &mut Vec<Named>,
) -> Result<BTreeSet<u32>, StoreError> {
    let by_digest: HashMap<String, &Component> =
        components.iter().map(|component| (digest(component), component)).collect();
    // Whoever adds components waits for others who do, so that each is added once and none has a smaller number than one
    // that can be seen.
    generation::advance(session, "component", 0).await?;
    let digests = json!(by_digest.keys().collect::<Vec<_>>()).to_string();
    let sql = format!("SELECT number, digest FROM component WHERE digest IN ({})", session.texts_of("$1"));
    let mut known: HashMap<String, u32> = HashMap::new();
    for row in session.rows(&sql, args![digests]).await? {
        let mut column = row.columns();
        let number = column.read()?;
        known.insert(column.read()?, number);
    }
    let mut new: Vec<(&String, &&Component)> =
        by_digest.iter().filter(|(digest, _)| !known.contains_key(*digest)).collect();
    new.sort_unstable_by_key(|(digest, _)| *digest);
    let count = u32::try_from(new.len()).map_err(|_| StoreError::Corrupt("too many components".to_owned()))?;
    let given = generation::advance(session, "component", count).await?;
    let mut numbers: BTreeSet<u32> = known.into_values().collect();
    numbers.extend(given.clone());
    added.extend(given.clone().zip(&new).map(|(number, (_, component))| Named {
        number,
        name: component.name.clone(),
        version: component.version.clone(),
        purl: component.purl.clone(),
        cpe: component.cpe.clone(),
    }));
    add(session, given.zip(new)).await?;
    Ok(numbers)
}

/// A digest over all that is kept of a component. Its parts are told apart by their lengths.
fn digest(component: &Component) -> String {
    let Component { name, version, purl, cpe, kind, license, supplier, hashes, .. } = component;
    let mut hashes: Vec<&String> = hashes.iter().collect();
    hashes.sort_unstable();
    let text = json!([name, version, purl, cpe, kind, license, supplier, hashes]).to_string();
    Digest::of(text.as_bytes()).hex()[..32].to_owned()
}

async fn add<'c>(
    session: &mut Session,
    new: impl Iterator<Item = (u32, (&'c String, &'c &'c Component))>,
) -> Result<(), StoreError> {
    let (mut rows, mut hash_rows) = (Vec::new(), Vec::new());
    for (number, (digest, component)) in new {
        let Component { name, version, purl, cpe, kind, license, supplier, hashes, .. } = component;
        let identity = identity(purl.as_deref(), name, version.as_deref());
        rows.push(args![
            number,
            digest,
            identity,
            name,
            short(name),
            version,
            purl,
            cpe,
            kind,
            license,
            supplier,
            0_i64
        ]);
        let hashes: BTreeSet<&String> = hashes.iter().collect();
        hash_rows.extend(hashes.into_iter().map(|hash| args![hash, number]));
    }
    let text = Column::Text;
    let columns = [
        ("number", Column::Int),
        ("digest", text),
        ("identity", text),
        ("name", text),
        ("short_name", text),
        ("version", text),
        ("purl", text),
        ("cpe", text),
        ("kind", text),
        ("license", text),
        ("supplier", text),
        ("keyed", Column::Int),
    ];
    session.insert_many("component", &columns, rows, "").await?;
    session.insert_many("component_hash", &[("hash", text), ("component", Column::Int)], hash_rows, "").await
}

/// The last part of a name, in lower case: `log4j-core` of `org.apache.logging.log4j:log4j-core`.
pub(crate) fn short(name: &str) -> String {
    name.rsplit(['/', ':']).next().unwrap_or(name).to_lowercase()
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
    let naming = inventory::naming(session, documents).await?;
    let mut arguments = filter_arguments(filter);
    arguments.extend(args![
        after.map(|place| &*place.name),
        after.map(|place| &*place.identity),
        limit,
        listed(&naming)
    ]);
    let sql = format!(
        "SELECT number, identity, name, version, purl, kind, license, supplier FROM ({}) c
         WHERE {FILTERED} AND ($3 IS NULL OR name > $3 OR (name = $3 AND identity > $4))
         ORDER BY name, identity LIMIT $5",
        distinct(session, "$6")
    );
    session.rows(&sql, arguments).await?.iter().map(|row| component(row, &naming)).collect()
}

/// How many components of these documents match.
///
/// # Errors
/// When the database fails.
pub async fn count(session: &mut Session, documents: &[Digest], filter: &Filter) -> Result<u64, StoreError> {
    let naming = inventory::naming(session, documents).await?;
    let mut arguments = filter_arguments(filter);
    arguments.extend(args![listed(&naming)]);
    let sql = format!("SELECT COUNT(*) FROM ({}) c WHERE {FILTERED}", distinct(session, "$3"));
    session.row(&sql, arguments).await?.map_or(Ok(0), |row| row.first())
}

/// The documents that name each component.
type Naming = BTreeMap<u32, Vec<Digest>>;

/// The components as a JSON list.
fn listed(naming: &Naming) -> String {
    json!(naming.keys().collect::<Vec<_>>()).to_string()
}

pub(crate) fn filter_arguments(filter: &Filter) -> Vec<Arg> {
    let pattern = |part: &Option<String>| part.as_ref().map(|part| format!("%{}%", escape_like(&part.to_lowercase())));
    args![pattern(&filter.text), pattern(&filter.license)]
}

pub(crate) const FILTERED: &str = "($1 IS NULL OR LOWER(name) LIKE $1 ESCAPE '\\' OR LOWER(purl) LIKE $1 ESCAPE '\\')
    AND ($2 IS NULL OR LOWER(license) LIKE $2 ESCAPE '\\')";

/// Every component of the list once: the row that states a licence before one that does not.
fn distinct(session: &Session, list: &str) -> String {
    format!(
        "SELECT * FROM (SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.identity
             ORDER BY CASE WHEN x.license IS NULL THEN 1 ELSE 0 END, x.number) AS place
           FROM component x WHERE x.number IN ({})) numbered WHERE place = 1",
        session.numbers_of(list)
    )
}

fn component(row: &Row, naming: &Naming) -> Result<ListedComponent, StoreError> {
    let mut column = row.columns();
    let number: u32 = column.read()?;
    let document = naming.get(&number).and_then(|documents| documents.first());
    let document = document.ok_or_else(|| StoreError::Corrupt(format!("no document names {number}")))?;
    Ok(ListedComponent {
        document: document.clone(),
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
    let naming = inventory::naming(session, documents).await?;
    let distinct = distinct(session, "$2");
    let sql = format!(
        "SELECT license, identity, total FROM (SELECT license, identity, COUNT(*) OVER (PARTITION BY license) AS total,
             ROW_NUMBER() OVER (PARTITION BY license ORDER BY identity) AS place_in_license FROM ({distinct}) c) ranked
         WHERE place_in_license <= $1 ORDER BY license, identity"
    );
    let mut licenses: Vec<LicenseUse> = Vec::new();
    for row in session.rows(&sql, args![shown, listed(&naming)]).await? {
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

/// Which components were never given keys by this version of the rules or a later one, or never at all; by their numbers, at
/// most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn unkeyed(session: &mut Session, rules: i64, limit: usize) -> Result<Vec<Named>, StoreError> {
    let sql = format!("SELECT {NAMED} FROM component c WHERE c.keyed < $1 ORDER BY c.keyed, c.number LIMIT $2");
    session.rows(&sql, args![rules, limit]).await?.iter().map(|row| read_named(&mut row.columns())).collect()
}

pub(crate) const NAMED: &str = "c.number, c.name, c.version, c.purl, c.cpe";

pub(crate) fn read_named(column: &mut Columns<'_>) -> Result<Named, StoreError> {
    Ok(Named {
        number: column.read()?,
        name: column.read()?,
        version: column.read()?,
        purl: column.read()?,
        cpe: column.read()?,
    })
}

/// Says of all components that they were never given keys, and how many there are.
///
/// # Errors
/// When the database fails.
pub async fn unkey_all(session: &mut Session) -> Result<u64, StoreError> {
    session.execute("UPDATE component SET keyed = 0", args![]).await
}

/// Notes under which keys advisories about components are filed, by this version of the rules.
///
/// # Errors
/// When the database fails.
pub async fn key(
    session: &mut Session,
    rules: i64,
    components: &[Named],
    keys: Vec<(String, u32)>,
) -> Result<(), StoreError> {
    let numbers = json!(components.iter().map(|named| named.number).collect::<Vec<_>>()).to_string();
    let list = session.numbers_of("$1");
    session.execute(&format!("DELETE FROM component_key WHERE component IN ({list})"), args![&numbers]).await?;
    let rows = keys.into_iter().map(|(key, component)| args![key, component]).collect();
    session.insert_many("component_key", &[("key", Column::Text), ("component", Column::Int)], rows, "").await?;
    let sql = format!("UPDATE component SET keyed = $2 WHERE number IN ({list})");
    session.execute(&sql, args![numbers, rules]).await?;
    Ok(())
}

/// The components that are filed under these keys, each with the key.
///
/// # Errors
/// When the database fails.
pub async fn with_keys(session: &mut Session, keys: &BTreeSet<String>) -> Result<Vec<(String, Named)>, StoreError> {
    let sql = format!(
        "SELECT k.key, {NAMED} FROM component_key k JOIN component c ON c.number = k.component WHERE k.key IN ({})",
        session.texts_of("$1")
    );
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok((column.read()?, read_named(&mut column)?))
    };
    session.rows(&sql, args![json!(keys).to_string()]).await?.iter().map(read).collect()
}

/// The components with these numbers, as far as matching is concerned.
///
/// # Errors
/// When the database fails.
pub async fn named(session: &mut Session, numbers: &BTreeSet<u32>) -> Result<Vec<Named>, StoreError> {
    let list = session.numbers_of("$1");
    let sql = format!("SELECT {NAMED} FROM component c WHERE c.number IN ({list}) ORDER BY c.number");
    let rows = session.rows(&sql, args![json!(numbers).to_string()]).await?;
    rows.iter().map(|row| read_named(&mut row.columns())).collect()
}

/// Carries one document's components from the table that had a row for each into those of now, and says whether there was
/// one. CPE names and digests were not kept then.
///
/// # Errors
/// When the database fails.
pub(crate) async fn carry_over(mut here: Session) -> Result<bool, StoreError> {
    let sql = "SELECT document FROM component_of_document LIMIT 1";
    let Some(row) = here.row(sql, args![]).await? else { return Ok(false) };
    let document: Digest = row.first()?;
    let sql = "SELECT name, version, purl, kind, license, supplier FROM component_of_document WHERE document = $1
               ORDER BY position";
    let rows = here.rows(sql, args![&document]).await?;
    let component = |row: &Row| {
        let mut column = row.columns();
        Ok(Component {
            name: column.read()?,
            version: column.read()?,
            purl: column.read()?,
            kind: column.read()?,
            license: column.read()?,
            supplier: column.read()?,
            ..Component::default()
        })
    };
    let components = rows.iter().map(component).collect::<Result<Vec<_>, StoreError>>()?;
    insert(&mut here, &document, &components).await?;
    here.execute("DELETE FROM component_of_document WHERE document = $1", args![document]).await?;
    here.commit().await?;
    Ok(true)
}
