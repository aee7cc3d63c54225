//! Decisions: written, listed, and found again while they hold.

use crate::gate_world::{BANK, CART_1, LEDGER_1, PRODUCTION, SHOP, STAGING, gate_worlds};
use crate::world::{at, id};
use shipworthy_model::{
    ApplicationId, Decision, DecisionId, Digest, EnvironmentId, GateMode, ReleaseId, Subject, Unknowns, Verdict,
};
use shipworthy_store::decision::{Counts, Filter, NewDecision, ReleaseKey, Standing};
use shipworthy_store::stamp::Stamp;
use shipworthy_store::{Session, StoreError, Visibility, decision, stamp};

fn decided(n: u128, release: u128, environment: u128, verdict: Verdict) -> Decision {
    Decision {
        schema: 1,
        id: DecisionId(id(n)),
        release_id: ReleaseId(id(release)),
        environment_id: EnvironmentId(id(environment)),
        decided_at: at(i64::try_from(n).expect("small")),
        valid_until: None,
        asked_by: "ci".to_owned(),
        verdict,
        gate_mode: GateMode::Enforce,
        unknowns: Unknowns::Closed,
        facts: Digest::of(b"facts"),
        facts_without_excused: None,
        evidence: Vec::new(),
        advisories: None,
        policies: Vec::new(),
        excused_findings: Vec::new(),
        exceptions: Vec::new(),
        aliases: std::collections::BTreeMap::new(),
    }
}

async fn insert(session: &mut Session, decision: &Decision, stamp: Stamp) {
    let record = serde_json::to_string(decision).expect("JSON");
    let new = NewDecision {
        decision,
        record: &record,
        record_digest: &Digest::of(record.as_bytes()),
        envelope: "{}",
        stamp,
        counts: Counts { failed: 1, unknown: 2, excused: 3 },
        headline: "1 policy fails",
    };
    decision::insert(session, &new).await.expect("inserted");
}

async fn standing(session: &mut Session) -> Standing {
    let key = ReleaseKey::Id(ReleaseId(id(CART_1)));
    decision::standing(session, &Visibility::Everything, &key, "production").await.expect("read")
}

#[tokio::test]
async fn a_decision_holds_until_its_subjects_the_rules_or_its_time_change() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let before = standing(&mut session).await;
        assert_eq!((before.latest, before.holding(at(1))), (None, None));
        let first = Decision { valid_until: Some(at(50)), ..decided(2, CART_1, PRODUCTION, Verdict::Deny) };
        insert(&mut session, &first, before.stamp).await;
        let holding = standing(&mut session).await;
        assert_eq!(
            holding.stamp,
            stamp::stamp(&mut session, first.release_id, first.environment_id).await.expect("read")
        );
        assert_eq!(holding.holding(at(49)), Some(first.id));
        assert_eq!(holding.holding(at(50)), None, "its time is over");
        assert_eq!(holding.holding(at(1)), None, "the clock was set back");

        let subject = Subject::Release(first.release_id);
        stamp::touch_subjects(&mut session, &[subject]).await.expect("touched");
        assert_eq!(standing(&mut session).await.holding(at(49)), None, "something new is known");
        let stamp_now = standing(&mut session).await.stamp;
        insert(&mut session, &decided(3, CART_1, PRODUCTION, Verdict::Allow), stamp_now).await;
        assert_eq!(standing(&mut session).await.holding(at(49)), Some(DecisionId(id(3))));
        stamp::touch_rules(&mut session).await.expect("touched");
        assert_eq!(standing(&mut session).await.holding(at(49)), None, "the rules changed");
    }
}

#[tokio::test]
async fn a_question_names_its_release_by_id_or_by_names_and_must_be_visible() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let named = |version: &str| ReleaseKey::Named {
            application: "shop".to_owned(),
            service: "cart".to_owned(),
            version: version.to_owned(),
        };
        let everything = Visibility::Everything;
        let by_name = decision::standing(&mut session, &everything, &named("1.0.0"), "production").await;
        assert_eq!(by_name.expect("read"), standing(&mut session).await);
        let bank = Visibility::Applications(vec![ApplicationId(id(BANK))]);
        let mut messages = Vec::new();
        for (visibility, key, environment) in [
            (&everything, named("2.0.0"), "production"),
            (&everything, named("1.0.0"), "moon"),
            (&bank, named("1.0.0"), "production"),
            (&bank, ReleaseKey::Id(ReleaseId(id(CART_1))), "production"),
        ] {
            let error = decision::standing(&mut session, visibility, &key, environment).await.expect_err("not found");
            assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");
            messages.push(error.to_string());
        }
        insta::allow_duplicates! { insta::assert_debug_snapshot!(messages, @r#"
        [
            "release `shop/cart@2.0.0` does not exist",
            "environment `moon` does not exist",
            "release `shop/cart@1.0.0` does not exist",
            "release `00000000-0000-0000-0000-000000000028` does not exist",
        ]
        "#) };
    }
}

#[tokio::test]
async fn decisions_are_listed_newest_first_by_page_and_filter() {
    for world in gate_worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let stamp = Stamp { subjects_version: 0, rules_generation: 1 };
        for (n, release, environment, verdict) in [
            (1, CART_1, PRODUCTION, Verdict::Deny),
            (2, CART_1, STAGING, Verdict::Warn),
            (3, LEDGER_1, PRODUCTION, Verdict::Deny),
            (4, CART_1, PRODUCTION, Verdict::Allow),
        ] {
            insert(&mut session, &decided(n, release, environment, verdict), stamp).await;
        }
        let none = Filter::default;
        let shop = Visibility::Applications(vec![ApplicationId(id(SHOP))]);
        let mut seen = Vec::new();
        for (visibility, filter, limit) in [
            (&Visibility::Everything, none(), 10),
            (&Visibility::Everything, none(), 2),
            (&Visibility::Everything, Filter { after: Some((at(3), DecisionId(id(3)))), ..none() }, 10),
            (&Visibility::Everything, Filter { verdict: Some(Verdict::Deny), ..none() }, 10),
            (&Visibility::Everything, Filter { environment: Some("staging".to_owned()), ..none() }, 10),
            (&Visibility::Everything, Filter { release: Some(ReleaseId(id(LEDGER_1))), ..none() }, 10),
            (&Visibility::Everything, Filter { application: Some(ApplicationId(id(SHOP))), ..none() }, 10),
            (&Visibility::Everything, Filter { is_current: true, ..none() }, 10),
            (&shop, none(), 10),
        ] {
            let listed = decision::list(&mut session, visibility, &filter, limit).await.expect("read");
            seen.push(listed.iter().map(|d| (d.id.0.as_u128(), d.is_current)).collect::<Vec<_>>());
        }
        let expected = [
            vec![(4, true), (3, true), (2, true), (1, false)],
            vec![(4, true), (3, true)],
            vec![(2, true), (1, false)],
            vec![(3, true), (1, false)],
            vec![(2, true)],
            vec![(3, true)],
            vec![(4, true), (2, true), (1, false)],
            vec![(4, true), (3, true), (2, true)],
            vec![(4, true), (2, true), (1, false)],
        ];
        assert_eq!(seen, expected);
        let read = decision::get(&mut session, &shop, DecisionId(id(1))).await.expect("read");
        assert_eq!((read.summary.application.as_str(), read.summary.counts.excused), ("shop", 3));
        assert_eq!(Digest::of(read.record.as_bytes()), read.record_digest);
        let hidden = decision::get(&mut session, &shop, DecisionId(id(3))).await;
        assert!(matches!(hidden, Err(StoreError::NotFound { .. })), "{hidden:?}");
    }
}
