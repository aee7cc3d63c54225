//! Provenance of a build in the three forms that SLSA has had, read onto the last of them.
//! <https://slsa.dev/spec/v1.2/build-provenance#migrating-from-02>

use super::subject::digests;
use super::{Incoming, Source, Unreadable, source, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How something was built, by what its builder says. Nothing of it is believed by itself: [`crate::slsa`] judges it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The form in which it was stated.
    pub version: ProvenanceVersion,
    /// Who built. Empty where it is not stated.
    pub builder_id: String,
    /// Its parts with their versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub builder_version: BTreeMap<String, String>,
    /// How to read the parameters. Empty where it is not stated.
    pub build_type: String,
    /// What those who started the build could choose.
    pub external_parameters: Value,
    /// What the builder chose.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub internal_parameters: Value,
    /// What went into it, as far as stated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolved_dependencies: Vec<Resource>,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invocation_id: Option<String>,
    /// When it began, as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_on: Option<String>,
    /// When it ended, as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_on: Option<String>,
    /// The source, by the rules of the build type.
    pub source: Source,
    /// Which of the required fields are absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// The form in which provenance was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProvenanceVersion {
    /// With a recipe.
    #[serde(rename = "0.1")]
    V01,
    /// With an invocation.
    #[serde(rename = "0.2")]
    V02,
    /// With a build definition, 1.0 to 1.2.
    #[serde(rename = "1")]
    V1,
}

/// Something that went into a build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Its digests in hexadecimal digits, by algorithm.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digest: BTreeMap<String, String>,
}

impl ProvenanceVersion {
    /// The version that a predicate type names.
    #[must_use]
    pub fn of(predicate_type: &str) -> Option<Self> {
        match predicate_type {
            "https://slsa.dev/provenance/v0.1" => Some(Self::V01),
            "https://slsa.dev/provenance/v0.2" => Some(Self::V02),
            // 1.1 and 1.2 kept the type of 1.0; some tools write the minor version all the same.
            "https://slsa.dev/provenance/v1"
            | "https://slsa.dev/provenance/v1.0"
            | "https://slsa.dev/provenance/v1.1"
            | "https://slsa.dev/provenance/v1.2" => Some(Self::V1),
            _ => None,
        }
    }
}

impl Provenance {
    /// Reads the provenance that a statement contains.
    ///
    /// # Errors
    /// When the statement says something else, or its predicate is not an object.
    pub fn read(statement: &Incoming) -> Result<Self, Unreadable> {
        let found = &statement.predicate_type;
        let expected = "https://slsa.dev/provenance/v1, v0.2 or v0.1";
        let version = ProvenanceVersion::of(found)
            .ok_or_else(|| Unreadable::OtherPredicate { found: found.clone(), expected })?;
        let predicate = statement.predicate.is_object().then_some(&statement.predicate).ok_or(Unreadable::NoObject)?;
        let mut provenance = match version {
            ProvenanceVersion::V1 => from_v1(predicate),
            ProvenanceVersion::V02 => from_v02(predicate),
            ProvenanceVersion::V01 => from_v02(&recipe_as_invocation(predicate)),
        };
        provenance.version = version;
        provenance.missing = provenance.missing_fields();
        provenance.source = source::of(&provenance);
        Ok(provenance)
    }

    fn missing_fields(&self) -> Vec<String> {
        let empty = self.external_parameters.as_object().is_none_or(Map::is_empty);
        let fields = [
            ("builder.id", self.builder_id.is_empty()),
            ("buildType", self.build_type.is_empty()),
            ("externalParameters", empty),
        ];
        fields.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name.to_owned()).collect()
    }
}

