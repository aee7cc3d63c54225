//! Results of SSLyze in JSON: what is wrong with the TLS of servers. SSLyze rates nothing.

use crate::json::Object;
use crate::tls::{self, Server};
use crate::{Format, Members, Probe, ReadError, moment};
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "sslyze-json",
    title: "SSLyze results in JSON",
    homepage: "https://nabla-c0d3.github.io/sslyze/documentation/json-output.html",
    phase: Phase::Deploy,
    tool: "sslyze",
    reads: "`--json_out` of versions 3 to 6",
    identifies: "the problem with host and port",
    severities: "",
    marks: &["server_scan_results", "sslyze_url", "sslyze_version"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_result = |members: &Members| members.has("server_scan_results");
    probe.object().is_some_and(is_result) && (probe.has("sslyze_version") || probe.has("sslyze_url") || is_cut(probe))
}

/// The name of the tool stands at the end of a document of megabytes.
fn is_cut(probe: &Probe) -> bool {
    !probe.is_of_whole()
        && (probe.has("server_scan_results.scan_result") || probe.has("server_scan_results.scan_commands_results"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    if !document.has_list("server_scan_results") {
        return Err(ReadError::lacks("results of SSLyze", "/server_scan_results", "expected a list, found none"));
    }
    let mut findings = Vec::new();
    for result in document.objects("server_scan_results") {
        findings.extend(server(&result).findings());
    }
    for failed in document.objects("server_connectivity_errors") {
        failed.warn("", "SSLyze could not reach the server");
    }
    let created_at = document.text("date_scans_completed").and_then(|completed| moment::stated(&completed));
    let report = tls::report("sslyze", document.text("sslyze_version"), findings, document.warnings());
    Ok(Report { created_at, ..report })
}

/// Since version 5 each command has its result in `result`.
fn result<'a>(scan: &Object<'a>, command: &str) -> Option<Object<'a>> {
    let command = scan.object(command)?;
    if !command.has("status") {
        return Some(command);
    }
    if command.text("status").as_deref() == Some("ERROR") {
        command.warn("", "SSLyze could not test this");
    }
    if command.has_object("result") { command.object("result") } else { None }
}

fn server(target: &Object<'_>) -> Server {
    let location = target.object("server_location").or_else(|| target.object("server_info.server_location"));
    let text = |key: &str| location.as_ref().and_then(|location| location.text(key));
    let host = text("hostname").or_else(|| text("ip_address")).unwrap_or_default();
    let mut server = Server::at(&host, text("port").as_deref());
    let scan = if target.has_object("scan_result") { "scan_result" } else { "scan_commands_results" };
    let scan = if target.has_object(scan) { target.object(scan) } else { None };
    let Some(scan) = scan else {
        target.warn("", format!("SSLyze could not reach {}", server.place()));
        return server;
    };
    ciphers(&mut server, &scan);
    let is = |command: &str, key: &str| result(&scan, command).and_then(|result| result.flag(key));
    server.has_if(is("heartbleed", "is_vulnerable_to_heartbleed") == Some(true), &tls::HEARTBLEED);
    server.has_if(is("openssl_ccs_injection", "is_vulnerable_to_ccs_injection") == Some(true), &tls::CCS_INJECTION);
    server.has_if(is("tls_compression", "supports_compression") == Some(true), &tls::COMPRESSION);
    server.has_if(is("tls_fallback_scsv", "supports_fallback_scsv") == Some(false), &tls::NO_FALLBACK);
    let renegotiates = |key: &str| is("session_renegotiation", key);
    server.has_if(renegotiates("supports_secure_renegotiation") == Some(false), &tls::INSECURE_RENEGOTIATION);
    let by_client = ["is_vulnerable_to_client_renegotiation_dos", "accepts_client_renegotiation"];
    server.has_if(by_client.iter().any(|key| renegotiates(key) == Some(true)), &tls::CLIENT_RENEGOTIATION);
    let robot = result(&scan, "robot").and_then(|result| result.text("robot_result"));
    server.has_if(robot.is_some_and(|robot| robot.starts_with("VULNERABLE")), &tls::ROBOT);
    for deployment in result(&scan, "certificate_info").iter().flat_map(|info| info.objects("certificate_deployments"))
    {
        certificate(&mut server, &deployment);
    }
    server
}

fn ciphers(server: &mut Server, scan: &Object<'_>) {
    const COMMANDS: &[(&str, &str)] = &[
        ("ssl_2_0_cipher_suites", "SSLv2"),
        ("ssl_3_0_cipher_suites", "SSLv3"),
        ("tls_1_0_cipher_suites", "TLSv1.0"),
        ("tls_1_1_cipher_suites", "TLSv1.1"),
        ("tls_1_2_cipher_suites", "TLSv1.2"),
        ("tls_1_3_cipher_suites", "TLSv1.3"),
    ];
    for (command, protocol) in COMMANDS {
        let Some(result) = result(scan, command) else { continue };
        for suite in result.objects("accepted_cipher_suites") {
            server.speaks(protocol);
            server.accepts(protocol, &suite.text("cipher_suite.name").unwrap_or_default());
        }
    }
}

fn certificate(server: &mut Server, deployment: &Object<'_>) {
    server.has_if(deployment.flag("leaf_certificate_subject_matches_hostname") == Some(false), &tls::WRONG_HOST);
    server.has_if(deployment.flag("verified_chain_has_sha1_signature") == Some(true), &tls::INSECURE_SIGNATURE);
    let validations = deployment.objects("path_validation_results");
    // Stores of trust differ; a certificate that one of them knows is in order.
    if !validations.iter().any(|validation| validation.has("verified_certificate_chain")) {
        for validation in &validations {
            let error = validation.first_text(&["openssl_error_string", "validation_error"]).unwrap_or_default();
            server.has(tls::of_error(&error), &error);
        }
    }
    let leaf = deployment.objects("received_certificate_chain").into_iter().next();
    let key = leaf.and_then(|leaf| leaf.object("public_key").or_else(|| leaf.object("publicKey")));
    if let Some(key) = key
        && key.text("algorithm").is_some_and(|algorithm| algorithm.contains("RSA"))
        && let Some(bits) = key.count("key_size").or_else(|| key.count("size")).filter(|bits| *bits < 2048)
    {
        server.has(&tls::INSECURE_KEY, &format!("RSA with {bits} bits"));
    }
}
