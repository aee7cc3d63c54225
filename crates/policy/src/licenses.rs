//! Turns the licences of components into facts: one entry per SPDX expression, with what satisfies it. Exceptions do
//! not thin these facts out: they name a violation's component or expression, and excuse it directly.

use crate::Input;
use crate::input::LicenseFacts;
use spdx::expression::{ExprNode, Operator};
use spdx::{Expression, ParseMode};
use std::collections::{BTreeMap, BTreeSet};

/// How many components of a licence a policy sees.
const COMPONENTS_SHOWN: usize = 20;
/// How many ways to satisfy an expression are told apart; no real one has more.
const ALTERNATIVES_LIMIT: usize = 64;

/// The licence of one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentLicense {
    /// The component, by purl where it has one, else by name.
    pub component: String,
    /// Its licence as an SPDX expression, where one is stated.
    pub expression: Option<String>,
}

/// The facts with those about licences written anew. `licenses` names every component of every inventory.
#[must_use]
pub fn with_licenses<'a>(mut input: Input, licenses: impl IntoIterator<Item = &'a ComponentLicense>) -> Input {
    let mut by_expression: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut without = BTreeSet::new();
    for license in licenses {
        match &license.expression {
            Some(expression) => by_expression.entry(expression).or_default().insert(&license.component),
            None => without.insert(&license.component),
        };
    }
    let facts = |(expression, components): (&str, BTreeSet<&str>)| LicenseFacts {
        expression: expression.to_owned(),
        alternatives: alternatives(expression),
        components: components.iter().take(COMPONENTS_SHOWN).map(|name| (*name).to_owned()).collect(),
        component_count: components.len() as u64,
    };
    let group = input.artifact.get_or_insert_default();
    group.components_without_license = Some(without.len() as u64);
    group.licenses = Some(by_expression.into_iter().map(facts).collect());
    input
}

/// Every way to satisfy an SPDX expression, each a list of licences that together do. Empty when the text is not an
/// expression.
#[must_use]
pub fn alternatives(expression: &str) -> Vec<Vec<String>> {
    let Ok(expression) = Expression::parse_mode(expression, ParseMode::LAX) else { return Vec::new() };
    let mut stack: Vec<BTreeSet<BTreeSet<String>>> = Vec::new();
    for node in expression.iter() {
        let ways = match node {
            ExprNode::Req(required) => BTreeSet::from([BTreeSet::from([required.req.to_string()])]),
            ExprNode::Op(operator) => {
                let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else { return Vec::new() };
                combine(*operator, left, &right)
            }
        };
        if ways.len() > ALTERNATIVES_LIMIT {
            return Vec::new();
        }
        stack.push(ways);
    }
    let ways = stack.pop().unwrap_or_default();
    ways.into_iter().map(|way| way.into_iter().collect()).collect()
}

fn combine(
    operator: Operator,
    mut left: BTreeSet<BTreeSet<String>>,
    right: &BTreeSet<BTreeSet<String>>,
) -> BTreeSet<BTreeSet<String>> {
    match operator {
        Operator::Or => {
            left.extend(right.iter().cloned());
            left
        }
        Operator::And => left.iter().flat_map(|one| right.iter().map(move |other| one | other)).collect(),
    }
}
