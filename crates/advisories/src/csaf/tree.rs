//! The product tree of a CSAF document: by which package URL and CPE name each of its products is known, in which version, and
//! of what it is a component.
//! <https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#322-product-tree-property>

use std::collections::HashMap;

use serde::Deserialize;

use crate::reading::{capped, nullable};

/// Relationships of relationships deeper than this are those of a document that goes round in a circle.
const MOST_RELATIONS: usize = 16;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ProductTree {
    #[serde(deserialize_with = "nullable")]
    branches: Vec<Branch>,
    #[serde(deserialize_with = "nullable")]
    full_product_names: Vec<FullProduct>,
    #[serde(deserialize_with = "nullable")]
    relationships: Vec<Relationship>,
}

#[derive(Deserialize)]
struct Branch {
    #[serde(default)]
    category: String,
    #[serde(default)]
    name: String,
    product: Option<FullProduct>,
    #[serde(default, deserialize_with = "nullable")]
    branches: Vec<Branch>,
}

#[derive(Deserialize)]
struct FullProduct {
    product_id: String,
    #[serde(default, deserialize_with = "nullable", rename = "product_identification_helper")]
    helper: Helper,
}

/// CSAF 2.1 allows several package URLs.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Helper {
    purl: Option<String>,
    #[serde(deserialize_with = "nullable")]
    purls: Vec<String>,
    cpe: Option<String>,
}

#[derive(Deserialize)]
struct Relationship {
    category: String,
    full_product_name: FullProduct,
    product_reference: String,
    relates_to_product_reference: String,
}

/// A product by what it says of itself.
#[derive(Clone, Copy, Default)]
pub(super) struct Product<'t> {
    pub(super) purl: Option<&'t str>,
    pub(super) cpe: Option<&'t str>,
    /// The version or range of versions of its branches, below the branch with its name.
    pub(super) versions: Option<Versions<'t>>,
}

impl Product<'_> {
    fn is_named(&self) -> bool {
        self.purl.is_some() || self.cpe.is_some()
    }
}

/// What a branch says of the version.
#[derive(Clone, Copy)]
pub(super) enum Versions<'t> {
    One(&'t str),
    Range(&'t str),
}

struct Relation<'t> {
    is_platform: bool,
    component: &'t str,
    outer: &'t str,
}

/// A product with what it is a component of, from the inside out.
pub(super) struct Resolved<'t> {
    pub(super) product: Product<'t>,
    pub(super) outer: Vec<Product<'t>>,
    /// Whether all that is outside is something to run on, rather than something to be part of.
    pub(super) runs_on_outer: bool,
}

/// The products of a document, by their ids.
#[derive(Default)]
pub(super) struct Products<'t> {
    by_id: HashMap<&'t str, Product<'t>>,
    relations: HashMap<&'t str, Relation<'t>>,
}

/// Where in the branches one is.
#[derive(Clone, Copy, Default)]
struct Way<'t> {
    has_name: bool,
    versions: Option<Versions<'t>>,
}

impl<'t> Products<'t> {
    /// The products of a tree.
    ///
    /// # Errors
    /// A sentence when an id is defined twice, or a relationship names one that is not defined.
    pub(super) fn of(tree: &'t ProductTree) -> Result<Self, String> {
        let mut products = Self::default();
        for branch in &tree.branches {
            products.walk(branch, Way::default())?;
        }
        for product in &tree.full_product_names {
            products.define(product, None)?;
        }
        for relationship in &tree.relationships {
            let Relationship { category, full_product_name, product_reference, relates_to_product_reference } =
                relationship;
            products.define(full_product_name, None)?;
            let relation = Relation {
                is_platform: matches!(category.as_str(), "installed_on" | "installed_with"),
                component: product_reference,
                outer: relates_to_product_reference,
            };
            products.relations.insert(&full_product_name.product_id, relation);
        }
        let referred =
            tree.relationships.iter().flat_map(|of| [&of.product_reference, &of.relates_to_product_reference]);
        for id in referred {
            products.expect(id).map_err(|error| format!("`/product_tree/relationships` {error}"))?;
        }
        Ok(products)
    }

    /// A version counts below a branch that names the product only: some vendors call the whole of name and version a version.
    fn walk(&mut self, branch: &'t Branch, way: Way<'t>) -> Result<(), String> {
        let name = branch.name.trim();
        let way = match branch.category.as_str() {
            "product_name" => Way { has_name: true, versions: None },
            "product_version" if way.has_name => Way { versions: Some(Versions::One(name)), ..way },
            "product_version_range" if way.has_name => Way { versions: Some(Versions::Range(name)), ..way },
            // A patch level or a service pack is another version than the one above it, in no known form.
            "patch_level" | "service_pack" => Way { versions: way.versions.map(|_| Versions::Range("")), ..way },
            _ => way,
        };
        if let Some(product) = &branch.product {
            self.define(product, way.versions)?;
        }
        branch.branches.iter().try_for_each(|inner| self.walk(inner, way))
    }

    fn define(&mut self, stated: &'t FullProduct, versions: Option<Versions<'t>>) -> Result<(), String> {
        let FullProduct { product_id, helper } = stated;
        let purl = helper.purl.as_deref().or_else(|| helper.purls.first().map(String::as_str));
        let product = Product { purl, cpe: helper.cpe.as_deref(), versions };
        match self.by_id.insert(product_id, product) {
            Some(_) => Err(format!("`/product_tree` defines the product `{}` twice", capped(product_id, 100))),
            None => Ok(()),
        }
    }

    /// That a product is defined.
    pub(super) fn expect(&self, id: &str) -> Result<(), String> {
        let is_defined = self.by_id.contains_key(id);
        let error = || format!("names the product `{}`, which the product tree does not define", capped(id, 100));
        is_defined.then_some(()).ok_or_else(error)
    }

    /// The product of this id. One that is a component of another and says nothing of itself is what the component says.
    pub(super) fn resolve(&self, id: &str) -> Resolved<'t> {
        let mut resolved = Resolved { product: Product::default(), outer: Vec::new(), runs_on_outer: true };
        let mut id = id;
        for _ in 0..MOST_RELATIONS {
            let product = self.by_id.get(id).copied().unwrap_or_default();
            let relation = self.relations.get(id);
            if product.is_named() || relation.is_none() {
                resolved.product = product;
                break;
            }
            let Some(Relation { is_platform, component, outer }) = relation else { break };
            resolved.runs_on_outer &= *is_platform;
            self.add_outer(outer, &mut resolved.outer, MOST_RELATIONS);
            id = component;
        }
        resolved
    }

    /// An outer product may be a component itself: a module of a distribution, of which a package is a component.
    fn add_outer(&self, id: &str, outer: &mut Vec<Product<'t>>, depth: usize) {
        outer.extend(self.by_id.get(id).filter(|product| product.is_named()));
        if let Some(relation) = self.relations.get(id).filter(|_| depth > 0) {
            self.add_outer(relation.component, outer, depth / 2);
            self.add_outer(relation.outer, outer, depth / 2);
        }
    }
}
