//! Documents, evidence, components and findings.

use crate::world::{World, at, id, worlds};
use shipworthy_model::{
    ApplicationId, Component, ComponentRef, Deployment, DeploymentId, DeploymentState, Digest, EvidenceId, Finding,
    FindingKind, FindingStatus, Inventory, ReleaseId, Report, Scope, Severity, SeverityCounts, Subject, TeamId,
};
use shipworthy_store::document::{Document, Insertion, Sections};
use shipworthy_store::evidence::{Filter, NewEvidence};
use shipworthy_store::finding_match::Matched;
use shipworthy_store::{
    Session, StoreError, Visibility, args, component, deployment, document, environment, evidence, finding,
    finding_match,
};

const COMMIT: &str = "git:0123456789abcdef0123456789abcdef01234567";
const SHOP: ApplicationId = ApplicationId(uuid::Uuid::from_u128(2));
const BANK: ApplicationId = ApplicationId(uuid::Uuid::from_u128(12));
const SHOP_RELEASE: ReleaseId = ReleaseId(uuid::Uuid::from_u128(4));
const BANK_RELEASE: ReleaseId = ReleaseId(uuid::Uuid::from_u128(14));

/// A release of a shop and one of a bank, each owned by its own team, both about the same commit.
async fn two_releases(world: &World) -> Session {
    let mut session = world.db.write().await.expect("a session");
    for (base, name) in [(0, "shop"), (10, "bank")] {
        let [team, application, service, release] = [1, 2, 3, 4].map(|n| id(base + n).to_string());
        for (sql, values) in [
            ("INSERT INTO team VALUES ($1, $2, 0)", args![&team, name]),
            ("INSERT INTO application VALUES ($1, $2, $3, 0)", args![&application, &team, name]),
            ("INSERT INTO service VALUES ($1, $2, $3, 0)", args![&service, &application, name]),
            ("INSERT INTO release VALUES ($1, $2, '1.0', NULL, NULL, NULL, NULL, 'ada', 0)", args![&release, &service]),
            ("INSERT INTO release_subject VALUES ($1, $2)", args![&release, COMMIT]),
            ("INSERT INTO release_subject VALUES ($1, $2)", args![&release, format!("release:{release}")]),
            ("INSERT INTO release_subject VALUES ($1, $2)", args![&release, artifact(name).to_string()]),
        ] {
            session.execute(sql, values).await.expect("inserted");
        }
    }
    session
}

async fn deploy_to_test(session: &mut Session, release: ReleaseId) {
    environment::insert(session, &crate::shop::test_environment()).await.expect("inserted");
    let deployment = Deployment {
        id: DeploymentId(id(50)),
        release_id: release,
        environment_id: crate::shop::TEST,
        state: DeploymentState::Running,
        running: vec![],
        tool: None,
        started_by: "ci".to_owned(),
        started_at: at(1),
        changed_at: at(1),
    };
    deployment::insert(session, &deployment).await.expect("inserted");
}

fn artifact(name: &str) -> Subject {
    Subject::Artifact(Digest::of(name.as_bytes()))
}

fn some_document(bytes: &str) -> Document {
    Document {
        digest: Digest::of(bytes.as_bytes()),
        size_bytes: 3,
        received_at: at(0),
        format: Some("sarif".to_owned()),
        phase: Some(shipworthy_model::Phase::Source),
        tool: None,
        counts: [("findings".to_owned(), 2)].into(),
        warnings: 1,
        summary: "2 findings".to_owned(),
        verification: "unsigned".to_owned(),
    }
}

fn new_evidence(n: u128, document: &Document, scope: Scope, subjects: &[Subject]) -> NewEvidence {
    NewEvidence {
        id: EvidenceId(id(n)),
        document: document.digest.clone(),
        submitted_by: "ci".to_owned(),
        submitted_at: at(0),
        scope,
        subjects: subjects.to_vec(),
    }
}

