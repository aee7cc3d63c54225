//! Keys in their written forms.

use crate::instance::base64;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, EcdsaKeyPair, KeyPair as _, RsaEncoding, RsaKeyPair};
use shipworthy_trust::key::KeyKind;
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

/// Keys of these tests and of nothing else.
const P384: &str = "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCfJV1lSllPW706mHkTx2ijx85rZ3U4BsQJoE4wDox4eECAWaIKZwCOcYCOhVniocKhZANiAARQkSeNZi57NSep3GGN9JasX6JHMJB8EaK8teC/Wdt0oO8A8J4UbHLWLY4UwDHpQ/DjWr+UH0mVe4VMi4ZsdkbQm6Z9qxwoZXZmYLWHynpZ6/6RndUmM5QeiUIuR/VqSkk=";
const RSA: &str = "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCw02f+LXUBVSZMmBnGYLMiQOPeludaYnG+v6sof/C5ms6qbBIMGzl2dISlqi4YQOMxKxPWpW2D808woZON8E9UHtqHXLySmIftkq77xpC4eVV6JZ6QFqQCxWFm1AI1i9hznPN8DRjFbjyQKbahd90gsdPZDDblfjMOwn73HxoGHSkasEzJ9ZnQ0Bv0BsRw3AqcgCwqtWRLdYzgOZ4NyWKv3IAT0vjVz3aJTl7R1yzyNyOpChFqORaIXT1pVPT1tMCl781QYKIAK7T3jzxlKkuIWyD9/kcDwUgP7deQi+8nyDo9ezipxEOeFJm+SxWfBIvIPF6DSs09MaWZc7sOYmUXAgMBAAECggEAFp+lwYaNXtNHKCuZuKDsqmhE/1itVwobZX1eZ7se0JB2+qUDFhtxma9EvXFtnlrG9qZ9TkwyG9zId/9kQpfJfojICuOZmOP9GC9ZRgtcvs1/WzZu+B59c4FPefmMIs+2rOwa1vdSAQiepQ9BN51/ZEx8P1vptikUXUITPojzKm7gAJeY70nDZhEfohF1nMemgyv1Jxz/rb4nMlesydD9NQ/XR3Aj+k+hxctbAcu/CnTYaLSrxmu+eDZr1N0zNOFqnDSbD0l+Wm8izurMkyU8YQ7HiTaJRbe9sqV12eadEWSNUYZhtoMXoBMc1uuDeDnaV1zaK7B5flS65cc8JGscQQKBgQDp2yhoTEUnKMh44JesGeHNUbZEtBEj1yohP2JpflCRqmP7t/0idkODgs0gT9CBWR3Z917MP138zJsW0ElG1QKThzxqCNtb0bWCjM0D9R7dD2mF7+rt2JErT9VyvG71F0LT7HA/G1mMwHu47QMeICPkGN9UNPiW804m40VGW8rYdwKBgQDBkcrz0iV7TT7/k/73LRTSn47g3dx+5cB6HYBfOjTauoQzK0dWfzA7hdgzomVpfiyWXs5ld1HG2Ah9/6C6nMD3+j2Py+KGok+RdR7du42JkyJgKVZZMQTWbSN2GRFgR/n5iIa9M0njvZvnQixDdsbuS8Qv7wuuOBzqj6XNhaSgYQKBgQCrRm72zH2Na6pAFcYgLyiY1vLWqMcw58KcbS7nsrLRrOjjkGKeXd2esSsJMku0oI9jd3B/yR1OLJCeCdjRPutPH6oYwvnd6t60iekRr/J113biuM/oeUgBX8wl52qgqPOyASZIogBZPRSgYT56TvHaenj+1HkJHZOsmaHAITSUiwKBgCN2uY84NiPEAEHE9JaGjOUV1JCANVCOeVgmJYnM2TglqejSCgzf2o9dM0Iqg5fzROn7zqaqWLIsjEnBVso5w+Tq1PKOcR8nh5pnsdL/9Kt66HZjvG003OUIM9IEP7m7FiJQkBcD2Yq/B1w0NHXbwhCQkw4RJruxjiKvVLo1vPahAoGBAKVkSOV7nIE4pN/s9vAIlC+opIwabdZhaBRAcJOrY83TLiKB4RH6eoHscymVa3feMWvDfwEJOZLGsW+vfpmyrynp4ZEluo6Lp6oA9g3Js6l8ETqFtiMdLOOGcVK5jlymfBhGi/4hNhwGi6ZyaskAGKwBd8hklqiJplGrOCAH66Vv";

