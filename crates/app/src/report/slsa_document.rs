//! The report of what SLSA proves as a document for an auditor.

use super::instant;
use super::slsa::{SlsaArtifact, SlsaCheck, SlsaRelease, SlsaReport, SlsaRequirement};
use crate::wording::counted;
use shipworthy_typeset::{Block, Cell, Column, Document, Fact, Section, Style, Summary, Table};

impl SlsaReport {
    /// The report for people.
    pub(crate) fn document(&self) -> Document {
        let mut facts = vec![Fact::new("About", self.about.clone())];
        if let (Some(from), Some(until)) = (&self.from, &self.until) {
            facts.push(Fact::new("Releases made", format!("from {} until {}", instant(from), instant(until))));
        }
        facts.push(Fact::new("Made", format!("{} for {}", instant(&self.made_at), self.made_for)));
        facts.push(Fact::new("Verified by", format!("{}, Shipworthy {}", self.verifier, self.verifier_version)));
        facts.push(Fact::new("Judged by", format!("SLSA 1.2, {}", self.specification)));
        let mut sections = vec![overview(&self.releases)];
        sections.extend(self.releases.iter().flat_map(of_release));
        sections.push(how_it_is_judged());
        Document {
            title: "SLSA attestation report".to_owned(),
            subject: self.about.clone(),
            facts,
            summary: self.summary(),
            sections,
            made_at: self.made_at.clone(),
            ..Document::default()
        }
    }

    fn summary(&self) -> Summary {
        let artifacts: Vec<&SlsaArtifact> = self.releases.iter().flat_map(|release| &release.artifacts).collect();
        let (count, highest) =
            (artifacts.len() as u64, artifacts.iter().filter(|artifact| artifact.is_highest()).count() as u64);
        let verdict = match (count, highest) {
            (0, _) => {
                Cell::styled(Style::Open, "No release of this report names an artifact, so nothing can be proved.")
            }
            (1, 1) => Cell::styled(Style::Good, "The artifact is proved to be built at SLSA Build level 3."),
            (count, highest) if count == highest => Cell::styled(
                Style::Good,
                format!("All {count} artifacts are proved to be built at SLSA Build level 3."),
            ),
            (1, _) => Cell::styled(Style::Bad, "The artifact is not proved to be built at SLSA Build level 3."),
            (count, highest) => Cell::styled(
                Style::Bad,
                format!(
                    "{highest} of {count} artifacts {} proved to be built at SLSA Build level 3.",
                    if highest == 1 { "is" } else { "are" }
                ),
            ),
        };
        let mut paragraphs: Vec<String> = artifacts.iter().take(3).filter_map(|artifact| why(artifact)).collect();
        let unknown = artifacts.iter().filter(|artifact| artifact.verdict == "unevaluated").count() as u64;
        if unknown > 0 {
            paragraphs.push(format!("Of {} no provenance was verified.", counted(unknown, "artifact")));
        }
        paragraphs.push(
            "The Build track and the Source track are judged apart: one says how the artifact was built, the other how its \
             source was kept and reviewed. What nothing shows counts as not met."
                .to_owned(),
        );
        Summary { verdict, paragraphs }
    }
}

/// Why an artifact is not at a higher level.
fn why(artifact: &SlsaArtifact) -> Option<String> {
    let limited_by = artifact.limited_by.as_ref()?;
    Some(format!("{} is at {}, because {}.", title(artifact), level(&artifact.level), quoted(limited_by)))
}

/// Names in a sentence as a printed page quotes them: `x` becomes ‘x’.
fn quoted(words: &str) -> String {
    let mut is_open = false;
    let quote = |c: char| {
        is_open ^= c == '`';
        match c {
            '`' if is_open => '‘',
            '`' => '’',
            c => c,
        }
    };
    words.chars().map(quote).collect()
}

