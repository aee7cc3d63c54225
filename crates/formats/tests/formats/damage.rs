//! Damaged documents: cut off anywhere and with bits flipped, they are read or refused, never a panic.

use crate::samples::{self, Sample};

/// Positions looked at in each sample.
const ROUNDS: usize = 20;

#[test]
fn a_cut_off_sample_is_read_or_refused() {
    for Sample { format, bytes, .. } in samples::all() {
        for round in 0..ROUNDS {
            let length = bytes.len() * round / ROUNDS;
            // The outcome is either; that there is one is the promise.
            let _ = shipworthy_formats::read(&bytes[..length], None);
            let _ = shipworthy_formats::read(&bytes[..length], Some(&format));
        }
    }
}

#[test]
fn a_sample_with_flipped_bits_is_read_or_refused() {
    for Sample { format, bytes, .. } in samples::all() {
        let mut chance = Chance(0x5bd1_e995);
        for _ in 0..ROUNDS {
            let mut damaged = bytes.clone();
            for _ in 0..=chance.below(4) {
                let position = chance.below(damaged.len());
                damaged[position] ^= 1 << chance.below(8);
            }
            let _ = shipworthy_formats::read(&damaged, Some(&format));
        }
    }
}

/// The bytes of a sample go to formats that they are not meant for. Every sample to every format would be a hundred thousand
/// readings; each sample goes to some of the formats, which are others for the next sample.
#[test]
fn formats_read_or_refuse_the_samples_of_others() {
    const PARTS: usize = 16;
    for (number, Sample { bytes, .. }) in samples::all().into_iter().enumerate() {
        let formats = shipworthy_formats::FORMATS.iter().enumerate();
        for (_, format) in formats.filter(|(index, _)| index % PARTS == number % PARTS) {
            let _ = shipworthy_formats::read(&bytes, Some(format.name));
        }
    }
}

/// Numbers that look random and are the same in every run (xorshift).
struct Chance(u32);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as usize % limit.max(1)
    }
}
