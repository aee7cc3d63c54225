//! Signed notes and the checkpoints in them, good ones and bad ones.

use shipworthy_trust::SigningKey;
use shipworthy_trust::checkpoint::{Checkpoint, CheckpointError};
use shipworthy_trust::note::{self, NoteError, NoteKey};

/// The key and the note of the signed note specification's reference implementation (`golang.org/x/mod/sumdb/note`).
const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32]).expect("a key")
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: "shipworthy.test/audit".to_owned(), size: 42, root: [3; 32] }
}

fn note_key() -> NoteKey {
    NoteKey::of("shipworthy.test/audit", &key().public()).expect("a name")
}

#[test]
fn the_reference_note_is_believed() {
    let key: NoteKey = GO_KEY.parse().expect("a key");
    assert_eq!(key.to_string(), GO_KEY);
    let text = note::open(GO_NOTE, &[key]).expect("believed");
    assert!(text.ends_with("what your problem is.\n"), "{text}");
}

#[test]
fn a_checkpoint_is_read_as_it_was_signed() {
    let note = checkpoint().sign(&key()).expect("signed");
    assert_eq!(
        note,
        "shipworthy.test/audit\n42\nAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\n\n\u{2014} shipworthy.test/audit \
         "
        .to_owned()
            + note.rsplit(' ').next().expect("a signature")
    );
    assert_eq!(Checkpoint::open(&note, &[note_key()]), Ok(checkpoint()));
    let round_trip: NoteKey = note_key().to_string().parse().expect("a key");
    assert_eq!(round_trip, note_key());
}

#[test]
fn signatures_of_sixteen_strangers_say_nothing() {
    let mut note = checkpoint().sign(&key()).expect("signed");
    for stranger in 0..16 {
        let other = SigningKey::from_seed(&[100 + stranger; 32]).expect("a key");
        let signed =
            note::sign(&checkpoint().to_string(), &format!("witness.test/{stranger}"), &other).expect("signed");
        note.push_str(signed.split_once("\n\n").expect("two parts").1);
    }
    assert_eq!(Checkpoint::open(&note, &[note_key()]), Ok(checkpoint()));
    let stranger = NoteKey::of("nobody.test", &key().public()).expect("a name");
    assert_eq!(note::open(&note, &[stranger]), Err(NoteError::NotSigned { signatures: 17 }));
}

#[test]
fn a_known_key_that_did_not_sign_rejects_whatever_else_is_there() {
    let good = checkpoint().sign(&key()).expect("signed");
    let forged = good.replacen("42", "43", 1);
    let expected = NoteError::WrongSignature("shipworthy.test/audit".to_owned());
    assert_eq!(Checkpoint::open(&forged, &[note_key()]), Err(CheckpointError::Note(expected.clone())));
    // A good signature of another known key beside it does not help.
    let other = SigningKey::from_seed(&[9; 32]).expect("a key");
    let text = forged.split_once("\n\n").expect("two parts").0.to_owned() + "\n";
    let witnessed = note::sign(&text, "witness.test", &other).expect("signed");
    let both = forged + witnessed.split_once("\n\n").expect("two parts").1;
    let keys = [NoteKey::of("witness.test", &other.public()).expect("a name"), note_key()];
    assert_eq!(note::open(&both, &keys), Err(expected));
}

#[test]
fn every_flipped_bit_of_a_checkpoint_is_noticed() {
    let good = checkpoint().sign(&key()).expect("signed");
    for place in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            let Ok(bad) = String::from_utf8(bytes) else { continue };
            assert!(Checkpoint::open(&bad, &[note_key()]).is_err(), "byte {place}, bit {bit}: {bad}");
        }
    }
}

#[test]
fn what_is_no_note_says_why() {
    let said = |note: &str| Checkpoint::open(note, &[note_key()]).expect_err("refused").to_string();
    assert_eq!(said(""), "it is no signed note: there is no blank line between text and signatures");
    assert_eq!(said("a\r\n\n\u{2014} a AAAAAAA=\n"), "it is no signed note: it has control characters");
    assert_eq!(said("a\n\nb\n"), "it is no signed note: a line below the text is no signature");
    assert_eq!(said("a\n\n\u{2014} a AAAAAAA="), "it is no signed note: its last line breaks off");
    let other = note::sign(
        "other.test/log\n1\nAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\n",
        "shipworthy.test/audit",
        &key(),
    );
    assert_eq!(said(&other.expect("signed")), "it is of the log `other.test/log`, not of `shipworthy.test/audit`");
    for text in
        ["name\n01\nAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\n", "name\n1\nAwM=\n", "name\n1\n", "\n1\nAw\n"]
    {
        assert_eq!(Checkpoint::read(text), Err(CheckpointError::Damaged), "{text}");
    }
    for wrong in
        ["", "a", "a+b", "a b+00000000+AQ==", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]
    {
        assert!(wrong.parse::<NoteKey>().is_err(), "{wrong}");
    }
}
