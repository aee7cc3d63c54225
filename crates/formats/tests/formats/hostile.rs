//! Documents that are broken, cut off or made to confuse: each is refused, or read as far as it can be, with a sentence
//! that says what was expected and where it broke. No reader opens a socket or a file: the crate has nothing to do it with.

use insta::assert_snapshot;
use shipworthy_formats::read;

/// What a sender is told: the error, or what was read with every warning.
fn told(bytes: impl AsRef<[u8]>, format: Option<&str>) -> String {
    let reading = match read(bytes.as_ref(), format) {
        Ok(reading) => reading,
        // The list of formats in the hint is not what this is about.
        Err(error) => return error.to_string().split("\nhint: ").next().unwrap_or_default().to_owned(),
    };
    let mut report = reading.report;
    let warnings = std::mem::take(&mut report.warnings);
    let mut lines = vec![serde_json::to_string(&report).expect("a report is JSON")];
    lines.extend(warnings.into_iter().map(|warning| format!("{}: {}", warning.at, warning.message)));
    lines.join("\n")
}

fn measures(measures: &str) -> String {
    told(format!(r#"{{"component": {{"key": "shopwright", "measures": [{measures}]}}}}"#), None)
}

fn suite(attributes: &str, content: &str) -> String {
    told(format!("<testsuite {attributes}>{content}</testsuite>"), None)
}

#[test]
fn what_is_cut_off_says_where_it_ends() {
    assert_snapshot!(told(r#"{"projectStatus": {"status": "OK", "condi"#, None), @"not a well-formed JSON document: expected the rest of a string, found the end of the document, at line 1 column 41");
    assert_snapshot!(told(r#"{"projectStatus": {"status": "OK"}"#, None), @"not a well-formed JSON document: expected the rest of an object, found the end of the document, at line 1 column 34");
    assert_snapshot!(told("<testsuite>\n<testcase name='a'/>\n<testca", None), @"not a well-formed XML document: syntax error: tag not closed: `>` not found before end of input, at line 3 column 1");
    assert_snapshot!(told("<testsuite>\n<testcase name='a'/>\n", None), @"not a well-formed XML document: expected the end of every element, found the end of the document, at line 3 column 1");
    assert_snapshot!(told("<testsuite><testcase name='a", None), @"not a well-formed XML document: syntax error: attribute value not closed: `'` not found before end of input, at line 1 column 12");
}

#[test]
fn what_goes_on_after_its_end_is_refused() {
    assert_snapshot!(told(r#"{"projectStatus": {"status": "OK"}} {"projectStatus": {"status": "ERROR"}}"#, None), @"this is JSON values one after another, the first with the keys `projectStatus`, which no format recognises, the nearest is `sonarqube-quality-gate`");
    assert_snapshot!(told(r#"{"projectStatus": {"status": "OK"}} {"projectStatus": {"status": "ERROR"}}"#, Some("sonarqube-quality-gate")), @"not a well-formed JSON document: expected nothing after the end of the document, found more, at line 1 column 37");
    assert_snapshot!(told(r#"{"projectStatus": {"status": "OK"}}]"#, None), @"not a well-formed JSON document: expected nothing after the end of the document, found more, at line 1 column 36");
    assert_snapshot!(told("<testsuite/>\n<testsuite/>", None), @"not a well-formed XML document: expected nothing after the end of the root, found more, at line 2 column 1");
    assert_snapshot!(told("<testsuite/> and more", None), @"not a well-formed XML document: expected nothing after the end of the root, found more, at line 1 column 13");
    assert_snapshot!(told("<testsuite/></testsuite>", None), @"not a well-formed XML document: ill-formed document: close tag `</testsuite>` does not match any open tag, at line 1 column 13");
}

#[test]
fn encodings_are_followed_where_they_are_declared_and_refused_where_they_are_not() {
    let latin_1 = b"<?xml version='1.0' encoding='ISO-8859-1'?><testsuite name='K\xFCche'><error message='zu hei\xDF'/></testsuite>";
    assert_snapshot!(told(latin_1, None), @r#"
    {"tests":{"total":1,"passed":0,"failed":0,"errors":1,"skipped":0,"suites":1,"failures":[{"suite":"Küche","name":"(the suite itself)","message":"zu heiß"}]}}
    line 1 column 69: the suite `Küche` broke outside of its cases; counted as one case in error
    "#);
    assert_snapshot!(told(b"<testsuite name='K\xFCche'/>", None), @"not a well-formed XML document: cannot decode input using UTF-8: invalid utf-8 sequence of 1 bytes from index 1, at line 1 column 1");
    assert_snapshot!(told(b"<testsuite><error>zu hei\xDF</error></testsuite>", None), @"not a well-formed XML document: cannot decode input using UTF-8: incomplete utf-8 byte sequence from index 6, at line 1 column 19");
    assert_snapshot!(told(b"{\"component\": {\"key\": \"K\xFCche\", \"measures\": []}}", None), @"not a well-formed JSON document: invalid unicode code point, at line 1 column 25");
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let text =
        "\u{feff}<?xml version='1.0' encoding='UTF-16'?><testsuite name='Küche'><testcase name='🍲'/></testsuite>";
    assert_snapshot!(told(utf_16(text), None), @r#"{"tests":{"total":1,"passed":1,"failed":0,"errors":0,"skipped":0,"suites":1}}"#);
    let mut odd = utf_16(text);
    odd.pop();
    assert_snapshot!(told(odd, None), @"not a well-formed UTF-16 document: expected whole pairs of bytes and paired surrogates, at its end");
    assert_snapshot!(told(utf_16("<testsuite/>"), None), @"this is neither JSON nor XML, which no format recognises");
}

#[test]
fn nesting_is_read_up_to_the_limit_and_refused_beyond() {
    let objects =
        |depth: usize| format!(r#"{{"component": {}1{}}}"#, r#"{"measures":"#.repeat(depth), "}".repeat(depth));
    assert_snapshot!(told(objects(200), None), @"nested deeper than 127 levels, at line 1 column 1527; documents of tools are not, so it is not read any further");
    assert_snapshot!(told(objects(100_000), None), @"nested deeper than 127 levels, at line 1 column 1527; documents of tools are not, so it is not read any further");
    assert_snapshot!(told(objects(100_000), Some("sonarqube-measures")), @"nested deeper than 127 levels, at line 1 column 1527; documents of tools are not, so it is not read any further");
    let suites =
        |depth: usize| format!("{}<testcase name='a'/>{}", "<testsuite>".repeat(depth), "</testsuite>".repeat(depth));
    assert_snapshot!(told(suites(200), None), @r#"{"tests":{"total":1,"passed":1,"failed":0,"errors":0,"skipped":0,"suites":1}}"#);
    assert_snapshot!(told(suites(300), None), @"nested deeper than 256 levels, at line 1 column 2817; documents of tools are not, so it is not read any further");
    assert_snapshot!(told(suites(100_000), None), @"nested deeper than 256 levels, at line 1 column 2817; documents of tools are not, so it is not read any further");
}

#[test]
fn entities_are_never_defined_expanded_or_fetched() {
    let bomb = (1..12).map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10))).collect::<String>();
    let bomb = format!("<!DOCTYPE testsuite [<!ENTITY l0 'ha'>{bomb}]><testsuite name='&l11;'/>");
    assert_snapshot!(told(bomb, None), @"not a well-formed XML document: expected no definitions in the DOCTYPE, since none is ever followed, at line 1 column 1");
    let external = "<!DOCTYPE testsuite [<!ENTITY host SYSTEM 'http://127.0.0.1:9/'>]><testsuite name='&host;'/>";
    assert_snapshot!(told(external, None), @"not a well-formed XML document: expected no definitions in the DOCTYPE, since none is ever followed, at line 1 column 1");
    assert_snapshot!(told("<!DOCTYPE testsuite [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]><testsuite/>", None), @"not a well-formed XML document: expected no definitions in the DOCTYPE, since none is ever followed, at line 1 column 1");
    // A document type that is only named is not looked at: reports of JaCoCo and Cobertura all name one.
    assert_snapshot!(told("<!DOCTYPE testsuite SYSTEM 'http://127.0.0.1:9/junit.dtd'><testsuite/>", None), @r#"{"tests":{"total":0,"passed":0,"failed":0,"errors":0,"skipped":0,"suites":0}}"#);
    assert_snapshot!(suite("name='&host;'", ""), @"not a well-formed XML document: expected a predefined entity, found `&host;`, at line 1 column 1");
    assert_snapshot!(suite("", "<error>&host;</error>"), @"not a well-formed XML document: expected a predefined entity, found `&host;`, at line 1 column 20");
    assert_snapshot!(suite("", "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>"), @r#"{"tests":{"total":0,"passed":0,"failed":0,"errors":0,"skipped":0,"suites":0}}"#);
}

#[test]
fn what_is_said_twice_is_refused_or_left_out() {
    assert_snapshot!(told(r#"{"projectStatus": {"status": "ERROR", "status": "OK"}}"#, None), @"not a well-formed JSON document: expected `status` once, found it twice, at line 1 column 46");
    assert_snapshot!(told(r#"{"projectStatus": {"status": "OK"}, "projectStatus": {"status": "ERROR"}}"#, Some("sonarqube-quality-gate")), @"not a well-formed JSON document: expected `projectStatus` once, found it twice, at line 1 column 51");
    assert_snapshot!(measures(r#"{"metric": "bugs", "value": "9", "value": "0"}"#), @r#"
    {"tool":{"name":"sonarqube"},"measures":{"project":"shopwright"}}
    /component/measures/0: left out: expected `value` once, found it twice
    "#);
    assert_snapshot!(measures(r#"{"metric": "bugs", "value": "9"}, {"metric": "bugs", "value": "0"}"#), @r#"
    {"tool":{"name":"sonarqube"},"measures":{"project":"shopwright","metrics":{"bugs":"9"}}}
    /component/measures/1: left out: `bugs` occurs a second time, with `0`
    "#);
    assert_snapshot!(suite("tests='1' tests='2'", ""), @"not a well-formed XML document: expected every attribute once, found one twice, at line 1 column 1");
}

#[test]
fn numbers_that_are_none_or_too_large_do_no_harm() {
    for number in ["NaN", "-Infinity"] {
        assert!(
            measures(&format!(r#"{{"metric": "bugs", "value": {number}}}"#)).starts_with("not a well-formed"),
            "{number}"
        );
    }
    assert_snapshot!(measures(r#"{"metric": "bugs", "value": 1e400}"#), @r#"
    {"tool":{"name":"sonarqube"},"measures":{"project":"shopwright"}}
    /component/measures/0: left out: number out of range
    "#);
    assert_snapshot!(measures(&format!(r#"{{"metric": "bugs", "value": {}}}"#, "9".repeat(1_000_000))), @r#"
    {"tool":{"name":"sonarqube"},"measures":{"project":"shopwright"}}
    /component/measures/0: left out: number out of range
    "#);
    let build = |fields: &str| {
        told(
            format!(
                r#"{{"_class": "hudson.model.FreeStyleBuild", "building": false, "result": "SUCCESS", "fullDisplayName": "till #7", {fields}}}"#
            ),
            None,
        )
    };
    assert_snapshot!(build(r#""number": 7.5"#), @"not a well-formed JSON document: expected a whole number from 0, found floating point `7.5`, at line 1 column 125");
    assert_snapshot!(build(r#""number": -7"#), @"not a well-formed JSON document: expected a whole number from 0, found integer `-7`, at line 1 column 124");
    assert_snapshot!(build(&format!(r#""number": {}"#, "9".repeat(1_000_000))), @"not a well-formed JSON document: number out of range, at line 1 column 1000122");
    assert_snapshot!(build(r#""number": 7, "duration": 1e400"#), @"not a well-formed JSON document: number out of range, at line 1 column 142");
    assert_snapshot!(build(r#""number": 7, "duration": -5, "timestamp": -1"#), @r#"
    {"tool":{"name":"jenkins"},"subjects":["build:jenkins/till/7"],"build":{"system":"jenkins","job":"till","number":"7","result":"succeeded"}}
    /timestamp: left out: expected milliseconds since 1970, found `-1`
    /duration: left out: expected milliseconds, found `-5`
    "#);
    assert_snapshot!(build(r#""number": 7, "timestamp": 0"#), @r#"
    {"tool":{"name":"jenkins"},"subjects":["build:jenkins/till/7"],"build":{"system":"jenkins","job":"till","number":"7","result":"succeeded"}}
    /timestamp: left out: expected milliseconds since 1970, found `0`
    "#);
    assert_snapshot!(build(r#""number": 7, "timestamp": 9223372036854775807"#), @r#"
    {"tool":{"name":"jenkins"},"subjects":["build:jenkins/till/7"],"build":{"system":"jenkins","job":"till","number":"7","result":"succeeded"}}
    /timestamp: left out: expected milliseconds since 1970, found `9223372036854775807`
    "#);
    assert_snapshot!(suite("time='1e400' tests='-3' failures='NaN'", "<testcase name='a' time='-1'/>"), @r#"
    {"tests":{"total":1,"passed":1,"failed":0,"errors":0,"skipped":0,"suites":1}}
    line 1 column 51: expected a time in seconds, found `-1`
    line 1 column 1: `testsuite` states `-3` for its tests and `NaN` for its failures; the cases are counted
    line 1 column 1: expected a time in seconds, found `1e400`
    "#);
    let coverage = |attributes: &str| told(format!("<coverage {attributes}/>"), None);
    assert_snapshot!(coverage("line-rate='NaN'"), @r#"
    {"coverage":{}}
    line 1 column 1: left out: expected a `line-rate` from 0 to 1, found `NaN`
    "#);
    assert_snapshot!(coverage("line-rate='-0.5' lines-covered='-1' lines-valid='10'"), @r#"
    {"coverage":{}}
    line 1 column 1: left out: expected whole numbers `lines-covered` up to `lines-valid`, found `-1` and `10`
    line 1 column 1: left out: expected a `line-rate` from 0 to 1, found `-0.5`
    "#);
    assert_snapshot!(coverage(&format!("line-rate='0.5' lines-covered='{}' lines-valid='10'", "9".repeat(50))), @r#"
    {"coverage":{"stated_line_percent":50.0}}
    line 1 column 1: left out: expected whole numbers `lines-covered` up to `lines-valid`, found `99999999999999999999999999999999999999999999999999` and `10`
    "#);
    assert_snapshot!(coverage("line-rate='0.5' lines-covered='11' lines-valid='10' timestamp='0'"), @r#"
    {"coverage":{"stated_line_percent":50.0}}
    line 1 column 1: left out: expected whole numbers `lines-covered` up to `lines-valid`, found `11` and `10`
    "#);
    let counters = "<counter type='LINE' missed='18446744073709551615' covered='18446744073709551615'/><counter type='BRANCH' missed='-1' covered='2'/>";
    assert_snapshot!(told(format!("<report name='a'><package name='a'>{counters}</package></report>"), None), @r#"
    {"coverage":{}}
    line 1 column 36: left out: expected the whole numbers `missed` and `covered`
    line 1 column 119: left out: expected the whole numbers `missed` and `covered`
    /report: expected counters, found none: no class was measured
    "#);
}

#[test]
fn characters_that_no_database_takes_do_not_get_through() {
    assert_snapshot!(measures("{\"metric\": \"bu\0gs\", \"value\": \"1\"}"), @r"not a well-formed JSON document: control character (\u0000-\u001F) found while parsing a string, at line 1 column 63");
    assert_snapshot!(measures(r#"{"metric": "bu\u0000gs", "value": "1"}"#), @r#"{"tool":{"name":"sonarqube"},"measures":{"project":"shopwright","metrics":{"bu�gs":"1"}}}"#);
    assert_snapshot!(measures(r#"{"metric": "bugs\ud800", "value": "1"}"#), @r#"
    {"tool":{"name":"sonarqube"},"measures":{"project":"shopwright"}}
    /component/measures/0: left out: unexpected end of hex escape
    "#);
    assert_snapshot!(told(r#"{"component": {"key": "\udc00\ud800", "measures": []}}"#, None), @"not a well-formed JSON document: lone leading surrogate in hex escape, at line 1 column 29");
    assert_snapshot!(suite("name='a\0b'", ""), @"not a well-formed XML document: expected characters that XML allows, found a NUL, at line 1 column 19");
    assert_snapshot!(suite("", "<error>a\0b</error>"), @"not a well-formed XML document: expected characters that XML allows, found a NUL, at line 1 column 21");
    assert_snapshot!(suite("", "<error>a&#0;b</error>"), @"not a well-formed XML document: invalid character reference: 0x0 character is not permitted in XML, at line 1 column 21");
    assert_snapshot!(suite("", "<error>a&#xD800;b</error>"), @"not a well-formed XML document: invalid character reference: `55296` is not a valid codepoint, at line 1 column 21");
    assert_snapshot!(suite("", "<error message='a&#x110000;b'/>"), @"not a well-formed XML document: invalid character reference: `1114112` is not a valid codepoint, at line 1 column 13");
}

#[test]
fn identifiers_that_are_none_are_left_out_with_a_warning() {
    let bom = |component: &str| {
        told(
            format!(
                r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{{"type": "library", "name": "till", {component}}}]}}"#
            ),
            None,
        )
    };
    assert_snapshot!(bom(r#""purl": "npm/till@1.0""#), @r#"
    {"inventory":{"specification":"CycloneDX 1.6","components":[{"kind":"library","name":"till"}]}}
    /components/0/purl: `npm/till@1.0` is not a package URL: missing scheme; the component is kept without it
    "#);
    assert_snapshot!(bom(r#""purl": "pkg:npm""#), @r#"
    {"inventory":{"specification":"CycloneDX 1.6","components":[{"kind":"library","name":"till"}]}}
    /components/0/purl: `pkg:npm` is not a package URL: missing type; the component is kept without it
    "#);
    assert_snapshot!(bom(r#""hashes": [{"alg": "SHA-256", "content": "not hexadecimal"}]"#), @r#"
    {"inventory":{"specification":"CycloneDX 1.6","components":[{"kind":"library","name":"till"}]}}
    /components/0/hashes: `not hexadecimal` is not a digest of `sha256`: expected 64 hexadecimal digits; the component is kept without it
    "#);
    let gate = |revision: &str| {
        told(
            format!(
                r#"{{"serverUrl": "https://sonar.shopwright.example", "status": "SUCCESS", "project": {{"key": "till"}}, "properties": {{}}, "revision": "{revision}", "qualityGate": {{"status": "OK"}}}}"#
            ),
            None,
        )
    };
    assert_snapshot!(gate("abc123"), @r#"
    {"tool":{"name":"sonarqube"},"measures":{"project":"till","quality_gate":{"status":"passed"}}}
    /revision: left out: `git:abc123` is not a subject: a commit is 40 or 64 hexadecimal digits, not abbreviated; expected `git:<commit>`, `build:<system>/<id>`, `sha256:<digest>`, `release:<id>`, `deployment:<id>` or `environment:<name>`
    "#);
    assert_snapshot!(gate("../../../../etc/passwd"), @r#"
    {"tool":{"name":"sonarqube"},"measures":{"project":"till","quality_gate":{"status":"passed"}}}
    /revision: left out: `git:../../../../etc/passwd` is not a subject: a commit is 40 or 64 hexadecimal digits, not abbreviated; expected `git:<commit>`, `build:<system>/<id>`, `sha256:<digest>`, `release:<id>`, `deployment:<id>` or `environment:<name>`
    "#);
}

/// Each of these takes seconds where something is searched once for every other thing, and hours for a few more.
#[test]
fn many_small_things_take_no_more_than_their_share() {
    let attributes: String = (0..50_000).map(|n| format!("a{n}='' ")).collect();
    assert_snapshot!(suite(&attributes, ""), @r#"{"tests":{"total":0,"passed":0,"failed":0,"errors":0,"skipped":0,"suites":0}}"#);
    let odd_times = "<testcase time='x'/>\n".repeat(50_000);
    assert_eq!(suite("", &odd_times).lines().count(), 50_001);
    let odd_items = "7,".repeat(50_000);
    assert_eq!(measures(&format!("{odd_items}7")).lines().count(), 50_002);
    let same_metrics = r#"{"metric": "bugs", "value": "1"},"#.repeat(50_000);
    assert_eq!(measures(&format!("{same_metrics}7")).lines().count(), 50_001);
    let cases = "<testcase name='a'/>".repeat(50_000);
    let suites = format!("{}{cases}{}", "<testsuite>".repeat(250), "</testsuite>".repeat(250));
    assert!(told(suites, None).contains(r#""total":50000"#));
}
