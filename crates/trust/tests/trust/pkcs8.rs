//! Private keys under a passphrase: what `openssl` writes is read, and nothing but the right passphrase opens it.

use shipworthy_trust::pkcs8::{Chance, decrypt, encrypt, is_encrypted};
use shipworthy_trust::{PublicKey, SigningKey};

/// Written by `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256` (OpenSSL 3.0).
const OF_OPENSSL: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiexU9baTUuRgICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOzXxr5t7oMvwYVPAUSbC84EQJ1/
8+JcsCgiSheC5UV3UQ6+KdmSgTPMtHu7TfONLPihaQ+adxTAmJmUvmEMqHKG9n2x
COLPsz3DS8Z/QiYUKyc=
-----END ENCRYPTED PRIVATE KEY-----
";
const ITS_PUBLIC_HALF: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAQAJXrGXaPqvOmsmK+m0a3fwIwL9JhrXFFGMyMXWGEo8=
-----END PUBLIC KEY-----
";
const CHANCE: Chance = Chance { salt: [1; 16], iv: [2; 16] };

#[test]
fn a_key_that_openssl_encrypted_opens() {
    let plain = decrypt(OF_OPENSSL, "correct horse").expect("the passphrase is right");
    let key = SigningKey::from_pem(&plain).expect("a key");
    assert_eq!(key.public(), PublicKey::from_pem(ITS_PUBLIC_HALF).expect("a key"));
}

#[test]
fn a_key_opens_with_the_passphrase_it_was_encrypted_under() {
    let plain = SigningKey::from_seed(&[5; 32]).expect("a key").to_pem().expect("PEM");
    let encrypted = encrypt(&plain, "correct horse", CHANCE).expect("encrypted");
    assert!(is_encrypted(&encrypted) && !is_encrypted(&plain));
    assert_eq!(*decrypt(&encrypted, "correct horse").expect("opened"), plain);
    let other = Chance { iv: [3; 16], ..CHANCE };
    assert_ne!(encrypt(&plain, "correct horse", other).expect("encrypted"), encrypted);
}

/// With 300 wrong passphrases some leave a padding that looks right.
#[test]
fn no_other_passphrase_opens_it() {
    for number in 0..300 {
        let error = decrypt(OF_OPENSSL, &format!("wrong {number}")).expect_err("it is wrong").to_string();
        assert_eq!(error, "the key cannot be used: the passphrase does not open it");
    }
}

#[test]
fn what_is_no_encrypted_key_is_refused_with_what_was_expected() {
    let plain = SigningKey::from_seed(&[5; 32]).expect("a key").to_pem().expect("PEM");
    let wrapped = |base64: &str| {
        format!("-----BEGIN ENCRYPTED PRIVATE KEY-----\n{base64}\n-----END ENCRYPTED PRIVATE KEY-----\n")
    };
    // The prefix of a key under PBES1, and a sequence that promises more than there is.
    let texts = [plain, wrapped("MBwGCiqGSIb3DQEMAQMwDgQIAAAAAAAAAAACAggA"), wrapped("MIIQAA=="), wrapped("")];
    let said: Vec<String> = texts.iter().map(|text| decrypt(text, "x").expect_err("none").to_string()).collect();
    let form = "the key cannot be used: expected PBES2 with PBKDF2, HMAC-SHA-256 and AES-256-CBC, as `openssl pkcs8 \
                -topk8` writes it";
    let pem = "the key cannot be used: expected PEM with a `BEGIN` and an `END` line of the right kind";
    assert_eq!(said, [pem, form, form, form]);
}

/// That it became another key is seen where its public half is compared; here it must not panic.
#[test]
fn a_damaged_key_is_refused_or_another_one() {
    for at in OF_OPENSSL.find("\nM").expect("base64")..OF_OPENSSL.rfind("=\n").expect("an end") {
        let mut damaged = OF_OPENSSL.to_owned().into_bytes();
        damaged[at] = if damaged[at] == b'A' { b'B' } else { b'A' };
        let text = String::from_utf8(damaged).expect("ASCII");
        let Ok(plain) = decrypt(&text, "correct horse") else { continue };
        let Ok(key) = SigningKey::from_pem(&plain) else { continue };
        assert_ne!(key.public().to_pem(), ITS_PUBLIC_HALF, "changed at {at}");
    }
}
