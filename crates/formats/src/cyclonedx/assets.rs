//! What CycloneDX says beside packages: services, cryptographic assets and where a changed component came from.

use crate::json::{List, Odd, Text, stated};
use crate::purl;
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Crypto, InventoryService, Pedigree};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PedigreePart<'a> {
    #[serde(borrow)]
    pub(crate) ancestors: Odd<Vec<Ancestor<'a>>>,
    #[serde(borrow)]
    pub(crate) patches: Odd<Vec<Patch<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Ancestor<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) purl: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Patch<'a> {
    #[serde(borrow)]
    pub(crate) resolves: Odd<Vec<Issue<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Issue<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
}

/// What a component was made of.
pub(super) fn pedigree(part: &PedigreePart<'_>) -> Box<Pedigree> {
    let ancestor = |ancestor: &Ancestor<'_>| {
        let by_url = ancestor.purl.as_deref().and_then(purl::component);
        let named = || {
            Some(ComponentRef {
                purl: None,
                name: stated(ancestor.name.as_ref())?,
                version: stated(ancestor.version.as_ref()),
            })
        };
        by_url.or_else(named)
    };
    let patches = part.patches.0.as_deref().unwrap_or_default();
    let issues = patches.iter().flat_map(|patch| patch.resolves.0.iter().flatten());
    Box::new(Pedigree {
        ancestors: part.ancestors.0.iter().flatten().filter_map(ancestor).collect(),
        patches: patches.len() as u64,
        resolves: issues.filter_map(|issue| stated(issue.id.as_ref())).collect(),
    })
}

/// <https://cyclonedx.org/docs/1.6/json/#components_items_cryptoProperties>
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CryptoPart<'a> {
    #[serde(borrow)]
    pub(crate) asset_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) algorithm_properties: Odd<Asset<'a>>,
    #[serde(borrow)]
    pub(crate) certificate_properties: Odd<Asset<'a>>,
    #[serde(borrow)]
    pub(crate) protocol_properties: Odd<Asset<'a>>,
    #[serde(borrow)]
    pub(crate) related_crypto_material_properties: Odd<Asset<'a>>,
}

/// The properties of whatever kind of asset; each kind has some of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Asset<'a> {
    #[serde(borrow)]
    pub(crate) primitive: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) parameter_set_identifier: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) size: Option<Text<'a>>,
    pub(crate) classical_security_level: Option<u64>,
    pub(crate) nist_quantum_security_level: Option<u64>,
    #[serde(borrow)]
    pub(crate) subject_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) issuer_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) not_valid_before: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) not_valid_after: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) activation_date: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) expiration_date: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) state: Option<Text<'a>>,
    /// The states of a certificate since 1.7, of which the first counts.
    #[serde(borrow)]
    pub(crate) certificate_state: Odd<Vec<CertificateState<'a>>>,
}

/// A state that the specification knows, or one by its own name.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct CertificateState<'a> {
    #[serde(borrow, alias = "name")]
    pub(crate) state: Option<Text<'a>>,
}

/// The cryptography that a component is.
pub(super) fn crypto(part: &CryptoPart<'_>) -> Box<Crypto> {
    let CryptoPart { asset_type, algorithm_properties, certificate_properties, protocol_properties, .. } = part;
    let of_kind = match asset_type.as_deref() {
        Some("algorithm") => algorithm_properties,
        Some("certificate") => certificate_properties,
        Some("protocol") => protocol_properties,
        _ => &part.related_crypto_material_properties,
    };
    let kind = stated(asset_type.as_ref()).unwrap_or_default();
    let Ok(asset) = &of_kind.0 else { return Box::new(Crypto { kind, ..Crypto::default() }) };
    let mut states = asset.certificate_state.0.iter().flatten();
    let first = |texts: [&Option<Text<'_>>; 3]| texts.into_iter().find_map(|text| stated(text.as_ref()));
    Box::new(Crypto {
        kind,
        primitive: first([&asset.primitive, &asset.kind, &None]),
        parameter: first([&asset.parameter_set_identifier, &asset.version, &asset.size]),
        classical_security_bits: asset.classical_security_level,
        quantum_security_level: asset.nist_quantum_security_level,
        subject: stated(asset.subject_name.as_ref()),
        issuer: stated(asset.issuer_name.as_ref()),
        valid_from: first([&asset.not_valid_before, &asset.activation_date, &None]),
        valid_until: first([&asset.not_valid_after, &asset.expiration_date, &None]),
        state: stated(asset.state.as_ref()).or_else(|| stated(states.next()?.state.as_ref())),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ServicePart<'a> {
    #[serde(borrow, rename = "bom-ref")]
    pub(crate) reference: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) group: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) provider: Odd<super::Contact<'a>>,
    #[serde(borrow)]
    pub(crate) endpoints: Odd<Vec<Text<'a>>>,
    pub(crate) authenticated: Odd<Option<bool>>,
    #[serde(rename = "x-trust-boundary")]
    pub(crate) crosses_trust_boundary: Odd<Option<bool>>,
    #[serde(borrow)]
    pub(crate) data: Odd<Vec<Data<'a>>>,
    /// Services inside of this one, in JSON.
    #[serde(borrow)]
    pub(crate) services: List<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Data<'a> {
    #[serde(borrow)]
    pub(crate) classification: Option<Text<'a>>,
}

pub(super) fn service(part: &ServicePart<'_>) -> InventoryService {
    let name = stated(part.name.as_ref()).unwrap_or_default();
    let mut data: Vec<String> =
        part.data.0.iter().flatten().filter_map(|data| stated(data.classification.as_ref())).collect();
    data.sort_unstable();
    data.dedup();
    InventoryService {
        reference: stated(part.reference.as_ref()).unwrap_or_default(),
        name: purl::name_in_group(None, stated(part.group.as_ref()), name),
        version: stated(part.version.as_ref()),
        provider: part.provider.0.as_ref().ok().and_then(super::Contact::stated),
        endpoints: part.endpoints.0.iter().flatten().filter_map(Text::stated).collect(),
        is_authenticated: part.authenticated.0.as_ref().ok().copied().flatten(),
        crosses_trust_boundary: part.crosses_trust_boundary.0.as_ref().ok().copied().flatten(),
        data,
    }
}
