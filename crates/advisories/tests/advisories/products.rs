//! What advisories say of components that are known by a CPE name.

use shipworthy_advisories::advisory::Advisory;
use shipworthy_advisories::configuration::{Bound, Configuration, Node, Operator, Product};
use shipworthy_advisories::cpe::Cpe;
use shipworthy_advisories::matching::Answer;
use shipworthy_advisories::products::{Installed, assess_product, key_of_product, product_keys};

fn name(text: &str) -> Cpe {
    Cpe::parse(text).expect("a name")
}

fn product(cpe: &str, from: Option<&str>, to: Option<&str>) -> Product {
    let bound = |version: &str, is_included| Bound { version: version.to_owned(), is_included };
    Product {
        is_vulnerable: true,
        cpe: cpe.to_owned(),
        from: from.map(|from| bound(from, true)),
        to: to.map(|to| bound(to, false)),
    }
}

fn platform(cpe: &str) -> Product {
    Product { is_vulnerable: false, ..product(cpe, None, None) }
}

fn node(products: Vec<Product>) -> Node {
    Node { products, ..Node::default() }
}

fn advisory(operator: Operator, nodes: Vec<Node>) -> Advisory {
    Advisory {
        id: "CVE-1".to_owned(),
        configurations: vec![Configuration { operator, is_negated: false, nodes }],
        ..Advisory::default()
    }
}

fn answer(cpe: &str, beside: &[&str], advisory: &Advisory) -> String {
    let beside: Vec<Cpe> = beside.iter().map(|text| name(text)).collect();
    match assess_product(&Installed { cpe: &name(cpe), version: None, beside: &beside }, advisory) {
        Answer::Affected(reason) => {
            format!("affected: {}, fix {}", reason.range, reason.fixes.nearest.unwrap_or_default())
        }
        Answer::NotAffected => "not affected".to_owned(),
        Answer::Unknown { why } => format!("unknown: {why}"),
    }
}

const OPENSSL: &str = "cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*";

fn openssl() -> Advisory {
    let ranges = [("1.0.0", "1.0.0m"), ("1.0.1", "1.0.1h")];
    advisory(
        Operator::Any,
        vec![node(ranges.iter().map(|(from, to)| product(OPENSSL, Some(from), Some(to))).collect())],
    )
}

