//! The parts of a SARIF log that are read, as the standard names them (§3.13 and following).

use crate::json::{self, Entries, List, Odd, Text};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    #[serde(borrow, default)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) runs: List<'a>,
    #[serde(borrow, default)]
    pub(super) inline_external_properties: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run<'a> {
    #[serde(borrow, default)]
    pub(super) tool: ToolItem<'a>,
    #[serde(borrow)]
    pub(super) results: Option<List<'a>>,
    #[serde(borrow, default)]
    pub(super) artifacts: Odd<Vec<Artifact<'a>>>,
    #[serde(borrow, default)]
    pub(super) version_control_provenance: Odd<Vec<VersionControl<'a>>>,
    #[serde(borrow, default)]
    pub(super) invocations: Odd<Vec<Invocation<'a>>>,
    #[serde(borrow, default)]
    pub(super) original_uri_base_ids: Odd<Entries<'a, ArtifactLocation<'a>>>,
    #[serde(borrow, default)]
    pub(super) logical_locations: Odd<Vec<LogicalLocation<'a>>>,
    #[serde(borrow, default)]
    pub(super) taxonomies: Odd<Vec<ToolComponent<'a>>>,
    #[serde(borrow, default)]
    pub(super) external_property_file_references: Odd<Entries<'a, &'a RawValue>>,
}

#[derive(Default, Deserialize)]
pub(super) struct ToolItem<'a> {
    #[serde(borrow, default)]
    pub(super) driver: ToolComponent<'a>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    pub(super) extensions: Vec<ToolComponent<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ToolComponent<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) semantic_version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) rules: List<'a>,
    #[serde(borrow)]
    pub(super) guid: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) taxa: Odd<Vec<Class<'a>>>,
    #[serde(borrow)]
    pub(super) global_message_strings: Odd<Entries<'a, Message<'a>>>,
}

/// A class of a taxonomy.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Class<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Rule<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) deprecated_ids: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub(super) short_description: Option<Message<'a>>,
    #[serde(borrow)]
    pub(super) full_description: Option<Message<'a>>,
    #[serde(borrow)]
    pub(super) help: Option<Message<'a>>,
    #[serde(borrow)]
    pub(super) help_uri: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) default_configuration: Option<Configuration<'a>>,
    #[serde(borrow)]
    pub(super) message_strings: Odd<Entries<'a, Message<'a>>>,
    #[serde(borrow)]
    pub(super) relationships: Odd<Vec<Relationship<'a>>>,
    #[serde(borrow)]
    pub(super) properties: Odd<Properties<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) text: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) markdown: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) arguments: Option<Vec<Text<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Configuration<'a> {
    #[serde(borrow)]
    pub(super) level: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Relationship<'a> {
    #[serde(borrow)]
    pub(super) target: Descriptor<'a>,
}

/// A reference to a rule or a class of a taxonomy.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Descriptor<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    pub(super) index: Option<i64>,
    #[serde(borrow)]
    pub(super) tool_component: Option<ComponentReference<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ComponentReference<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) guid: Option<Text<'a>>,
    pub(super) index: Option<i64>,
}

/// What GitHub and the tools have agreed on beside the standard.
/// <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Properties<'a> {
    #[serde(borrow, rename = "security-severity")]
    pub(super) security_severity: Option<Text<'a>>,
    #[serde(borrow, rename = "problem.severity")]
    pub(super) problem_severity: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) tags: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub(super) cwe: Option<&'a RawValue>,
    /// The components of a vulnerability, as Grype names them.
    #[serde(borrow)]
    pub(super) purls: Option<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultItem<'a> {
    #[serde(borrow)]
    pub(super) rule_id: Option<Text<'a>>,
    pub(super) rule_index: Option<i64>,
    #[serde(borrow)]
    pub(super) rule: Option<Descriptor<'a>>,
    #[serde(borrow)]
    pub(super) level: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) message: Message<'a>,
    #[serde(borrow, default)]
    pub(super) locations: Odd<Vec<LocationItem<'a>>>,
    #[serde(borrow, default)]
    pub(super) related_locations: Odd<Vec<LocationItem<'a>>>,
    #[serde(borrow, default)]
    pub(super) code_flows: Odd<Vec<CodeFlow<'a>>>,
    #[serde(borrow, default)]
    pub(super) fixes: Odd<Vec<Fix<'a>>>,
    #[serde(borrow)]
    pub(super) correlation_guid: Option<Text<'a>>,
    #[serde(default)]
    pub(super) provenance: Odd<ResultProvenance>,
    #[serde(borrow, default)]
    pub(super) fingerprints: Odd<Entries<'a, Text<'a>>>,
    #[serde(borrow, default)]
    pub(super) partial_fingerprints: Odd<Entries<'a, Text<'a>>>,
    #[serde(borrow, default)]
    pub(super) suppressions: Odd<Vec<Suppression<'a>>>,
    #[serde(borrow)]
    pub(super) baseline_state: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) taxa: Odd<Vec<Descriptor<'a>>>,
    #[serde(borrow, default)]
    pub(super) properties: Odd<Properties<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LocationItem<'a> {
    #[serde(borrow)]
    pub(super) physical_location: Option<PhysicalLocation<'a>>,
    #[serde(borrow)]
    pub(super) logical_locations: Option<Vec<LogicalLocation<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PhysicalLocation<'a> {
    #[serde(borrow)]
    pub(super) artifact_location: Option<ArtifactLocation<'a>>,
    #[serde(borrow)]
    pub(super) region: Option<Region<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ArtifactLocation<'a> {
    #[serde(borrow)]
    pub(super) uri: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) uri_base_id: Option<Text<'a>>,
    pub(super) index: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LogicalLocation<'a> {
    #[serde(borrow)]
    pub(super) fully_qualified_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    pub(super) index: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CodeFlow<'a> {
    #[serde(borrow)]
    pub(super) thread_flows: Option<Vec<ThreadFlow<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ThreadFlow<'a> {
    #[serde(borrow)]
    pub(super) locations: Option<Vec<Step<'a>>>,
}

/// One step of a flow.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Step<'a> {
    #[serde(borrow)]
    pub(super) location: Option<LocationItem<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fix<'a> {
    #[serde(borrow)]
    pub(super) description: Option<Message<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ResultProvenance {
    pub(super) invocation_index: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Region<'a> {
    pub(super) start_line: Option<i64>,
    pub(super) end_line: Option<i64>,
    #[serde(borrow)]
    pub(super) snippet: Option<Message<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Artifact<'a> {
    #[serde(borrow)]
    pub(super) location: Option<ArtifactLocation<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Suppression<'a> {
    #[serde(borrow)]
    pub(super) status: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VersionControl<'a> {
    #[serde(borrow)]
    pub(super) revision_id: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation<'a> {
    pub(super) execution_successful: Option<bool>,
    #[serde(borrow)]
    pub(super) start_time_utc: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) end_time_utc: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) rule_configuration_overrides: Odd<Vec<Overriding<'a>>>,
    #[serde(borrow, default)]
    pub(super) tool_execution_notifications: Odd<Vec<Notification<'a>>>,
    #[serde(borrow, default)]
    pub(super) tool_configuration_notifications: Odd<Vec<Notification<'a>>>,
}

/// What an invocation set for a rule.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Overriding<'a> {
    #[serde(borrow)]
    pub(super) configuration: Configuration<'a>,
    #[serde(borrow)]
    pub(super) descriptor: Descriptor<'a>,
}

/// What a tool says of its own run.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Notification<'a> {
    #[serde(borrow)]
    pub(super) level: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) message: Message<'a>,
}
