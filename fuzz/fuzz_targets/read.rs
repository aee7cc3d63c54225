//! Any bytes go in, as whatever format recognises them and as every format by name; an error may come out, a panic
//! must not. Seed it with the samples:
//!
//! ```sh
//! mkdir -p fuzz/corpus/read && find crates/formats/samples -type f -exec cp --backup=numbered -t fuzz/corpus/read {} +
//! cargo +nightly fuzz run read
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _recognised = shipworthy_formats::read(bytes, None);
    for format in shipworthy_formats::FORMATS {
        let _read_by_name = shipworthy_formats::read(bytes, Some(format.name));
    }
});
