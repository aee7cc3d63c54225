//! A format is one file, one folder of samples and one line in the list, all of one name.

use std::collections::BTreeMap;

use crate::tidy::house::House;

const SOURCES: &str = "crates/formats/src/";
const SAMPLES: &str = "crates/formats/samples/";
const LIST: &str = "crates/formats/src/lib.rs";

pub(crate) fn are_whole(house: &House) -> Vec<String> {
    let formats = formats(house);
    let list = house.files.get(LIST).map_or("", String::as_str);
    let mut complaints = Vec::new();
    for (name, file) in &formats {
        let module = name.replace('-', "_");
        if *file != format!("{SOURCES}{module}.rs") {
            complaints.push(format!("{file} is the format `{name}`\n        hint: call it {SOURCES}{module}.rs"));
        }
        if !list.lines().any(|line| line.trim() == module) {
            complaints.push(format!("the format `{name}` has no line in `formats!` of {LIST}"));
        }
        if !house.has(&format!("{SAMPLES}{name}")) {
            complaints.push(format!("the format `{name}` has no sample\n        hint: put one into {SAMPLES}{name}"));
        }
    }
    let samples = house.files.keys().filter_map(|file| file.strip_prefix(SAMPLES)?.split_once('/'));
    for (folder, file) in samples.filter(|(folder, _)| !formats.contains_key(folder)) {
        complaints.push(format!("{SAMPLES}{folder}/{file} is a sample of no format"));
    }
    complaints
}

/// Name to file, of every format that is declared.
fn formats(house: &House) -> BTreeMap<&str, &str> {
    let files = house.files.iter().filter(|(file, _)| file.starts_with(SOURCES));
    files.filter_map(|(file, text)| Some((declared_name(text)?, file.as_str()))).collect()
}

fn declared_name(text: &str) -> Option<&str> {
    let (_, declaration) = text.split_once("FORMAT: Format = Format {")?;
    let (_, name) = declaration.split_once("name: \"")?;
    name.split_once('"').map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JUNIT: &str = "pub(crate) static FORMAT: Format = Format {\n    name: \"junit-xml\",\n};\n";

    #[test]
    fn a_format_with_file_sample_and_line_is_whole() {
        let house = House::of(&[
            ("crates/formats/src/lib.rs", "formats! {\n    junit_xml\n}"),
            ("crates/formats/src/junit_xml.rs", JUNIT),
            ("crates/formats/samples/junit-xml/surefire.xml", "<testsuite/>"),
        ]);
        assert_eq!(are_whole(&house), [""; 0]);
    }

    #[test]
    fn a_format_without_sample_and_line_is_named_twice() {
        let house = House::of(&[("crates/formats/src/junit_xml.rs", JUNIT)]);
        let complaints = are_whole(&house);
        assert_eq!(complaints.len(), 2);
        assert!(complaints[0].contains("no line in `formats!`"));
        assert!(complaints[1].contains("no sample"));
    }

    #[test]
    fn a_sample_without_format_is_named() {
        let house = House::of(&[("crates/formats/samples/tap/a.tap", "1..0")]);
        assert_eq!(are_whole(&house), ["crates/formats/samples/tap/a.tap is a sample of no format"]);
    }

    #[test]
    fn a_file_carries_the_name_of_its_format() {
        let house = House::of(&[
            ("crates/formats/src/lib.rs", "formats! {\n    junit_xml\n}"),
            ("crates/formats/src/xml.rs", JUNIT),
            ("crates/formats/samples/junit-xml/a.xml", ""),
        ]);
        assert!(are_whole(&house)[0].starts_with("crates/formats/src/xml.rs is the format `junit-xml`"));
    }
}
