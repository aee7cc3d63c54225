//! The formula of the risk: its example, its reasons, and that what is worse never gives less.

use std::fmt::Write as _;

use proptest::prelude::*;
use shipworthy_advisories::correlation::Exploitability;
use shipworthy_advisories::due::{RunsIn, When};
use shipworthy_advisories::risk::{Age, Level, Risk, RiskInput, Standing, Weights, assess, together};
use shipworthy_model::{EnvironmentKind, Exposure, Severity, VexStatus};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/concepts/risk.md");

fn document() -> String {
    std::fs::read_to_string(DOCUMENT).expect("the page about the risk")
}

/// As the page shows it.
fn table(risk: &Risk) -> String {
    let mut table = "| because | points |\n|---|---:|\n".to_owned();
    for reason in &risk.because {
        writeln!(table, "| {} | {:+} |", reason.text, reason.points).expect("a text takes it");
    }
    let level = serde_json::to_value(risk.level).expect("plain data");
    writeln!(table, "| **{}** | **{}** |", level.as_str().expect("a word"), risk.score).expect("a text takes it");
    table
}

fn example() -> RiskInput {
    RiskInput {
        severity: Severity::Critical,
        cvss: Some(10.0),
        exploitability: Some(Exploitability { probability: 0.9446, percentile: 0.9998 }),
        is_known_exploited: true,
        is_used_by_ransomware: true,
        environment: Some(RunsIn { kind: EnvironmentKind::Production, exposure: Exposure::Internal }),
        has_fix: true,
        age: Age::Overdue(12),
        ..RiskInput::default()
    }
}

#[test]
fn the_example_of_the_page_is_what_the_formula_gives() {
    let weights = Weights::default();
    let log4shell = assess(&example(), &weights);
    assert!(document().contains(&table(&log4shell)), "{}", table(&log4shell));
    let excused = assess(&RiskInput { standing: Standing::Excused, ..example() }, &weights);
    assert!(document().contains(&table(&excused)), "{}", table(&excused));
    let quiet = RiskInput {
        severity: Severity::Medium,
        environment: Some(RunsIn { kind: EnvironmentKind::Staging, exposure: Exposure::Internal }),
        ..RiskInput::default()
    };
    let quiet = assess(&quiet, &weights);
    let all = [&excused, &quiet].map(|risk| (risk.score, risk.level));
    let service = together(all, &weights);
    assert!(document().contains(&table(&service)), "{}", table(&service));
}

#[test]
fn the_page_shows_the_weights_that_hold() {
    let weights = serde_json::to_string_pretty(&Weights::default()).expect("plain data");
    assert!(document().contains(&weights), "{weights}");
    assert_eq!(Weights::default().check(), Ok(()));
    assert_eq!(serde_json::from_str::<Weights>("{}").expect("defaults"), Weights::default());
}

