//! The rules of a run, its taxonomies and how its invocations configured them.

use super::log::{Configuration, Descriptor, Invocation, Message, Properties, ResultItem, Rule, Run, ToolComponent};
use crate::json::{self, At, Entries, Odd, stated};
use serde_json::value::RawValue;
use shipworthy_model::Warning;
use std::collections::HashMap;

/// A rule with its place in the run.
#[derive(Clone, Copy)]
pub(super) struct Known<'r, 'a> {
    /// 0 for the driver, then the extensions.
    component: usize,
    /// Its index in the rules of its component.
    index: usize,
    pub(super) rule: &'r Rule<'a>,
}

/// The rules of the driver, then those of each extension.
pub(super) struct Rules<'r, 'a> {
    lists: &'r [Vec<(usize, Rule<'a>)>],
    by_id: HashMap<&'r str, Known<'r, 'a>>,
    driver: &'r ToolComponent<'a>,
    invocations: &'r [Invocation<'a>],
    taxonomies: &'r [ToolComponent<'a>],
}

/// Parses the rules of every component of the tool.
pub(super) fn lists<'a>(run: &Run<'a>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Vec<Vec<(usize, Rule<'a>)>> {
    let at = at.key("tool");
    let components = std::iter::once(&run.tool.driver).chain(&run.tool.extensions);
    components.map(|component| json::parts(&component.rules, at, warnings)).collect()
}

