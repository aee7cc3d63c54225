//! What makes two SARIF results the same problem.

use shipworthy_formats::read;
use shipworthy_model::Finding;

fn findings(runs: &[String]) -> Vec<Finding> {
    let document = format!(r#"{{"version": "2.1.0", "runs": [{}]}}"#, runs.join(","));
    read(document.as_bytes(), None).expect("it can be read").report.findings.expect("it has results")
}

fn run(results: &[String]) -> String {
    format!(r#"{{"tool": {{"driver": {{"name": "ShopCheck"}}}}, "results": [{}]}}"#, results.join(","))
}

/// A hit of `SHOP1` in a line, with whatever else is known of it.
fn hit(line: u32, of_region: &str, of_result: &str) -> String {
    format!(
        r#"{{"ruleId": "SHOP1", "message": {{"text": "line {line}: unbound"}}, "locations": [{{"physicalLocation":
        {{"artifactLocation": {{"uri": "cart.py"}}, "region": {{"startLine": {line} {of_region}}}}}}}] {of_result}}}"#
    )
}

fn identities(results: &[String]) -> Vec<String> {
    findings(&[run(results)]).into_iter().map(|finding| finding.identity).collect()
}

#[test]
fn a_hit_is_the_same_in_the_next_run_when_its_lines_have_moved() {
    let ways = [
        ("", r#", "fingerprints": {"shopcheck/v1": "1f"}"#),
        ("", r#", "partialFingerprints": {"primaryLocationLineHash": "39fa:1"}"#),
        ("", r#", "correlationGuid": "5e1f2c50-0000-4000-8000-000000000001""#),
        (r#", "snippet": {"text": "  execute(text)"}"#, ""),
        ("", ""),
    ];
    for (of_region, of_result) in ways {
        let before = identities(&[hit(3, of_region, of_result)]);
        let after = identities(&[hit(40, of_region, of_result)]);
        assert_eq!(before, after, "{of_region}{of_result}");
    }
}

#[test]
fn two_hits_in_one_file_stay_apart_and_keep_their_identities_when_lines_move() {
    let before = identities(&[hit(3, "", ""), hit(9, "", "")]);
    assert_ne!(before[0], before[1]);
    assert_eq!(before, identities(&[hit(13, "", ""), hit(19, "", "")]));
}

#[test]
fn one_hit_in_two_runs_of_a_tool_is_one_finding_and_the_receipt_says_so() {
    let both = [run(&[hit(3, "", "")]), run(&[hit(3, "", ""), hit(9, "", "")])];
    assert_eq!(findings(&both).len(), 2);
    let other_tool = run(&[hit(3, "", "")]).replace("ShopCheck", "CartCheck");
    assert_eq!(findings(&[run(&[hit(3, "", "")]), other_tool]).len(), 2);
}
