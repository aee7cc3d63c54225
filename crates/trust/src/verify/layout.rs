//! An OCI image layout in a tar, as `cosign save` and `oras copy --to-oci-layout` write it: the signatures and attestations
//! among its layers. <https://github.com/opencontainers/image-spec/blob/main/image-layout.md>

use super::found::{All, Extras, Material, SIMPLE_SIGNING};
use serde::Deserialize;
use serde_json::Value;
use shipworthy_model::Digest;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

/// Larger files of a layout are layers of images and nothing that signs.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// More files than this are not an artifact's signatures.
const MOST_FILES: usize = 10_000;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Manifest {
    manifests: Vec<Descriptor>,
    layers: Vec<Descriptor>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: String,
    annotations: BTreeMap<String, String>,
}

/// Whether the bytes begin as a tar of POSIX or GNU.
pub(super) fn is_tar(document: &[u8]) -> bool {
    document.get(257..262) == Some(b"ustar")
}

/// Adds every signature and attestation of the layout.
pub(super) fn read(document: &[u8], all: &mut All) {
    let files = match files(document) {
        Ok(files) => files,
        Err(error) => return all.push("OCI layout", Material::Broken(format!("the tar cannot be read: {error}"))),
    };
    let index = files.get("index.json").and_then(|bytes| serde_json::from_slice::<Manifest>(bytes).ok());
    let Some(index) = index else {
        return all.push("OCI layout", Material::Broken("the tar has no `index.json` of an OCI layout".to_owned()));
    };
    let mut waiting = index.manifests;
    let mut seen = BTreeSet::new();
    while let Some(descriptor) = waiting.pop() {
        if !seen.insert(descriptor.digest.clone()) {
            continue;
        }
        let Some(bytes) = blob(&files, &descriptor, all) else { continue };
        let manifest: Manifest = serde_json::from_slice(bytes).unwrap_or_default();
        waiting.extend(manifest.manifests);
        for layer in &manifest.layers {
            add_layer(&files, layer, all);
        }
    }
}

fn files(document: &[u8]) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(document).entries()?.take(MOST_FILES) {
        let mut entry = entry?;
        if entry.size() > MOST_BYTES || !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.to_string_lossy().trim_start_matches("./").to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        files.insert(path, bytes);
    }
    Ok(files)
}

/// The bytes that a descriptor names, if they are those that its digest says.
fn blob<'a>(files: &'a BTreeMap<String, Vec<u8>>, descriptor: &Descriptor, all: &mut All) -> Option<&'a Vec<u8>> {
    let hex = descriptor.digest.strip_prefix("sha256:")?;
    let bytes = files.get(&format!("blobs/sha256/{hex}"))?;
    if Digest::of(bytes).hex() != hex {
        let why = format!("the file `blobs/sha256/{hex}` is not what its name says");
        all.push("OCI layout", Material::Broken(why));
        return None;
    }
    Some(bytes)
}

fn add_layer(files: &BTreeMap<String, Vec<u8>>, layer: &Descriptor, all: &mut All) {
    let is_bundle = layer.media_type.starts_with("application/vnd.dev.sigstore.bundle");
    let is_envelope = layer.media_type.contains("dsse") || layer.media_type.contains("in-toto");
    if layer.media_type != SIMPLE_SIGNING && !is_bundle && !is_envelope {
        return;
    }
    let Some(bytes) = blob(files, layer, all) else { return };
    let annotation = |name: &str| layer.annotations.get(name).cloned().unwrap_or_default();
    let parsed = |name: &str| serde_json::from_str(&annotation(name)).unwrap_or_default();
    let extras = Extras {
        certificate: annotation("dev.sigstore.cosign/certificate"),
        chain: annotation("dev.sigstore.cosign/chain"),
        bundle: parsed("dev.sigstore.cosign/bundle"),
        timestamp: parsed("dev.sigstore.cosign/rfc3161timestamp"),
    };
    if layer.media_type == SIMPLE_SIGNING {
        return all.add_signed(bytes.clone(), annotation("dev.cosignproject.cosign/signature"), &extras);
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(envelope) if envelope.get("payloadType").is_some() => all.add_attested(envelope, &extras),
        Ok(value) => all.add(value, Some(bytes), 0),
        Err(error) => all.push("OCI layout", Material::Broken(format!("a layer is not JSON: {error}"))),
    }
}
