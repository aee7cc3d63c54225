//! Assessments of SSL Labs (Qualys): the grade of a server's TLS and what is wrong with it. A grade of A, A+ or A- is no
//! problem; SSL Labs says of no problem how bad it is but by the grade.

use crate::json::Object;
use crate::tls::{self, Server};
use crate::web::{self, Place};
use crate::{Format, Members, Probe, ReadError, moment};
use shipworthy_model::{Finding, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "ssl-labs",
    title: "SSL Labs assessment",
    homepage: "https://github.com/ssllabs/ssllabs-scan/blob/master/ssllabs-api-docs-v3.md",
    phase: Phase::Deploy,
    tool: "ssl-labs",
    reads: "the answer of the API 3 and 4 for a host and the list of hosts that `ssllabs-scan` writes",
    identifies: "the problem with host and port",
    severities: "",
    marks: &["criteriaVersion", "endpoints", "engineVersion", "host"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_host = |members: &Members| members.has_all(&["host", "port", "engineVersion", "criteriaVersion"]);
    probe.object().or(probe.first_element()).is_some_and(is_host)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let hosts = Object::documents(bytes)?;
    let mut findings = Vec::new();
    for host in &hosts {
        let mut server = Server::at(&host.text("host").unwrap_or_default(), host.text("port").as_deref());
        let certificates = host.objects("certs");
        for endpoint in host.objects("endpoints") {
            findings.extend(grade(&endpoint, server.place()));
            if endpoint.has_object("details")
                && let Some(details) = endpoint.object("details")
            {
                assess(&mut server, &details);
                certificate(&mut server, &details, &certificates);
            } else if !endpoint.has("grade") {
                let said = endpoint.text("statusMessage").unwrap_or_default();
                endpoint.warn("", format!("SSL Labs could not assess this endpoint: {said}"));
            }
        }
        findings.extend(server.findings());
    }
    let text = |key: &str| hosts.first().and_then(|host| host.text(key));
    let warnings = hosts.first().map(Object::warnings).unwrap_or_default();
    let created_at = text("testTime").and_then(|time| moment::of_milliseconds(&time));
    Ok(Report { created_at, ..tls::report("ssl-labs", text("engineVersion"), findings, warnings) })
}

fn grade(endpoint: &Object<'_>, place: &str) -> Option<Finding> {
    let grade = endpoint.text("grade").filter(|grade| !grade.starts_with('A'))?;
    let address = endpoint.text("ipAddress").unwrap_or_default();
    Some(Finding {
        severity_word: Some(grade.clone()),
        description: Some(format!("seen at {address}")).filter(|_| !address.is_empty()),
        ..web::finding("grade", &format!("SSL Labs grades the server {grade}"), Place::of(place))
    })
}

fn assess(server: &mut Server, details: &Object<'_>) {
    for protocol in details.objects("protocols") {
        let text = |key: &str| protocol.text(key).unwrap_or_default();
        server.speaks(&format!("{} {}", text("name"), text("version")));
    }
    for suite in details.objects("suites").iter().flat_map(|list| list.objects("list")) {
        server.accepts("", &suite.text("name").unwrap_or_default());
    }
    // What each number means is in the documentation of the interface, *EndpointDetails*.
    let is = |key: &str| details.has(key) && details.flag(key) == Some(true);
    let is_one_of = |key: &str, values: &[&str]| details.text(key).is_some_and(|value| values.contains(&&*value));
    server.has_if(is("heartbleed"), &tls::HEARTBLEED);
    server.has_if(is("freak"), &tls::FREAK);
    server.has_if(is("logjam"), &tls::LOGJAM);
    server.has_if(is("drownVulnerable"), &tls::DROWN);
    server.has_if(is("poodle") || is_one_of("poodleTls", &["2"]), &tls::POODLE);
    server.has_if(is_one_of("openSslCcs", &["2", "3"]), &tls::CCS_INJECTION);
    server.has_if(is_one_of("ticketbleed", &["2"]), &tls::TICKETBLEED);
    server.has_if(is_one_of("bleichenbacher", &["2", "3"]), &tls::ROBOT);
    server.has_if(details.has("fallbackScsv") && details.flag("fallbackScsv") == Some(false), &tls::NO_FALLBACK);
    server.has_if(details.count("compressionMethods").is_some_and(|methods| methods != 0), &tls::COMPRESSION);
    server.has_if(details.count("renegSupport").is_some_and(|bits| bits & 1 != 0), &tls::INSECURE_RENEGOTIATION);
}

/// The certificate of the server itself is the first of a chain.
fn certificate(server: &mut Server, details: &Object<'_>, certificates: &[Object<'_>]) {
    for chain in details.objects("certChains") {
        let leaf = chain.texts("certIds").into_iter().next();
        let shown = certificates.iter().find(|known| leaf.is_some() && known.text("id") == leaf);
        let issues = shown.and_then(|shown| shown.count("issues")).unwrap_or_default();
        let problems = [
            (1, &tls::UNTRUSTED),
            (2, &tls::EXPIRED),
            (4, &tls::EXPIRED),
            (8, &tls::WRONG_HOST),
            (16, &tls::REVOKED),
            (32, &tls::WRONG_HOST),
            (64, &tls::SELF_SIGNED),
            (128, &tls::UNTRUSTED),
            (256, &tls::INSECURE_SIGNATURE),
            (512, &tls::INSECURE_KEY),
        ];
        problems.into_iter().for_each(|(bit, problem)| server.has_if(issues & bit != 0, problem));
    }
}
