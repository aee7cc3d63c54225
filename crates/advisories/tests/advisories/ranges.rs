//! Ranges in the notation of VERS, and those of the ecosystems.

use shipworthy_advisories::vers::{Undecided, Vers};

#[test]
fn a_range_contains_what_is_between_its_bounds() {
    let cases = [
        ("vers:npm/>=1.0.0|<2.0.0", "1.0.0", true),
        ("vers:npm/>=1.0.0|<2.0.0", "2.0.0", false),
        ("vers:npm/>=1.0.0|<2.0.0", "2.0.0-rc.1", true),
        ("vers:npm/>1.0.0|<=2.0.0", "1.0.0", false),
        ("vers:npm/>1.0.0|<=2.0.0", "2.0.0", true),
        ("vers:npm/1.0.0|>=3.0.0|!=4.0.0", "1.0.0", true),
        ("vers:npm/1.0.0|>=3.0.0|!=4.0.0", "4.0.0", false),
        ("vers:npm/1.0.0|>=3.0.0|!=4.0.0", "5.0.0", true),
        ("vers:npm/<1.0.0|>=2.0.0", "1.5.0", false),
        ("vers:npm/<2.0.0|>=1.0.0", "1.5.0", true),
        ("vers:npm/!=1.0.0", "2.0.0", true),
        ("vers:npm/*", "anything", true),
        ("vers:none/*", "anything", false),
        ("vers:all/*", "anything", true),
        ("vers:golang/<v1.2.3", "1.2.2", true),
        ("vers:deb/<1:2.0-1", "3.0", true),
        ("vers:rpm/<1.0-2.el9", "1.0-2.el9_1", false),
        ("vers:generic/<1.0.2k", "1.0.2j", true),
    ];
    for (range, version, expected) in cases {
        assert_eq!(Vers::parse(range).unwrap().contains(version), Ok(expected), "{version} in {range}");
    }
}

#[test]
fn what_cannot_be_ordered_is_neither_in_a_range_nor_outside() {
    let range = Vers::parse("vers:npm/>=1.0.0|<2.0.0").unwrap();
    assert!(matches!(range.contains("latest"), Err(Undecided::Unordered(_))));
    let range = Vers::parse("vers:example/>=1|<2").unwrap();
    assert_eq!(range.contains("1").unwrap_err().to_string(), "no order of versions is known for the type `example`");
}

#[test]
fn a_range_is_sorted_and_written_in_one_way() {
    let cases = [
        ("VERS:NPM/<2.0.0| >= 1.0.0", "vers:npm/>=1.0.0|<2.0.0"),
        ("vers:pypi/<1!2.0", "vers:pypi/<1%212.0"),
        ("vers:pypi/=1.0|==0.9", "vers:pypi/0.9|1.0"),
        ("vers:lexicographic/1 2", "vers:lexicographic/1%202"),
        ("vers:lexicographic/1%2C5|é", "vers:lexicographic/1,5|%C3%A9"),
        ("vers:test/2|1", "vers:test/2|1"),
    ];
    for (text, expected) in cases {
        let range = Vers::parse(text).unwrap();
        assert_eq!(range.to_string(), expected);
        assert_eq!(Vers::parse(expected).as_ref(), Ok(&range));
    }
}

