//! What people look at first: counts, current releases, what evidence says by phase, what changed.

use crate::shop::{self, SHOP, cart, digest};
use crate::world::{append, at, id, worlds};
use shipworthy_model::{ApplicationId, EvidenceId, Finding, FindingStatus, Phase, Scope, Severity, Subject, TeamId};
use shipworthy_store::audit::{Actor, NewEntry};
use shipworthy_store::document::{self, Document, Sections};
use shipworthy_store::evidence::{self, NewEvidence};
use shipworthy_store::overview::{self, Counts, CurrentRelease};
use shipworthy_store::{Session, Visibility, finding};
use std::collections::BTreeMap;

const NOTHING: Visibility = Visibility::Applications(Vec::new());

async fn add_evidence(session: &mut Session, n: u128, about: Subject, scope: Scope, findings: &[Finding]) {
    let digest = digest(&format!("document {n}"));
    let new = Document {
        digest: digest.clone(),
        size_bytes: 2,
        received_at: at(1),
        format: Some("junit".to_owned()),
        phase: Some(Phase::Build),
        tool: None,
        counts: BTreeMap::from([("tests_failed".to_owned(), 2)]),
        warnings: 0,
        summary: "3 tests, 2 failed".to_owned(),
        verification: "unsigned".to_owned(),
    };
    let (sections, _, _) = Sections::of(shipworthy_model::Report::default());
    document::insert(session, &new, Some(&sections)).await.expect("inserted");
    finding::insert(session, &digest, findings).await.expect("inserted");
    let new = NewEvidence {
        id: EvidenceId(id(500 + n)),
        document: digest,
        submitted_by: "ci".to_owned(),
        submitted_at: at(2),
        scope,
        subjects: vec![about],
    };
    evidence::insert(session, &new).await.expect("inserted");
}

fn critical(identity: &str, status: FindingStatus) -> Finding {
    let written = serde_json::json!({ "kind": "code", "rule": "rule", "title": "A title", "severity": "critical",
        "status": status, "identity": identity });
    serde_json::from_value(written).expect("a finding")
}

#[tokio::test]
async fn what_runs_is_current_and_where_nothing_runs_the_newest_is() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        for n in 1..=2 {
            shop::add_release(&mut session, &cart(n)).await;
        }
        let current =
            overview::current_releases(&mut session, &Visibility::Everything, Some(SHOP)).await.expect("read");
        assert_eq!(current.iter().map(|c| c.version.as_str()).collect::<Vec<_>>(), ["1.2.0"]);
        shop::add_deployment(&mut session, 1, &cart(1), vec![]).await;
        let current = overview::current_releases(&mut session, &Visibility::Everything, None).await.expect("read");
        let expected = CurrentRelease {
            id: cart(1).id,
            version: "1.1.0".to_owned(),
            service_name: "cart".to_owned(),
            application_id: SHOP,
        };
        assert_eq!(current, [expected]);
        let hidden = overview::current_releases(&mut session, &NOTHING, None).await.expect("read");
        assert_eq!(hidden, []);
    }
}

#[tokio::test]
async fn evidence_counts_by_phase_where_its_submitter_may_speak() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_release(&mut session, &cart(1)).await;
        let build: Subject = "build:jenkins/cart/1".parse().expect("a subject");
        let findings = [
            critical("a", FindingStatus::Open),
            critical("a", FindingStatus::Open),
            critical("b", FindingStatus::Suppressed),
            critical("c", FindingStatus::Fixed),
        ];
        add_evidence(&mut session, 1, build.clone(), Scope::Everything, &findings).await;
        add_evidence(&mut session, 2, build, Scope::Team(TeamId(id(666))), &findings).await;
        let words = overview::words(&mut session, &[cart(1).id]).await.expect("read");
        assert_eq!(words.len(), 1, "a stranger's word does not count: {words:?}");
        assert_eq!((words[0].phase, words[0].counts["tests_failed"]), (Phase::Build, 2));
        let problems = overview::problems(&mut session, &[cart(1).id]).await.expect("read");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!((problems[0].severity, problems[0].count), (Severity::Critical, 2));
    }
}

#[tokio::test]
async fn counts_and_changes_show_what_is_visible() {
    for world in worlds().await {
        let mut session = shop::open(&world).await;
        shop::add_release(&mut session, &cart(1)).await;
        shop::add_deployment(&mut session, 1, &cart(1), vec![]).await;
        add_evidence(&mut session, 1, Subject::Release(cart(1).id), Scope::Everything, &[]).await;
        for (kind, object) in
            [("release", cart(1).id.to_string()), ("environment", shop::TEST.to_string()), ("user", "u".to_owned())]
        {
            let line = NewEntry {
                at: at(9),
                actor: Actor::system("test"),
                action: format!("{kind}.create"),
                object_kind: kind.to_owned(),
                object_id: object,
                summary: "something".to_owned(),
                details: serde_json::json!({}),
                request_id: None,
                via: None,
                address: None,
            };
            append(&mut session, &line).await.expect("appended");
        }
        let all = Counts { applications: 1, services: 1, releases: 1, running: 1, open_exceptions: 0, evidence: 1 };
        let other = Visibility::Applications(vec![ApplicationId(id(77))]);
        let part = Visibility::Applications(vec![SHOP]);
        for (visible, counts, changes) in [
            (Visibility::Everything, all, vec!["test", "cart 1.1.0"]),
            (part, all, vec!["cart 1.1.0"]),
            (other, Counts::default(), vec![]),
        ] {
            assert_eq!(overview::counts(&mut session, &visible, at(10)).await.expect("read"), counts, "{visible:?}");
            let found = overview::changes(&mut session, &visible, 10).await.expect("read");
            let names: Vec<&str> = found.iter().map(|change| change.object_name.as_str()).collect();
            assert_eq!(names, changes, "{visible:?}");
            assert_eq!(overview::verdicts(&mut session, &visible, at(0)).await.expect("read"), []);
            assert_eq!(overview::stopped(&mut session, &visible).await.expect("read"), BTreeMap::new());
        }
    }
}
