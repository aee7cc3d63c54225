//! How evidence becomes facts.

use shipworthy_model::{
    Counter, Coverage, FindingKind, InventoryQuality, Phase, Review, ReviewApproval, Severity, TestFailure, Tests,
};
use shipworthy_policy::input::{CoverageFacts, InventoryFacts, ReviewFacts, TestFacts};
use shipworthy_policy::{ComponentLicense, FindingFact, Input, LookedFor, alternatives, with_findings, with_licenses};

#[test]
fn what_nobody_looked_for_is_absent_and_what_nobody_found_is_empty() {
    let nothing = with_findings(Input::default(), &[], &LookedFor::default());
    assert_eq!(nothing, Input::default());

    let kinds = [(FindingKind::Vulnerability, Phase::Source), (FindingKind::Secret, Phase::Source)].into();
    let looked = with_findings(Input::default(), &[], &LookedFor { kinds, known_exploited: false });
    let vulnerabilities = looked.artifact.as_ref().and_then(|group| group.vulnerabilities.as_ref());
    let vulnerabilities = vulnerabilities.expect("somebody looked");
    assert_eq!((vulnerabilities.counts.critical, &vulnerabilities.known_exploited), (0, &None));
    let source = looked.source.expect("somebody looked");
    assert!(source.secrets.is_some() && source.code_findings.is_none());
    assert!(
        looked.artifact.expect("somebody looked").secrets.is_none(),
        "secrets of the source are not of the artifact"
    );
    assert!(looked.deploy.is_none());
}

#[test]
fn every_finding_is_counted_and_the_worst_are_shown_first() {
    let finding = |number: u32| {
        let severity = if number < 60 { Severity::Low } else { Severity::High };
        let mut fact = FindingFact::new(FindingKind::Vulnerability, Phase::Artifact, &format!("V-{number}"), severity);
        fact.cvss_score = (number == 70).then_some(8.9);
        fact.known_exploited = (number == 61).then(Default::default);
        fact.fixed_versions = if number == 0 { vec!["2.0.0".to_owned()] } else { Vec::new() };
        fact
    };
    let findings: Vec<_> = (0..80).map(finding).collect();
    let looked_for = LookedFor { known_exploited: true, ..LookedFor::default() };
    let facts = with_findings(Input::default(), &findings, &looked_for);
    let mut reversed = findings.clone();
    reversed.reverse();
    assert_eq!(facts, with_findings(Input::default(), &reversed, &looked_for), "the order of evidence does not matter");
    let facts = facts.artifact.and_then(|group| group.vulnerabilities).expect("there are some");
    assert_eq!((facts.counts.high, facts.counts.low, facts.fixable.low), (20, 60, 1));
    let shown: Vec<_> = facts.worst.iter().map(|worst| worst.id.as_str()).collect();
    assert_eq!((shown.len(), &shown[..3]), (50, ["V-61", "V-70", "V-60"].as_slice()));
    assert_eq!(facts.known_exploited.expect("the catalogue is loaded").len(), 1);
}

#[test]
fn a_licence_expression_is_taken_apart_into_what_satisfies_it() {
    let apart =
        |expression: &str| -> Vec<String> { alternatives(expression).iter().map(|way| way.join(" + ")).collect() };
    assert_eq!(apart("MIT"), ["MIT"]);
    assert_eq!(apart("MIT OR Apache-2.0"), ["Apache-2.0", "MIT"]);
    assert_eq!(apart("(MIT OR Apache-2.0) AND Zlib"), ["Apache-2.0 + Zlib", "MIT + Zlib"]);
    assert_eq!(apart("Apache-2.0 WITH LLVM-exception"), ["Apache-2.0 WITH LLVM-exception"]);
    assert_eq!(apart("GPL-2.0-or-later"), ["GPL-2.0-or-later"]);
    assert_eq!(apart("LicenseRef-Company"), ["LicenseRef-Company"]);
    for none in ["", "see the file", "MIT OR"] {
        assert!(alternatives(none).is_empty(), "{none}");
    }
    let many = (0..8).map(|_| "(MIT OR Zlib OR ISC)").collect::<Vec<_>>().join(" AND ");
    assert!(alternatives(&many).len() <= 64);
}

#[test]
fn licences_are_grouped_by_expression() {
    let license = |component: String, expression: Option<&str>| ComponentLicense {
        component,
        expression: expression.map(str::to_owned),
    };
    let mut licenses: Vec<_> = (0..30).map(|n| license(format!("pkg:npm/part-{n:02}@1"), Some("MIT"))).collect();
    licenses.push(license("pkg:npm/silent@1".to_owned(), None));
    licenses.push(licenses[0].clone());
    let group = with_licenses(Input::default(), &licenses).artifact.expect("there are licences");
    assert_eq!(group.components_without_license, Some(1));
    let facts = group.licenses.expect("there are licences");
    assert_eq!((facts.len(), facts[0].component_count, facts[0].components.len()), (1, 30, 20));
}

#[test]
fn a_reviewers_latest_word_counts_and_an_author_is_no_other() {
    let word = |reviewer: &str, state: &str| ReviewApproval {
        reviewer: reviewer.to_owned(),
        state: state.to_owned(),
        ..ReviewApproval::default()
    };
    let review = Review {
        author: "ada".to_owned(),
        commit_authors: vec!["linus".to_owned()],
        reviews: vec![
            word("Ada", "approved"),
            word("linus", "approved"),
            word("grace", "changes-requested"),
            word("grace", "approved"),
            word("grace", "commented"),
            word("alan", "approved"),
            word("alan", "dismissed"),
        ],
        ..Review::default()
    };
    let facts = ReviewFacts::of(&review);
    assert_eq!(facts.approved_by, ["Ada", "grace", "linus"]);
    assert_eq!(facts.approved_by_other, ["grace"]);
}

#[test]
fn several_documents_are_added_up() {
    let failure = TestFailure::default();
    let tests = Tests { total: 30, passed: 5, failed: 25, failures: vec![failure; 25], ..Tests::default() };
    let facts = TestFacts::of([&tests, &tests]);
    assert_eq!((facts.total, facts.failed, facts.failures.len()), (60, 50, 20));

    let counted = |covered, total| Coverage { lines: Some(Counter { covered, total }), ..Coverage::default() };
    assert_eq!(CoverageFacts::of([&counted(90, 100), &counted(0, 900)]).line_percent, Some(9.0));
    let stated = Coverage { stated_line_percent: Some(50.0), ..Coverage::default() };
    assert_eq!(CoverageFacts::of([&counted(90, 100), &stated]).line_percent, Some(50.0));
    assert_eq!(CoverageFacts::of([]).line_percent, None);

    let full = InventoryQuality { components: 3, has_author: true, has_timestamp: true, ..InventoryQuality::default() };
    let other = InventoryQuality { components: 4, has_author: false, ..full };
    let facts = InventoryFacts::of([full, other]).expect("there are two");
    assert_eq!((facts.documents, facts.components, facts.has_author, facts.has_timestamp), (2, 7, false, true));
    assert_eq!(InventoryFacts::of([]), None);
}