#[test]
fn what_is_no_range_is_refused_with_what_was_expected() {
    let cases = [
        ("npm/1", "expected `vers:type/constraints`"),
        ("purl:npm/1", "expected `vers:` at the beginning"),
        ("vers:npm", "expected `/` behind the type"),
        ("vers:1npm/1", "expected a type of letters"),
        ("vers:invalid/*", "and not `invalid`"),
        ("vers:npm/", "expected a version in every constraint"),
        ("vers:npm/>=1||<2", "expected a version in every constraint"),
        ("vers:npm/*|1", "expected nothing beside `*`"),
        ("vers:all/1", "expected `*` behind this type"),
        ("vers:npm/1%2G", "expected two hexadecimal digits behind `%`"),
        ("vers:npm/1=2", "to be percent-encoded"),
        ("vers:npm/1|latest", "cannot be ordered"),
    ];
    for (text, expected) in cases {
        let error = Vers::parse(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn the_canonical_form_is_one() {
    for text in [
        "vers:npm/>=1.0.0|<2.0.0",
        "vers:npm/1.0.0|!=1.5.0|>=2.0.0",
        "vers:npm/*",
        "vers:datetime/2024-01-01T00:00:00Z",
    ] {
        assert_eq!(Vers::parse_canonical(text).unwrap().to_string(), text);
    }
    let cases = [
        ("vers:npm/<2.0.0|>=1.0.0", "expected `vers:npm/>=1.0.0|<2.0.0`"),
        ("vers:npm/=1.0.0", "expected `vers:npm/1.0.0`"),
        ("vers:npm/>=1.0|<1.0.0", "expected `vers:npm/<1.0.0|>=1.0`"),
        ("vers:npm/<1.0|>=1.0.0", "expected every version once"),
        ("vers:npm/>=1.0.0|>=2.0.0", "expected beginnings and ends of intervals in turn"),
        ("vers:npm/>=1.0.0|1.5.0|<2.0.0", "expected no version that an interval contains anyway"),
        ("vers:datetime/2024-01-01t00:00:00z", "expected a capital `T` and `Z`"),
        ("vers:datetime/2024-01-01T00%3A00%3A00Z", "expected `vers:datetime/2024-01-01T00:00:00Z`"),
    ];
    for (text, expected) in cases {
        let error = Vers::parse_canonical(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn ranges_of_ecosystems_become_ranges_of_one_notation() {
    let cases = [
        ("npm", "^1.2.3 || >=3 <3.5", "vers:npm/>=1.2.3|<2.0.0|>=3.0.0|<3.5.0"),
        ("npm", "1.2 - 2.3.4", "vers:npm/>=1.2.0|<=2.3.4"),
        ("npm", "1.2.3 - 2.3", "vers:npm/>=1.2.3|<2.4.0"),
        ("npm", "^0.0.3", "vers:npm/>=0.0.3|<0.0.4"),
        ("npm", "~1", "vers:npm/>=1.0.0|<2.0.0"),
        ("npm", ">1.2", "vers:npm/>=1.3.0"),
        ("npm", "", "vers:npm/*"),
        ("npm", ">=1.0.0 || <3.0.0", "vers:npm/*"),
        ("npm", ">=1.0.0 >=1.5.0 <2.0.0 <3.0.0", "vers:npm/>=1.5.0|<2.0.0"),
        ("npm", ">2.0.0 <1.0.0", "vers:none/*"),
        ("npm", "1.0.0 - 3.0.0 || 2.0.0 - 6.0.0 || 4.0.0 - 5.0.0", "vers:npm/>=1.0.0|<=6.0.0"),
        ("conan", "[~1.2 || >=3]", "vers:conan/>=1.2|<1.3-|>=3"),
        ("gem", "~> 2.0, != 2.0.9", "vers:gem/>=2.0|!=2.0.9|<3"),
        ("gem", "2.1", "vers:gem/2.1"),
        ("pypi", "~=2.2", "vers:pypi/>=2.2|<3.dev0"),
        ("pypi", "==1!1.4.*, !=1!1.4.2", "vers:pypi/>=1%211.4.dev0|!=1%211.4.2|<1%211.5.dev0"),
        ("pypi", "!=1.4.*", "vers:pypi/<1.4.dev0|>=1.5.dev0"),
        ("maven", "(,1.0],[1.2,)", "vers:maven/<=1.0|>=1.2"),
        ("maven", "[1.0]", "vers:maven/1.0"),
        ("nuget", "1.0", "vers:nuget/>=1.0"),
        ("nuget", "(1.0,2.0]", "vers:nuget/>1.0|<=2.0"),
        ("nginx", "1.5.0+, 1.4.1+", "vers:nginx/>=1.4.1|<1.5.0|>=1.5.0"),
        ("nginx", "all", "vers:nginx/*"),
        ("nginx", "none", "vers:none/*"),
        ("openssl", "3.0.1, 0.9.7a", "vers:openssl/0.9.7a|3.0.1"),
    ];
    for (versions_type, range, expected) in cases {
        let read = Vers::from_native(versions_type, range).unwrap_or_else(|error| panic!("{range}: {error}"));
        assert_eq!(read.to_string(), expected, "{versions_type} {range}");
    }
}

#[test]
fn ranges_of_ecosystems_that_cannot_be_read_are_refused() {
    let cases = [
        ("npm", "latest", "is not a range of npm"),
        ("npm", "1.2.3.4", "is not a range of npm"),
        ("npm", "^99999999999999999999", "is not a range of npm"),
        ("conan", "~", "is not a range of conan"),
        ("gem", "~> a", "is not a range of gem"),
        ("pypi", "1.0", "is not a range of pypi"),
        ("maven", "1.0", "is not a range of maven"),
        ("maven", "[1.0,2.0),", "is not a range of maven"),
        ("maven", "(1.0)", "is not a range of maven"),
        ("openssl", "1.0.2-fips", "cannot be ordered"),
        ("nginx", "1.2+", "is not a range of nginx"),
        ("deb", ">= 1", "are not read"),
        ("example", "1", "are not read"),
    ];
    for (versions_type, range, expected) in cases {
        let error = Vers::from_native(versions_type, range).expect_err(range).to_string();
        assert!(error.contains(expected), "{range}: {error}");
    }
}
