//! Formats that a user describes in TOML.

use insta::assert_snapshot;
use shipworthy_formats::{OwnFormat, Reader};

const JSON: &str = r#"
name = "house-rules"
title = "House rules"
phase = "source"
media = "json"

[recognise]
has = ["report.problems.code"]
values = { tool = "house-rules" }

[findings]
items = "report.problems"
kind = "code"
rule = "code"
title = ["headline", "text"]
severity = "level"
path = "place.file"
line = "place.line"
cwes = "weaknesses"
status = "state"

[findings.severities]
"must fix" = "high"
"should fix" = "medium"

[findings.statuses]
waived = "suppressed"
"#;

fn told(descriptions: &[&str], bytes: &str, format: Option<&str>) -> String {
    let own: Vec<_> = descriptions.iter().map(|source| OwnFormat::parse(source).expect("a description")).collect();
    match (Reader { own: &own, ..Reader::default() }).read(bytes.as_bytes(), format) {
        Ok(reading) => {
            let report = serde_json::to_string_pretty(&reading.report).expect("a report is JSON");
            format!("{} of {} in {}\n{report}", reading.format.name, reading.format.tool, reading.format.phase)
        }
        Err(error) => error.to_string().split("\nhint: ").next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn json_is_read_as_described() {
    let document = r#"{"tool": "house-rules", "report": {"problems": [
        {"code": "H1", "text": "Till speaks plain HTTP", "level": "Must fix", "place": {"file": "till/main.rs", "line": 7}, "weaknesses": ["CWE-319"]},
        {"code": "H2", "headline": "No owner", "level": "shrug", "state": "waived"},
        {"level": "must fix"}
    ]}}"#;
    assert_snapshot!(told(&[JSON], document, None), @r#"
    house-rules of house-rules in source
    {
      "tool": {
        "name": "house-rules"
      },
      "findings": [
        {
          "kind": "code",
          "rule": "H1",
          "title": "Till speaks plain HTTP",
          "severity": "high",
          "severity_word": "Must fix",
          "cwes": [
            319
          ],
          "location": {
            "path": "till/main.rs",
            "line": 7
          },
          "status": "open",
          "identity": "H1|till/main.rs||Till speaks plain HTTP"
        },
        {
          "kind": "code",
          "rule": "H2",
          "title": "No owner",
          "severity": "unknown",
          "severity_word": "shrug",
          "status": "suppressed",
          "identity": "H2|||No owner"
        }
      ],
      "looked_for": [
        "code"
      ],
      "warnings": [
        {
          "at": "/report/problems/1",
          "message": "`shrug` is no severity of the format; taken for `unknown`"
        },
        {
          "at": "/report/problems/2",
          "message": "left out: it has neither the rule nor the title that the format describes"
        }
      ]
    }
    "#);
    assert_snapshot!(told(&[JSON], r#"{"tool": "other", "report": {"problems": [{"code": "H1"}]}}"#, None), @"this is a JSON object with the keys `tool`, `report`, which no format recognises, the nearest is `jacoco`");
    assert_snapshot!(told(&[JSON], r#"{"tool": "house-rules", "report": {"problems": []}}"#, Some("house-rules")), @r#"
    house-rules of house-rules in source
    {
      "tool": {
        "name": "house-rules"
      },
      "findings": [],
      "looked_for": [
        "code"
      ]
    }
    "#);
    assert_snapshot!(told(&[JSON], r#"{"tool": "house-rules", "report": {}}"#, Some("house-rules")), @"not a well-formed document of the format: expected the findings at `report.problems`, found nothing there, at the document itself");
}

#[test]
fn xml_is_read_as_described() {
    let xml = r#"
name = "licence-desk"
title = "Licence desk"
phase = "artifact"
tool = "licence desk"
media = "xml"
[recognise]
root = "licences"
[findings]
items = "package"
kind = "license"
rule = "license"
title = "remark"
severity = "@severity"
component = "@name"
component-version = "@version"
ecosystem = "npm"
"#;
    let document = r#"<licences><package name="left-pad" version="1.3.0" severity="low"><license>WTFPL</license>
        <remark lang="en">ask legal first</remark></package></licences>"#;
    assert_snapshot!(told(&[xml], document, None), @r#"
    licence-desk of licence desk in artifact
    {
      "tool": {
        "name": "licence desk"
      },
      "findings": [
        {
          "kind": "license",
          "rule": "WTFPL",
          "title": "ask legal first",
          "severity": "low",
          "severity_word": "low",
          "component": {
            "purl": "pkg:npm/left-pad@1.3.0",
            "name": "left-pad",
            "version": "1.3.0"
          },
          "status": "open",
          "identity": "WTFPL||left-pad|ask legal first"
        }
      ],
      "looked_for": [
        "license"
      ]
    }
    "#);
}

#[test]
fn tables_are_read_as_described() {
    let csv = r#"
name = "pentest-sheet"
title = "Sheet of the penetration test"
phase = "deploy"
media = "csv"
[recognise]
columns = ["No.", "CVSS"]
[findings]
kind = "dynamic"
rule = "No."
title = "Title"
score = "CVSS"
path = "URL"
fingerprint = "No."
"#;
    assert_snapshot!(told(&[csv], "No.;Title;CVSS;URL\nP-1;\"Open redirect; twice\";6.1;https://shop.shopwright.example/go\n", None), @r#"
    pentest-sheet of pentest-sheet in deploy
    {
      "tool": {
        "name": "pentest-sheet"
      },
      "findings": [
        {
          "kind": "dynamic",
          "rule": "P-1",
          "title": "Open redirect; twice",
          "severity": "medium",
          "score": 6.1,
          "location": {
            "path": "https://shop.shopwright.example/go"
          },
          "status": "open",
          "identity": "P-1:P-1"
        }
      ],
      "looked_for": [
        "dynamic"
      ]
    }
    "#);
}

#[test]
fn a_description_that_is_none_says_where() {
    let refused = |source: &str| OwnFormat::parse(source).expect_err("must be refused").to_string();
    assert_snapshot!(refused("name = 1"), @r"
    TOML parse error at line 1, column 8
      |
    1 | name = 1
      |        ^
    invalid type: integer `1`, expected a string
    ");
    assert_snapshot!(refused(&JSON.replace("items =", "item =")), @r#"
    TOML parse error at line 12, column 1
       |
    12 | item = "report.problems"
       | ^^^^
    unknown field `item`, expected one of `items`, `kind`, `rule`, `title`, `description`, `severity`, `severities`, `score`, `status`, `statuses`, `component`, `component-version`, `purl`, `ecosystem`, `path`, `line`, `fixed-versions`, `remediation`, `references`, `aliases`, `cwes`, `fingerprint`
    "#);
    assert_snapshot!(refused(&JSON.replace("\"high\"", "\"terrible\"")), @r#"
    TOML parse error at line 23, column 14
       |
    23 | "must fix" = "terrible"
       |              ^^^^^^^^^^
    unknown variant `terrible`, expected one of `unknown`, `info`, `low`, `medium`, `high`, `critical`
    "#);
    assert_snapshot!(refused(&JSON.replace("house-rules\"\ntitle", "trivy\"\ntitle")), @r"
    `name`: `trivy` is a format that comes with Shipworthy
    hint: choose another name
    ");
    assert_snapshot!(refused(&JSON.replace("house-rules\"\ntitle", "House Rules\"\ntitle")), @"`name`: expected at most 60 of `a-z`, `0-9` and `-`, beginning with a letter, found `House Rules`");
    assert_snapshot!(refused(&JSON.replace("media = \"json\"", "media = \"csv\"")), @r"
    `findings.items`: every row of a table is an item
    hint: leave it out
    ");
    assert_snapshot!(refused(&JSON.replace("has = [\"report.problems.code\"]\nvalues = { tool = \"house-rules\" }", "")), @r"
    `[recognise]`: expected something by which documents are known, found nothing
    hint: leave the section out to read documents by the name of the format alone
    ");
    assert_snapshot!(refused(&JSON.replace("rule = \"code\"\n", "").replace("title = [\"headline\", \"text\"]\n", "")), @"`[findings]`: expected a `rule` or a `title`, found neither");
}
