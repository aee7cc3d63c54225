//! Any bytes go in, as whatever format recognises them and as one named format, which the bytes themselves choose; an
//! error may come out, a panic, a hang or a flood of memory must not. Seed it with the samples:
//!
//! ```sh
//! mkdir -p fuzz/corpus/read && find crates/formats/samples -type f -exec cp --backup=numbered -t fuzz/corpus/read {} +
//! cargo +nightly fuzz run read -- -timeout=2 -rss_limit_mb=2048 -max_len=65536
//! ```
//!
//! The variable `SHIPWORTHY_FUZZ_FORMATS` narrows this to the formats whose names begin with one of its words, separated by
//! commas: a family at a time, read by name alone, which is many times faster.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shipworthy_formats::{FORMATS, Format};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

static FAMILY: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("SHIPWORTHY_FUZZ_FORMATS").ok());

static NAMED: LazyLock<Vec<&'static Format>> = LazyLock::new(|| {
    let family = FAMILY.as_deref().unwrap_or_default();
    let is_of_family = |format: &Format| family.split(',').any(|word| format.name.starts_with(word));
    FORMATS.iter().copied().filter(|format| is_of_family(format)).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let recognised = FAMILY.is_none().then(|| shipworthy_formats::read(bytes, None));
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let format = NAMED[usize::try_from(hasher.finish() % NAMED.len() as u64).expect("it is small")];
    let named = shipworthy_formats::read(bytes, Some(format.name));
    for reading in recognised.into_iter().chain([named]).flatten() {
        // What was understood can be written down, and what is said of it has a place.
        let report = serde_json::to_string(&reading.report).expect("a report is JSON");
        assert!(report.len() <= 20 * bytes.len() + (64 << 20));
    }
});
