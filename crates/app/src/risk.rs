//! How risky what an application runs is, by phase: the worst that evidence about its current releases says. A phase
//! without evidence is unknown, which is worse than none and better than any known risk.

use crate::problem::Answer;
use shipworthy_model::{ApplicationId, DeploymentState, Phase, Severity, SeverityCounts};
use shipworthy_store::deployment::{self, PlacedDeployment};
use shipworthy_store::overview::{self, CurrentRelease, Problems, Word};
use shipworthy_store::{Session, Visibility};

/// How risky something is, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RiskLevel {
    /// Nothing is known against it.
    None,
    /// Nothing is known of it.
    Unknown,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

impl RiskLevel {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unknown => "unknown",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// The risk in one phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseRisk {
    /// The phase.
    pub phase: Phase,
    /// How risky.
    pub level: RiskLevel,
    /// Why, in a few words.
    pub reason: String,
}

/// What is known of the current releases, for as many applications as are asked about.
#[derive(Debug)]
pub struct Known {
    releases: Vec<CurrentRelease>,
    words: Vec<Word>,
    problems: Vec<Problems>,
    running: Vec<PlacedDeployment>,
}

/// More deployments than run in the environments of one installation.
const MOST_RUNNING: usize = 10_000;

/// Gathers what is known, of one application or of all that are visible.
///
/// # Errors
/// When the database fails.
pub async fn gather(session: &mut Session, visible: &Visibility, application: Option<ApplicationId>) -> Answer<Known> {
    let releases = overview::current_releases(session, visible, application).await?;
    let ids: Vec<_> = releases.iter().map(|release| release.id).collect();
    let words = overview::words(session, &ids).await?;
    let problems = overview::problems(session, &ids).await?;
    let running = deployment::Filter {
        application: application.map(|id| id.to_string()),
        state: Some(DeploymentState::Running),
        ..deployment::Filter::default()
    };
    let running = deployment::list(session, &running, visible, MOST_RUNNING).await?;
    Ok(Known { releases, words, problems, running })
}

impl Known {
    /// The risk of an application in each phase.
    #[must_use]
    pub fn phases(&self, application: ApplicationId) -> Vec<PhaseRisk> {
        Phase::ALL.iter().map(|phase| self.phase(application, *phase)).collect()
    }

    /// How many deployments of an application run.
    #[must_use]
    pub fn running(&self, application: ApplicationId) -> u64 {
        self.running.iter().filter(|placed| placed.application_id == application).count() as u64
    }

    fn phase(&self, application: ApplicationId, phase: Phase) -> PhaseRisk {
        let mut worst = self.of_evidence(application, phase);
        if phase == Phase::Deploy {
            worst = worst.max(self.of_images(application));
        }
        let (level, reason) = worst.unwrap_or_else(|| (RiskLevel::Unknown, "no evidence yet".to_owned()));
        PhaseRisk { phase, level, reason }
    }

    fn of_evidence(&self, application: ApplicationId, phase: Phase) -> Option<(RiskLevel, String)> {
        let releases = self.releases.iter().filter(|release| release.application_id == application);
        releases.filter_map(|release| self.of_release(release, phase)).max()
    }

    /// Nothing when no document speaks of the release in this phase.
    fn of_release(&self, release: &CurrentRelease, phase: Phase) -> Option<(RiskLevel, String)> {
        let words: Vec<&Word> =
            self.words.iter().filter(|word| word.release_id == release.id && word.phase == phase).collect();
        if words.is_empty() {
            return None;
        }
        let problems = self.problems.iter().filter(|found| found.release_id == release.id && found.phase == phase);
        let mut counts = SeverityCounts::default();
        problems.for_each(|found| counts.add(found.severity, found.count));
        let total = |name: &str| words.iter().filter_map(|word| word.counts.get(name)).sum::<u64>();
        let named = |text: String| format!("{text} in {} {}", release.service_name, release.version);
        let none = (RiskLevel::None, "nothing found".to_owned());
        let tests = total("tests_failed");
        let controls = total("controls_failed");
        let failures = [
            (tests, RiskLevel::High, format!("{tests} failed tests")),
            (controls, RiskLevel::Medium, format!("{controls} failed controls")),
        ];
        let failures = failures.into_iter().filter(|(count, _, _)| *count > 0);
        let failures = failures.map(|(_, level, text)| (level, named(text)));
        let findings = worst_findings(&counts).map(|(level, text)| (level, named(text)));
        failures.chain(findings).max().or(Some(none))
    }

    fn of_images(&self, application: ApplicationId) -> Option<(RiskLevel, String)> {
        let of_application = self.running.iter().filter(|placed| placed.application_id == application);
        let risks = of_application.map(|placed| match placed.is_right_image() {
            Some(false) => {
                let PlacedDeployment { service_name, version, environment_name, .. } = placed;
                let reason = format!("{service_name} {version} runs another image in {environment_name}");
                (RiskLevel::Critical, reason)
            }
            Some(true) => (RiskLevel::None, "what runs was released".to_owned()),
            None => (RiskLevel::Unknown, "nobody said what runs".to_owned()),
        });
        risks.max()
    }
}

/// The risk of a whole: its worst phase.
#[must_use]
pub fn worst(phases: &[PhaseRisk]) -> RiskLevel {
    phases.iter().map(|risk| risk.level).max().unwrap_or(RiskLevel::Unknown)
}

fn worst_findings(counts: &SeverityCounts) -> Option<(RiskLevel, String)> {
    let SeverityCounts { critical, high, medium, low, info: _, unknown } = *counts;
    let levels = [
        (critical, RiskLevel::Critical, Severity::Critical),
        (high, RiskLevel::High, Severity::High),
        (medium, RiskLevel::Medium, Severity::Medium),
        (low, RiskLevel::Low, Severity::Low),
        // Nobody said how bad they are: not known to be harmless.
        (unknown, RiskLevel::Unknown, Severity::Unknown),
    ];
    let (count, level, severity) = levels.into_iter().find(|(count, _, _)| *count > 0)?;
    let findings = if count == 1 { "finding" } else { "findings" };
    Some((level, format!("{count} {severity} {findings}")))
}
