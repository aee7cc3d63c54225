//! Which of several VEX statements speaks.

use shipworthy_advisories::vex::{Question, Said, Stated, said};
use shipworthy_model::{ComponentRef, VexStatement, VexStatus};

fn reference(purl: &str) -> ComponentRef {
    ComponentRef { purl: Some(purl.to_owned()), name: "x".to_owned(), version: None }
}

fn statement(status: VexStatus, products: &[&str], components: &[&str]) -> VexStatement {
    let references = |purls: &[&str]| purls.iter().map(|purl| reference(purl)).collect();
    VexStatement {
        vulnerability: "CVE-2026-1".to_owned(),
        products: references(products),
        components: references(components),
        status,
        ..VexStatement::default()
    }
}

/// What is said of `CVE-2026-1` in `pkg:maven/g/log@2.14` of the image `pkg:oci/shop@sha256:aa`.
fn answer(statements: &[VexStatement]) -> String {
    let ids = ["GHSA-aaaa".to_owned(), "CVE-2026-1".to_owned()];
    let component = reference("pkg:maven/g/log@2.14?type=jar");
    let products = [reference("pkg:oci/shop@sha256:aa")];
    let question = Question { vulnerability: &ids, component: &component, products: &products };
    let stated = |statement| Stated { statement, is_about_product: true };
    let forwards = said(statements.iter().map(stated), question);
    assert_eq!(forwards, said(statements.iter().rev().map(stated), question), "the order of the statements matters");
    match forwards {
        Said::Nothing => "nothing".to_owned(),
        Said::Status { status, because, against, .. } => {
            format!("{status} because it {because}; {} against", against.len())
        }
    }
}

#[test]
fn nothing_known_is_an_answer_of_its_own() {
    let mut other = statement(VexStatus::NotAffected, &[], &[]);
    other.vulnerability = "CVE-2026-2".to_owned();
    let elsewhere = statement(VexStatus::NotAffected, &["pkg:oci/bank"], &["pkg:maven/g/log"]);
    let another_version = statement(VexStatus::NotAffected, &["pkg:maven/g/log@2.15"], &[]);
    let another_component = statement(VexStatus::NotAffected, &["pkg:oci/shop"], &["pkg:maven/g/other"]);
    let another_build = statement(VexStatus::NotAffected, &["pkg:maven/g/log@2.14?type=war"], &[]);
    assert_eq!(answer(&[]), "nothing");
    assert_eq!(answer(&[other, elsewhere, another_version, another_component, another_build]), "nothing");
}

#[test]
fn the_closer_statement_speaks_then_the_later_then_the_more_cautious() {
    use VexStatus::{Affected, Fixed, NotAffected, UnderInvestigation};
    let at = |mut statement: VexStatement, day: &str| {
        statement.stated_at = Some(format!("2026-01-{day}T00:00:00Z"));
        statement
    };
    let by_alias = || {
        let mut statement = statement(Fixed, &["pkg:maven/g/log"], &[]);
        statement.vulnerability = "VENDOR-1".to_owned();
        statement.aliases = vec!["CVE-2026-1".to_owned()];
        statement
    };
    let cases = [
        vec![by_alias()],
        vec![statement(NotAffected, &[], &[])],
        vec![statement(NotAffected, &["pkg:oci/shop"], &[]), statement(Affected, &["pkg:maven/g/log@2.14"], &[])],
        vec![
            statement(Affected, &["pkg:oci/shop"], &["pkg:maven/g/log"]),
            statement(NotAffected, &["pkg:oci/shop@sha256:aa"], &[]),
        ],
        vec![
            statement(Affected, &["pkg:oci/shop"], &[]),
            statement(NotAffected, &["pkg:oci/shop"], &["pkg:maven/g/log"]),
        ],
        vec![statement(Affected, &["pkg:maven/g/log"], &[]), statement(NotAffected, &["pkg:maven/g/log@2.14"], &[])],
        vec![
            statement(Affected, &["pkg:maven/g/log@2.14"], &[]),
            statement(NotAffected, &["pkg:maven/g/log@2.14?type=jar"], &[]),
        ],
        vec![
            at(statement(Affected, &["pkg:oci/shop"], &[]), "01"),
            at(statement(NotAffected, &["pkg:oci/shop"], &[]), "02"),
        ],
        vec![statement(Affected, &["pkg:oci/shop"], &[]), at(statement(Fixed, &["pkg:oci/shop"], &[]), "02")],
        vec![
            statement(UnderInvestigation, &["pkg:oci/shop"], &[]),
            statement(NotAffected, &["pkg:oci/shop"], &[]),
            statement(Fixed, &["pkg:oci/shop"], &[]),
        ],
        vec![statement(Fixed, &["pkg:oci/shop"], &[]), statement(Fixed, &["pkg:oci/shop"], &[])],
        vec![statement(Affected, &[], &["pkg:maven/g/log"]), statement(NotAffected, &[], &[])],
    ];
    let answers: Vec<_> = cases.iter().map(|statements| answer(statements)).collect();
    insta::assert_snapshot!("vex", answers.join("\n"));
}

#[test]
fn a_component_without_a_package_url_is_known_by_name_and_version() {
    let named = |version: Option<&str>| ComponentRef {
        purl: None,
        name: "log".to_owned(),
        version: version.map(str::to_owned),
    };
    let ids = ["CVE-2026-1".to_owned()];
    let about =
        |product: ComponentRef| VexStatement { products: vec![product], ..statement(VexStatus::Fixed, &[], &[]) };
    let is_said = |statement: &VexStatement| {
        let question = Question { vulnerability: &ids, component: &named(Some("2.14")), products: &[] };
        said([Stated { statement, is_about_product: false }], question) != Said::Nothing
    };
    assert!(is_said(&about(named(None))) && is_said(&about(named(Some("2.14")))));
    assert!(!is_said(&about(named(Some("2.15")))));
    assert!(!is_said(&statement(VexStatus::Fixed, &[], &[])), "its document is about something else");
}
