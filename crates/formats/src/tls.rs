//! What scanners of TLS have in common: the problems of a server, by one name each, whichever scanner saw them. None of
//! these scanners rates what it sees.

use crate::web::{self, Place};
use shipworthy_model::{Finding, FindingKind, Report, Tool, Warning};

/// A problem that a server may have.
#[derive(Debug)]
pub(crate) struct Problem {
    rule: &'static str,
    title: &'static str,
    cve: &'static str,
    cwe: u32,
}

const fn problem(rule: &'static str, title: &'static str, cve: &'static str, cwe: u32) -> Problem {
    Problem { rule, title, cve, cwe }
}

pub(crate) static ANONYMOUS: Problem = problem("anonymous-cipher", "the server need not show who it is", "", 295);
pub(crate) static CCS_INJECTION: Problem =
    problem("ccs-injection", "OpenSSL takes a change of ciphers too early", "CVE-2014-0224", 326);
pub(crate) static CLIENT_RENEGOTIATION: Problem =
    problem("client-renegotiation", "a client may renegotiate as often as it likes", "CVE-2011-1473", 400);
pub(crate) static COMPRESSION: Problem =
    problem("compression", "the server compresses below TLS (CRIME)", "CVE-2012-4929", 310);
pub(crate) static EXPIRED: Problem = problem("certificate-expired", "the certificate is not valid now", "", 298);
pub(crate) static FREAK: Problem =
    problem("freak", "the server takes export keys of RSA (FREAK)", "CVE-2015-0204", 310);
pub(crate) static DROWN: Problem =
    problem("drown", "SSL 2.0 with the same key lets attackers decrypt (DROWN)", "CVE-2016-0800", 327);
pub(crate) static HEARTBLEED: Problem =
    problem("heartbleed", "OpenSSL shows its memory (Heartbleed)", "CVE-2014-0160", 125);
pub(crate) static INSECURE_KEY: Problem =
    problem("certificate-weak-key", "the key of the certificate is weak", "", 326);
pub(crate) static INSECURE_RENEGOTIATION: Problem =
    problem("insecure-renegotiation", "the server renegotiates insecurely", "CVE-2009-3555", 300);
pub(crate) static INSECURE_SIGNATURE: Problem =
    problem("certificate-weak-signature", "the signature of the certificate is weak", "", 327);
pub(crate) static LOGJAM: Problem =
    problem("logjam", "the server takes weak Diffie-Hellman keys (Logjam)", "CVE-2015-4000", 310);
pub(crate) static NO_FALLBACK: Problem =
    problem("no-fallback-scsv", "the server does not notice downgrades of the protocol", "", 757);
pub(crate) static OLD_PROTOCOL: Problem = problem("old-protocol", "the server speaks an outdated protocol", "", 327);
pub(crate) static POODLE: Problem =
    problem("poodle", "padding tells attackers the content (POODLE)", "CVE-2014-3566", 310);
pub(crate) static REVOKED: Problem = problem("certificate-revoked", "the certificate was revoked", "", 299);
pub(crate) static ROBOT: Problem = problem("robot", "the server tells of padding in RSA (ROBOT)", "", 203);
pub(crate) static SELF_SIGNED: Problem =
    problem("certificate-self-signed", "the certificate is signed by itself", "", 295);
pub(crate) static TICKETBLEED: Problem =
    problem("ticketbleed", "session tickets show memory (Ticketbleed)", "CVE-2016-9244", 200);
pub(crate) static UNTRUSTED: Problem = problem("certificate-untrusted", "nobody vouches for the certificate", "", 295);
pub(crate) static WEAK_CIPHER: Problem = problem("weak-cipher", "the server accepts weak cipher suites", "", 327);
pub(crate) static WRONG_HOST: Problem =
    problem("certificate-wrong-host", "the certificate is of another host", "", 297);

