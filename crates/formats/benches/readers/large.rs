//! The documents that are also made very large, and how a document is filled.

use std::fmt::Write as _;

/// Why writing cannot fail.
pub(crate) const WRITTEN: &str = "a string takes any text";

/// Joins `item`s until the text has this many bytes.
pub(crate) fn filled(start: &str, bytes: usize, end: &str, item: impl Fn(&mut String, usize)) -> String {
    let mut text = String::with_capacity(bytes + bytes / 8 + 4_096);
    text.push_str(start);
    let mut n = 0;
    while text.len() < bytes {
        item(&mut text, n);
        n += 1;
    }
    text.push_str(end);
    text
}

/// As [`filled`], with a comma between.
pub(crate) fn listed(start: &str, bytes: usize, end: &str, item: impl Fn(&mut String, usize)) -> String {
    filled(start, bytes, end, |text, n| {
        text.push_str(if n == 0 { "\n" } else { ",\n" });
        item(text, n);
    })
}

/// An inventory in CycloneDX's JSON.
pub(crate) fn cyclonedx(bytes: usize) -> String {
    let start = r#"{"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "version": 1, "metadata": {"timestamp": "2026-11-20T10:00:00Z",
        "tools": {"components": [{"type": "application", "name": "shopsbom", "version": "1.2.0"}]},
        "component": {"bom-ref": "root", "type": "container", "name": "cart", "version": "1.4.2"}},
        "components": ["#;
    listed(start, bytes, "]}", |text, n| {
        let license = ["MIT", "Apache-2.0", "BSD-3-Clause", "MPL-2.0"][n % 4];
        write!(
            text,
            r#"    {{
      "bom-ref": "pkg:npm/%40shop/part-{n}@4.{n}.1",
      "type": "library",
      "group": "@shop",
      "name": "part-{n}",
      "version": "4.{n}.1",
      "scope": "required",
      "supplier": {{"name": "Shopwright"}},
      "hashes": [{{"alg": "SHA-256", "content": "{n:064x}"}}],
      "licenses": [{{"license": {{"id": "{license}"}}}}],
      "purl": "pkg:npm/%40shop/part-{n}@4.{n}.1",
      "externalReferences": [{{"type": "vcs", "url": "https://git.shopwright.example/part-{n}"}}],
      "properties": [{{"name": "shopsbom:place", "value": "node_modules/@shop/part-{n}"}}]
    }}"#
        )
        .expect(WRITTEN);
    })
}

/// What an analyser of code writes: results with a code flow and a fingerprint.
pub(crate) fn sarif(bytes: usize) -> String {
    let rule = |n: usize| {
        format!(
            r#"{{"id": "shop/rule-{n}", "name": "Rule{n}", "shortDescription": {{"text": "What a user sends reaches place {n}"}},
            "fullDescription": {{"text": "A value that a user sends reaches place {n} without a check of what it is."}},
            "help": {{"text": "Check the value first."}}, "defaultConfiguration": {{"level": "error"}},
            "properties": {{"tags": ["security", "external/cwe/cwe-079"], "security-severity": "{}.1", "precision": "high"}}}}"#,
            n % 10
        )
    };
    let rules = (0..50).map(rule).collect::<Vec<_>>().join(",\n");
    let start = format!(
        r#"{{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{{"tool": {{"driver":
        {{"name": "Shopcheck", "semanticVersion": "2.4.1", "rules": [{rules}]}}}}, "results": ["#
    );
    listed(&start, bytes, "]}]}", |text, n| {
        let (rule, line) = (n % 50, n % 900 + 1);
        let place = |line: usize| {
            format!(
                r#"{{"physicalLocation": {{"artifactLocation": {{"uri": "cart/src/handlers/part_{}.py", "uriBaseId": "%SRCROOT%", "index": 0}},
                "region": {{"startLine": {line}, "startColumn": 9, "endLine": {line}, "endColumn": 40, "snippet": {{"text": "    return render(name, {n})"}}}}}},
                "message": {{"text": "what the user sent"}}}}"#,
                n % 300
            )
        };
        write!(
            text,
            r#"{{"ruleId": "shop/rule-{rule}", "ruleIndex": {rule}, "level": "error", "message": {{"text": "Cross-site scripting: what \"name\" holds reaches the page at call {n}."}},
            "locations": [{}], "partialFingerprints": {{"primaryLocationLineHash": "{n:016x}:1", "primaryLocationStartColumnFingerprint": "4"}},
            "codeFlows": [{{"threadFlows": [{{"locations": [{{"location": {}}}, {{"location": {}}}]}}]}}]}}"#,
            place(line),
            place(line.saturating_sub(1) + 1),
            place(line)
        )
        .expect(WRITTEN);
    })
}
