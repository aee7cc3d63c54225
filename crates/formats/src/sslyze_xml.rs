//! Results of SSLyze in XML, which its older versions write. SSLyze rates nothing.

use crate::tls::{self, Server};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "sslyze-xml",
    title: "SSLyze results in XML",
    homepage: "https://github.com/nabla-c0d3/sslyze/blob/2.1.4/README.md",
    phase: Phase::Deploy,
    tool: "sslyze",
    reads: "`--xml_out` of versions 1 and 2",
    identifies: "the problem with host and port",
    severities: "",
    marks: &["document"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "document" && root.attribute("SSLyzeVersion").is_some())
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let version = root.attribute("SSLyzeVersion").map(str::to_owned);
    let (mut findings, mut warnings) = (Vec::new(), Vec::new());
    while let Some(part) = document.next_child(&root)? {
        while let Some(target) = document.next_node(&part)? {
            match (part.name.as_str(), target.name.as_str()) {
                ("results", "target") => findings.extend(server(&target).findings()),
                ("invalidTargets", _) => {
                    let message = format!("SSLyze could not reach {}", target.own_text().unwrap_or_default());
                    warnings.push(Warning { at: document.place(), message });
                }
                _ => {}
            }
        }
    }
    document.end()?;
    Ok(tls::report("sslyze", version, findings, warnings))
}

fn server(target: &Node) -> Server {
    const PROTOCOLS: &[(&str, &str)] = &[
        ("sslv2", "SSLv2"),
        ("sslv3", "SSLv3"),
        ("tlsv1", "TLSv1.0"),
        ("tlsv1_1", "TLSv1.1"),
        ("tlsv1_2", "TLSv1.2"),
        ("tlsv1_3", "TLSv1.3"),
    ];
    let mut server = Server::at(target.attribute("host").unwrap_or_default(), target.attribute("port"));
    for (element, protocol) in PROTOCOLS {
        for suite in target.all_at(&format!("{element}/acceptedCipherSuites"), "cipherSuite") {
            server.speaks(protocol);
            server.accepts(protocol, suite.attribute("name").unwrap_or_default());
        }
    }
    let says =
        |path: &str, name: &str, value: &str| target.at(path).and_then(|node| node.attribute(name)) == Some(value);
    server.has_if(says("heartbleed/openSslHeartbleed", "isVulnerable", "True"), &tls::HEARTBLEED);
    server.has_if(says("openssl_ccs/openSslCcsInjection", "isVulnerable", "True"), &tls::CCS_INJECTION);
    server.has_if(says("compression/compressionMethod", "isSupported", "True"), &tls::COMPRESSION);
    server.has_if(says("fallback/tlsFallbackScsv", "isSupported", "False"), &tls::NO_FALLBACK);
    server.has_if(says("reneg/sessionRenegotiation", "isSecure", "False"), &tls::INSECURE_RENEGOTIATION);
    server.has_if(says("reneg/sessionRenegotiation", "canBeClientInitiated", "True"), &tls::CLIENT_RENEGOTIATION);
    let robot = target.at("robot/robotAttack").and_then(|node| node.attribute("resultEnum"));
    server.has_if(robot.is_some_and(|robot| robot.starts_with("VULNERABLE")), &tls::ROBOT);
    let names = "certinfo/certificateValidation/hostnameValidation";
    server.has_if(says(names, "certificateMatchesServerHostname", "False"), &tls::WRONG_HOST);
    let validations: Vec<_> = target.all_at("certinfo/certificateValidation", "pathValidation").collect();
    let results = || validations.iter().filter_map(|validation| validation.attribute("validationResult"));
    // Stores of trust differ; a certificate that one of them knows is in order.
    if !results().any(|result| result == "ok") {
        results().for_each(|error| server.has(tls::of_error(error), error));
    }
    server
}
