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

/// The same bytes go to every format, whether they are meant for it or not.
#[test]
fn every_format_reads_or_refuses_the_samples_of_all_others() {
    for Sample { bytes, .. } in samples::all() {
        for format in shipworthy_formats::FORMATS {
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
