//! The product tree of a CSAF document: which thing a product id stands for, and what it is a component of.
//! <https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#322-product-tree-property>

use crate::json::{self, At, Odd, Text, stated};
use crate::purl;
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Warning};
use std::collections::HashMap;
use std::fmt::Display;

/// Relationships of relationships deeper than this are those of a document that goes round in a circle.
const MAX_RELATIONS: usize = 16;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ProductTree<'a> {
    #[serde(borrow)]
    branches: Odd<Vec<Branch<'a>>>,
    #[serde(borrow)]
    full_product_names: Odd<Vec<Product<'a>>>,
    #[serde(borrow)]
    relationships: Odd<Vec<Relationship<'a>>>,
    #[serde(borrow)]
    product_groups: Odd<Vec<Group<'a>>>,
}

#[derive(Deserialize)]
struct Branch<'a> {
    #[serde(borrow)]
    category: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    product: Option<Product<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    branches: Vec<Branch<'a>>,
}

#[derive(Deserialize)]
struct Product<'a> {
    #[serde(borrow)]
    product_id: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, rename = "product_identification_helper", default)]
    helper: Odd<Helper<'a>>,
}

/// What a product can be recognised by. CSAF 2.1 allows several package URLs.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Helper<'a> {
    #[serde(borrow)]
    purl: Option<Text<'a>>,
    #[serde(borrow)]
    purls: Vec<Text<'a>>,
    #[serde(borrow)]
    hashes: Vec<FileHashes<'a>>,
}

#[derive(Deserialize)]
struct FileHashes<'a> {
    #[serde(borrow, default)]
    file_hashes: Vec<FileHash<'a>>,
}

#[derive(Deserialize)]
struct FileHash<'a> {
    #[serde(borrow)]
    algorithm: Text<'a>,
    #[serde(borrow)]
    value: Text<'a>,
}

#[derive(Deserialize)]
struct Relationship<'a> {
    #[serde(borrow)]
    full_product_name: Product<'a>,
    #[serde(borrow)]
    product_reference: Text<'a>,
    #[serde(borrow)]
    relates_to_product_reference: Text<'a>,
}

#[derive(Deserialize)]
struct Group<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
    #[serde(borrow, default)]
    product_ids: Vec<Text<'a>>,
}

/// The products of a document, by their ids.
#[derive(Default)]
pub(super) struct Products<'t> {
    named: HashMap<&'t str, Named>,
    /// A product that is a component of another one.
    relations: HashMap<&'t str, (&'t str, &'t str)>,
    groups: HashMap<&'t str, Vec<&'t str>>,
}

/// A product and the artifacts that it is known by.
#[derive(Default)]
pub(super) struct Named {
    pub(super) component: ComponentRef,
    pub(super) digests: Vec<String>,
}

impl<'t> Products<'t> {
    pub(super) fn new(tree: &'t ProductTree<'_>, warnings: &mut Vec<Warning>) -> Self {
        let mut products = Self::default();
        let root = At::Root;
        let at = root.key("product_tree");
        for branch in tree.branches.get(at.key("branches"), warnings).into_iter().flatten() {
            products.walk(branch, None, None, warnings);
        }
        for product in tree.full_product_names.get(at.key("full_product_names"), warnings).into_iter().flatten() {
            products.name(product, None, None, warnings);
        }
        for relation in tree.relationships.get(at.key("relationships"), warnings).into_iter().flatten() {
            products.name(&relation.full_product_name, None, None, warnings);
            let pair = (&*relation.product_reference, &*relation.relates_to_product_reference);
            products.relations.insert(&relation.full_product_name.product_id, pair);
        }
        for group in tree.product_groups.get(at.key("product_groups"), warnings).into_iter().flatten() {
            products.groups.insert(&group.group_id, group.product_ids.iter().map(|id| &**id).collect());
        }
        products
    }

