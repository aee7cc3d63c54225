//! What verification says, for people and as JSON, and the exit code that follows.

use super::statement::Signed;
use crate::cli::output::{Exit, Failure, print, print_json};
use crate::wording::shown;
use serde::Serialize;
use shipworthy_trust::verify::{Attested, Outcome, SaidSubject, Signer, Step, StepResult};

/// The result for all files.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// Whether every check that was made is in order, and every attestation signed by somebody trusted.
    is_in_order: bool,
    pub(super) files: Vec<CheckedFile>,
    /// The checks across attestations.
    pub(super) steps: Vec<Step>,
}

/// The attestations of one file.
#[derive(Debug, Serialize)]
pub(super) struct CheckedFile {
    pub(super) file: String,
    pub(super) attestations: Vec<Checked>,
}

/// One attestation with every check.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    form: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    predicate_type: Option<String>,
    subjects: Vec<SaidSubject>,
    signers: Vec<Signer>,
    outcome: Outcome,
    steps: Vec<Step>,
    #[serde(skip)]
    pub(super) statement: Signed,
}

impl Checked {
    pub(super) fn new(attested: Attested, steps: Vec<Step>, statement: Signed) -> Self {
        let said = attested.said;
        Self {
            form: attested.form,
            predicate_type: said.as_ref().and_then(|said| said.predicate_type.clone()),
            subjects: said.map(|said| said.subjects).unwrap_or_default(),
            signers: attested.signers,
            outcome: attested.outcome,
            steps,
            statement,
        }
    }

    /// Whether somebody trusted signed it.
    pub(super) fn is_verified(&self) -> bool {
        self.outcome.is_verified()
    }

    /// The SHA-256 of what it is about, in hexadecimal digits, in order.
    pub(super) fn subject_digests(&self) -> Vec<&str> {
        let mut digests: Vec<&str> =
            self.subjects.iter().filter_map(|subject| subject.digests.get("sha256")).map(String::as_str).collect();
        digests.sort_unstable();
        digests
    }

    fn is_in_order(&self) -> bool {
        self.is_verified() && self.steps.iter().all(|step| step.result != StepResult::Failed)
    }
}

impl Report {
    /// Prints it and gives the exit code: 1 when a check failed, 3 when one could not be made for reasons of ours.
    pub(super) fn finish(mut self, as_json: bool) -> Result<Exit, Failure> {
        let all = || self.files.iter().flat_map(|file| &file.attestations);
        let is_unchecked = all().any(|one| matches!(one.outcome, Outcome::Unchecked { .. }));
        self.is_in_order =
            all().all(Checked::is_in_order) && self.steps.iter().all(|step| step.result != StepResult::Failed);
        if as_json {
            print_json(&self)?;
        } else {
            self.print();
        }
        if is_unchecked {
            return Err(Failure::Undecided(anyhow::anyhow!("an attestation could not be checked")));
        }
        Ok(if self.is_in_order { Exit::Done } else { Exit::Denied })
    }

    fn print(&self) {
        for file in &self.files {
            for one in &file.attestations {
                print(format_args!("{}: {} ({})", shown(&file.file), in_words(one), shown(&one.form)));
                if let Some(kind) = &one.predicate_type {
                    print(format_args!("  says     {}", shown(kind)));
                }
                for subject in &one.subjects {
                    print(format_args!("  about    {}", subject_in_words(subject)));
                }
                print_steps(&one.steps);
            }
        }
        if !self.steps.is_empty() {
            print("together");
            print_steps(&self.steps);
        }
        print(if self.is_in_order { "everything that was checked is in order" } else { "this is not in order" });
    }
}

fn in_words(one: &Checked) -> String {
    match &one.outcome {
        Outcome::Verified if one.is_in_order() => "verified".to_owned(),
        Outcome::Verified => "signed by somebody trusted, and refused".to_owned(),
        Outcome::Unsigned => "not signed".to_owned(),
        Outcome::Invalid { why } => format!("invalid: {}", shown(why)),
        Outcome::UnknownSigner { who } => format!("signed by nobody who is trusted: {}", shown(who)),
        Outcome::Unchecked { why } => format!("not checked: {}", shown(why)),
    }
}

fn subject_in_words(subject: &SaidSubject) -> String {
    let digests = subject.digests.iter().map(|(algorithm, hex)| format!("{algorithm}:{hex}"));
    let name = subject.name.iter().filter(|name| !name.is_empty()).cloned();
    shown(&name.chain(digests).collect::<Vec<_>>().join(" "))
}

fn print_steps(steps: &[Step]) {
    for Step { name, result, words } in steps {
        let result = match result {
            StepResult::Passed => "passed ",
            StepResult::Failed => "failed ",
            StepResult::Skipped => "skipped",
        };
        print(format_args!("  {result}  {name}: {}", shown(words)));
    }
}

/// A check that is in order.
pub(super) fn passed(name: &'static str, words: String) -> Step {
    Step { name: name.into(), result: StepResult::Passed, words }
}

/// A check that is not in order.
pub(super) fn refused(name: &'static str, words: String) -> Step {
    Step { name: name.into(), result: StepResult::Failed, words }
}

/// A check that was not made.
pub(super) fn skipped(name: &'static str, words: &str) -> Step {
    Step { name: name.into(), result: StepResult::Skipped, words: words.to_owned() }
}
