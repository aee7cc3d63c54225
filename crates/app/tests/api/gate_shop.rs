//! A shop before its gate: an application, a release, two environments, the built-in policies, and a way to hand in
//! what tools say without going through their formats.

use crate::test_app::{Answer, TestApp};
use serde_json::{Value, json};
use shipworthy_model::{
    Application, ApplicationId, ComponentRef, Digest, Environment, EnvironmentId, EvidenceId, Finding, FindingKind,
    FindingStatus, Permission, Phase, Release, ReleaseArtifact, ReleaseId, Report, Scope, Service, ServiceId, Severity,
    Subject, Team, TeamId, Tests,
};
use shipworthy_store::document::{Document, Sections};
use shipworthy_store::evidence::NewEvidence;
use shipworthy_store::{
    application, component, document, environment, evidence, finding, release, service, stamp, team,
};
use std::collections::BTreeMap;

/// The shop and the tokens of its people.
pub(crate) struct Shop {
    pub(crate) app: TestApp,
    /// May do everything; called ada.
    pub(crate) ada: String,
    /// May approve; called bob.
    pub(crate) bob: String,
    pub(crate) release: ReleaseId,
    pub(crate) image: Digest,
}

impl Shop {
    /// One shop on each database.
    pub(crate) async fn both() -> Vec<Self> {
        let mut shops = Vec::new();
        for app in TestApp::both().await {
            shops.push(Self::open(app).await);
        }
        shops
    }

    pub(crate) async fn sqlite() -> Self {
        Self::open(TestApp::sqlite().await).await
    }

    async fn open(app: TestApp) -> Self {
        shipworthy::builtin::seed(&app.app).await.expect("the built-in policies are kept");
        let ada = app.root().await;
        let bob = app.token("bob", Permission::ALL, Scope::Everything).await;
        let image = Digest::of(b"image");
        let release = ReleaseId(app.clock.new_id());
        let shop = Self { app, ada, bob, release, image };
        shop.fill().await;
        shop
    }

    async fn fill(&self) {
        let clock = &self.app.clock;
        let now = clock.now();
        let mut session = self.app.app.db.write().await.expect("a session");
        let team_id = TeamId(clock.new_id());
        let new = Team { id: team_id, name: "harbour".to_owned(), created_at: now };
        team::ensure(&mut session, &new).await.expect("a team");
        let application_id = ApplicationId(clock.new_id());
        let new = Application { id: application_id, team_id, name: "shop".to_owned(), created_at: now };
        application::ensure(&mut session, &new).await.expect("an application");
        let service_id = ServiceId(clock.new_id());
        let new = Service { id: service_id, application_id, name: "cart".to_owned(), created_at: now };
        service::ensure(&mut session, &new).await.expect("a service");
        for (name, kind, gate_mode, unknowns) in [
            ("production", "production", "enforce", "closed"),
            ("test", "test", "enforce", "open"),
            ("watched", "staging", "warn", "closed"),
            ("resting", "sandbox", "off", "closed"),
        ] {
            let new = Environment {
                id: EnvironmentId(clock.new_id()),
                name: name.to_owned(),
                kind: kind.parse().expect("a kind"),
                exposure: "internal".parse().expect("an exposure"),
                gate_mode: gate_mode.parse().expect("a mode"),
                unknowns: unknowns.parse().expect("a rule"),
                created_at: now,
            };
            environment::insert(&mut session, &new).await.expect("an environment");
        }
        let artifact = ReleaseArtifact {
            digest: self.image.clone(),
            name: Some("registry.example/shop/cart:1.0.0".to_owned()),
            kind: "container-image".to_owned(),
        };
        self.add_release(&mut session, self.release, service_id, application_id, "1.0.0", vec![artifact]).await;
        let bare = ReleaseId(clock.new_id());
        self.add_release(&mut session, bare, service_id, application_id, "0.1.0", Vec::new()).await;
        session.commit().await.expect("committed");
    }

    async fn add_release(
        &self,
        session: &mut shipworthy_store::Session,
        id: ReleaseId,
        service_id: ServiceId,
        application_id: ApplicationId,
        version: &str,
        artifacts: Vec<ReleaseArtifact>,
    ) {
        let new = Release {
            id,
            service_id,
            version: version.to_owned(),
            repository: None,
            branch: None,
            commit: None,
            build: None,
            artifacts,
            created_by: "ci".to_owned(),
            created_at: self.app.clock.now(),
        };
        let subjects = release::subjects_of(&new).expect("subjects");
        release::insert(session, &new, application_id, &subjects).await.expect("a release");
    }