fn der(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

#[test]
fn keys_of_all_kinds_are_read_from_all_forms_and_check_all_schemes() {
    let random = SystemRandom::new();
    let p384 = EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P384_SHA384_ASN1_SIGNING, &der(P384)).expect("a key");
    let fixed = EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P384_SHA384_FIXED_SIGNING, &der(P384)).expect("a key");
    let key = PublicKey::from_der(p384.public_key().as_der().expect("DER").as_ref()).expect("a key");
    assert_eq!(key.kind(), KeyKind::P384);
    assert_eq!(jwk_and_back(&key), key);
    for pair in [&p384, &fixed] {
        assert!(key.has_signed(b"m", pair.sign(&random, b"m").expect("signed").as_ref()));
        assert!(!key.has_signed(b"n", pair.sign(&random, b"m").expect("signed").as_ref()));
    }
    let rsa = RsaKeyPair::from_pkcs8(&der(RSA)).expect("a key");
    let key = PublicKey::from_der(rsa.public_key().as_der().expect("DER").as_ref()).expect("a key");
    assert_eq!(key.kind(), KeyKind::Rsa);
    assert_eq!(jwk_and_back(&key), key);
    let lines = base64(rsa.public_key().as_ref());
    let pkcs1 = format!("-----BEGIN RSA PUBLIC KEY-----\n{lines}\n-----END RSA PUBLIC KEY-----\n");
    assert_eq!(PublicKey::from_pem(&pkcs1), Ok(key.clone()));
    let paddings: [&'static dyn RsaEncoding; 4] = [
        &signature::RSA_PKCS1_SHA256,
        &signature::RSA_PSS_SHA256,
        &signature::RSA_PKCS1_SHA512,
        &signature::RSA_PSS_SHA512,
    ];
    for padding in paddings {
        let mut signed = vec![0; rsa.public_modulus_len()];
        rsa.sign(padding, &random, b"m", &mut signed).expect("signed");
        assert!(key.has_signed(b"m", &signed));
        assert!(!key.has_signed(b"n", &signed));
    }
}

fn jwk_and_back(key: &PublicKey) -> PublicKey {
    PublicKey::from_text(&serde_json::to_string(&key.to_jwk()).expect("JSON")).expect("a key")
}

#[test]
fn what_is_no_key_that_can_be_used_is_refused_with_the_reason() {
    let secp256k1 = "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEiCt+RJRXOqjJFPq4vx/vS+CMCFLX9xAz\n\
                     AeHtErTF9BrjGyzOm2kDVgCyrIOHmZzAivv0FM8WwlAUKWcuSU2j7g==";
    let short = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgnEtbmuyHflUxkGaFyaSBnLQv\n\
                 UIu1U2j2qWYPXuG09XBIuUptdwZlh7yE/dSyOD9cBylnUCjfps0N1Kh5odeItqIu\n\
                 Eog7lVYbGT1DU0uy/ZjrWGmlLLCSYxr4RuCm5EHXj0mjB3Rc3L8G4S1ViC7bjEA2\n\
                 k7vGilQNolQRYqpCyQIDAQAB";
    let public = |body: &str| format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");
    let cases = [
        ("nothing", String::new()),
        ("no base64", public("????")),
        ("no key", public("AAAA")),
        ("cut off", key().public().to_pem().replace("-----END PUBLIC KEY-----", "")),
        ("a private key", key().to_pem().expect("written")),
        ("secp256k1", public(secp256k1)),
        ("RSA with 1024 bits", public(short)),
        ("a broken length", key().public().to_pem().replace("MCowBQYDK2VwAyEA", "MCowBQYDK2VwAyIA")),
        ("no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".to_owned()),
        ("a private JWK", r#"{"kty":"OKP","crv":"Ed25519","x":"","d":"AA"}"#.to_owned()),
        ("P-521 as JWK", r#"{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}"#.to_owned()),
        ("a symmetric JWK", r#"{"kty":"oct","k":"AA"}"#.to_owned()),
        ("half a point", r#"{"kty":"EC","crv":"P-256","x":"AA"}"#.to_owned()),
        ("a short point", r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#.to_owned()),
        ("a point off the curve", format!(r#"{{"kty":"EC","crv":"P-256","x":"{0}","y":"{0}"}}"#, "A".repeat(43))),
    ];
    let refused = cases.map(|(case, text)| format!("{case}: {}", PublicKey::from_text(&text).expect_err(case)));
    insta::assert_snapshot!(refused.join("\n"));
}