/// The name of a level for people: `Build level 3`.
fn level(word: &str) -> String {
    match (word.strip_prefix("SLSA_BUILD_LEVEL_"), word.strip_prefix("SLSA_SOURCE_LEVEL_")) {
        (Some("UNEVALUATED"), _) | (_, Some("UNEVALUATED")) => "not evaluated".to_owned(),
        (Some(number), _) => format!("Build level {number}"),
        (_, Some(number)) => format!("Source level {number}"),
        (None, None) => word.to_owned(),
    }
}

fn title(artifact: &SlsaArtifact) -> &str {
    if artifact.name.is_empty() { &artifact.digest } else { &artifact.name }
}

fn table(columns: &[(&str, u16)], rows: Vec<Vec<Cell>>, if_empty: &str) -> Block {
    let columns = columns.iter().map(|(title, share)| Column::new(title, *share)).collect();
    Block::Table(Table { columns, rows, if_empty: if_empty.to_owned() })
}

fn section(title: String, is_nested: bool, blocks: Vec<Block>) -> Section {
    Section { title, is_nested, blocks }
}

fn overview(releases: &[SlsaRelease]) -> Section {
    let row = |(release, artifact): (&SlsaRelease, &SlsaArtifact)| {
        let style = match artifact.verdict.as_str() {
            _ if artifact.is_highest() => Style::Good,
            "unevaluated" => Style::Open,
            _ => Style::Bad,
        };
        vec![
            release.release.clone().into(),
            artifact.name.clone().into(),
            Cell::code(&artifact.digest),
            Cell::styled(style, level(&artifact.level)),
            level(&release.source_level).into(),
        ]
    };
    let all = releases.iter().flat_map(|release| release.artifacts.iter().map(move |artifact| (release, artifact)));
    let columns = [("Release", 19), ("Artifact", 23), ("Digest", 28), ("Build track", 16), ("Source track", 14)];
    let rows = all.map(row).collect();
    section("Artifacts and levels".to_owned(), false, vec![table(&columns, rows, "There is no artifact to report on.")])
}

fn of_release(release: &SlsaRelease) -> Vec<Section> {
    let SlsaRelease { release: name, team, made_at, made_by, repository, commit, source_requirements, .. } = release;
    let mut facts = vec![
        Fact::new("Team", team.clone()),
        Fact::new("Made", format!("{} by {made_by}", instant(made_at))),
        Fact::new("Repository", Cell::code(repository.clone().unwrap_or_default())),
        Fact::new("Commit", Cell::code(commit.clone().unwrap_or_default())),
    ];
    facts.push(Fact::new("Expected of the build", release.expectations.clone().unwrap_or_default()));
    facts.push(Fact::new("Build track", format!("{}, the lowest of its artifacts", level(&release.build_level))));
    facts.push(Fact::new("Source track", level(&release.source_level)));
    let mut sections = vec![section(format!("Release {name}"), false, vec![Block::Facts(facts)])];
    for artifact in &release.artifacts {
        sections.push(section(format!("Build track: {}", title(artifact)), true, of_artifact(artifact)));
    }
    let if_empty = "No verification summary of the source was handed in, so the Source track is not evaluated.";
    sections.push(section("Source track".to_owned(), true, vec![requirements(source_requirements, if_empty)]));
    sections
}