    /// Hands in a report about the image.
    pub(crate) async fn push(&self, format: &str, phase: Phase, report: Report) {
        let now = self.app.clock.now();
        let mut session = self.app.app.db.write().await.expect("a session");
        let digest = Digest::of(format!("{format} {}", self.app.clock.new_id()).as_bytes());
        let (sections, components, findings) = Sections::of(report);
        let new = Document {
            digest: digest.clone(),
            size_bytes: 1,
            received_at: now,
            format: Some(format.to_owned()),
            phase: Some(phase),
            tool: Some(format.to_owned()),
            counts: BTreeMap::new(),
            warnings: 0,
            summary: "a report".to_owned(),
            verification: "unsigned".to_owned(),
        };
        document::insert(&mut session, &new, Some(&sections)).await.expect("a document");
        component::insert(&mut session, &digest, &components).await.expect("components");
        finding::insert(&mut session, &digest, &findings).await.expect("findings");
        let subjects = vec![Subject::Artifact(self.image.clone())];
        let new = NewEvidence {
            id: EvidenceId(self.app.clock.new_id()),
            document: digest,
            submitted_by: "ci".to_owned(),
            submitted_at: now,
            scope: Scope::Everything,
            subjects: subjects.clone(),
        };
        evidence::insert(&mut session, &new).await.expect("evidence");
        stamp::touch_subjects(&mut session, &subjects).await.expect("touched");
        session.commit().await.expect("committed");
    }

    /// Hands in a scan with these vulnerabilities.
    pub(crate) async fn push_scan(&self, findings: Vec<Finding>) {
        self.push("trivy", Phase::Artifact, Report { findings: Some(findings), ..Report::default() }).await;
    }

    /// Hands in test results.
    pub(crate) async fn push_tests(&self, passed: u64, failed: u64) {
        let tests = Tests { total: passed + failed, passed, failed, ..Tests::default() };
        self.push("junit", Phase::Build, Report { tests: Some(tests), ..Report::default() }).await;
    }

    /// Asks the gate about release 1.0.0.
    pub(crate) async fn ask(&self, environment: &str) -> Answer {
        let release = json!({ "application": "shop", "service": "cart", "version": "1.0.0" });
        let body = json!({ "release": release, "environment": environment });
        self.app.post("/gates/evaluate", &self.ada, body).await
    }

    /// Takes every assignment out of force and puts these policies in with their action.
    pub(crate) async fn assign_only(&self, policies: &[(&str, &str)]) {
        let listed = self.app.get("/assignments?limit=500", &self.ada).await;
        for assignment in listed.body["items"].as_array().expect("items") {
            let id = assignment["id"].as_str().expect("an id");
            assert_eq!(self.app.delete(&format!("/assignments/{id}"), &self.ada).await.status, 204);
        }
        for (policy, action) in policies {
            let body = json!({ "policy": policy, "action": action, "scope": { "kind": "everything" } });
            let answer = self.app.post("/assignments", &self.ada, body).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
    }

    /// Asks for an exception as bob and approves it as ada, from now on for `hours`.
    pub(crate) async fn excuse(&self, matchers: Value, hours: i64) -> String {
        let until = self.app.clock.now() + jiff::SignedDuration::from_hours(hours);
        let body = json!({ "matchers": matchers, "scope": { "application": "shop" }, "reason": "not reachable",
            "until": until.to_string() });
        let asked = self.app.post("/exceptions", &self.bob, body).await;
        assert_eq!(asked.status, 201, "{}", asked.body);
        let id = asked.text("/id");
        let approved = self.app.post(&format!("/exceptions/{id}/approve"), &self.ada, json!({})).await;
        assert_eq!(approved.status, 200, "{}", approved.body);
        id
    }

    /// Replays every decision there is and compares each with its record.
    pub(crate) async fn replay_all(&self) -> usize {
        let listed = self.app.get("/decisions?limit=500", &self.ada).await;
        let decisions = listed.body["items"].as_array().expect("items").clone();
        for decision in &decisions {
            let id = decision["id"].as_str().expect("an id");
            let record = self.app.get(&format!("/decisions/{id}/record"), &self.ada).await;
            let replayed = self.app.get(&format!("/decisions/{id}/replay"), &self.ada).await;
            assert_eq!(replayed.status, 200, "{}", replayed.body);
            assert_eq!(replayed.bytes, record.bytes, "decision {id}");
        }
        decisions.len()
    }
}

/// A vulnerability in a library.
pub(crate) fn vulnerability(rule: &str, severity: Severity, purl: &str) -> Finding {
    Finding {
        kind: FindingKind::Vulnerability,
        rule: rule.to_owned(),
        aliases: vec![format!("GHSA-{rule}")],
        title: format!("{rule} in <script>alert(1)</script>"),
        description: None,
        severity,
        severity_word: None,
        score: None,
        cvss: Vec::new(),
        cwes: Vec::new(),
        component: Some(ComponentRef { purl: Some(purl.to_owned()), name: purl.to_owned(), version: None }),
        location: None,
        fixed_versions: vec!["2.0.0".to_owned()],
        remediation: None,
        references: Vec::new(),
        status: FindingStatus::Open,
        identity: format!("{rule} {purl}"),
    }
}

/// As many critical vulnerabilities as asked for.
pub(crate) fn criticals(count: usize) -> Vec<Finding> {
    let one =
        |n: usize| vulnerability(&format!("CVE-2026-{n:04}"), Severity::Critical, &format!("pkg:npm/lib{n}@1.0.0"));
    (1..=count).map(one).collect()
}
