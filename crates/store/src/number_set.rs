//! A set of numbers in few bytes, which grows at its end: each number as its distance from the one before, seven bits to a byte,
//! the low ones first, with the high bit where more follow. A thousand of 200,000 take one and a half bytes each; what else
//! was measured is in `docs/adr/0008-inventories-are-sets-of-numbers.md`.

use crate::StoreError;

/// Ascending numbers, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberSet {
    last: Option<u32>,
    bytes: Vec<u8>,
}

impl NumberSet {
    /// Adds a number at the end. One that is not greater than the last is there already, or is left out.
    pub fn push(&mut self, number: u32) {
        let Some(mut distance) = number.checked_sub(self.last.unwrap_or_default()) else { return };
        if self.last == Some(number) {
            return;
        }
        self.last = Some(number);
        while distance >= 0x80 {
            self.bytes.push(distance.to_le_bytes()[0] | 0x80);
            distance >>= 7;
        }
        self.bytes.push(distance.to_le_bytes()[0]);
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let (mut number, mut distance, mut shift) = (0_u32, 0_u32, 0);
        self.bytes.iter().filter_map(move |byte| {
            distance |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 != 0 {
                shift += 7;
                return None;
            }
            number += distance;
            (distance, shift) = (0, 0);
            Some(number)
        })
    }

    /// The bytes to be kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The set that has these bytes.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when they are not those of a set.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, StoreError> {
        let broken = || StoreError::Corrupt("a set of numbers ends early or holds what is no number".to_owned());
        let (mut last, mut distance, mut shift) = (None, 0_u64, 0);
        for byte in &bytes {
            distance |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                let number = u64::from(last.unwrap_or_default()) + distance;
                last = Some(u32::try_from(number).map_err(|_| broken())?);
                (distance, shift) = (0, 0);
            } else if shift > 28 {
                return Err(broken());
            }
        }
        if shift == 0 { Ok(Self { last, bytes }) } else { Err(broken()) }
    }
}

impl FromIterator<u32> for NumberSet {
    /// The set of numbers that come in ascending order.
    fn from_iter<N: IntoIterator<Item = u32>>(numbers: N) -> Self {
        let mut set = Self::default();
        numbers.into_iter().for_each(|number| set.push(number));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::NumberSet;

    #[test]
    fn a_set_comes_back_as_it_was() {
        for numbers in [vec![], vec![0], vec![1, 2, 3], vec![5, 127, 128, 300, 16_384, 200_000, u32::MAX]] {
            let set: NumberSet = numbers.iter().copied().collect();
            let back = NumberSet::from_bytes(set.as_bytes().to_vec()).expect("a set");
            assert_eq!(back, set);
            assert_eq!(back.iter().collect::<Vec<_>>(), numbers);
        }
    }

    #[test]
    fn what_is_no_set_is_refused() {
        for bytes in [&[0x80][..], &[0xff, 0xff, 0xff, 0xff, 0x7f], &[0xff, 0xff, 0xff, 0xff, 0x0f, 1]] {
            assert!(NumberSet::from_bytes(bytes.to_vec()).is_err(), "{bytes:?}");
        }
    }
}