async fn add(session: &mut Session, n: u128, document: &Document, scope: Scope, subjects: &[Subject]) {
    document::insert(session, document, None).await.expect("inserted");
    evidence::insert(session, &new_evidence(n, document, scope, subjects)).await.expect("inserted");
}

fn commit() -> Subject {
    COMMIT.parse().expect("a subject")
}

#[tokio::test]
async fn a_document_that_nobody_understood_is_understood_later() {
    for world in worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let read = some_document("abc");
        let unread = Document { format: None, phase: None, ..read.clone() };
        let (sections, _, _) =
            Sections::of(Report { inventory: Some(Inventory::default()), findings: Some(vec![]), ..Report::default() });
        let mut became = Vec::new();
        for (document, sections) in
            [(&unread, None), (&unread, None), (&read, Some(&sections)), (&read, Some(&sections))]
        {
            became.push(document::insert(&mut session, document, sections).await.expect("inserted"));
        }
        assert_eq!(became, [Insertion::New, Insertion::Known, Insertion::Learned, Insertion::Known]);
        assert_eq!(document::find(&mut session, &read.digest).await.expect("read"), Some(read.clone()));
        let kept = document::sections(&mut session, &[read.digest.clone(), Digest::of(b"other")]).await.expect("read");
        assert_eq!(kept, [(read.digest, sections)].into());
    }
}

#[tokio::test]
async fn the_same_document_about_the_same_subjects_is_one_piece_of_evidence() {
    for world in worlds().await {
        let mut session = two_releases(&world).await;
        let document = some_document("abc");
        document::insert(&mut session, &document, None).await.expect("inserted");
        let shop = Scope::Application(SHOP);
        let mut became = Vec::new();
        for (n, scope, subjects) in [
            (100, Scope::Everything, vec![commit(), artifact("shop")]),
            (101, Scope::Everything, vec![artifact("shop"), commit(), commit()]),
            (102, shop, vec![artifact("shop"), commit()]),
            (103, Scope::Everything, vec![commit()]),
        ] {
            let insertion =
                evidence::insert(&mut session, &new_evidence(n, &document, scope, &subjects)).await.expect("inserted");
            became.push((insertion.id.0.as_u128(), insertion.is_new));
        }
        assert_eq!(became, [(100, true), (100, false), (102, true), (103, true)]);
        let read = evidence::get(&mut session, EvidenceId(id(100)), &Visibility::Everything).await.expect("read");
        assert_eq!(read.subjects, [commit(), artifact("shop")]);
        assert_eq!(read.document, document);
        assert_eq!(document::subjects(&mut session, &document.digest).await.expect("read").len(), 2);
    }
}

#[tokio::test]
async fn evidence_counts_for_the_releases_that_share_a_subject_and_that_its_submitter_may_speak_for() {
    for world in worlds().await {
        let mut session = two_releases(&world).await;
        let bank_team = Scope::Team(TeamId(id(11)));
        for (n, scope, subject) in [
            (100, Scope::Everything, commit()),
            (101, Scope::Application(SHOP), commit()),
            (102, bank_team, commit()),
            (103, Scope::Application(SHOP), artifact("bank")),
            (104, Scope::Everything, Subject::Release(BANK_RELEASE)),
            (105, Scope::Everything, Subject::Environment("production".to_owned())),
        ] {
            add(&mut session, n, &some_document(&n.to_string()), scope, &[subject]).await;
        }
        let mut counted = Vec::new();
        for (release, environments) in
            [(SHOP_RELEASE, vec![]), (BANK_RELEASE, vec![]), (BANK_RELEASE, vec!["production".to_owned()])]
        {
            let found = evidence::of_release(&mut session, release, &environments).await.expect("read");
            counted.push(found.iter().map(|evidence| evidence.id.0.as_u128()).collect::<Vec<_>>());
        }
        assert_eq!(counted, [vec![100, 101], vec![100, 102, 104], vec![100, 102, 104, 105]]);

        let ids: Vec<EvidenceId> = (100..106).map(|n| EvidenceId(id(n))).collect();
        let releases = evidence::releases(&mut session, &ids, &Visibility::Everything).await.expect("read");
        let services = releases.iter().map(|(evidence, releases)| {
            (evidence.0.as_u128(), releases.iter().map(|release| release.service.as_str()).collect::<Vec<_>>())
        });
        assert_eq!(
            services.collect::<Vec<_>>(),
            [(100, vec!["shop", "bank"]), (101, vec!["shop"]), (102, vec!["bank"]), (104, vec!["bank"])]
        );
    }
}

