//! CVSS vectors and their scores.

use proptest::prelude::*;
use shipworthy_advisories::cvss::{Cvss, CvssVersion};
use shipworthy_model::Severity;

#[test]
fn a_vector_has_a_base_score_one_with_time_and_one_for_the_place() {
    // The examples of the guide to version 2 (section 3.3), then one where 3.0 and 3.1 differ.
    let cases = [
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H", [7.8, 6.4, 9.2]),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:L", [10.0, 8.3, 9.0]),
        ("AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M", [6.2, 4.9, 7.5]),
        ("CVSS:3.0/AV:P/AC:H/PR:L/UI:N/S:C/C:H/I:H/A:H", [7.0, 7.0, 7.0]),
        ("CVSS:3.1/AV:P/AC:H/PR:L/UI:N/S:C/C:H/I:H/A:H", [7.0, 7.0, 7.1]),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:R/MAV:P", [9.8, 8.5, 5.9]),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U", [10.0, 9.1, 9.1]),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N/MVC:H", [0.0, 0.0, 8.7]),
    ];
    for (vector, expected) in cases {
        let cvss = Cvss::parse(vector).unwrap();
        assert_eq!([cvss.base_score(), cvss.temporal_score(), cvss.environmental_score()], expected, "{vector}");
    }
}

#[test]
fn the_score_that_counts_is_that_of_all_that_is_defined() {
    let cases = [
        ("CVSS:3.0/AV:P/AC:H/PR:L/UI:N/S:C/C:H/I:H/A:H", 7.0, Severity::High),
        ("CVSS:3.1/AV:P/AC:H/PR:L/UI:N/S:C/C:H/I:H/A:H/E:U", 6.4, Severity::Medium),
        ("CVSS:3.1/AV:P/AC:H/PR:L/UI:N/S:C/C:H/I:H/A:H/MS:U", 6.3, Severity::Medium),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, Severity::Info),
        ("AV:N/AC:M/Au:N/C:N/I:P/A:N", 4.3, Severity::Medium),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0, Severity::High),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/S:P", 9.3, Severity::Critical),
        ("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 1.0, Severity::Low),
    ];
    for (vector, score, severity) in cases {
        let cvss = Cvss::parse(vector).unwrap();
        assert_eq!((cvss.score(), cvss.severity()), (score, severity), "{vector}");
    }
}

#[test]
fn a_vector_is_written_in_one_way() {
    let cases = [
        ("(AV:N/AC:L/Au:N/C:N/I:N/A:C/E:ND)", CvssVersion::V2, "AV:N/AC:L/Au:N/C:N/I:N/A:C"),
        ("CVSS:2.0/A:C/AV:N/AC:L/Au:N/C:N/I:N", CvssVersion::V2, "AV:N/AC:L/Au:N/C:N/I:N/A:C"),
        (
            " CVSS:3.1/S:U/C:H/I:H/A:H/AV:N/AC:L/PR:N/UI:N/E:X/CR:L",
            CvssVersion::V3_1,
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/CR:L",
        ),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/U:Red/E:A",
            CvssVersion::V4,
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A/U:Red",
        ),
    ];
    for (text, version, expected) in cases {
        let cvss = Cvss::parse(text).unwrap();
        assert_eq!((cvss.version(), cvss.to_string().as_str()), (version, expected));
    }
}

#[test]
fn what_is_no_vector_is_refused_with_what_is_wrong() {
    let cases = [
        ("", "`` is not a metric of CVSS 2.0 with its value"),
        ("critical", "`critical` is not a metric of CVSS 2.0 with its value"),
        ("CVSS:5.0/AV:N", "`5.0` is not a version of CVSS: expected 2.0, 3.0, 3.1 or 4.0"),
        ("CVSS:3.1/AV:X", "`AV:X` is not a metric of CVSS 3.1 with its value"),
        ("CVSS:3.1/av:N", "`av:N` is not a metric of CVSS 3.1 with its value"),
        ("CVSS:3.1/AV:N/AV:N", "the metric `AV` is given twice"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", "the metric `A` is missing"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/", "`` is not a metric of CVSS 3.1 with its value"),
    ];
    for (text, expected) in cases {
        assert_eq!(Cvss::parse(text).expect_err(text).to_string(), expected);
    }
}

