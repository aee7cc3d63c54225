//! Keys in their written forms.

use shipworthy_trust::{PublicKey, SigningKey};

/// Test 1 of RFC 8032 §7.1: seed, public key, and the signature over the empty message.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const SIGNATURE: &str = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
                         d25bf5f0595bbe24655141438e7a100b";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("a byte")).collect()
}

fn key() -> SigningKey {
    SigningKey::from_seed(&bytes(SEED).try_into().expect("32 bytes")).expect("a key")
}

#[test]
fn a_signature_is_the_one_of_the_standard() {
    assert_eq!(key().sign(b""), bytes(SIGNATURE));
    assert!(key().public().has_signed(b"", &bytes(SIGNATURE)));
    assert!(!key().public().has_signed(b"x", &bytes(SIGNATURE)));
}

#[test]
fn keys_read_back_from_their_written_forms() {
    let private = key().to_pem().expect("written");
    assert_eq!(SigningKey::from_pem(&private).expect("read").sign(b"m"), key().sign(b"m"));
    let public = key().public().to_pem();
    assert_eq!(PublicKey::from_pem(&public).expect("read"), key().public());
    assert!(public.starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA"), "{public}");
    let jwk = serde_json::to_value(key().public().to_jwk()).expect("JSON");
    assert_eq!(jwk["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "the public key of RFC 8037 appendix A.2");
    assert_eq!(bytes(PUBLIC).len(), 32);
}

#[test]
fn a_key_never_shows_in_messages() {
    let shown = format!("{:?}", key());
    assert_eq!(shown, format!("SigningKey {{ id: \"{}\", .. }}", key().public().id()));
    let secret = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
    let error = SigningKey::from_pem(secret).expect_err("no key").to_string();
    assert_eq!(error, "the key cannot be used: expected an Ed25519 key in PKCS #8");
    for text in ["", "secret", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"] {
        assert!(SigningKey::from_pem(text).is_err(), "{text}");
    }
}
