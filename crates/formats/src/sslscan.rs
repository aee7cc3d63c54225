//! Results of sslscan in XML: what is wrong with the TLS of servers. sslscan rates nothing.

use crate::tls::{self, Server};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "sslscan",
    title: "sslscan results in XML",
    homepage: "https://github.com/rbsec/sslscan",
    phase: Phase::Deploy,
    tool: "sslscan",
    reads: "`--xml` of versions 1.11 to 2.1",
    identifies: "the problem with host and port",
    severities: "",
    marks: &["document"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "document" && root.attribute("title") == Some("SSLScan Results"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let version = root.attribute("version").map(str::to_owned);
    let mut findings = Vec::new();
    while let Some(test) = document.next_node(&root)? {
        if test.name == "ssltest" {
            findings.extend(server(&test).findings());
        }
    }
    document.end()?;
    Ok(tls::report("sslscan", version, findings, Vec::new()))
}

fn server(test: &Node) -> Server {
    let host = test.attribute("sniname").or(test.attribute("host")).unwrap_or_default();
    let mut server = Server::at(host, test.attribute("port"));
    let is = |node: &Node, name: &str| node.attribute(name) == Some("1");
    for protocol in test.all("protocol").filter(|protocol| is(protocol, "enabled")) {
        let kind = protocol.attribute("type").unwrap_or_default().to_ascii_uppercase();
        server.speaks(&format!("{kind}v{}", protocol.attribute("version").unwrap_or_default()));
    }
    for cipher in test.all("cipher").filter(|cipher| cipher.attribute("status") != Some("not accepted")) {
        let protocol = cipher.attribute("sslversion").unwrap_or_default();
        let suite = cipher.attribute("cipher").unwrap_or_default();
        server.speaks(protocol);
        match cipher.attribute("strength") {
            Some("anonymous") => server.has(&tls::ANONYMOUS, &format!("{protocol} {suite}")),
            Some("null" | "weak") => server.has(&tls::WEAK_CIPHER, &format!("{protocol} {suite}")),
            _ => server.accepts(protocol, suite),
        }
    }
    for heartbleed in test.all("heartbleed").filter(|heartbleed| is(heartbleed, "vulnerable")) {
        server.has(&tls::HEARTBLEED, heartbleed.attribute("sslversion").unwrap_or_default());
    }
    server.has_if(test.all("fallback").any(|fallback| !is(fallback, "supported")), &tls::NO_FALLBACK);
    server.has_if(test.all("compression").any(|compression| is(compression, "supported")), &tls::COMPRESSION);
    let is_insecure = |node: &Node| is(node, "supported") && !is(node, "secure");
    server.has_if(test.all("renegotiation").any(is_insecure), &tls::INSECURE_RENEGOTIATION);
    let certificates = test.all("certificate").chain(test.all_at("certificates", "certificate"));
    certificates.for_each(|shown| certificate(&mut server, shown));
    server
}

fn certificate(server: &mut Server, shown: &Node) {
    let is = |path: &str| shown.get(path) == Some("true");
    if is("expired") || is("not-yet-valid") {
        server.has(&tls::EXPIRED, shown.get("not-valid-after").unwrap_or_default());
    }
    server.has_if(is("self-signed"), &tls::SELF_SIGNED);
    let signature = shown.get("signature-algorithm").unwrap_or_default();
    let is_weak = ["md5", "sha1"].iter().any(|weak| signature.to_ascii_lowercase().starts_with(weak));
    if is_weak {
        server.has(&tls::INSECURE_SIGNATURE, signature);
    }
    if let Some(key) = shown.at("pk")
        && key.attribute("type") == Some("RSA")
        && let Some(bits) = key.attribute("bits").and_then(|bits| bits.parse::<u32>().ok()).filter(|bits| *bits < 2048)
    {
        server.has(&tls::INSECURE_KEY, &format!("RSA with {bits} bits"));
    }
}