#[test]
fn what_nobody_rated_is_not_harmless_and_its_points_are_called_an_assumption() {
    let unrated = assess(&RiskInput::default(), &Weights::default());
    insta::assert_json_snapshot!(unrated, @r#"
    {
      "score": 28,
      "level": "unknown",
      "because": [
        {
          "text": "nobody rated it: taken as 7 of 10",
          "points": 28
        }
      ]
    }
    "#);
    let exploited = assess(&RiskInput { is_known_exploited: true, ..RiskInput::default() }, &Weights::default());
    assert_eq!((exploited.score, exploited.level), (43, Level::Medium));
    let malicious = assess(&RiskInput { is_malicious: true, ..RiskInput::default() }, &Weights::default());
    assert_eq!((malicious.score, malicious.level), (40, Level::Medium));
}

#[test]
fn what_is_fixed_or_not_affected_is_no_risk_and_says_why() {
    for status in [VexStatus::Fixed, VexStatus::NotAffected] {
        let risk = assess(&RiskInput { standing: status.into(), ..example() }, &Weights::default());
        assert_eq!((risk.score, risk.level), (0, Level::None));
        assert_eq!(risk.because.iter().map(|reason| reason.points).sum::<i32>(), 0);
        let last = risk.because.last().map(|reason| reason.text.as_str()).unwrap_or_default();
        assert!(last.starts_with("a VEX statement says that it is "), "{last}");
    }
    for status in [VexStatus::Affected, VexStatus::UnderInvestigation] {
        assert_eq!(Standing::from(status), Standing::Open);
    }
}

#[test]
fn a_word_and_a_score_that_contradict_each_other_count_as_the_worse() {
    let risk = |severity, cvss| assess(&RiskInput { severity, cvss, ..RiskInput::default() }, &Weights::default());
    let contradicting = risk(Severity::Critical, Some(5.0));
    assert_eq!(
        (contradicting.score, contradicting.because[0].text.as_str()),
        (36, "severity critical, though its CVSS score is 5")
    );
    assert_eq!(risk(Severity::Low, Some(9.8)).score, 39);
    assert_eq!(risk(Severity::High, None).because[0].text, "severity high");
    assert_eq!(risk(Severity::Medium, Some(f64::NAN)).score, risk(Severity::Medium, None).score);
}

#[test]
fn the_age_is_the_share_of_the_time_that_is_gone() {
    let at = |day: &str| format!("{day}T00:00:00Z").parse().expect("an instant");
    let age = |due, now| Age::of(at("2026-11-01"), due, at(now));
    assert_eq!(age(When::At(at("2026-11-11")), "2026-11-06"), Age::Within(0.5));
    assert_eq!(age(When::At(at("2026-11-11")), "2026-11-11"), Age::Within(1.0));
    assert_eq!(age(When::At(at("2026-11-11")), "2026-11-13"), Age::Overdue(2));
    assert_eq!(age(When::At(at("2026-11-11")), "2026-10-01"), Age::Within(0.0));
    assert_eq!(age(When::At(at("2026-10-11")), "2026-10-01"), Age::Within(1.0));
    assert_eq!([age(When::OnNextUpgrade, "2027-11-01"), age(When::Never, "2027-11-01")], [Age::NoDate; 2]);
}

#[test]
fn many_small_risks_never_make_what_one_great_one_is() {
    let weights = Weights::default();
    assert_eq!(together([], &weights), Risk { score: 0, level: Level::None, because: Vec::new() });
    let many = together(std::iter::repeat_n((20, Level::Low), 10_000), &weights);
    assert_eq!((many.score, many.level), (39, Level::Medium));
    let unrated = together([(28, Level::Unknown), (0, Level::None)], &weights);
    assert_eq!((unrated.score, unrated.level), (28, Level::Unknown));
    assert_eq!(together([(28, Level::Unknown), (20, Level::Low)], &weights).level, Level::Medium);
}

#[test]
fn weights_that_would_turn_the_order_around_are_refused() {
    let refused = [
        r#"{"words": {"high": 9.9}}"#,
        r#"{"words": {"unknown": 0}}"#,
        r#"{"words": {"critical": 11}}"#,
        r#"{"levels": {"high": 80}}"#,
        r#"{"levels": {"medium": 0}}"#,
        r#"{"internal": 20}"#,
        r#"{"excused_percent": 101}"#,
        r#"{"overdue_days": 0}"#,
        r#"{"severity": 0}"#,
    ];
    let sentence = |text: &&str| serde_json::from_str::<Weights>(text).expect("weights").check().expect_err(text);
    insta::assert_snapshot!(refused.iter().map(sentence).collect::<Vec<_>>().join("\n"));
    let mistyped = serde_json::from_str::<Weights>(r#"{"serverity": 3}"#).expect_err("a mistyped name");
    assert!(mistyped.to_string().starts_with("unknown field `serverity`"), "{mistyped}");
}

/// A fact as a number that grows with how bad it is, and the input made of them.
type Facts = (Option<f64>, u8, f64, f64, [bool; 5], u8, u8, u8);

fn facts() -> impl Strategy<Value = Facts> {
    let share = || 0.0..=1.0_f64;
    let score = prop::option::of(0.0..=10.0_f64);
    (score, 0_u8..5, share(), share(), any::<[bool; 5]>(), 0_u8..4, 0_u8..120, 0_u8..4)
}

fn input(facts: &Facts) -> RiskInput {
    let (
        cvss,
        severity,
        probability,
        percentile,
        [exploited, ransomware, malicious, production, fix],
        place,
        age,
        standing,
    ) = *facts;
    let exposures = [Exposure::Isolated, Exposure::Internal, Exposure::Internet];
    let kind = if production { EnvironmentKind::Production } else { EnvironmentKind::Staging };
    let exposure = usize::from(place).checked_sub(1).map(|place| exposures[place]);
    let severities = [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    let standings = [Standing::Fixed, Standing::NotAffected, Standing::Excused, Standing::Open];
    RiskInput {
        severity: severities[usize::from(severity)],
        cvss,
        is_malicious: malicious,
        exploitability: Some(Exploitability { probability, percentile }),
        is_known_exploited: exploited,
        is_used_by_ransomware: ransomware,
        environment: exposure.map(|exposure| RunsIn { kind, exposure }),
        has_fix: fix,
        age: match age {
            0 => Age::NoDate,
            1..=60 => Age::Within(f64::from(age) / 60.0),
            _ => Age::Overdue(u32::from(age) - 61),
        },
        standing: standings[usize::from(standing)],
    }
}

/// The worse of both, fact by fact.
fn worse(left: &Facts, right: &Facts) -> Facts {
    let mut flags = left.4;
    for (flag, other) in flags.iter_mut().zip(right.4) {
        *flag |= other;
    }
    let cvss = left.0.map(|score| score.max(right.0.unwrap_or(0.0)));
    let (probability, percentile) = (left.2.max(right.2), left.3.max(right.3));
    (
        cvss,
        left.1.max(right.1),
        probability,
        percentile,
        flags,
        left.5.max(right.5),
        left.6.max(right.6),
        left.7.max(right.7),
    )
}

fn weights() -> impl Strategy<Value = Weights> {
    let points = || 0_u8..60;
    (1_u8..100, any::<[u8; 3]>(), points(), points(), points(), 0_u8..=100, 0_u8..=100, 1_u32..500).prop_map(
        |(severity, mut places, known_exploited, production, fix, excused_percent, rest_percent, rest_half)| {
            places.sort_unstable();
            let [isolated, internal, internet] = places;
            let own = Weights {
                severity,
                isolated,
                internal,
                internet,
                known_exploited,
                production,
                fix,
                ..Weights::default()
            };
            Weights { excused_percent, rest_percent, rest_half, ..own }
        },
    )
}

proptest! {
    #[test]
    fn what_is_worse_never_gives_less(one in facts(), other in facts(), weights in weights()) {
        for weights in [weights, Weights::default()] {
            prop_assert_eq!(weights.check(), Ok(()));
            let (least, most) = (assess(&input(&one), &weights), assess(&input(&worse(&one, &other)), &weights));
            prop_assert!(most.score >= least.score, "{:?} is more than {:?}", least, most);
        }
    }

    #[test]
    fn the_points_of_the_reasons_add_up_to_the_score(facts in facts(), weights in weights()) {
        for weights in [weights, Weights::default()] {
            let risk = assess(&input(&facts), &weights);
            prop_assert!(risk.score <= 100);
            prop_assert_eq!(risk.because.iter().map(|reason| reason.points).sum::<i32>(), i32::from(risk.score));
        }
    }

    #[test]
    fn of_several_risks_one_more_or_one_that_is_worse_never_gives_less(
        scores in prop::collection::vec(0_u8..=100, 1..20), place in any::<prop::sample::Index>(), more in 0_u8..=100, weights in weights(),
    ) {
        let risk = |scores: &[u8]| together(scores.iter().map(|score| (*score, weights.levels.of(*score))), &weights);
        let before = risk(&scores);
        prop_assert_eq!(before.because.iter().map(|reason| reason.points).sum::<i32>(), i32::from(before.score));
        prop_assert!(before.score >= scores.iter().copied().max().unwrap_or(0));
        let mut longer = scores.clone();
        longer.push(more);
        prop_assert!(risk(&longer).score >= before.score, "{} more", more);
        let mut worse = scores.clone();
        let place = place.index(worse.len());
        worse[place] = worse[place].max(more);
        prop_assert!(risk(&worse).score >= before.score, "{:?} is better than {:?}", worse, scores);
    }
}