#[tokio::test]
async fn evidence_is_visible_by_its_release_or_its_submitter_and_pages_newest_first() {
    for world in worlds().await {
        let mut session = two_releases(&world).await;
        let elsewhere = Subject::commit(&"f".repeat(40)).expect("a subject");
        for (n, scope, subject) in [
            (100, Scope::Everything, commit()),
            (101, Scope::Everything, elsewhere.clone()),
            (102, Scope::Application(SHOP), elsewhere.clone()),
            (103, Scope::Team(TeamId(id(1))), elsewhere.clone()),
            (104, Scope::Team(TeamId(id(11))), elsewhere.clone()),
            (105, Scope::Application(BANK), artifact("shop")),
            (106, Scope::Everything, Subject::Environment("test".to_owned())),
            (107, Scope::Everything, Subject::Environment("elsewhere".to_owned())),
        ] {
            add(&mut session, n, &some_document(&n.to_string()), scope, &[subject]).await;
        }
        deploy_to_test(&mut session, SHOP_RELEASE).await;
        let shop = Visibility::Applications(vec![SHOP]);
        let nobody = Visibility::Applications(vec![]);
        let all = Filter::default();
        let mut seen = Vec::new();
        for (filter, visibility, before, limit) in [
            (&all, &Visibility::Everything, None, 10),
            (&all, &shop, None, 10),
            (&all, &shop, Some(EvidenceId(id(103))), 1),
            (&all, &nobody, None, 10),
            (&Filter { release: Some(SHOP_RELEASE), ..Filter::default() }, &shop, None, 10),
            (&Filter { subject: Some(elsewhere), ..Filter::default() }, &shop, None, 10),
            (&Filter { format: Some("junit".to_owned()), ..Filter::default() }, &shop, None, 10),
        ] {
            let found = evidence::list(&mut session, filter, visibility, before, limit).await.expect("read");
            seen.push(found.iter().map(|evidence| evidence.id.0.as_u128()).collect::<Vec<_>>());
        }
        let expected: [&[u128]; 7] =
            [&[107, 106, 105, 104, 103, 102, 101, 100], &[106, 103, 102, 100], &[102], &[], &[100], &[103, 102], &[]];
        assert_eq!(seen, expected);
        let error = evidence::get(&mut session, EvidenceId(id(104)), &shop).await.expect_err("not visible");
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    }
}

fn part(name: &str, license: Option<&str>) -> Component {
    Component {
        name: name.to_owned(),
        version: Some("1.0".to_owned()),
        purl: Some(format!("pkg:npm/{name}@1.0")),
        kind: "library".to_owned(),
        license: license.map(str::to_owned),
        ..Component::default()
    }
}

