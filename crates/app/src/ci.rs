//! What a build system says of the run that a command is part of, in variables: repository, commit, branch, run,
//! address, who started it. One table, a row for each system.

/// What is known of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The system's name for people.
    pub title: &'static str,
    /// The repository.
    pub repository: Option<String>,
    /// The branch or tag.
    pub branch: Option<String>,
    /// The source commit, where it is a full one.
    pub commit: Option<String>,
    /// The run, as `<system>/<id>`.
    pub build: Option<String>,
    /// The run's address.
    pub url: Option<String>,
    /// Who or what started it.
    pub started_by: Option<String>,
}

type Variable<'v> = &'v dyn Fn(&str) -> Option<String>;

/// How one build system speaks.
struct System {
    title: &'static str,
    /// The variable that is set in its runs and nowhere else.
    mark: &'static str,
    read: fn(Variable<'_>) -> Run,
}

/// Every build system whose runs are recognised.
static SYSTEMS: &[System] = &[
    System { title: "GitHub Actions", mark: "GITHUB_ACTIONS", read: github_actions },
    System { title: "GitLab CI", mark: "GITLAB_CI", read: gitlab_ci },
    System { title: "Azure Pipelines", mark: "TF_BUILD", read: azure_pipelines },
    System { title: "CircleCI", mark: "CIRCLECI", read: circleci },
    System { title: "Travis CI", mark: "TRAVIS", read: travis_ci },
    System { title: "Jenkins", mark: "JENKINS_URL", read: jenkins },
];

/// What is known of the run, when this is one.
#[must_use]
pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Option<Run> {
    let stated = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let system = SYSTEMS.iter().find(|system| stated(system.mark).is_some())?;
    let mut run = (system.read)(&stated);
    run.title = system.title;
    // An abbreviated commit names nothing for ever, and the server would refuse it.
    run.commit = run.commit.filter(|commit| shipworthy_model::Subject::commit(commit).is_ok());
    run.build = run.build.filter(|build| format!("build:{build}").parse::<shipworthy_model::Subject>().is_ok());
    Some(run)
}

/// <https://docs.github.com/en/actions/reference/workflows-and-actions/variables>
fn github_actions(variable: Variable<'_>) -> Run {
    let repository = joined("/", [variable("GITHUB_SERVER_URL"), variable("GITHUB_REPOSITORY")]);
    let run = variable("GITHUB_RUN_ID");
    Run {
        branch: variable("GITHUB_HEAD_REF").or_else(|| variable("GITHUB_REF_NAME")),
        commit: variable("GITHUB_SHA"),
        build: joined("/", [Some("github-actions".to_owned()), variable("GITHUB_REPOSITORY"), run.clone()]),
        url: joined("/actions/runs/", [repository.clone(), run]),
        started_by: variable("GITHUB_TRIGGERING_ACTOR").or_else(|| variable("GITHUB_ACTOR")),
        repository,
        ..Run::default()
    }
}

/// <https://docs.gitlab.com/ci/variables/predefined_variables/>
fn gitlab_ci(variable: Variable<'_>) -> Run {
    Run {
        repository: variable("CI_PROJECT_URL"),
        branch: variable("CI_COMMIT_REF_NAME"),
        commit: variable("CI_COMMIT_SHA"),
        build: joined("/", [Some("gitlab-ci".to_owned()), variable("CI_PROJECT_PATH"), variable("CI_PIPELINE_ID")]),
        url: variable("CI_PIPELINE_URL"),
        started_by: variable("GITLAB_USER_LOGIN"),
        ..Run::default()
    }
}

/// <https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables>
fn azure_pipelines(variable: Variable<'_>) -> Run {
    let project = joined("", [variable("SYSTEM_COLLECTIONURI"), variable("SYSTEM_TEAMPROJECT")]);
    let run = variable("BUILD_BUILDID");
    Run {
        repository: variable("BUILD_REPOSITORY_URI"),
        branch: variable("BUILD_SOURCEBRANCHNAME"),
        commit: variable("BUILD_SOURCEVERSION"),
        build: joined("/", [Some("azure-pipelines".to_owned()), variable("BUILD_DEFINITIONNAME"), run.clone()])
            .map(|build| build.replace(' ', "-")),
        url: joined("/_build/results?buildId=", [project.map(|project| project.replace(' ', "%20")), run]),
        started_by: variable("BUILD_REQUESTEDFOR"),
        ..Run::default()
    }
}

/// <https://circleci.com/docs/reference/variables/>
fn circleci(variable: Variable<'_>) -> Run {
    let project = joined("/", [variable("CIRCLE_PROJECT_USERNAME"), variable("CIRCLE_PROJECT_REPONAME")]);
    Run {
        repository: variable("CIRCLE_REPOSITORY_URL"),
        branch: variable("CIRCLE_BRANCH").or_else(|| variable("CIRCLE_TAG")),
        commit: variable("CIRCLE_SHA1"),
        build: joined("/", [Some("circleci".to_owned()), project, variable("CIRCLE_BUILD_NUM")]),
        url: variable("CIRCLE_BUILD_URL"),
        started_by: variable("CIRCLE_USERNAME"),
        ..Run::default()
    }
}

/// <https://docs.travis-ci.com/user/environment-variables/>
fn travis_ci(variable: Variable<'_>) -> Run {
    Run {
        repository: variable("TRAVIS_REPO_SLUG").map(|slug| format!("https://github.com/{slug}")),
        branch: variable("TRAVIS_PULL_REQUEST_BRANCH").or_else(|| variable("TRAVIS_BRANCH")),
        commit: variable("TRAVIS_COMMIT"),
        build: joined(
            "/",
            [Some("travis-ci".to_owned()), variable("TRAVIS_REPO_SLUG"), variable("TRAVIS_BUILD_NUMBER")],
        ),
        url: variable("TRAVIS_BUILD_WEB_URL"),
        ..Run::default()
    }
}

/// <https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables>, and of its plug-ins for Git and
/// for who started a build.
fn jenkins(variable: Variable<'_>) -> Run {
    let branch = variable("BRANCH_NAME").or_else(|| variable("GIT_BRANCH"));
    Run {
        repository: variable("GIT_URL"),
        branch: branch.map(|branch| branch.strip_prefix("origin/").unwrap_or(&branch).to_owned()),
        commit: variable("GIT_COMMIT"),
        // Written as the reader of Jenkins' own answers writes it, so that the two meet.
        build: joined("/", [Some("jenkins".to_owned()), variable("JOB_NAME"), variable("BUILD_NUMBER")])
            .map(|build| build.replace(' ', "%20")),
        url: variable("BUILD_URL"),
        started_by: variable("BUILD_USER_ID"),
        ..Run::default()
    }
}

/// All parts joined, when none is missing.
fn joined<const PARTS: usize>(separator: &str, parts: [Option<String>; PARTS]) -> Option<String> {
    let parts: Option<Vec<String>> = parts.into_iter().collect();
    parts.map(|parts| parts.join(separator))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn of(variables: &[(&str, &str)]) -> Option<Run> {
        let find =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        detect(|name| find(name).map(|value| value.replace("COMMIT", COMMIT)))
    }

    #[test]
    fn every_system_says_what_runs() {
        let github = of(&[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "octo/shop"),
            ("GITHUB_REF_NAME", "main"),
            ("GITHUB_SHA", "COMMIT"),
            ("GITHUB_RUN_ID", "77"),
            ("GITHUB_ACTOR", "ada"),
        ]);
        let gitlab = of(&[
            ("GITLAB_CI", "true"),
            ("CI_PROJECT_URL", "https://gitlab.example/octo/shop"),
            ("CI_PROJECT_PATH", "octo/shop"),
            ("CI_COMMIT_REF_NAME", "main"),
            ("CI_COMMIT_SHA", "COMMIT"),
            ("CI_PIPELINE_ID", "77"),
            ("CI_PIPELINE_URL", "https://gitlab.example/octo/shop/-/pipelines/77"),
            ("GITLAB_USER_LOGIN", "ada"),
        ]);
        let azure = of(&[
            ("TF_BUILD", "True"),
            ("SYSTEM_COLLECTIONURI", "https://dev.azure.com/octo/"),
            ("SYSTEM_TEAMPROJECT", "The Shop"),
            ("BUILD_BUILDID", "77"),
            ("BUILD_DEFINITIONNAME", "shop main"),
            ("BUILD_REPOSITORY_URI", "https://dev.azure.com/octo/_git/shop"),
            ("BUILD_SOURCEBRANCHNAME", "main"),
            ("BUILD_SOURCEVERSION", "COMMIT"),
            ("BUILD_REQUESTEDFOR", "Ada"),
        ]);
        insta::assert_debug_snapshot!("runs_of_hosted_systems", [github, gitlab, azure]);
        let circleci = of(&[
            ("CIRCLECI", "true"),
            ("CIRCLE_PROJECT_USERNAME", "octo"),
            ("CIRCLE_PROJECT_REPONAME", "shop"),
            ("CIRCLE_REPOSITORY_URL", "git@github.com:octo/shop.git"),
            ("CIRCLE_BRANCH", "main"),
            ("CIRCLE_SHA1", "COMMIT"),
            ("CIRCLE_BUILD_NUM", "77"),
            ("CIRCLE_BUILD_URL", "https://circleci.com/gh/octo/shop/77"),
            ("CIRCLE_USERNAME", "ada"),
        ]);
        let travis = of(&[
            ("TRAVIS", "true"),
            ("TRAVIS_REPO_SLUG", "octo/shop"),
            ("TRAVIS_BRANCH", "main"),
            ("TRAVIS_COMMIT", "COMMIT"),
            ("TRAVIS_BUILD_NUMBER", "77"),
            ("TRAVIS_BUILD_WEB_URL", "https://app.travis-ci.com/octo/shop/builds/77"),
        ]);
        let jenkins = of(&[
            ("JENKINS_URL", "https://jenkins.example/"),
            ("JOB_NAME", "shop/main"),
            ("BUILD_NUMBER", "77"),
            ("BUILD_URL", "https://jenkins.example/job/shop/job/main/77/"),
            ("GIT_URL", "https://git.example/octo/shop.git"),
            ("GIT_BRANCH", "origin/main"),
            ("GIT_COMMIT", "COMMIT"),
        ]);
        insta::assert_debug_snapshot!("runs_of_other_systems", [circleci, travis, jenkins]);
    }

    #[test]
    fn outside_of_a_run_nothing_is_claimed_and_odd_values_are_left_out() {
        assert_eq!(of(&[("GITHUB_SHA", "COMMIT"), ("GITHUB_ACTIONS", "")]), None);
        let odd = of(&[("JENKINS_URL", "x"), ("GIT_COMMIT", "abc123"), ("JOB_NAME", "a b"), ("BUILD_NUMBER", "1")]);
        let build = Some("jenkins/a%20b/1".to_owned());
        assert_eq!(odd, Some(Run { title: "Jenkins", build, ..Run::default() }));
    }
}