/// A server while its problems are gathered: each is told once, with everything that was seen of it.
#[derive(Debug)]
pub(crate) struct Server {
    place: String,
    seen: Vec<(&'static Problem, Vec<String>)>,
}

impl Server {
    pub(crate) fn at(host: &str, port: Option<&str>) -> Self {
        Self { place: web::host(host, port), seen: Vec::new() }
    }

    /// Takes a problem with a detail, which may be empty.
    pub(crate) fn has(&mut self, problem: &'static Problem, detail: &str) {
        let place = self.seen.iter().position(|(known, _)| known.rule == problem.rule).unwrap_or_else(|| {
            self.seen.push((problem, Vec::new()));
            self.seen.len() - 1
        });
        if let Some((_, details)) = self.seen.get_mut(place)
            && !detail.is_empty()
            && details.len() < MOST_DETAILS
            && !details.iter().any(|known| known == detail)
        {
            details.push(detail.to_owned());
        }
    }

    /// The same where `is_so`.
    pub(crate) fn has_if(&mut self, is_so: bool, problem: &'static Problem) {
        if is_so {
            self.has(problem, "");
        }
    }

    /// Takes a protocol that it speaks, such as `SSLv3`, `TLSv1.0` or `TLS 1.2`. Before TLS 1.2 all are deprecated (RFC
    /// 8996 and before).
    pub(crate) fn speaks(&mut self, protocol: &str) {
        let is_old = protocol.starts_with("SSL") || protocol.ends_with("1.0") || protocol.ends_with("1.1");
        if is_old {
            self.has(&OLD_PROTOCOL, protocol);
        }
    }

    /// Takes a cipher suite that it accepts, by its name at IANA or in OpenSSL.
    pub(crate) fn accepts(&mut self, protocol: &str, suite: &str) {
        if let Some(problem) = weakness(suite) {
            self.has(problem, format!("{protocol} {suite}").trim());
        }
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    pub(crate) fn findings(self) -> impl Iterator<Item = Finding> {
        let Self { place, seen } = self;
        seen.into_iter().map(move |(problem, details)| finding(problem, &place, &details))
    }
}

/// More of one problem are not listed.
const MOST_DETAILS: usize = 100;

fn finding(problem: &Problem, place: &str, details: &[String]) -> Finding {
    let title = match details {
        [detail] => format!("{}: {detail}", problem.title),
        _ => problem.title.to_owned(),
    };
    Finding {
        aliases: Some(problem.cve.to_owned()).filter(|cve| !cve.is_empty()).into_iter().collect(),
        cwes: vec![problem.cwe],
        description: (details.len() > 1).then(|| details.join("\n")),
        ..web::finding(problem.rule, &title, Place::of(place))
    }
}

/// What is weak about a cipher suite: no key exchange that shows who the server is, or a cipher that is broken or does
/// not encrypt.
fn weakness(suite: &str) -> Option<&'static Problem> {
    let suite = suite.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| suite.contains(word));
    if has(&["_ANON_", "ADH-", "AECDH-"]) {
        return Some(&ANONYMOUS);
    }
    has(&["NULL", "EXP", "RC4", "RC2", "DES", "MD5"]).then_some(&WEAK_CIPHER)
}

/// The report of a scanner of TLS.
pub(crate) fn report(tool: &str, version: Option<String>, findings: Vec<Finding>, warnings: Vec<Warning>) -> Report {
    Report {
        tool: Some(Tool { name: tool.to_owned(), version }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    }
}

/// The problem behind an error of OpenSSL about a certificate.
pub(crate) fn of_error(error: &str) -> &'static Problem {
    let error = error.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| error.contains(word));
    if has(&["expired", "not yet valid", "not valid at validation time"]) {
        &EXPIRED
    } else if has(&["self signed", "self-signed"]) {
        &SELF_SIGNED
    } else if has(&["revoked"]) {
        &REVOKED
    } else {
        &UNTRUSTED
    }
}
