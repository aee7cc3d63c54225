//! What attestations come in: lines, wrappers of registries and clouds, layouts of registries, metadata of in-toto.

use crate::instance::{Pair, STATEMENT, VALID, at, base64, bundle, pem, root, signer_certificate};
use serde_json::{Value, json};
use shipworthy_model::Digest;
use shipworthy_trust::verify::{Attested, Outcome, Roots, TrustedKey, verify};

fn roots() -> Roots {
    Roots { keys: vec![TrustedKey::always("release", Pair::signer().public())], sigstore: vec![root(true)] }
}

/// Form, conclusion and the name of the first subject of each attestation.
fn seen(document: &[u8]) -> Vec<String> {
    let word = |attested: &Attested| match &attested.outcome {
        Outcome::Verified => "verified".to_owned(),
        other => format!("{other:?}"),
    };
    let subject = |attested: &Attested| {
        let subject = attested.said.as_ref()?.subjects.first()?;
        let (algorithm, digest) = subject.digests.first_key_value()?;
        Some(format!("{} {algorithm}:{}", subject.name.as_deref().unwrap_or("nameless"), &digest[..8]))
    };
    let answers = verify(document, &roots(), at("2026-06-01T00:00:00Z"));
    answers.iter().map(|one| format!("{}: {}, {}", one.form, word(one), subject(one).unwrap_or_default())).collect()
}

fn good_bundle() -> Value {
    bundle(&signer_certificate(VALID, true), "2026-05-01T12:05:00Z")
}

#[test]
fn wrappers_are_opened() {
    let envelope = Pair::signer().envelope();
    let mut seen_in = Vec::new();
    for (name, document) in [
        ("JSON lines", format!("{envelope}\n\n{}\nnonsense\n{{}}\n", good_bundle())),
        ("a list", json!([envelope, good_bundle()]).to_string()),
        ("npm", json!({ "attestations": [{ "predicateType": "x", "bundle": good_bundle() }] }).to_string()),
        ("GitHub", json!({ "attestations": [{ "bundle": good_bundle(), "repository_id": 1 }] }).to_string()),
        ("gh", json!([{ "attestation": { "bundle": good_bundle() }, "verificationResult": {} }]).to_string()),
        (
            "gcloud",
            json!({ "image_summary": {}, "provenance_summary": { "provenance": [{ "envelope": envelope }] } })
                .to_string(),
        ),
        ("nothing", json!({ "name": "shop" }).to_string()),
        ("no JSON", "shop".to_owned()),
    ] {
        seen_in.push(format!("{name}: {}", seen(document.as_bytes()).join(" | ")));
    }
    insta::assert_snapshot!(seen_in.join("\n"));
}

#[test]
fn what_older_tools_put_beside_a_signature_is_read() {
    let certificate = pem(&signer_certificate(["260501000000Z", "270501000000Z"], true));
    let mut witness = Pair::signer().envelope();
    witness["signatures"][0]["certificate"] = base64(certificate).into();
    let without_log = Roots { sigstore: vec![root(false)], ..Roots::default() };
    let answers = verify(witness.to_string().as_bytes(), &without_log, at("2026-06-01T00:00:00Z"));
    insta::assert_json_snapshot!(answers[0].signers);
}

#[test]
fn metadata_of_in_toto_is_verified_over_its_canonical_form() {
    let canonical = concat!(
        r#"{"_type":"link","byproducts":{"return-value":0,"stderr":"a \"foo\""#,
        "\n",
        r#""},"name":"package","products":{"shop.tar.gz":{"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}}"#
    );
    let sig = hex::encode(Pair::signer().sign(canonical.as_bytes()));
    let link = json!({
        "signatures": [{ "keyid": "a", "sig": sig }],
        "signed": {
            "name": "package", "_type": "link",
            "byproducts": { "stderr": "a \"foo\"\n", "return-value": 0 },
            "products": { "shop.tar.gz": { "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" } },
        },
    });
    assert_eq!(seen(link.to_string().as_bytes()), ["in-toto metadata: verified, shop.tar.gz sha256:ba7816bf"]);
    let layout = json!({ "signed": { "_type": "layout", "steps": [] }, "signatures": [] });
    assert_eq!(seen(layout.to_string().as_bytes()), ["in-toto metadata: Unsigned, "]);
}

