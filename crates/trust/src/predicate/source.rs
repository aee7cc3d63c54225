//! Where the source of a build is named, which every build type says in its own way.

use super::provenance::{Provenance, Resource};
use super::repository::split;
use super::text;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The source of a build, as its provenance states it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The repository in its one form, `https://host/path`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The branch or tag, `refs/tags/v1.2.3`.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "ref")]
    pub reference: Option<String>,
    /// The commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The file in the repository that says how to build, or the name of what was run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<String>,
    /// Where the provenance says two different things about it, each as a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<String>,
}

/// Where a build type has its source.
enum Convention {
    /// `externalParameters.workflow`. <https://actions.github.io/buildtypes/workflow/v1>
    Workflow,
    /// `externalParameters.source`, or the first dependency. <https://github.com/slsa-framework/slsa-github-generator>
    Generator,
    /// `externalParameters.buildConfigSource`. <https://cloud.google.com/build/docs/securing-builds/view-build-provenance>
    CloudBuild,
    /// The first material and the substitutions.
    CloudBuildLegacy,
    /// The dependency from a Git repository. <https://tekton.dev/docs/chains/slsa-provenance/>
    Tekton,
    /// `externalParameters.source`, as version 0.2 is read onto version 1.
    Configured,
}

fn convention(build_type: &str) -> Convention {
    match build_type {
        "https://actions.github.io/buildtypes/workflow/v1"
        | "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1" => Convention::Workflow,
        "https://slsa.dev/container-based-build/v0.1?draft" => Convention::Generator,
        "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1" => Convention::CloudBuild,
        other if other.starts_with("https://github.com/slsa-framework/slsa-github-generator/") => Convention::Generator,
        other if other.starts_with("https://cloudbuild.googleapis.com/") => Convention::CloudBuildLegacy,
        other if other.starts_with("https://tekton.dev/") || other.starts_with("tekton.dev/") => Convention::Tekton,
        _ => Convention::Configured,
    }
}

/// Finds the source in the provenance, by the rules of its build type.
pub(super) fn of(provenance: &Provenance) -> Source {
    let external = &provenance.external_parameters;
    let dependencies = provenance.resolved_dependencies.as_slice();
    let mut source = match convention(&provenance.build_type) {
        Convention::Workflow => at(
            text(external, "/workflow/repository"),
            text(external, "/workflow/ref"),
            text(external, "/workflow/path"),
        ),
        Convention::CloudBuild => at(
            text(external, "/buildConfigSource/repository"),
            text(external, "/buildConfigSource/ref"),
            text(external, "/buildConfigSource/path"),
        ),
        Convention::Generator => {
            let named = configured(external).or_else(|| from_git(dependencies));
            let started = text(external, "/entryPoint").or_else(|| started_workflow(&provenance.internal_parameters));
            at(named, None, started)
        }
        Convention::CloudBuildLegacy => cloud_build_legacy(external, dependencies),
        Convention::Tekton => {
            let run = ["pipelineRef", "taskRef"].map(|kind| text(external, &format!("/runSpec/{kind}/name")));
            let entry = run.into_iter().flatten().next().or_else(|| text(external, "/entryPoint"));
            at(configured(external).or_else(|| from_git(dependencies)), None, entry)
        }
        Convention::Configured => at(configured(external), None, text(external, "/entryPoint")),
    };
    source.commit = source.commit.take().or_else(|| commit(&mut source, dependencies));
    contradictions(&mut source, &provenance.internal_parameters);
    source
}

fn at(repository: Option<String>, reference: Option<String>, entry_point: Option<String>) -> Source {
    let (repository, behind) = repository.and_then(|text| split(&text)).unzip();
    let reference = reference.or(behind.flatten());
    // What stands behind the `@` may be a commit.
    let is_commit =
        reference.as_deref().is_some_and(|text| text.len() >= 40 && text.bytes().all(|b| b.is_ascii_hexdigit()));
    let (commit, reference) = if is_commit { (reference, None) } else { (None, reference) };
    Source { repository, reference, commit, entry_point, contradictions: Vec::new() }
}

