//! How much memory the largest documents take that are read in one pass: `cargo bench -p shipworthy-formats --bench memory`.
//! The row `max alloc` of a reader stands beside that of its facts, which is the size of what was read.

#[path = "readers/large.rs"]
mod large;

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use std::sync::LazyLock;

/// Counts what each measure allocates: `max alloc` is the most memory at a time.
#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

/// How large the documents are.
const BYTES: usize = 256_000_000;

static CYCLONEDX: LazyLock<String> = LazyLock::new(|| large::cyclonedx(BYTES));
static SARIF: LazyLock<String> = LazyLock::new(|| large::sarif(BYTES));

fn main() {
    divan::main();
}

/// A whole document becomes a report.
#[divan::bench_group(sample_count = 1, sample_size = 1)]
mod read {
    use super::*;

    #[divan::bench]
    fn cyclonedx_json(bencher: Bencher<'_, '_>) {
        reading(bencher, &CYCLONEDX);
    }

    #[divan::bench]
    fn sarif(bencher: Bencher<'_, '_>) {
        reading(bencher, &SARIF);
    }

    fn reading(bencher: Bencher<'_, '_>, text: &str) {
        let read = || shipworthy_formats::read(black_box(text.as_bytes()), None).expect("the document is of a format");
        bencher.counter(BytesCount::of_str(text)).bench_local(read);
    }
}

/// A copy of what was read.
#[divan::bench_group(sample_count = 1, sample_size = 1)]
mod facts {
    use super::*;

    #[divan::bench]
    fn cyclonedx_json(bencher: Bencher<'_, '_>) {
        copying(bencher, &CYCLONEDX);
    }

    #[divan::bench]
    fn sarif(bencher: Bencher<'_, '_>) {
        copying(bencher, &SARIF);
    }

    fn copying(bencher: Bencher<'_, '_>, text: &str) {
        let reading = shipworthy_formats::read(text.as_bytes(), None).expect("the document is of a format");
        bencher.bench_local(|| reading.report.clone());
    }
}
