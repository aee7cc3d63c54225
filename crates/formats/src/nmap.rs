//! Results of Nmap in XML: open ports, what the script `vulners` knows of the services behind them, and what scripts that
//! test for a vulnerability found.

use crate::web::{self, Place};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError, moment, ratings};
use shipworthy_model::{ComponentRef, Finding, FindingKind, Phase, Report, Severity, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "nmap",
    title: "Nmap results in XML",
    homepage: "https://nmap.org/book/nmap-dtd.html",
    phase: Phase::Deploy,
    tool: "nmap",
    reads: "`nmaprun` (`-oX`), with the scripts `vulners` and those of the library `vulns`",
    identifies: "host, port and protocol of an open port; vulnerability and service; script, host and port",
    severities: "nmap",
    marks: &["nmaprun"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    // masscan writes the same layout and says so.
    probe.root().is_some_and(|root| root.name == "nmaprun")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "nmaprun" {
        let message = format!("expected the root `nmaprun`, found `{}`", root.name);
        return Err(ReadError::lacks("Nmap results", "its root", message));
    }
    let scanner = root.attribute("scanner").unwrap_or("nmap").to_owned();
    let version = root.attribute("version").map(str::to_owned);
    let created = root.attribute("start").and_then(moment::of_seconds);
    let mut findings = Vec::new();
    while let Some(part) = document.next_child(&root)? {
        if part.name == "host" {
            host(&document.node(part)?, &mut findings);
        }
    }
    document.end()?;
    Ok(Report {
        tool: Some(Tool { name: scanner, version }),
        created_at: created,
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn host(host: &Node, findings: &mut Vec<Finding>) {
    let name = host.all_at("hostnames", "hostname").find_map(|name| name.attribute("name"));
    let addresses = || host.all("address").filter(|address| address.attribute("addrtype") != Some("mac"));
    let name = name.or_else(|| addresses().find_map(|address| address.attribute("addr"))).unwrap_or_default();
    for port in host.all_at("ports", "port") {
        let state = port.at("state").and_then(|state| state.attribute("state")).unwrap_or_default();
        if state == "open" {
            findings.push(open_port(name, port));
        }
        let place = web::host(name, port.attribute("portid"));
        for script in port.all("script") {
            of_script(script, port, &place, findings);
        }
    }
    for script in host.all_at("hostscript", "script") {
        of_script(script, host, name, findings);
    }
}

/// An open port is what Nmap was asked for and by itself no problem.
fn open_port(host: &str, port: &Node) -> Finding {
    let number = port.attribute("portid").unwrap_or_default();
    let protocol = port.attribute("protocol").unwrap_or("tcp");
    let (severity, severity_word) = web::rated("nmap", Some("open"));
    let service = port.at("service");
    let words = ["name", "product", "version"].map(|word| service.and_then(|service| service.attribute(word)));
    let service = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let place = web::host(host, Some(number));
    Finding {
        severity,
        severity_word,
        description: Some(service).filter(|service| !service.is_empty()),
        ..web::finding(
            "open-port",
            &format!("open port {number}/{protocol}"),
            Place { url: &place, parameter: protocol, method: "" },
        )
    }
}

fn of_script(script: &Node, port: &Node, place: &str, findings: &mut Vec<Finding>) {
    let id = script.attribute("id").unwrap_or_default();
    for table in script.all("table") {
        if id == "vulners" || id == "vulscan" {
            findings.extend(table.all("table").filter_map(|item| known_vulnerability(item, table, port, place)));
        } else if let Some(finding) = tested(id, table, place) {
            findings.push(finding);
        }
    }
}

/// A vulnerability that is known of the service's version. Exploits that have no CVE are in the list too.
fn known_vulnerability(item: &Node, table: &Node, port: &Node, place: &str) -> Option<Finding> {
    let rule = element(item, "id")?;
    let component = component(table.attribute("key").unwrap_or_default(), port);
    let score = element(item, "cvss").and_then(ratings::number);
    Some(Finding {
        severity: score.map_or(Severity::Unknown, Severity::of_score),
        score,
        references: element(item, "type")
            .map(|kind| format!("https://vulners.com/{kind}/{rule}"))
            .into_iter()
            .collect(),
        location: web::finding(rule, "", Place::of(place)).location,
        title: component.as_ref().map_or_else(|| rule.to_owned(), |component| format!("{rule} in {}", component.name)),
        component,
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    })
}

/// `cpe:/a:openbsd:openssh:7.4`, else what the service says of itself.
fn component(cpe: &str, port: &Node) -> Option<ComponentRef> {
    let parts: Vec<_> = cpe.split(':').collect();
    if let ["cpe", "/a" | "/o" | "/h", _, product, version, ..] = parts[..] {
        return Some(ComponentRef { purl: None, name: product.to_owned(), version: Some(version.to_owned()) });
    }
    let service = port.at("service")?;
    let version = service.attribute("version").map(str::to_owned);
    Some(ComponentRef { purl: None, name: service.attribute("product")?.to_owned(), version })
}

/// What a script tested for and found; nothing where it did not.
fn tested(script: &str, table: &Node, place: &str) -> Option<Finding> {
    let state = element(table, "state").filter(|state| state.contains("VULNERABLE") && !state.starts_with("NOT"))?;
    let title = element(table, "title").unwrap_or(script);
    let key = table.attribute("key").unwrap_or_default();
    let ids = table.all("table").filter(|list| list.attribute("key") == Some("ids")).flat_map(|list| list.all("elem"));
    let ids = ids.filter_map(Node::own_text).map(|id| id.strip_prefix("CVE:").unwrap_or(id).to_owned());
    Some(Finding {
        severity_word: Some(state.to_owned()),
        aliases: ids.collect(),
        ..web::finding(script, title, Place { url: place, parameter: key, method: "" })
    })
}

fn element<'n>(table: &'n Node, key: &str) -> Option<&'n str> {
    table.all("elem").find(|element| element.attribute("key") == Some(key))?.own_text()
}