fn from_v1(predicate: &Value) -> Provenance {
    let at = |pointer: &str| predicate.pointer(pointer).cloned().unwrap_or_default();
    let versions = predicate.pointer("/runDetails/builder/version").and_then(Value::as_object);
    let versions = versions.into_iter().flatten();
    Provenance {
        version: ProvenanceVersion::V1,
        builder_id: text(predicate, "/runDetails/builder/id").unwrap_or_default(),
        builder_version: versions.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.into()))).collect(),
        build_type: text(predicate, "/buildDefinition/buildType").unwrap_or_default(),
        external_parameters: at("/buildDefinition/externalParameters"),
        internal_parameters: at("/buildDefinition/internalParameters"),
        resolved_dependencies: resources(predicate.pointer("/buildDefinition/resolvedDependencies")),
        invocation_id: text(predicate, "/runDetails/metadata/invocationId"),
        started_on: text(predicate, "/runDetails/metadata/startedOn"),
        finished_on: text(predicate, "/runDetails/metadata/finishedOn"),
        source: Source::default(),
        missing: Vec::new(),
    }
}

fn from_v02(predicate: &Value) -> Provenance {
    let mut dependencies = resources(predicate.get("materials"));
    let configured = predicate.pointer("/invocation/configSource").map(resource).unwrap_or_default();
    if configured.uri.is_some() && !dependencies.contains(&configured) {
        dependencies.push(configured);
    }
    let invocation_id = text(predicate, "/metadata/buildInvocationId");
    Provenance {
        version: ProvenanceVersion::V02,
        builder_id: text(predicate, "/builder/id").unwrap_or_default(),
        builder_version: BTreeMap::new(),
        build_type: text(predicate, "/buildType").unwrap_or_default(),
        external_parameters: parameters(predicate),
        internal_parameters: predicate.pointer("/invocation/environment").cloned().unwrap_or_default(),
        resolved_dependencies: dependencies,
        invocation_id: invocation_id.or_else(|| text(predicate, "/metadata/buildInvocationID")),
        started_on: text(predicate, "/metadata/buildStartedOn"),
        finished_on: text(predicate, "/metadata/buildFinishedOn"),
        source: Source::default(),
        missing: Vec::new(),
    }
}

/// The parameters with the entry point and the source. These two are put in last: a parameter of the same name is chosen
/// by whoever starts the build, and must not stand for what the builder says.
fn parameters(predicate: &Value) -> Value {
    let stated = predicate.pointer("/invocation/parameters").cloned().unwrap_or_default();
    let mut parameters = match stated {
        Value::Object(parameters) => parameters,
        Value::Null => Map::new(),
        other => Map::from_iter([("parameters".to_owned(), other)]),
    };
    for (name, pointer) in [("entryPoint", "entryPoint"), ("source", "uri")] {
        let value = text(predicate, &format!("/invocation/configSource/{pointer}"));
        parameters.remove(name);
        parameters.extend(value.map(|value| (name.to_owned(), Value::String(value))));
    }
    Value::Object(parameters)
}

/// The recipe of version 0.1 as the invocation of 0.2, which it became.
fn recipe_as_invocation(predicate: &Value) -> Value {
    let at = |pointer: &str| predicate.pointer(pointer).cloned().unwrap_or_default();
    let defined = predicate.pointer("/recipe/definedInMaterial").and_then(Value::as_u64);
    let material = defined.map(|index| at(&format!("/materials/{index}"))).unwrap_or_default();
    serde_json::json!({
        "builder": at("/builder"),
        "buildType": at("/recipe/type"),
        "invocation": {
            "configSource": {
                "uri": material["uri"],
                "digest": material["digest"],
                "entryPoint": at("/recipe/entryPoint"),
            },
            "parameters": at("/recipe/arguments"),
            "environment": at("/recipe/environment"),
        },
        "metadata": at("/metadata"),
        "materials": at("/materials"),
    })
}

fn resources(list: Option<&Value>) -> Vec<Resource> {
    list.and_then(Value::as_array).into_iter().flatten().map(resource).collect()
}

fn resource(entry: &Value) -> Resource {
    Resource { name: text(entry, "/name"), uri: text(entry, "/uri"), digest: digests(entry) }
}
