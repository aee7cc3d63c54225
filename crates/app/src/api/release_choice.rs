//! How a request names a release: by its id, or by the names of its application and service and its version.

use crate::ingest::ReleaseName;
use crate::problem::{Answer, Problem};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};

/// A release in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseChoice {
    /// By its id.
    Id(String),
    /// By names.
    Names(ReleaseNames),
}

/// A release by names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseNames {
    /// The name of the application.
    pub application: String,
    /// The name of the service.
    pub service: String,
    /// The version.
    pub version: String,
}

impl ReleaseChoice {
    /// The release that is meant; `at` is the field that names it.
    ///
    /// # Errors
    /// 422 when the id is none.
    pub(crate) fn name(&self, at: &str) -> Answer<ReleaseName> {
        Ok(match self {
            Self::Id(id) => {
                ReleaseName::Id(id.parse().map_err(|why: shipworthy_model::InvalidId| Problem::invalid(at, why))?)
            }
            Self::Names(ReleaseNames { application, service, version }) => ReleaseName::Names {
                application: application.clone(),
                service: service.clone(),
                version: version.clone(),
            },
        })
    }
}

impl Serialize for ReleaseChoice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => serializer.serialize_str(id),
            Self::Names(names) => names.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ReleaseChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Choice;
        impl<'de> Visitor<'de> for Choice {
            type Value = ReleaseChoice;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the id of a release, or an object with `application`, `service` and `version`")
            }
            fn visit_str<E>(self, id: &str) -> Result<ReleaseChoice, E> {
                Ok(ReleaseChoice::Id(id.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ReleaseChoice, A::Error> {
                ReleaseNames::deserialize(MapAccessDeserializer::new(map)).map(ReleaseChoice::Names)
            }
        }
        deserializer.deserialize_any(Choice)
    }
}

impl utoipa::PartialSchema for ReleaseChoice {
    fn schema() -> RefOr<Schema> {
        let id = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).description(Some("Its id."));
        OneOfBuilder::new().item(id).item(Ref::from_schema_name("ReleaseNames")).into()
    }
}

impl utoipa::ToSchema for ReleaseChoice {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("ReleaseNames".to_owned(), <ReleaseNames as utoipa::PartialSchema>::schema()));
    }
}
