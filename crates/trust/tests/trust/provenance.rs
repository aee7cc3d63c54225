//! Provenance in its three forms and the ways in which builders write it, read onto one.

use serde_json::{Value, json};
use shipworthy_trust::predicate::{self, Provenance, Unreadable};

fn read(predicate_type: &str, predicate: &Value) -> Provenance {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v0.1",
        "subject": [],
        "predicateType": predicate_type,
        "predicate": predicate,
    });
    let statement = predicate::read(&serde_json::to_vec(&statement).expect("JSON")).expect("a statement");
    Provenance::read(&statement).expect("provenance")
}

const V01: &str = "https://slsa.dev/provenance/v0.1";
const V02: &str = "https://slsa.dev/provenance/v0.2";
const V1: &str = "https://slsa.dev/provenance/v1";

#[test]
fn version_0_2_is_read_onto_version_1_by_the_table_of_the_specification() {
    let provenance = read(
        V02,
        &json!({
            "builder": { "id": "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v1.4.0" },
            "buildType": "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
            "invocation": {
                "configSource": {
                    "uri": "git+https://github.com/shop/cart@refs/tags/v2.0.0",
                    "digest": { "sha1": "904e2c3e02725e314cf6cf141c4700081298dcbd" },
                    "entryPoint": ".github/workflows/release.yml",
                },
                "parameters": { "level": 3, "source": "git+https://github.com/evil/cart" },
                "environment": { "github_ref": "refs/tags/v2.0.0", "github_sha1": "904e2c3e02725e314cf6cf141c4700081298dcbd" },
            },
            "buildConfig": { "steps": ["dropped"] },
            "metadata": {
                "buildInvocationID": "3894885047-1",
                "buildStartedOn": "2023-01-11T16:56:00Z",
                "completeness": { "parameters": true },
            },
            "materials": [{ "uri": "pkg:golang/example.com/x@v1", "digest": { "sha256": "aa" } }],
        }),
    );
    insta::assert_json_snapshot!("version_0_2", provenance);
    // What is stored is what was read.
    let again: Provenance =
        serde_json::from_value(serde_json::to_value(&provenance).expect("JSON")).expect("provenance");
    assert_eq!(again, provenance);
}

#[test]
fn version_0_1_has_a_recipe() {
    let provenance = read(
        V01,
        &json!({
            "builder": { "id": "https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.3" },
            "recipe": {
                "type": "https://cloudbuild.googleapis.com/CloudBuildYaml@v0.1",
                "entryPoint": "cloudbuild.yaml",
                "arguments": { "substitutions": { "TAG_NAME": "v1.0.0", "BRANCH_NAME": "main" } },
            },
            "materials": [{ "uri": "git+https://github.com/shop/cart", "digest": { "sha1": "2ce3f90facdb51aeb950d5bc641e981be61fdf48" } }],
        }),
    );
    insta::assert_json_snapshot!("version_0_1", provenance);
}

/// What is found of the source, in a line.
fn source(provenance: &Provenance) -> String {
    let source = &provenance.source;
    let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
    let [repository, reference, commit, entry_point] =
        [&source.repository, &source.reference, &source.commit, &source.entry_point].map(part);
    let contradictions: String = source.contradictions.iter().map(|words| format!(" ({words})")).collect();
    format!("{repository} {reference} {commit} {entry_point}{contradictions}")
}