impl<'r, 'a> Rules<'r, 'a> {
    pub(super) fn new(run: &'r Run<'a>, lists: &'r [Vec<(usize, Rule<'a>)>]) -> Self {
        let mut by_id = HashMap::new();
        for (component, list) in lists.iter().enumerate() {
            for (index, rule) in list {
                if let Some(id) = rule.id.as_deref() {
                    by_id.entry(id).or_insert(Known { component, index: *index, rule });
                }
            }
        }
        let invocations = run.invocations.0.as_ref().map_or(&[][..], Vec::as_slice);
        let taxonomies = run.taxonomies.0.as_ref().map_or(&[][..], Vec::as_slice);
        Self { lists, by_id, driver: &run.tool.driver, invocations, taxonomies }
    }

    /// The rule of a result: by its index in the driver or in an extension, else by its id, else by the id of the rule
    /// of which it is a part (`CA1000/1` of `CA1000`).
    pub(super) fn of(&self, result: &ResultItem<'_>) -> Option<Known<'r, 'a>> {
        let reference = result.rule.as_ref();
        let index = result.rule_index.or_else(|| reference.and_then(|rule| rule.index));
        let id = result.rule_id.as_deref().or_else(|| reference.and_then(|rule| rule.id.as_deref()));
        let is_part = |known: &Known<'_, '_>| {
            let Some(rule) = known.rule.id.as_deref() else { return false };
            id.is_none_or(|id| id == rule || id.strip_prefix(rule).is_some_and(|rest| rest.starts_with('/')))
        };
        let by_index = index.and_then(|index| self.at(component_of(reference), usize::try_from(index).ok()?));
        by_index.filter(is_part).or_else(|| self.by_id(id?))
    }

    fn at(&self, component: usize, index: usize) -> Option<Known<'r, 'a>> {
        let list = self.lists.get(component)?;
        let (_, rule) = list.get(list.binary_search_by_key(&index, |(place, _)| *place).ok()?)?;
        Some(Known { component, index, rule })
    }

    fn by_id(&self, id: &str) -> Option<Known<'r, 'a>> {
        let mut ids = std::iter::successors(Some(id), |id| Some(id.rsplit_once('/')?.0)).take(16);
        ids.find_map(|id| self.by_id.get(id)).copied()
    }

    /// SARIF 2.1.0 §3.27.10: the result's own level, else what the invocation set for its rule, else the default of its
    /// rule, else `warning`.
    pub(super) fn level<'x>(&'x self, result: &'x ResultItem<'_>, rule: Option<Known<'r, 'a>>) -> &'x str {
        let overridden = || self.overridden(result, rule?)?.level.as_deref();
        let default = || rule?.rule.default_configuration.as_ref()?.level.as_deref();
        result.level.as_deref().or_else(overridden).or_else(default).unwrap_or("warning")
    }

    fn overridden(&self, result: &ResultItem<'_>, rule: Known<'r, 'a>) -> Option<&'r Configuration<'a>> {
        let named = result.provenance.0.as_ref().ok().and_then(|provenance| provenance.invocation_index);
        let named = named.and_then(|index| usize::try_from(index).ok()).and_then(|index| self.invocations.get(index));
        let only = || self.invocations.first().filter(|_| self.invocations.len() == 1);
        let overrides = named.or_else(only)?.rule_configuration_overrides.0.as_ref().ok()?;
        let is_of_rule = |descriptor: &Descriptor<'_>| match descriptor.index.map(usize::try_from) {
            Some(Ok(index)) => component_of(Some(descriptor)) == rule.component && index == rule.index,
            _ => descriptor.id.is_some() && descriptor.id == rule.rule.id,
        };
        overrides.iter().find(|overriding| is_of_rule(&overriding.descriptor)).map(|found| &found.configuration)
    }

    /// The text of a message: its own, else that of the rule or the tool under its id, with the arguments put in.
    pub(super) fn message(&self, message: &Message<'_>, rule: Option<&Rule<'_>>) -> Option<String> {
        if let Some(text) = plain(Some(message)) {
            return Some(with_arguments(&text, message));
        }
        let id = message.id.as_deref()?;
        let found = |strings: &Odd<Entries<'_, Message<'_>>>| {
            let strings = strings.0.as_ref().ok()?;
            plain(Some(&strings.0.iter().find(|(known, _)| &**known == id)?.1))
        };
        let text = rule.and_then(|rule| found(&rule.message_strings));
        Some(with_arguments(&text.or_else(|| found(&self.driver.global_message_strings))?, message))
    }

    /// CWE numbers out of tags (`external/cwe/cwe-079`), of the property `cwe` and of a taxonomy called CWE.
    pub(super) fn cwes(
        &self,
        result: &ResultItem<'_>,
        rule: Option<&Rule<'_>>,
        properties: &[&Properties<'_>],
    ) -> Vec<u32> {
        let mut found = Vec::new();
        for properties in properties {
            let stated = properties.cwe.map(RawValue::get);
            let tags = properties.tags.iter().flatten().map(|tag| &**tag);
            found.extend(tags.chain(stated).flat_map(numbers_after_cwe));
        }
        let of_rule = rule.and_then(|rule| rule.relationships.0.as_ref().ok()).into_iter().flatten();
        let of_result = result.taxa.0.as_ref().ok().into_iter().flatten();
        for class in of_rule.map(|relationship| &relationship.target).chain(of_result) {
            found.extend(self.cwe(class));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The number of a class, if it is one of CWE.
    fn cwe(&self, class: &Descriptor<'_>) -> Vec<u32> {
        let reference = class.tool_component.as_ref();
        let taxonomy = reference.and_then(|reference| {
            let by_guid = |known: &&ToolComponent<'_>| reference.guid.is_some() && known.guid == reference.guid;
            let by_index = || self.taxonomies.get(usize::try_from(reference.index?).ok()?);
            self.taxonomies.iter().find(by_guid).or_else(by_index)
        });
        let name = reference.and_then(|reference| reference.name.as_deref());
        let name = name.or_else(|| taxonomy?.name.as_deref()).unwrap_or_default();
        let listed = || {
            let taxa = taxonomy?.taxa.0.as_ref().ok()?;
            stated(taxa.get(usize::try_from(class.index?).ok()?)?.id.as_ref())
        };
        let id = stated(class.id.as_ref()).or_else(listed).unwrap_or_default();
        let mut found = numbers_after_cwe(&id);
        if name.eq_ignore_ascii_case("CWE") {
            found.extend(id.parse::<u32>().ok());
        }
        found
    }
}

/// The component that a reference names: 0 is the driver.
fn component_of(reference: Option<&Descriptor<'_>>) -> usize {
    let extension = reference.and_then(|rule| rule.tool_component.as_ref()).and_then(|component| component.index);
    extension.and_then(|index| usize::try_from(index).ok()).map_or(0, |index| index.saturating_add(1))
}

pub(super) fn plain(message: Option<&Message<'_>>) -> Option<String> {
    message.and_then(|message| stated(message.text.as_ref()).or_else(|| stated(message.markdown.as_ref())))
}

/// Puts the arguments into the places `{0}`, `{1}` of a message, once each from the start to the end.
fn with_arguments(text: &str, message: &Message<'_>) -> String {
    let Some(arguments) = message.arguments.as_ref().filter(|arguments| !arguments.is_empty()) else {
        return text.to_owned();
    };
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let argument = after.split_once('}').and_then(|(number, tail)| {
            let argument = arguments.get(number.parse::<usize>().ok()?)?;
            Some((argument, tail))
        });
        if let Some((argument, tail)) = argument {
            filled.push_str(argument);
            rest = tail;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled + rest
}

fn numbers_after_cwe(text: &str) -> Vec<u32> {
    let text = text.to_ascii_lowercase();
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    text.split("cwe-").skip(1).filter_map(digits).collect()
}