#[test]
fn a_version_between_the_bounds_is_affected() {
    let answers: Vec<_> = ["1.0.1g", "1.0.1h", "1.0.0", "0.9.8", "*", "-"]
        .iter()
        .map(|version| {
            format!(
                "{version} {}",
                answer(&format!("cpe:2.3:a:openssl:openssl:{version}:*:*:*:*:*:*:*"), &[], &openssl())
            )
        })
        .collect();
    insta::assert_snapshot!(answers.join("\n"), @"
    1.0.1g affected: from 1.0.1 before 1.0.1h, fix 1.0.1h
    1.0.1h not affected
    1.0.0 affected: from 1.0.0 before 1.0.0m, fix 1.0.0m
    0.9.8 not affected
    * unknown: the component states no version
    - unknown: the component states no version
    ");
    assert_eq!(
        answer("cpe:/a:openssl:openssl:1.0.1g", &[], &openssl()),
        "affected: from 1.0.1 before 1.0.1h, fix 1.0.1h"
    );
    assert_eq!(answer("cpe:2.3:a:other:openssl:1.0.1g:*:*:*:*:*:*:*", &[], &openssl()), "not affected");
}

#[test]
fn a_version_beside_the_name_counts_where_the_name_has_none() {
    let installed = Installed { cpe: &name(OPENSSL), version: Some("1.0.1g"), beside: &[] };
    assert!(matches!(assess_product(&installed, &openssl()), Answer::Affected(_)));
    let withdrawn = Advisory { withdrawn: Some(jiff::Timestamp::UNIX_EPOCH), ..openssl() };
    assert_eq!(assess_product(&installed, &withdrawn), Answer::NotAffected);
}

#[test]
fn an_exact_version_is_this_version() {
    let stated = advisory(Operator::Any, vec![node(vec![product("cpe:2.3:a:v:hole:6.0.7:*:*:*:*:*:*:*", None, None)])]);
    assert_eq!(answer("cpe:2.3:a:v:hole:6.0.7:*:*:*:*:*:*:*", &[], &stated), "affected: version 6.0.7, fix ");
    assert_eq!(answer("cpe:2.3:a:v:hole:6.0.8:*:*:*:*:*:*:*", &[], &stated), "not affected");
    let any = advisory(Operator::Any, vec![node(vec![product("cpe:2.3:a:v:hole:*:*:*:*:*:*:*:*", None, None)])]);
    assert_eq!(answer("cpe:2.3:a:v:hole:6.0.8:*:*:*:*:*:*:*", &[], &any), "affected: every version, fix ");
}

#[test]
fn what_the_name_leaves_open_is_unknown() {
    let for_python =
        advisory(Operator::Any, vec![node(vec![product("cpe:2.3:a:v:hole:*:*:*:*:*:python:*:*", None, Some("2"))])]);
    assert_eq!(answer("cpe:2.3:a:v:hole:1:*:*:*:*:python:*:*", &[], &for_python), "affected: before 2, fix 2");
    assert_eq!(answer("cpe:2.3:a:v:hole:1:*:*:*:*:ruby:*:*", &[], &for_python), "not affected");
    assert_eq!(
        answer("cpe:2.3:a:v:hole:1:*:*:*:*:*:*:*", &[], &for_python),
        "unknown: the component's name leaves its target software open"
    );
    assert_eq!(answer("cpe:2.3:a:v:hole:3:*:*:*:*:*:*:*", &[], &for_python), "not affected");
}

#[test]
fn a_platform_has_to_be_known() {
    let windows = "cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*";
    let on_windows = |is_negated| {
        let platform = Node { is_negated, ..node(vec![platform(windows)]) };
        advisory(
            Operator::All,
            vec![node(vec![product("cpe:2.3:a:golang:go:*:*:*:*:*:*:*:*", None, Some("1.20.11"))]), platform],
        )
    };
    let go = |version: &str, beside: &[&str], is_negated| {
        answer(&format!("cpe:2.3:a:golang:go:{version}:*:*:*:*:*:*:*"), beside, &on_windows(is_negated))
    };
    assert_eq!(
        go("1.20.10", &[], false),
        format!("unknown: it holds together with `{windows}` only, which is not stated")
    );
    assert_eq!(
        go("1.20.10", &["cpe:2.3:o:microsoft:windows:10:*:*:*:*:*:*:*"], false),
        "affected: before 1.20.11, fix 1.20.11"
    );
    assert_eq!(go("1.20.11", &[], false), "not affected");
    assert_eq!(go("1.20.10", &[windows], true), "not affected");
    assert_eq!(
        answer(windows, &[], &on_windows(false)),
        "not affected",
        "the platform itself is not what is vulnerable"
    );
    let firmware = product("cpe:2.3:o:v:hole_firmware:*:*:*:*:*:*:*:*", None, Some("2"));
    let on_hardware =
        advisory(Operator::All, vec![node(vec![firmware]), node(vec![platform("cpe:2.3:h:v:hole:-:*:*:*:*:*:*:*")])]);
    assert_eq!(answer("cpe:2.3:o:v:hole_firmware:1:*:*:*:*:*:*:*", &[], &on_hardware), "affected: before 2, fix 2");
}

#[test]
fn an_advisory_is_filed_under_its_vulnerable_products() {
    let stated = advisory(
        Operator::All,
        vec![node(vec![product(OPENSSL, None, None)]), node(vec![platform("cpe:2.3:o:v:os:-:*:*:*:*:*:*:*")])],
    );
    let keys: Vec<_> = product_keys(&stated).iter().map(|key| key.as_str().to_owned()).collect();
    assert_eq!(keys, ["cpe/openssl/openssl"]);
    assert_eq!(key_of_product(&name("cpe:2.3:a:openssl:*:1:*:*:*:*:*:*:*")), None);
}