#[tokio::test]
async fn components_of_several_documents_are_listed_once_by_name() {
    for world in worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let documents = [some_document("one"), some_document("two")];
        for document in &documents {
            document::insert(&mut session, document, None).await.expect("inserted");
        }
        let digests = documents.map(|document| document.digest);
        let one = [part("b", None), part("a", Some("MIT")), Component { name: "100%".to_owned(), ..part("d", None) }];
        let two = [part("b", Some("Apache-2.0")), part("c", Some("MIT")), part("e", None)];
        component::insert(&mut session, &digests[0], &one).await.expect("inserted");
        component::insert(&mut session, &digests[1], &two).await.expect("inserted");

        let all = component::Filter::default();
        let mut names = Vec::new();
        let mut after = None;
        loop {
            let page = component::of_documents(&mut session, &digests, &all, after.as_ref(), 2).await.expect("read");
            let Some(last) = page.last() else { break };
            after = Some(component::Place { name: last.name.clone(), identity: last.identity.clone() });
            names.extend(page.into_iter().map(|component| (component.name, component.license)));
        }
        let expected = [("100%", None), ("a", Some("MIT")), ("b", Some("Apache-2.0")), ("c", Some("MIT")), ("e", None)];
        assert_eq!(names, expected.map(|(name, license)| (name.to_owned(), license.map(str::to_owned))));
        for (filter, expected) in [
            (all.clone(), 5),
            (component::Filter { text: Some("0%".to_owned()), ..all.clone() }, 1),
            (component::Filter { text: Some("PKG:npm/C".to_owned()), ..all.clone() }, 1),
            (component::Filter { license: Some("mit".to_owned()), ..all }, 2),
        ] {
            assert_eq!(component::count(&mut session, &digests, &filter).await.expect("read"), expected, "{filter:?}");
        }
        let licenses = component::licenses(&mut session, &digests, 1).await.expect("read");
        let licenses: Vec<_> =
            licenses.iter().map(|l| (l.expression.as_deref(), l.components[0].as_str(), l.component_count)).collect();
        let expected =
            [(None, "pkg:npm/d@1.0", 2), (Some("Apache-2.0"), "pkg:npm/b@1.0", 1), (Some("MIT"), "pkg:npm/a@1.0", 2)];
        assert_eq!(licenses, expected);
    }
}

fn vulnerability(rule: &str, severity: Severity, purl: &str) -> Finding {
    Finding {
        kind: FindingKind::Vulnerability,
        rule: rule.to_owned(),
        aliases: vec![],
        title: format!("{rule} in something"),
        description: None,
        severity,
        severity_word: None,
        score: None,
        cvss: vec![],
        cwes: vec![],
        component: Some(ComponentRef { purl: Some(purl.to_owned()), name: "x".to_owned(), version: None }),
        location: None,
        fixed_versions: vec![],
        remediation: None,
        references: vec![],
        status: FindingStatus::Open,
        identity: format!("{rule}|{purl}"),
    }
}

/// Two scanners' words on the same artifact.
async fn scanned(session: &mut Session) -> [Digest; 2] {
    let documents = [some_document("one"), some_document("two")];
    for document in &documents {
        document::insert(session, document, None).await.expect("inserted");
    }
    let digests = documents.map(|document| document.digest);
    let log4j = "pkg:maven/log4j@2.14";
    let fixable = Finding {
        aliases: vec!["CVE-2021-44228".to_owned()],
        fixed_versions: vec!["2.17".to_owned()],
        identity: format!("CVE-2021-44228|{log4j}"),
        ..vulnerability("GHSA-jfh8", Severity::Critical, &format!("{log4j}?type=jar"))
    };
    let secret = Finding { kind: FindingKind::Secret, component: None, ..vulnerability("key", Severity::High, "k") };
    let fixed = Finding { status: FindingStatus::Fixed, ..vulnerability("CVE-1", Severity::Critical, log4j) };
    let one = [vulnerability("CVE-2021-44228", Severity::High, log4j), secret, fixed];
    let two = [fixable, vulnerability("CVE-2", Severity::Low, "pkg:npm/a@1")];
    finding::insert(session, &digests[0], &one).await.expect("inserted");
    finding::insert(session, &digests[1], &two).await.expect("inserted");
    digests
}