/// The metrics of a version and their values, the base ones first.
type Metrics = (&'static str, usize, &'static [(&'static str, &'static [&'static str])]);

const VERSIONS: [Metrics; 4] = [("", 6, V2), ("CVSS:3.0/", 8, V3), ("CVSS:3.1/", 8, V3), ("CVSS:4.0/", 11, V4)];

const V2: &[(&str, &[&str])] = &[
    ("AV", &["L", "A", "N"]),
    ("AC", &["H", "M", "L"]),
    ("Au", &["M", "S", "N"]),
    ("C", &["N", "P", "C"]),
    ("I", &["N", "P", "C"]),
    ("A", &["N", "P", "C"]),
    ("E", &["U", "POC", "F", "H"]),
    ("RL", &["OF", "TF", "W", "U"]),
    ("CDP", &["L", "H"]),
    ("CR", &["L", "M", "H"]),
];

const V3: &[(&str, &[&str])] = &[
    ("AV", &["N", "A", "L", "P"]),
    ("AC", &["L", "H"]),
    ("PR", &["N", "L", "H"]),
    ("UI", &["N", "R"]),
    ("S", &["U", "C"]),
    ("C", &["N", "L", "H"]),
    ("I", &["N", "L", "H"]),
    ("A", &["N", "L", "H"]),
    ("E", &["H", "F", "P", "U"]),
    ("RC", &["C", "R", "U"]),
    ("AR", &["H", "M", "L"]),
    ("MS", &["U", "C"]),
    ("MC", &["N", "L", "H"]),
];

const V4: &[(&str, &[&str])] = &[
    ("AV", &["N", "A", "L", "P"]),
    ("AC", &["L", "H"]),
    ("AT", &["N", "P"]),
    ("PR", &["N", "L", "H"]),
    ("UI", &["N", "P", "A"]),
    ("VC", &["H", "L", "N"]),
    ("VI", &["H", "L", "N"]),
    ("VA", &["H", "L", "N"]),
    ("SC", &["H", "L", "N"]),
    ("SI", &["H", "L", "N"]),
    ("SA", &["H", "L", "N"]),
    ("E", &["A", "P", "U"]),
    ("CR", &["H", "M", "L"]),
    ("MVC", &["H", "L", "N"]),
    ("MSI", &["S", "H", "L", "N"]),
];

/// A vector in the order of the standard, and the same one backwards.
fn vectors() -> impl Strategy<Value = (String, String)> {
    let choices = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 15);
    (prop::sample::select(&VERSIONS[..]), choices).prop_map(|((prefix, base, metrics), choices)| {
        let given = metrics.iter().zip(choices).enumerate().filter(|(at, (_, (_, is_given)))| *at < base || *is_given);
        let mut parts: Vec<_> =
            given.map(|(_, ((name, values), (choice, _)))| format!("{name}:{}", choice.get(values))).collect();
        let forwards = format!("{prefix}{}", parts.join("/"));
        parts.reverse();
        (forwards, format!("{prefix}{}", parts.join("/")))
    })
}

proptest! {
    #[test]
    fn a_vector_is_read_as_it_was_written_and_has_scores_from_0_to_10((forwards, backwards) in vectors()) {
        let cvss = Cvss::parse(&forwards).unwrap();
        prop_assert_eq!(cvss.to_string(), forwards);
        prop_assert_eq!(&Cvss::parse(&backwards).unwrap(), &cvss);
        for score in [cvss.base_score(), cvss.temporal_score(), cvss.environmental_score(), cvss.score()] {
            prop_assert!((0.0..=10.0).contains(&score) && !score.is_sign_negative(), "{}", score);
            prop_assert_eq!(score, (score * 10.0).round() / 10.0);
        }
        prop_assert!(cvss.temporal_score() <= cvss.base_score());
    }

    #[test]
    fn no_text_makes_a_vector_panic(text in "(CVSS:[2-5]\\.[01]/)?([A-Zu]{1,3}:[A-Z]{1,3}/?){0,12}.{0,3}") {
        drop(Cvss::parse(&text));
    }
}
