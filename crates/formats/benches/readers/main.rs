//! How fast documents are read: `cargo bench -p shipworthy-formats`. Beside each reader stands what `serde_json`, or the
//! XML reader alone, needs for the same document, so that ratios can be quoted. The documents are made here, always the
//! same.

mod documents;
mod large;
mod typed;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use std::sync::LazyLock;

/// A document with the name of its format.
struct Sample {
    format: &'static str,
    text: String,
}

/// A megabyte, in bytes.
const MEGABYTE: usize = 1_000_000;

static GRYPE: LazyLock<Sample> =
    LazyLock::new(|| Sample { format: "grype", text: documents::grype(38 * MEGABYTE / 10) });
static SARIF: LazyLock<Sample> = LazyLock::new(|| Sample { format: "sarif", text: large::sarif(175 * MEGABYTE / 100) });
static CYCLONEDX: LazyLock<Sample> =
    LazyLock::new(|| Sample { format: "cyclonedx-json", text: large::cyclonedx(25 * MEGABYTE / 10) });
static CYCLONEDX_XML: LazyLock<Sample> =
    LazyLock::new(|| Sample { format: "cyclonedx-xml", text: documents::cyclonedx_xml(MEGABYTE) });
static SPDX: LazyLock<Sample> = LazyLock::new(|| Sample { format: "spdx-json", text: documents::spdx(MEGABYTE) });
static TRIVY: LazyLock<Sample> = LazyLock::new(|| Sample { format: "trivy", text: documents::trivy(2 * MEGABYTE) });
static JUNIT: LazyLock<Sample> = LazyLock::new(|| Sample { format: "junit", text: documents::junit(MEGABYTE) });

fn main() {
    divan::main();
}

/// A whole document becomes a report.
mod read {
    use super::*;

    #[divan::bench]
    fn grype(bencher: Bencher<'_, '_>) {
        reading(bencher, &GRYPE);
    }

    #[divan::bench]
    fn sarif(bencher: Bencher<'_, '_>) {
        reading(bencher, &SARIF);
    }

    #[divan::bench]
    fn cyclonedx_json(bencher: Bencher<'_, '_>) {
        reading(bencher, &CYCLONEDX);
    }

    #[divan::bench]
    fn cyclonedx_xml(bencher: Bencher<'_, '_>) {
        reading(bencher, &CYCLONEDX_XML);
    }

    #[divan::bench]
    fn spdx_json(bencher: Bencher<'_, '_>) {
        reading(bencher, &SPDX);
    }

    #[divan::bench]
    fn trivy(bencher: Bencher<'_, '_>) {
        reading(bencher, &TRIVY);
    }

    #[divan::bench]
    fn junit(bencher: Bencher<'_, '_>) {
        reading(bencher, &JUNIT);
    }

    fn reading(bencher: Bencher<'_, '_>, sample: &Sample) {
        let bytes = sample.text.as_bytes();
        let reading = shipworthy_formats::read(bytes, None).expect("the document is of a format");
        assert_eq!(reading.format.name, sample.format);
        let read = || shipworthy_formats::read(black_box(bytes), None);
        bencher.counter(BytesCount::of_slice(bytes)).bench_local(read);
    }
}

/// The same documents by `serde_json` into structs that name the same members, and by the XML reader alone.
mod baseline {
    use super::*;
    use serde::Deserialize;

    #[divan::bench]
    fn grype(bencher: Bencher<'_, '_>) {
        parsing::<typed::Grype>(bencher, &GRYPE);
    }

    #[divan::bench]
    fn sarif(bencher: Bencher<'_, '_>) {
        parsing::<typed::Sarif>(bencher, &SARIF);
    }

    #[divan::bench]
    fn cyclonedx_json(bencher: Bencher<'_, '_>) {
        parsing::<typed::CycloneDx>(bencher, &CYCLONEDX);
    }

    #[divan::bench]
    fn cyclonedx_xml(bencher: Bencher<'_, '_>) {
        events(bencher, &CYCLONEDX_XML);
    }

    #[divan::bench]
    fn spdx_json(bencher: Bencher<'_, '_>) {
        parsing::<typed::Spdx>(bencher, &SPDX);
    }

    #[divan::bench]
    fn trivy(bencher: Bencher<'_, '_>) {
        parsing::<typed::Trivy>(bencher, &TRIVY);
    }

    #[divan::bench]
    fn junit(bencher: Bencher<'_, '_>) {
        events(bencher, &JUNIT);
    }

    fn parsing<'a, T: Deserialize<'a>>(bencher: Bencher<'_, '_>, sample: &'a Sample) {
        let parse = || serde_json::from_str::<T>(black_box(&sample.text)).expect("the document has these members");
        bencher.counter(BytesCount::of_str(&sample.text)).bench_local(parse);
    }

    fn events(bencher: Bencher<'_, '_>, sample: &Sample) {
        let read = || typed::elements(black_box(&sample.text));
        bencher.counter(BytesCount::of_str(&sample.text)).bench_local(read);
    }
}

/// Which format a document has, whatever its size.
mod recognise {
    use super::*;

    #[divan::bench]
    fn cyclonedx_json(bencher: Bencher<'_, '_>) {
        recognising(bencher, CYCLONEDX.text.as_bytes());
    }

    #[divan::bench]
    fn sarif(bencher: Bencher<'_, '_>) {
        recognising(bencher, SARIF.text.as_bytes());
    }

    #[divan::bench]
    fn cyclonedx_xml(bencher: Bencher<'_, '_>) {
        recognising(bencher, CYCLONEDX_XML.text.as_bytes());
    }

    #[divan::bench]
    fn nothing_in_a_long_first_line(bencher: Bencher<'_, '_>) {
        recognising(bencher, documents::wide_table().as_bytes());
    }

    #[divan::bench]
    fn jmeter_csv(bencher: Bencher<'_, '_>) {
        recognising(bencher, documents::jmeter().as_bytes());
    }

    fn recognising(bencher: Bencher<'_, '_>, bytes: &[u8]) {
        bencher.bench_local(|| shipworthy_formats::recognise(black_box(bytes)).map(|format| format.name));
    }
}
