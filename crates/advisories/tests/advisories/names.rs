//! CPE names: their forms, and how they relate.

use proptest::prelude::*;
use shipworthy_advisories::cpe::{Attribute, Cpe, Relation, Value};

#[test]
fn a_name_has_two_forms() {
    // The examples of NISTIR 7695, sections 6.1 and 6.2, and of the dictionary.
    let cases = [
        (
            "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*",
            "cpe:/a:microsoft:internet_explorer:8.0.6001:beta",
        ),
        ("cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*", "cpe:/a:microsoft:internet_explorer:8.%02:sp%01"),
        (
            "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:-:*:*:online:win2003:x64:*",
            "cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~",
        ),
        (
            r"cpe:2.3:a:foo\\bar:big\$money_manager_2010:*:*:*:*:special:ipod_touch:80gb:*",
            "cpe:/a:foo%5cbar:big%24money_manager_2010:::~~special~ipod_touch~80gb~",
        ),
        (
            r"cpe:2.3:a:hp:openview_network_manager:7.51:-:*:*:*:linux:*:*",
            "cpe:/a:hp:openview_network_manager:7.51:-:~~~linux~~",
        ),
        (r"cpe:2.3:o:a\:b:??c\*d*:\-:*:*:en-us:*:*:*:*", "cpe:/o:a%3ab:%01%01c%2ad%02:%2d:::en-us"),
        ("cpe:2.3:*:*:*:*:*:*:*:*:*:*:*", "cpe:/"),
    ];
    for (string, uri) in cases {
        let name = Cpe::parse(&string.to_uppercase()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(name.to_string(), string);
        assert_eq!(name.to_uri(), uri);
        assert_eq!(Cpe::parse(uri).as_ref(), Ok(&name));
    }
}

#[test]
fn what_a_name_says_of_an_attribute_is_a_text_any_or_none() {
    let name = Cpe::parse(r"cpe:2.3:a:Foo\!:bar:-:*:*:*:*:*:*:*").unwrap();
    assert!(matches!(name.value(Attribute::Vendor), Value::Text(text) if text.literal() == Some("foo!")));
    assert_eq!(name.value(Attribute::Version), &Value::NotApplicable);
    assert_eq!(name.value(Attribute::Update), &Value::Any);
    let name = Cpe::parse("cpe:2.3:a:foo*:bar:-:*:*:*:*:*:*:*").unwrap();
    assert!(matches!(name.value(Attribute::Vendor), Value::Text(text) if text.literal().is_none()));
}

#[test]
fn what_is_no_name_is_refused_with_what_was_expected() {
    let cases = [
        ("pkg:npm/a", "expected `cpe:2.3:` or `cpe:/` at the beginning"),
        ("cpe:2.3:a:foo:bar:1.0", "expected eleven parts"),
        ("cpe:2.3:a:foo:bar:1.0:*:*:*:*:*:*:*:*", "expected eleven parts"),
        ("cpe:2.3:a:foo:bar::*:*:*:*:*:*:*", "expected no empty part"),
        ("cpe:2.3:a:f!oo:bar:*:*:*:*:*:*:*:*", "expected a backslash before"),
        ("cpe:2.3:a:f*oo:bar:*:*:*:*:*:*:*:*", "at the beginning and the end of a part alone"),
        ("cpe:2.3:a:foo?*:bar:*:*:*:*:*:*:*:*", "at the beginning and the end of a part alone"),
        (r"cpe:2.3:a:foo:bar:*:*:*:*:*:*:*:x\", "expected a character behind the backslash"),
        ("cpe:2.3:x:foo:bar:*:*:*:*:*:*:*:*", "expected `a`, `o` or `h` as the part"),
        ("cpe:/a:foo:bar:::::x", "expected at most seven parts"),
        ("cpe:/a:foo:bar:::~a~b", "expected five values in an edition"),
        ("cpe:/a:foo%5cbar:big%24money_2010%07", "expected a printable character behind `%`"),
        ("cpe:/a:foo!", "to be percent-encoded"),
        ("cpe:/a:foo bar", "printable ASCII characters without blanks"),
    ];
    for (text, expected) in cases {
        let error = Cpe::parse(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn names_relate_as_the_tables_of_the_standard_say() {
    let name = |value: &str| Cpe::parse(&format!("cpe:2.3:a:foo:bar:{value}:*:*:*:*:*:*:*")).unwrap();
    // Table 6-2: source, target, relation.
    let cases = [
        ("*", "*", Relation::Equal),
        ("*", "-", Relation::Superset),
        ("*", "1.0", Relation::Superset),
        ("*", "1.*", Relation::Undefined),
        ("-", "*", Relation::Subset),
        ("-", "-", Relation::Equal),
        ("-", "1.0", Relation::Disjoint),
        ("-", "1.*", Relation::Undefined),
        ("1.0", "*", Relation::Subset),
        ("1.0", "-", Relation::Disjoint),
        ("1.0", "1.0", Relation::Equal),
        ("1.0", "1.1", Relation::Disjoint),
        ("1.0", "1.*", Relation::Undefined),
        ("1.*", "*", Relation::Subset),
        ("1.*", "-", Relation::Disjoint),
        ("1.*", "1.0", Relation::Superset),
        ("1.*", "2.0", Relation::Disjoint),
        ("1.?", "1.0", Relation::Superset),
        ("1.?", "1.", Relation::Superset),
        ("1.?", "1.10", Relation::Disjoint),
        ("??0", "1.0", Relation::Superset),
        ("*.0", "1.0", Relation::Superset),
        ("*.0", "1.0.1", Relation::Disjoint),
        ("*0?", "1.0.01", Relation::Superset),
        ("1.*", "1.?", Relation::Undefined),
    ];
    for (source, target, expected) in cases {
        assert_eq!(name(source).relation_of(Attribute::Version, &name(target)), expected, "{source} and {target}");
        assert_eq!(name(source).relation(&name(target)), expected, "{source} and {target}");
    }
}

#[test]
fn a_name_includes_another_when_it_does_so_in_every_attribute() {
    let of = |text: &str| Cpe::parse(text).unwrap();
    let source = of("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*");
    let cases = [
        ("cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*", Relation::Superset, true),
        ("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*", Relation::Equal, true),
        ("cpe:2.3:a:apache:log4net:2.14.1:*:*:*:*:*:*:*", Relation::Disjoint, false),
        ("cpe:2.3:a:*:log4j:*:*:*:*:*:*:*:*", Relation::Subset, false),
        ("cpe:2.3:a:*:log4j:2.14.1:*:*:*:*:*:*:*", Relation::Undefined, false),
    ];
    for (target, relation, includes) in cases {
        assert_eq!((source.relation(&of(target)), source.includes(&of(target))), (relation, includes), "{target}");
    }
}

fn parts() -> impl Strategy<Value = String> {
    let part = r"[*?]?([a-c1._-]|\\[!*?:~\\]){1,4}\??|\*|-|\?\?1";
    prop::collection::vec(part, 10).prop_map(|parts| format!("cpe:2.3:a:{}", parts.join(":")))
}

proptest! {
    #[test]
    fn a_name_is_read_as_it_was_written_in_either_form(text in parts()) {
        if let Ok(name) = Cpe::parse(&text) {
            prop_assert_eq!(Cpe::parse(&name.to_string()), Ok(name.clone()));
            prop_assert_eq!(Cpe::parse(&name.to_uri()).map(|name| name.to_string()), Ok(name.to_string()));
        }
    }

    #[test]
    fn relations_are_the_same_from_either_side((left, right) in (parts(), parts())) {
        if let (Ok(left), Ok(right)) = (Cpe::parse(&left), Cpe::parse(&right)) {
            for attribute in Attribute::ALL {
                let (one, other) = (left.relation_of(attribute, &right), right.relation_of(attribute, &left));
                let mirrored = match other {
                    Relation::Subset => Relation::Superset,
                    Relation::Superset => Relation::Subset,
                    same => same,
                };
                prop_assert!(one == mirrored || [one, other].contains(&Relation::Undefined), "{} {}", left, right);
            }
        }
    }

    #[test]
    fn no_text_makes_a_name_panic(text in r"cpe:(/|2\.3:)[aoh][:a-z0-9*?\\%~.é-]{0,40}") {
        drop(Cpe::parse(&text).map(|name| name.to_uri()));
    }
}