    /// Takes the products of a branch. The branches on the way to a product say its name and its version.
    fn walk(&mut self, branch: &'t Branch<'_>, name: Option<&str>, version: Option<&str>, warnings: &mut Vec<Warning>) {
        let (name, version) = match branch.category.as_deref() {
            Some("product_name") => (branch.name.as_deref(), version),
            Some("product_version") => (name, branch.name.as_deref()),
            _ => (name, version),
        };
        if let Some(product) = &branch.product {
            self.name(product, name, version, warnings);
        }
        for inner in &branch.branches {
            self.walk(inner, name, version, warnings);
        }
    }

    fn name(
        &mut self,
        product: &'t Product<'_>,
        name: Option<&str>,
        version: Option<&str>,
        warnings: &mut Vec<Warning>,
    ) {
        let id = &*product.product_id;
        let helper = product.helper.get(format_args!("product `{id}`"), warnings);
        let package = helper.and_then(|helper| {
            let urls = helper.purl.iter().chain(&helper.purls);
            urls.filter_map(|url| purl::canonical(url, format_args!("product `{id}`"), warnings)).next()
        });
        let by_branches = name.zip(version).map(|(name, version)| ComponentRef {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            ..ComponentRef::default()
        });
        let by_url = package.as_deref().and_then(purl::component).map(|component| ComponentRef {
            version: component.version.or_else(|| name.and(version).map(str::to_owned)),
            ..component
        });
        // A range of versions is part of the product's whole name, so that nobody takes it for all versions.
        let by_name =
            || ComponentRef { name: product.name.stated().unwrap_or_else(|| id.to_owned()), ..ComponentRef::default() };
        let component = by_url.or(by_branches).unwrap_or_else(by_name);
        let digests = helper.into_iter().flat_map(|helper| &helper.hashes).flat_map(|hashes| &hashes.file_hashes);
        let digests = digests.filter(|hash| hash.algorithm.eq_ignore_ascii_case("sha256"));
        let digests = digests.filter_map(|hash| Some(format!("sha256:{}", stated(Some(&hash.value))?.to_lowercase())));
        let digests = digests.chain(component.purl.as_deref().and_then(purl::digest)).collect();
        self.named.insert(id, Named { component, digests });
    }

    /// The ids of the product that `id` stands for and, where it is a component of that, of the component.
    pub(super) fn resolve(&self, id: &'t str) -> (&'t str, Option<&'t str>) {
        let Some((component, mut product)) = self.relations.get(id).copied() else { return (id, None) };
        let mut component = component;
        for _ in 0..MAX_RELATIONS {
            match self.relations.get(product) {
                Some((_, outer)) => product = outer,
                None => break,
            }
        }
        for _ in 0..MAX_RELATIONS {
            match self.relations.get(component) {
                Some((inner, _)) => component = inner,
                None => break,
            }
        }
        (product, Some(component))
    }

    /// What `id` names; the id itself where the tree does not know it.
    pub(super) fn component(&self, id: &str) -> ComponentRef {
        let by_id = || ComponentRef { name: id.to_owned(), ..ComponentRef::default() };
        self.named.get(id).map_or_else(by_id, |named| named.component.clone())
    }

    pub(super) fn digests(&self, id: &str) -> &[String] {
        self.named.get(id).map_or(&[], |named| &named.digests)
    }

    /// The products of a group.
    pub(super) fn group(&self, id: &str) -> &[&'t str] {
        self.groups.get(id).map_or(&[], Vec::as_slice)
    }

    /// Says which of the ids that are spoken of the tree does not know.
    pub(super) fn check<'i>(&self, ids: impl Iterator<Item = &'i str>, at: impl Display, warnings: &mut Vec<Warning>) {
        let unknown: Vec<_> = ids.filter(|id| !self.named.contains_key(id)).collect();
        if let Some(first) = unknown.first() {
            let others = unknown.len();
            let message =
                format!("expected products of the product tree, found `{first}`, kept by its id; such ids: {others}");
            warnings.push(Warning { at: at.to_string(), message });
        }
    }
}