fn of_artifact(artifact: &SlsaArtifact) -> Vec<Block> {
    let mut facts = vec![Fact::new("Digest", Cell::code(&artifact.digest)), Fact::new("Level", level(&artifact.level))];
    if artifact.verdict == "unevaluated" {
        let words = "No provenance of this artifact was verified, so nothing is known of how it was built.";
        return vec![Block::Facts(facts), Block::Paragraph(words.to_owned())];
    }
    let verdict = match artifact.verdict.as_str() {
        "accepted" => Cell::styled(Style::Good, "the provenance is accepted"),
        "refused" => Cell::styled(Style::Bad, "the provenance is refused"),
        _ => Cell::styled(Style::Open, "a check that is required was not made"),
    };
    facts.push(Fact::new("Verdict", verdict));
    let mut code = |name: &str, value: &Option<String>| {
        facts.push(Fact::new(name, Cell::code(value.clone().unwrap_or_default())));
    };
    code("Builder", &artifact.builder_id);
    code("Build type", &artifact.build_type);
    code("Source repository", &artifact.source_repository);
    code("Source ref", &artifact.source_ref);
    code("Source commit", &artifact.source_commit);
    code("Statement, SHA-256", &artifact.statement);
    for signer in &artifact.signers {
        facts.push(Fact::new("Signed by", Cell::code(signer)));
    }
    let signed_at = artifact.signed_at.as_deref().map_or_else(|| "not known".to_owned(), instant);
    facts.push(Fact::new("Signed at the latest", signed_at));
    let trusted = artifact.builder.clone().unwrap_or_else(|| "not in the list of trusted builders".to_owned());
    facts.push(Fact::new("Trusted as", trusted));
    let mut blocks = vec![Block::Facts(facts)];
    for disagreement in &artifact.disagreements {
        blocks.push(Block::Paragraph(format!("Two provenances contradict one another: {disagreement}")));
    }
    blocks.push(Block::Note("The requirements of the Build track, and what shows that they are met:".to_owned()));
    blocks.push(requirements(&artifact.requirements, "No requirement was looked at."));
    blocks.push(Block::Note("The checks of the provenance, by the steps of the specification:".to_owned()));
    blocks.push(checks(&artifact.checks));
    if let Some(statement) = &artifact.statement {
        blocks.push(Block::Note(
            "To check the provenance itself, take the document from the server's evidence:".to_owned(),
        ));
        blocks.push(Block::Commands(vec![
            format!("# the payload of the envelope has the SHA-256 {statement}"),
            format!("shipworthy verify provenance.json --artifact {}", artifact.digest),
        ]));
    }
    blocks
}

fn requirements(requirements: &[SlsaRequirement], if_empty: &str) -> Block {
    let row = |requirement: &SlsaRequirement| {
        let SlsaRequirement { level, whose, name, shown, words, evidence } = requirement;
        let shown = match shown.as_str() {
            "met" => Cell::styled(Style::Good, "met"),
            "not-met" => Cell::styled(Style::Bad, "not met"),
            _ => Cell::styled(Style::Open, "not shown"),
        };
        let evidence = evidence.join(" ");
        vec![
            level.to_string().into(),
            format!("{name} ({whose})").into(),
            shown,
            quoted(words).into(),
            Cell::code(evidence),
        ]
    };
    let columns = [("Level", 7), ("Requirement", 29), ("Shown", 13), ("By what", 28), ("Evidence", 23)];
    table(&columns, requirements.iter().map(row).collect(), if_empty)
}

fn checks(checks: &[SlsaCheck]) -> Block {
    let row = |check: &SlsaCheck| {
        let SlsaCheck { step, name, result, words, evidence } = check;
        let style = match result.as_str() {
            "passed" => Style::Good,
            "failed" => Style::Bad,
            _ => Style::Open,
        };
        let evidence = evidence.join(" ");
        vec![
            step.to_string().into(),
            name.clone().into(),
            Cell::styled(style, result),
            quoted(words).into(),
            Cell::code(evidence),
        ]
    };
    let columns = [("Step", 7), ("Check", 21), ("Result", 13), ("What was found", 36), ("Rests on", 23)];
    table(&columns, checks.iter().map(row).collect(), "No check was made.")
}

fn how_it_is_judged() -> Section {
    let words = [
        "A level of the Build track is the lower of two: the level that the administrators of this server trust the builder \
         with, and the level that the checks of the provenance prove.",
        "The eight steps are those of the SLSA specification: the envelope and its signature, the subject, the predicate, the \
         builder, the source, the build type, the external parameters, and the dependencies.",
        "A check that was not made is shown as skipped and never counts as passed. A requirement that no document can show is \
         met only as far as the builder is trusted with it, and the report says so.",
    ];
    let blocks = words.map(|paragraph| Block::Paragraph(paragraph.to_owned())).to_vec();
    section("How it is judged".to_owned(), false, blocks)
}
