//! How two names relate, NISTIR 7696 §6 and §7.

use super::{Attribute, Cpe, Text, Value, Wildcard};

/// How the products that one name (the source) means relate to those that another (the target) means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They have none in common.
    Disjoint,
    /// The source means some of them.
    Subset,
    /// The source means all of them and more.
    Superset,
    /// Both mean the same.
    Equal,
    /// It cannot be said: the target has wildcards, or neither includes the other.
    Undefined,
}

impl Cpe {
    /// How an attribute of this name, the source, relates to that of a target; table 6-2.
    pub fn relation_of(&self, attribute: Attribute, target: &Self) -> Relation {
        match (self.value(attribute), target.value(attribute)) {
            (_, Value::Text(target)) if target.literal().is_none() => Relation::Undefined,
            (Value::Any, Value::Any) | (Value::NotApplicable, Value::NotApplicable) => Relation::Equal,
            (Value::Any, _) => Relation::Superset,
            (_, Value::Any) => Relation::Subset,
            (Value::NotApplicable, _) | (_, Value::NotApplicable) => Relation::Disjoint,
            (Value::Text(source), Value::Text(target)) => match source.literal() {
                Some(source) if source == target.text => Relation::Equal,
                None if source.includes(&target.text) => Relation::Superset,
                _ => Relation::Disjoint,
            },
        }
    }

    /// How this name, the source, relates to a target; table 6-4.
    pub fn relation(&self, target: &Self) -> Relation {
        let mut relation = Relation::Equal;
        for attribute in Attribute::ALL {
            relation = match (relation, self.relation_of(attribute, target)) {
                (_, Relation::Disjoint) => return Relation::Disjoint,
                (all, Relation::Equal) => all,
                (Relation::Equal, one) => one,
                (all, one) if all == one => all,
                _ => Relation::Undefined,
            };
        }
        relation
    }

    /// Whether this name, the source, includes every product that the target means.
    pub fn includes(&self, target: &Self) -> bool {
        matches!(self.relation(target), Relation::Equal | Relation::Superset)
    }
}

impl Text {
    /// Whether the text with its wildcards means a text without any.
    fn includes(&self, target: &str) -> bool {
        let fits = |wildcard, count| match wildcard {
            Wildcard::Any => true,
            Wildcard::UpTo(most) => count <= most,
        };
        let Some(last) = target.len().checked_sub(self.text.len()) else { return false };
        let mut places = (0..=last).filter(|before| fits(self.before, *before) && fits(self.behind, last - before));
        places.any(|before| target.get(before..).is_some_and(|rest| rest.starts_with(&self.text)))
    }
}
