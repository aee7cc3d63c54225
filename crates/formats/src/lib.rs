//! Readers: bytes of a tool come in, a [`Report`] goes out. No files, no network, no clock.
//!
//! A reader never panics and never drops silently: what it could not use is a warning in the report. One odd item does
//! not fail a document, a broken document does. A key that occurs twice in one JSON object is an error that names the
//! key where it is the document's own object (two parsers could understand it in two ways, which for signed content is
//! an attack), and leaves the item out with a warning where it is one item among many.

mod address;
mod archive;
mod build_run;
mod burp;
mod cases;
mod change_review;
mod checkmarx;
mod checks;
mod cloudflare;
mod counts;
mod covered;
mod cyclonedx;
mod defectdojo;
mod dependencies;
mod dependency_check;
mod deployed;
mod encoding;
mod error;
mod format;
mod gitlab;
mod hackerone;
mod hashes;
mod identity;
mod instant;
mod jenkins;
mod jfrog;
mod jmeter;
mod json;
mod kubernetes;
mod leaks;
mod license;
mod limits;
mod load_test;
mod moment;
mod nessus;
mod nikto;
mod npm_advisories;
mod openvas;
mod orca;
mod oss_index_answer;
mod osv;
mod own;
mod packages;
mod prisma;
mod probe;
mod problems;
mod prowler;
mod purl;
mod qualys;
mod ratings;
mod reader;
mod secret;
mod severity;
mod sonarqube;
mod source_package;
mod spdx_document;
mod subjects;
mod sysdig;
mod table;
mod text;
mod times;
mod tls;
mod unpack;
mod veracode;
mod wapiti;
mod weakness;
mod web;
mod xml;
mod yaml;
mod zap;

/// Declares the module of each format and puts its `FORMAT` into the list.
macro_rules! formats {
    ($($format:ident)*) => {
        $(mod $format;)*

        /// Every format, in alphabetical order.
        pub static FORMATS: &[&Format] = &[$(&$format::FORMAT),*];
    };
}

