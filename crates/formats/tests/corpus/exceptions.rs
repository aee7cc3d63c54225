//! Where our reading differs from others' and is right, each with the reason.

/// Path, what, our value, why ours is right.
type Exception = (&'static str, &'static str, &'static str, &'static str);

const STATED_BEFORE_SHOWN: &str =
    "the root states the whole, the document shows a part or shows lines twice; the receipt warns";
const ROOT_CASE: &str = "the root is the case itself, and theirs counts what is in the root";
const BROKEN_SUITE: &str = "the suite broke before its first case, which is an error as Jenkins counts it, too";
const WORST_COUNTS: &str = "a case that failed and was skipped is one case, and failed; theirs counts the elements";
const SAME_NAMES: &str = "cases of the same name are different cases; theirs takes them for one";
const NO_CASES: &str = "what a suite states without showing a case proves nothing; the receipt warns";
const DISABLED: &str = "the cases are disabled by an attribute; theirs counts the elements";
const EACH_LOCATION: &str = "theirs makes a finding of each location; one result is one problem (SARIF 2.1.0 §3.27.12)";
const NOTE_IS_MINOR: &str = "a `note` is a minor problem (SARIF 2.1.0 §3.27.10), which is more than information";
const CUT_DOWN: &str = "the document was cut down to three results and its totals were not; the receipt warns";
const WITHOUT_REFERENCE: &str = "a dependency without `ref` says nothing of anybody; the receipt warns";

/// Every difference: path, what, our value, why ours is right.
pub(crate) const EXCEPTIONS: &[Exception] = &[
    ("coverage/cobertura/cobertura-cpp.xml", "lines_covered(by file+number)", "4", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/cobertura-cpp.xml", "lines_total(by file+number)", "4", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/cobertura-merge-a.xml", "lines_covered(by file+number)", "3788", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/cobertura-merge-a.xml", "lines_total(by file+number)", "4161", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/cobertura-python.xml", "lines_covered(by file+number)", "2514", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/cobertura-python.xml", "lines_total(by file+number)", "2661", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/gcovr-const-functions.xml", "lines_total(by file+number)", "19", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/merge-b.xml", "lines_covered(by file+number)", "8", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/merge-b.xml", "lines_total(by file+number)", "8", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/merge-duplicate-a.xml", "lines_covered(by file+number)", "417", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/merge-duplicate-a.xml", "lines_total(by file+number)", "18516", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/rg__Other_Cobertura_Swift.xml", "lines_covered(by file+number)", "1", STATED_BEFORE_SHOWN),
    ("coverage/cobertura/rg__Other_Cobertura_Swift.xml", "lines_total(by file+number)", "2", STATED_BEFORE_SHOWN),
    ("tests/junit/cm__plainerror.xml", "testcase elements", "1", ROOT_CASE),
    ("tests/junit/cm__plainerror.xml", "testcase with error", "1", ROOT_CASE),
    ("tests/junit/junit-report-6700.xml", "testcase elements", "1", BROKEN_SUITE),
    ("tests/junit/junit-report-6700.xml", "testcase with error", "1", BROKEN_SUITE),
    ("tests/junit/junit.multiresult.xml", "testcase with failure", "1", WORST_COUNTS),
    ("tests/junit/junit.multiresult.xml", "testcase with skipped", "1", WORST_COUNTS),
    ("tests/junit/mocha__latex-utensils.xml", "tests", "109", SAME_NAMES),
    ("tests/junit/mocha__latex-utensils.xml", "tests_succ", "109", SAME_NAMES),
    ("tests/junit/no-cases-but-tests.xml", "suites", "0", NO_CASES),
    ("tests/junit/no-cases-but-tests.xml", "tests", "0", NO_CASES),
    ("tests/junit/no-cases-but-tests.xml", "tests_fail", "0", NO_CASES),
    ("tests/junit/no-cases-but-tests.xml", "tests_skip", "0", NO_CASES),
    ("tests/junit/no-cases-but-tests.xml", "tests_succ", "0", NO_CASES),
    ("tests/junit/tst__disabled.xml", "testcase with skipped", "5", DISABLED),
    ("sbom/cyclonedx-spec-suite/1.4/invalid-dependency-1.4.json", "cdx_dependencies", "1", WITHOUT_REFERENCE),
    ("scans/cppcheck/cppcheck_many_vuln.sarif", "dd_findings_count", "7", EACH_LOCATION),
    (
        "scans/kubebench/kb-result.json",
        "Totals",
        r#"{"total_pass": 2, "total_fail": 0, "total_warn": 1, "total_info": 0}"#,
        CUT_DOWN,
    ),
    ("scans/sarif/flawfinder.sarif", "finding[20].severity", "Low", NOTE_IS_MINOR),
    ("scans/sarif/mobsfscan.json", "dd_findings_count", "9", EACH_LOCATION),
];