#[tokio::test]
async fn a_vulnerability_that_two_scanners_found_is_one_and_the_worse_word_counts() {
    for world in worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let digests = scanned(&mut session).await;
        let sql = "INSERT INTO known_exploited (vulnerability, name, date_added, due_date) VALUES ('CVE-2021-44228', 'Log4Shell', '2021-12-10', NULL)";
        session.execute(sql, args![]).await.expect("inserted");

        let all = finding::Filter::default();
        let matched = finding_match::of_documents(&mut session, &digests).await.expect("read");
        let mut listed = Vec::new();
        let mut after = None;
        loop {
            let page =
                finding::of_documents(&mut session, &digests, &matched, &all, after.as_ref(), 2).await.expect("read");
            let Some(last) = page.last() else { break };
            after = Some(finding::Place { severity: last.finding.severity, identity: last.identity.clone() });
            listed.extend(page.into_iter().map(|f| (f.finding.rule, f.finding.severity, f.is_known_exploited)));
        }
        let expected =
            [("GHSA-jfh8", Severity::Critical, true), ("key", Severity::High, false), ("CVE-2", Severity::Low, false)];
        assert_eq!(listed, expected.map(|(rule, severity, known)| (rule.to_owned(), severity, known)));

        let identity = "CVE-2021-44228|pkg:maven/log4j@2.14".to_owned();
        let witnesses = finding::witnesses(&mut session, &digests, &matched, &[identity]).await.expect("read");
        let mut severities: Vec<_> = witnesses.iter().map(|witness| witness.severity).collect();
        severities.sort();
        assert_eq!(severities, [Severity::High, Severity::Critical]);

        let counts = finding::counts(&mut session, &digests, &matched, &all).await.expect("read");
        let of_vulnerabilities = counts[&FindingKind::Vulnerability];
        assert_eq!(of_vulnerabilities.all, SeverityCounts { critical: 1, low: 1, ..SeverityCounts::default() });
        assert_eq!(of_vulnerabilities.fixable, SeverityCounts { critical: 1, ..SeverityCounts::default() });
        assert_eq!(counts[&FindingKind::Secret].all.high, 1);
        let by_component = finding::vulnerabilities_by_component(&mut session, &digests, &matched).await.expect("read");
        let critical = SeverityCounts { critical: 1, ..SeverityCounts::default() };
        let low = SeverityCounts { low: 1, ..SeverityCounts::default() };
        let expected = [("pkg:maven/log4j@2.14".to_owned(), critical), ("pkg:npm/a@1".to_owned(), low)];
        assert_eq!(by_component, expected.into());
    }
}

#[tokio::test]
async fn findings_are_filtered_by_kind_severity_state_text_and_exploitation() {
    for world in worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let digests = scanned(&mut session).await;
        let matched = finding_match::of_documents(&mut session, &digests).await.expect("read");
        let all = finding::Filter::default();
        for (filter, expected) in [
            (finding::Filter { kinds: vec![FindingKind::Secret], ..all.clone() }, vec!["key"]),
            (finding::Filter { severities: vec![Severity::Low, Severity::High], ..all.clone() }, vec!["key", "CVE-2"]),
            (finding::Filter { statuses: vec![FindingStatus::Fixed], ..all.clone() }, vec!["CVE-1"]),
            (finding::Filter { text: Some("LOG4J".to_owned()), ..all.clone() }, vec!["GHSA-jfh8"]),
            (finding::Filter { text: Some("%".to_owned()), ..all.clone() }, vec![]),
            (finding::Filter { is_known_exploited: true, ..all.clone() }, vec![]),
        ] {
            let found = finding::of_documents(&mut session, &digests, &matched, &filter, None, 10).await.expect("read");
            let rules: Vec<_> = found.iter().map(|f| f.finding.rule.as_str()).collect();
            assert_eq!(rules, expected, "{filter:?}");
        }
        let none = finding::of_documents(&mut session, &[], &Matched::default(), &all, None, 10).await.expect("read");
        assert_eq!(none, []);
    }
}

#[tokio::test]
async fn more_rows_than_one_statement_takes_are_all_there() {
    for world in worlds().await {
        let mut session = world.db.write().await.expect("a session");
        let document = some_document("big");
        document::insert(&mut session, &document, None).await.expect("inserted");
        let parts: Vec<_> = (0..4_500).map(|n| part(&format!("part-{n}"), None)).collect();
        component::insert(&mut session, &document.digest, &parts).await.expect("inserted");
        let count =
            component::count(&mut session, &[document.digest], &component::Filter::default()).await.expect("read");
        assert_eq!(count, 4_500);
    }
}