// The formats, in alphabetical order: one line each, which is all that a new one needs here.
formats! {
    acunetix_xml
    allure
    anchore_policy
    anchore_vulnerabilities
    apkleaks
    appspider_xml
    aqua
    arachni
    argo_cd_application
    argo_rollouts
    artillery
    asff
    auditjs
    aunit
    aws_inspector
    azure_devops_build
    azure_devops_pull_request
    azure_security_center_recommendations
    bamboo_build
    bandit
    bearer
    bitbucket_pipeline
    bitbucket_pull_request
    bitbucket_server_pull_request
    blackduck_binary_analysis
    blackduck_csv
    blackduck_vulnerabilities
    boost_test
    brakeman
    bugcrowd_csv
    buildkite_build
    bundler_audit
    bundler_audit_text
    burp_api
    burp_graphql
    burp_xml
    cargo_audit
    cdevents
    cfn_lint
    cfn_nag
    check
    checkmarx_one
    checkmarx_one_report
    checkmarx_osa
    checkmarx_xml
    checkov
    checkstyle
    chkrootkit
    circleci_workflow
    clair
    clamav
    clang_tidy
    cloudflare_insights_csv
    cloudflare_insights_json
    cloudsploit
    clover
    cobertura
    code_climate
    codechecker
    codecov_json
    codeguru
    composer_audit
    conftest
    contrast_csv
    coverage_py_json
    coveralls_json
    coverity_json
    coverity_view
    cpd
    cppcheck_xml
    cpptest
    cppunit
    cred_scan
    crunch42
    csaf
    ctest
    ctrf
    cucumber_json
    cucumber_messages
    cunit
    cwe_checker
    cxflow
    cyclonedx_json
    cyclonedx_xml
    cycognito
    dart_json
    dawnscanner
    deepfence_csv
    defectdojo_csv
    defectdojo_json
    dependency_check_csv
    dependency_check_json
    dependency_check_xml
    dependency_track
    detect_secrets
    detectify
    devaudit
    docker_bench
    dockle
    dotcover_json
    dotcover_xml
    dotnet_vulnerable
    drheader
    edgescan
    eslint
    flake8
    flawfinder_csv
    fortify_fvdl
    fortify_ssc
    fortify_xml
    fossa
    fpcunit
    garak
    gatekeeper
    gatling_log
    gatling_stats
    gcloud_artifact_analysis
    gcov
    gcovr_json
    ggshield
    gitea_pull_request
    gitguardian
    github_code_scanning
    github_dependabot
    github_dependency_snapshot
    github_deployment
    github_pull_request
    github_secret_scanning
    github_workflow_run
    gitlab_deployment
    gitlab_job
    gitlab_merge_request
    gitlab_pipeline
    gitlab_security
    gitleaks
    gitleaks_csv
    go_cover
    go_test_json
    golangci_lint
    googletest_json
    gosec
    govulncheck
    grype
    gtester
    hackerone_csv
    hackerone_json
    hadolint
    harbor
    hcl_appscan
    hcl_appscan_issues
    horusec
    huskyci
    hydra
    immuniweb_xml
    in_toto
    infer
    inspec_json
    invicti
    istanbul_json
    jacoco
    jenkins_blue_ocean
    jenkins_build
    jenkins_build_xml
    jenkins_notification
    jenkins_pending_inputs
    jenkins_pipeline_run
    jenkins_test_report
    jenkins_warnings
    jest_json
    jfrog_cli
    jfrog_cli_summary
    jfrog_xray_report
    jfrog_xray_scan
    jfrog_xray_summary
    jfrog_xray_violations
    jfrog_xray_webhook
    jmeter_csv
    jmeter_statistics
    jmeter_xml
    junit
    k6_json
    k6_summary
    kayenta_canary
    kics
    kiuwan_csv
    kiuwan_sca
    krakend_audit
    kube_bench
    kube_bench_text
    kube_hunter
    kube_linter
    kube_score
    kubeaudit
    kubernetes_workload
    kubescape
    kubesec
    lcov
    legitify
    llvm_cov_json
    locust_csv
    lynis
    masscan
    mbunit
    mend
    meterian
    mix_audit
    mobsf
    mobsfscan
    mocha_json
    mozilla_observatory
    ms_defender
    mypy
    naabu
    nancy
    ncover
    nessus_csv
    nessus_xml
    neuvector
    neuvector_compliance
    nexpose_xml
    nikto_json
    nikto_xml
    njsscan
    nmap
    noseyparker
    npm_audit
    nsp
    nuclei
    nunit2
    nunit3
    oha
    opencover
    openvas_csv
    openvas_xml
    openvex
    orca_security_csv
    orca_security_json
    ort
    oscal_assessment_results
    osv_scanner
    outpost24_xml
    phpcs
    phpstan
    pingcastle
    pip_audit
    pit
    playwright_json
    pmd_csv
    pmd_json
    pmd_xml
    pnpm_audit
    polaris
    policy_report
    popeye
    prisma_cloud
    prisma_cloud_csv
    progpilot
    prowler_csv
    prowler_json
    psalm
    pylint_json
    pylint_text
    pyright
    pytest_json
    qark
    qttest
    qualys_csv
    qualys_report_xml
    qualys_scan_xml
    qualys_was_xml
    rapplex
    redhat_satellite
    retire_js
    rkhunter
    robot
    rspec_json
    rubocop
    ruff
    rusty_hog
    safety
    sarif
    scantist
    scorecard
    scout_suite
    secretlint
    semgrep
    semgrep_findings
    shellcheck
    simplecov
    snyk
    snyk_issues
    solar_appscreener
    sonarqube_coverage
    sonarqube_external_issues
    sonarqube_issues
    sonarqube_measures
    sonarqube_quality_gate
    sonarqube_report_task
    sonarqube_tests
    sonatype
    spdx3_json
    spdx_json
    spdx_rdf
    spdx_tag_value
    spdx_xml
    spdx_yaml
    spectra_assure
    spectral
    spinnaker_execution
    spotbugs
    sqlmap_csv
    ssh_audit
    ssl_labs
    sslscan
    sslyze_json
    sslyze_xml
    stackhawk
    staticcheck
    stig_checklist_ckl
    stryker_mutation
    stylelint
    syft_json
    symfony_security_check
    sysdig_cli
    sysdig_csv
    sysdig_report
    talisman
    tap
    tekton_run
    terrascan
    testng
    testssl_csv
    tflint
    tfsec
    travis_ci_build
    trivy
    trivy_compliance
    trivy_operator
    trufflehog
    trufflehog3
    trustwave_csv
    trx
    twistcli
    unittestpp
    valgrind
    veracode_findings
    veracode_pipeline
    veracode_sca_csv
    veracode_sca_json
    veracode_xml
    virustotal
    vs_dynamic_coverage
    wapiti_json
    wapiti_xml
    wazuh
    webinspect_xml
    wfuzz
    whispers
    wiz_issues
    wizcli
    wpscan
    wrk
    xanitizer
    xccdf
    xeol
    xunit
    xygeni
    yara
    yara_json
    yarn_audit
    yocto_cve_check
    zap_json
    zap_xml
}

pub use error::{ReadError, Unrecognised};
pub use format::Format;
pub use identity::of_vulnerability as vulnerability_identity;
pub use limits::MAX_DOCUMENT_BYTES;
pub use own::{InvalidFormat, OwnFormat};
pub use probe::{Media, Members, Probe, Root, Shape};
pub use reader::{Known, Reader, Reading, find, read, recognise};
pub use severity::{Row as SeverityRow, table as severities};
pub use unpack::{Room, each_document, each_document_of_zip};