/// The source as a text or as a resource.
fn configured(external: &Value) -> Option<String> {
    text(external, "/source").or_else(|| text(external, "/source/uri"))
}

/// The first dependency that is a Git repository.
fn from_git(dependencies: &[Resource]) -> Option<String> {
    let is_git = |uri: &&String| uri.starts_with("git+") || uri.ends_with(".git");
    dependencies.iter().filter_map(|dependency| dependency.uri.as_ref()).find(is_git).cloned()
}

/// `owner/repository/.github/workflows/build.yml@ref` without what stands around the path.
fn started_workflow(internal: &Value) -> Option<String> {
    let workflow = text(internal, "/GITHUB_WORKFLOW_REF")?;
    let (path, _) = workflow.split_once('@')?;
    path.splitn(3, '/').nth(2).map(str::to_owned)
}

/// Before version 1, Cloud Build wrote the commit into the address of its first material, and the branch or tag among the
/// substitutions.
fn cloud_build_legacy(external: &Value, dependencies: &[Resource]) -> Source {
    let uri = dependencies.first().and_then(|first| first.uri.clone()).unwrap_or_default();
    let (repository, commit) = match uri.split_once("/commit/") {
        Some((repository, commit)) => (repository.to_owned(), Some(commit.to_owned())),
        None => (uri, None),
    };
    let tag = text(external, "/substitutions/TAG_NAME").map(|tag| format!("refs/tags/{tag}"));
    let branch = text(external, "/substitutions/BRANCH_NAME").map(|branch| format!("refs/heads/{branch}"));
    let source = at(Some(repository), tag.or(branch), text(external, "/entryPoint"));
    Source { commit: commit.or(source.commit), ..source }
}

/// The commit of the dependency that is the source. Two that differ are said to.
fn commit(source: &mut Source, dependencies: &[Resource]) -> Option<String> {
    let repository = source.repository.as_ref()?;
    let is_source = |uri: &str| match split(uri) {
        Some((other, None)) => other == *repository,
        Some((other, behind)) => other == *repository && (source.reference.is_none() || behind == source.reference),
        None => false,
    };
    let digest = |dependency: &Resource| {
        // GitLab calls a commit `sha256`, whatever its length.
        let names = ["gitCommit", "sha1", "sha256"];
        names.iter().find_map(|name| dependency.digest.get(*name)).filter(|digest| !digest.is_empty()).cloned()
    };
    let sources = dependencies.iter().filter(|dependency| dependency.uri.as_deref().is_some_and(is_source));
    let mut commits: Vec<String> = sources.filter_map(digest).collect();
    commits.dedup();
    if let [first, second, ..] = commits.as_slice() {
        let words = format!("its dependencies name the commits {first} and {second} of the same source");
        source.contradictions.push(words);
    }
    commits.into_iter().next()
}

/// GitHub's variables beside what is stated: both come from the builder, and differ only when something is wrong.
fn contradictions(source: &mut Source, internal: &Value) {
    let variable = |names: [&str; 2]| names.iter().find_map(|name| text(internal, &format!("/{name}")));
    let path = source.repository.as_ref().map(|repository| repository.splitn(4, '/').nth(3).unwrap_or_default());
    let pairs = [
        ("branch or tag", source.reference.as_deref(), variable(["GITHUB_REF", "github_ref"])),
        ("commit", source.commit.as_deref(), variable(["GITHUB_SHA", "github_sha1"])),
        ("repository", path, variable(["GITHUB_REPOSITORY", "github_repository"])),
    ];
    let found = pairs.into_iter().filter_map(|(what, stated, variable)| {
        let (stated, variable) = (stated?, variable?);
        (stated != variable).then(|| format!("it states the {what} `{stated}`, and its build ran with `{variable}`"))
    });
    let found: Vec<String> = found.collect();
    source.contradictions.extend(found);
}
