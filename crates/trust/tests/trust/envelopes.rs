//! Envelopes made and opened.

use shipworthy_trust::SigningKey;
use shipworthy_trust::dsse::{self, Envelope, VerifyError};

fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(&[n; 32]).expect("a key")
}

fn envelope() -> Envelope {
    dsse::sign("http://example.com/HelloWorld", b"hello world", &key(1))
}

#[test]
fn what_is_signed_is_what_the_protocol_says() {
    // The example of the protocol's own page.
    let expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world";
    assert_eq!(dsse::pae("http://example.com/HelloWorld", b"hello world"), expected);
    // Lengths count bytes, not characters.
    assert_eq!(dsse::pae("t", "é".as_bytes()), "DSSEv1 1 t 2 é".as_bytes());
}

#[test]
fn an_envelope_opens_for_the_key_that_signed_it_and_no_other() {
    let keys = [key(2).public(), key(1).public()];
    assert_eq!(dsse::open(&envelope(), "http://example.com/HelloWorld", &keys), Ok(b"hello world".to_vec()));
    let other = dsse::open(&envelope(), "http://example.com/HelloWorld", &[key(2).public()]);
    assert_eq!(other, Err(VerifyError::NotSigned { signatures: 1, keys: 1 }));
    assert_eq!(dsse::open(&envelope(), "text/plain", &keys), Err(VerifyError::OtherPayload));
}

#[test]
fn a_changed_byte_a_moved_byte_and_a_forged_key_id_are_refused() {
    let keys = [key(1).public()];
    let type_name = "http://example.com/HelloWorld";
    let changed = Envelope { payload: "aGVsbG8gd29ybGU=".to_owned(), ..envelope() };
    let none = Envelope { signatures: Vec::new(), ..envelope() };
    let damaged = Envelope { payload: "%".to_owned(), ..envelope() };
    let mut forged = dsse::sign(type_name, b"hello world", &key(2));
    forged.signatures[0].keyid = Some(key(1).public().id());
    assert_eq!(dsse::open(&changed, type_name, &keys), Err(VerifyError::NotSigned { signatures: 1, keys: 1 }));
    assert_eq!(dsse::open(&none, type_name, &keys), Err(VerifyError::NotSigned { signatures: 0, keys: 1 }));
    assert_eq!(dsse::open(&damaged, type_name, &keys), Err(VerifyError::Damaged("payload")));
    assert_eq!(dsse::open(&forged, type_name, &keys), Err(VerifyError::NotSigned { signatures: 1, keys: 1 }));
}

#[test]
fn url_safe_base64_is_read_as_well() {
    let signed = dsse::sign("t", &[0xff, 0xfe, 0xfd], &key(1));
    let url_safe = Envelope { payload: signed.payload.replace('/', "_").replace('+', "-"), ..signed.clone() };
    assert_ne!(signed.payload, url_safe.payload);
    assert_eq!(dsse::open(&url_safe, "t", &[key(1).public()]), Ok(vec![0xff, 0xfe, 0xfd]));
}

#[test]
fn a_threshold_counts_keys_and_not_signatures() {
    let type_name = "http://example.com/HelloWorld";
    let mut signed = envelope();
    signed.signatures.push(signed.signatures[0].clone());
    let keys = [key(1).public(), key(1).public(), key(2).public()];
    assert_eq!(dsse::open_by(&signed, type_name, &keys, 2), Err(VerifyError::TooFew { keys: 1, threshold: 2 }));
    signed.signatures.extend(dsse::sign(type_name, b"hello world", &key(2)).signatures);
    assert_eq!(dsse::open_by(&signed, type_name, &keys, 2), Ok(b"hello world".to_vec()));
    let stranger = dsse::open_by(&signed, type_name, &[key(3).public()], 0);
    assert_eq!(stranger, Err(VerifyError::NotSigned { signatures: 3, keys: 1 }));
}