#[test]
fn the_source_is_found_where_each_builder_writes_it() {
    let sha = "8f70009fde0c94ade6ce2a054b94718c819126ec";
    let workflow = json!({ "buildDefinition": {
        "buildType": "https://actions.github.io/buildtypes/workflow/v1",
        "externalParameters": { "workflow": { "ref": "refs/heads/main", "repository": "https://github.com/shop/cart", "path": ".github/workflows/release.yml" } },
        "resolvedDependencies": [{ "uri": "git+https://github.com/shop/cart@refs/heads/main", "digest": { "gitCommit": sha } }],
    } });
    let delegated = json!({ "buildDefinition": {
        "buildType": "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
        "externalParameters": { "inputs": { "artifact": "cart" }, "vars": {} },
        "internalParameters": { "GITHUB_REF": "refs/tags/v1", "GITHUB_SHA": sha, "GITHUB_REPOSITORY": "shop/cart", "GITHUB_WORKFLOW_REF": "shop/cart/.github/workflows/release.yml@refs/tags/v1" },
        "resolvedDependencies": [{ "uri": "git+https://github.com/shop/cart@refs/tags/v1", "digest": { "gitCommit": sha } }],
    } });
    let cloud_build = json!({ "buildDefinition": {
        "buildType": "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
        "externalParameters": { "buildConfigSource": { "path": "cloudbuild.yaml", "ref": "refs/heads/main", "repository": "git+https://github.com/shop/cart" } },
        "resolvedDependencies": [{ "uri": "git+https://github.com/shop/cart@refs/heads/main", "digest": { "gitCommit": sha } }],
    } });
    let tekton = json!({ "buildDefinition": {
        "buildType": "https://tekton.dev/chains/v2/slsa-tekton",
        "externalParameters": { "runSpec": { "pipelineRef": { "name": "docker-build" }, "params": [] } },
        "resolvedDependencies": [
            { "name": "pipeline", "uri": "oci://registry.example.com/pipelines", "digest": { "sha256": "ab" } },
            { "name": "inputs/result", "uri": "git+https://git.example.com/shop/cart.git", "digest": { "sha1": sha } },
        ],
    } });
    let old_tekton = json!({
        "buildType": "tekton.dev/v1beta1/PipelineRun",
        "invocation": { "configSource": { "uri": "git+https://git.example.com/shop/cart.git", "digest": { "sha1": sha }, "entryPoint": "pipelines/build.yaml" }, "parameters": {} },
    });
    let gitlab = json!({
        "buildType": "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v16.4.0/PROVENANCE.md",
        "builder": { "id": "https://gitlab.com/shop/cart/-/runners/12270807" },
        "invocation": { "configSource": { "uri": "https://gitlab.com/shop/cart", "digest": { "sha256": sha }, "entryPoint": "build-job" }, "parameters": {} },
    });
    let old_cloud_build = json!({
        "recipe": { "type": "https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.2", "entryPoint": "cloudbuild.yaml", "arguments": {} },
        "materials": [{ "uri": format!("https://github.com/shop/cart/commit/{sha}") }],
    });
    let npm = json!({
        "buildType": "https://github.com/npm/cli/gha/v2",
        "invocation": { "configSource": { "uri": "git+https://github.com/shop/cart@refs/tags/v1.0.5", "digest": { "sha1": sha }, "entryPoint": ".github/workflows/npm.yml" }, "parameters": {} },
    });
    let unknown = json!({ "buildDefinition": {
        "buildType": "https://ci.example.com/v9",
        "externalParameters": { "git": { "url": "https://github.com/shop/cart" } },
        "resolvedDependencies": [{ "uri": "git+https://github.com/shop/cart", "digest": { "gitCommit": sha } }],
    } });
    let cases = [
        ("GitHub workflow", V1, &workflow),
        ("GitHub generator, delegated", V1, &delegated),
        ("Cloud Build", V1, &cloud_build),
        ("Cloud Build, old", V01, &old_cloud_build),
        ("Tekton Chains", V1, &tekton),
        ("Tekton Chains, old", V02, &old_tekton),
        ("GitLab", V02, &gitlab),
        ("npm, old", V02, &npm),
        ("of no known build type", V1, &unknown),
    ];
    let lines = cases.map(|(name, version, predicate)| format!("{name}: {}", source(&read(version, predicate))));
    insta::assert_snapshot!("sources", lines.join("\n"));
}

#[test]
fn provenance_that_contradicts_itself_says_so() {
    let mut build = crate::builds::build();
    let definition = build.get_mut("buildDefinition").expect("a definition");
    definition["internalParameters"] =
        json!({ "GITHUB_REF": "refs/heads/evil", "GITHUB_SHA": "00", "GITHUB_REPOSITORY": "shop/other" });
    let second = json!({ "uri": format!("git+{}@refs/tags/v1.2.3", crate::builds::REPOSITORY), "digest": { "gitCommit": "11" } });
    definition["resolvedDependencies"].as_array_mut().expect("a list").push(second);
    insta::assert_json_snapshot!("contradictions", read(V1, &build).source.contradictions);
}

#[test]
fn odd_documents_are_refused_with_a_sentence_or_read_with_holes() {
    let refused = |payload: &[u8]| predicate::read(payload).expect_err("refused").to_string();
    let statement = json!({ "_type": "https://in-toto.io/Statement/v1", "predicateType": "https://spdx.dev/Document" });
    let other = predicate::read(&serde_json::to_vec(&statement).expect("JSON")).expect("a statement");
    let words = [
        refused(b"{"),
        refused(b"[]"),
        refused(br#"{"_type":"https://in-toto.io/Statement/v9"}"#),
        refused(br#"{"_type":"https://in-toto.io/Statement/v1"}"#),
        Provenance::read(&other).expect_err("refused").to_string(),
    ];
    insta::assert_snapshot!("refusals", words.join("\n"));
    let statement = json!({ "_type": "https://in-toto.io/Statement/v1", "predicateType": V1, "predicate": [] });
    let list = predicate::read(&serde_json::to_vec(&statement).expect("JSON")).expect("a statement");
    assert_eq!(Provenance::read(&list), Err(Unreadable::NoObject));
    for odd in [
        json!({}),
        json!({ "buildDefinition": [], "runDetails": "x" }),
        json!({ "buildDefinition": { "resolvedDependencies": [1, "x", { "digest": [], "uri": {} }], "externalParameters": [] } }),
        json!({ "builder": 7, "materials": {}, "recipe": { "definedInMaterial": 99 }, "invocation": { "parameters": [1] } }),
    ] {
        for version in [V01, V02, V1] {
            assert!(read(version, &odd).missing.contains(&"builder.id".to_owned()));
        }
    }
}