const SIMPLE: &str = r#"{"critical":{"identity":{"docker-reference":"registry.example.com/shop"},"image":{"docker-manifest-digest":"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},"type":"cosign container image signature"},"optional":null}"#;

#[test]
fn signatures_of_cosign_are_read_from_lines_and_layouts() {
    let signature = base64(Pair::signer().sign(SIMPLE.as_bytes()));
    let line =
        json!({ "Base64Signature": signature, "Payload": base64(SIMPLE), "Cert": null, "Chain": null, "Bundle": null });
    assert_eq!(
        seen(line.to_string().as_bytes()),
        ["cosign signature: verified, registry.example.com/shop sha256:ba7816bf"]
    );
    let layers = |media: &str, bytes: &str, annotations: Value| {
        let layer = json!({ "mediaType": media, "digest": Digest::of(bytes.as_bytes()), "annotations": annotations });
        json!({ "schemaVersion": 2, "layers": [layer] }).to_string()
    };
    let simple = layers(
        "application/vnd.dev.cosign.simplesigning.v1+json",
        SIMPLE,
        json!({ "dev.cosignproject.cosign/signature": signature }),
    );
    let envelope = Pair::signer().envelope().to_string();
    let attestation = layers("application/vnd.dsse.envelope.v1+json", &envelope, json!({}));
    let referred = good_bundle().to_string();
    let referrer = layers("application/vnd.dev.sigstore.bundle.v0.3+json", &referred, json!({}));
    let whole = layout(&[&simple, &attestation, &referrer], &[SIMPLE, &envelope, &referred]);
    insta::assert_snapshot!(seen(&whole).join("\n"));
    let lying = layout(&[&simple], &[&SIMPLE.replace("shop", "chop")]);
    assert_eq!(seen(&lying), Vec::<String>::new(), "a blob that is not there signs nothing");
}

#[test]
fn a_log_entry_beside_a_signature_of_cosign_proves_its_time() {
    let der = signer_certificate(VALID, true);
    let (certificate, bundle) = (pem(&der), bundle(&der, "2026-05-01T12:05:00Z"));
    let entry = &bundle["verificationMaterial"]["tlogEntries"][0];
    let number = |name: &str| entry[name].as_str().and_then(|text| text.parse::<i64>().ok());
    let rekor = json!({
        "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
        "Payload": {
            "body": entry["canonicalizedBody"],
            "integratedTime": number("integratedTime"),
            "logIndex": number("logIndex"),
            "logID": hex_of(entry["logId"]["keyId"].as_str().expect("an id")),
        },
    });
    let envelope = bundle["dsseEnvelope"].to_string();
    let manifest = json!({ "layers": [{
        "mediaType": "application/vnd.dsse.envelope.v1+json",
        "digest": Digest::of(envelope.as_bytes()),
        "annotations": { "dev.sigstore.cosign/certificate": certificate, "dev.sigstore.cosign/bundle": rekor.to_string() },
    }] });
    let document = layout(&[&manifest.to_string()], &[&envelope]);
    assert_eq!(seen(&document), ["cosign attestation: verified, shop sha256:ba7816bf"]);
    let answers = verify(&document, &roots(), at("2026-06-01T00:00:00Z"));
    assert_eq!(answers[0].signed_at, Some(at("2026-05-01T12:05:00Z")));
    assert_eq!(answers[0].said.as_ref().map(|said| said.payload.as_slice()), Some(STATEMENT.as_bytes()));
}

fn hex_of(base64: &str) -> String {
    use base64::Engine as _;
    hex::encode(base64::engine::general_purpose::STANDARD.decode(base64).expect("base64"))
}

/// An OCI layout in a tar.
fn layout(manifests: &[&str], blobs: &[&str]) -> Vec<u8> {
    let described: Vec<Value> =
        manifests.iter().map(|manifest| json!({ "digest": Digest::of(manifest.as_bytes()) })).collect();
    let mut archive = tar::Builder::new(Vec::new());
    let mut add = |path: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, path, bytes).expect("added");
    };
    add("index.json", json!({ "manifests": described }).to_string().as_bytes());
    for bytes in manifests.iter().chain(blobs) {
        add(&format!("blobs/sha256/{}", Digest::of(bytes.as_bytes()).hex()), bytes.as_bytes());
    }
    archive.into_inner().expect("a tar")
}
