//! Documents that come packed: one in gzip or zstd, many in an archive.

use insta::assert_snapshot;
use shipworthy_formats::read;
use std::io::{Cursor, Write as _};

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a file can be begun");
        zip.write_all(bytes).expect("memory can be written to");
    }
    zip.finish().expect("an archive can be ended").into_inner()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).expect("memory can be written to");
    }
    tar.into_inner().expect("an archive can be ended")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(bytes).expect("memory can be written to");
    gzip.finish().expect("a stream can be ended")
}

fn told(bytes: &[u8]) -> String {
    match read(bytes, None) {
        Ok(reading) => {
            let report = serde_json::to_string(&reading.report).expect("a report is JSON");
            format!("{}: {report}", reading.format.name)
        }
        Err(error) => error.to_string(),
    }
}

const CART: &[u8] = b"<testsuite name='cart'><testcase name='a'/><testcase name='b'><failure/></testcase></testsuite>";
const TILL: &[u8] = b"<testsuite name='till' time='1.5'><testcase name='c'/></testsuite>";
const COVERAGE: &[u8] = b"<coverage line-rate='0.5' lines-covered='5' lines-valid='10'/>";

#[test]
fn the_documents_of_an_archive_are_one_report() {
    let files: &[(&str, &[u8])] = &[("reports/cart.xml", CART), ("reports/till.xml", TILL), ("index.html", b"hello")];
    let by_zip = told(&zip(files));
    assert_snapshot!(by_zip, @r#"junit: {"tests":{"total":3,"passed":2,"failed":1,"errors":0,"skipped":0,"suites":2,"duration_seconds":1.5,"failures":[{"suite":"cart","name":"b"}]},"warnings":[{"at":"index.html","message":"left out: this is neither JSON nor XML"}]}"#);
    assert_eq!(told(&tar(files)), by_zip);
    assert_eq!(told(&gzip(&tar(files))), by_zip);
}

#[test]
fn of_an_archive_what_has_the_named_format_is_read() {
    let archive = zip(&[("a.xml", CART), ("coverage.xml", COVERAGE), ("b.xml", TILL)]);
    let named = |format: &str| match read(&archive, Some(format)) {
        Ok(reading) => {
            let tests = reading.report.tests.map_or(0, |tests| tests.total);
            format!("{}: {tests} tests, {:?}", reading.format.name, reading.report.warnings)
        }
        Err(error) => error.to_string(),
    };
    assert_snapshot!(named("junit"), @r#"junit: 3 tests, [Warning { at: "coverage.xml", message: "left out: it is of the format `cobertura`" }]"#);
    assert_snapshot!(named("sarif"), @"`a.xml` in the archive: not a well-formed JSON document: expected value, at line 1 column 1");
}

#[test]
fn an_archive_of_different_things_or_of_nothing_is_refused() {
    assert_snapshot!(told(&zip(&[("a.xml", CART), ("b.xml", COVERAGE)])), @r"
    expected documents of one format in the archive, found `junit` and, in `b.xml`, `cobertura`
    hint: send them one by one
    ");
    assert_snapshot!(told(&zip(&[("index.html", b"hello"), ("style.css", b"a {}")])), @"none of the 2 documents in the archive is recognised by a format");
    assert_snapshot!(told(&zip(&[])), @r"
    this is neither JSON nor XML, which no format recognises
    hint: name the format if it is one of those that `shipworthy format list` shows
    ");
    assert_snapshot!(told(&zip(&[("a.xml", b"<testsuite><testcase")])), @"`a.xml` in the archive: not a well-formed XML document: syntax error: tag not closed: `>` not found before end of input, at line 1 column 12");
    let mut cut_off = zip(&[("a.xml", CART)]);
    cut_off.truncate(60);
    assert_snapshot!(told(&cut_off), @"it begins like zip and cannot be unpacked: invalid Zip archive: Could not find EOCD");
}

#[test]
fn an_archive_cannot_hide_a_bomb() {
    let zeros = vec![b' '; 3 * 1024 * 1024];
    assert_snapshot!(told(&zip(&[("a.xml", &zeros)])), @r"
    3066 bytes unpack to more than 200 times as many
    hint: send the documents uncompressed
    ");
    let many: Vec<(String, &[u8])> = (0..10_001).map(|n| (format!("{n}.xml"), TILL)).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_snapshot!(told(&zip(&many)), @"10001 files are more than the 10000 that are read of one archive");
}
