//! Whatever comes in, nothing panics.

use proptest::prelude::*;
use shipworthy_advisories::advisory::{Advisory, Affected, Package, Range};
use shipworthy_advisories::configuration::{Bound, Configuration, Node, Product};
use shipworthy_advisories::cpe::Cpe;
use shipworthy_advisories::ecosystem::identities;
use shipworthy_advisories::matching::assess;
use shipworthy_advisories::products::{Installed, assess_product, product_keys};
use shipworthy_advisories::{csaf, cve, end_of_life, epss, github, known_exploited, nvd, osv};

use crate::csaf::CSAF;
use crate::readers::{CVE, GRAPHQL, NVD, OSV};

fn read_as_everything(text: &str) {
    let mut advisories = Vec::new();
    let mut keep = |advisory| advisories.push(advisory);
    let _ = osv::read(text, "osv", &mut keep);
    let _ = github::read(text, &mut keep);
    let _ = nvd::read(text, &mut keep);
    let _ = cve::read(text, &mut keep);
    let _ = csaf::read(text, &mut keep);
    let _ = epss::read(text, &mut |_| {});
    let _ = end_of_life::read(text);
    let _ = known_exploited::read(text.as_bytes());
    for advisory in advisories {
        let kept = serde_json::to_string(&advisory).expect("plain data");
        assert_eq!(serde_json::from_str::<Advisory>(&kept).expect("its own form"), advisory);
    }
}

/// A piece of a document is replaced by something else.
fn damaged() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "",
        "null",
        "0",
        "[]",
        "{}",
        "\"",
        ",",
        "]",
        "}",
        "true",
        "\u{0}",
        "\\u0000",
        "99999999999999999999",
    ]);
    (prop::sample::select(vec![OSV, GRAPHQL, NVD, CVE, CSAF]), any::<prop::sample::Index>(), 0..30_usize, odd).prop_map(
        |(text, at, length, odd)| {
            let begin = at.index(text.len());
            let end = (begin + length).min(text.len());
            format!("{}{odd}{}", text.get(..begin).unwrap_or_default(), text.get(end..).unwrap_or_default())
        },
    )
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec![
            "Debian",
            "Red Hat",
            "Ubuntu",
            "SUSE",
            "Alpine",
            "Go",
            "Root",
            ":",
            "-",
            ".",
            "el",
            "@",
            "/",
            "pkg:",
            "rpm",
            "deb",
            "?distro=",
            "&upstream=",
            "12",
            "0",
            "ä",
            ".src.rpm",
            "cpe:2.3:a:",
            "*",
            "é",
            " ",
        ]),
        0..12,
    )
    .prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn damaged_documents_are_errors_or_warnings(text in damaged()) {
        read_as_everything(&text);
    }

    #[test]
    fn any_text_is_an_error_or_read(text in ".{0,200}") {
        read_as_everything(&text);
    }

    #[test]
    fn odd_names_have_an_answer(purl in words(), ecosystem in words(), name in words(), event in words(), listed in words()) {
        let events = vec![serde_json::from_value(serde_json::json!({"introduced": event})).expect("an event")];
        let range = Range { events, ..Range::default() };
        let package = Package { ecosystem, name, purl: None };
        let affected = vec![Affected { package, ranges: vec![range], versions: vec![listed], ..Affected::default() }];
        let advisory = Advisory { affected, ..Advisory::default() };
        for purl in [purl.clone(), format!("pkg:rpm/redhat/{purl}"), format!("pkg:deb/{purl}")] {
            if let Ok(names) = identities(&purl, Some(&event)) {
                let _ = assess(&names, &advisory);
            }
        }
    }

    #[test]
    fn odd_products_have_an_answer(cpe in words(), version in words(), from in words()) {
        let product = Product { is_vulnerable: true, cpe: format!("cpe:2.3:a:v:{cpe}"), from: Some(Bound { version: from, is_included: true }), to: None };
        let node = Node { products: vec![product], ..Node::default() };
        let advisory = Advisory { configurations: vec![Configuration { nodes: vec![node], ..Configuration::default() }], ..Advisory::default() };
        let _ = product_keys(&advisory);
        if let Ok(cpe) = Cpe::parse(&format!("cpe:2.3:a:v:{cpe}")) {
            let _ = assess_product(&Installed { cpe: &cpe, version: Some(&version), beside: &[] }, &advisory);
        }
    }
}
