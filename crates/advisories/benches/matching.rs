//! Reads, files and matches a world of advisories and components, which is made anew from a fixed seed, and says how long
//! it took and what it weighs: `cargo bench -p shipworthy-advisories [-- ADVISORIES COMPONENTS]`.

use std::collections::HashMap;
use std::io::Write as _;
use std::time::Instant;

use shipworthy_advisories::advisory::{Advisory, Affected};
use shipworthy_advisories::alias;
use shipworthy_advisories::ecosystem::{Key, identities, key_of};
use shipworthy_advisories::matching::{Answer, assess_entries};
use shipworthy_advisories::osv;

/// Ecosystem in OSV, package URL before the name, between name and version, behind the version.
const ECOSYSTEMS: &[(&str, &str, &str, &str)] = &[
    ("Go", "pkg:golang/example.org/", "@v", ""),
    ("PyPI", "pkg:pypi/", "@", ""),
    ("npm", "pkg:npm/", "@", ""),
    ("Maven", "pkg:maven/org.example/", "@", ""),
    ("crates.io", "pkg:cargo/", "@", ""),
    ("Debian:12", "pkg:deb/debian/", "@", "?distro=debian-12"),
    ("AlmaLinux:9", "pkg:rpm/almalinux/", "@", "-1.el9?distro=almalinux-9.4"),
];

/// How many packages of each ecosystem have advisories. Of the components every second is one of them.
const PACKAGES: u64 = 10_000;

/// Numbers that look like chance and are the same every time (xorshift64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn version(&mut self) -> String {
        format!("{}.{}.{}", self.below(10), self.below(20), self.below(20))
    }
}

fn record(number: u64, chance: &mut Chance) -> String {
    let (ecosystem, ..) = ECOSYSTEMS[usize::try_from(number).unwrap_or_default() % ECOSYSTEMS.len()];
    let group = if ecosystem == "Maven" {
        "org.example:"
    } else if ecosystem == "Go" {
        "example.org/"
    } else {
        ""
    };
    let release = if ecosystem == "AlmaLinux:9" { "-1.el9" } else { "" };
    let events: Vec<String> = (0..=chance.below(2))
        .map(|line| {
            format!(
                r#"{{"introduced": "{}"}}, {{"fixed": "{line}.{}.0{release}"}}"#,
                if line == 0 { "0".to_owned() } else { format!("{line}.0.0") },
                chance.below(20)
            )
        })
        .collect();
    let kind = if matches!(ecosystem, "Go" | "npm" | "crates.io") { "SEMVER" } else { "ECOSYSTEM" };
    format!(
        r#"{{"schema_version": "1.7.0", "id": "GHSA-{number}", "aliases": ["CVE-2026-{}"], "summary": "A hole in package {number}",
        "details": "{}", "modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z",
        "severity": [{{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
        "references": [{{"type": "WEB", "url": "https://example.org/{number}"}}, {{"type": "FIX", "url": "https://example.org/{number}/fix"}}],
        "affected": [{{"package": {{"ecosystem": "{ecosystem}", "name": "{group}package-{}"}},
            "ranges": [{{"type": "{kind}", "events": [{}]}}]}}]}}"#,
        number / 2,
        "What it does and how to go about it. ".repeat(20),
        chance.below(PACKAGES),
        events.join(", ")
    )
}

fn purl(number: u64, chance: &mut Chance) -> String {
    let (_, before, between, behind) = ECOSYSTEMS[usize::try_from(number).unwrap_or_default() % ECOSYSTEMS.len()];
    format!("{before}package-{}{between}{}{behind}", chance.below(2 * PACKAGES), chance.version())
}

/// The memory that the process holds, where the system says it.
fn resident_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default() / 1024
}

fn main() {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse::<u64>().ok());
    let (advisories, components) = (numbers.next().unwrap_or(300_000), numbers.next().unwrap_or(200_000));
    let say = |what: &str, count: u64, began: Instant| {
        let seconds = began.elapsed().as_secs_f64();
        let _ = writeln!(std::io::stdout(), "{what}: {count} in {seconds:.2} s, {} MB resident", resident_megabytes());
    };
    let mut chance = Chance(0x5eed);

    let began = Instant::now();
    let mut read: Vec<Advisory> = Vec::new();
    for number in 0..advisories {
        let kept = |advisory: Advisory| read.push(Advisory { details: None, references: Vec::new(), ..advisory });
        let mut keep = kept;
        osv::read(&record(number, &mut chance), "osv", &mut keep).expect("a record");
    }
    say("advisories made and read", advisories, began);

    let began = Instant::now();
    let mut index: HashMap<Key, Vec<(&Advisory, &Affected)>> = HashMap::new();
    for (advisory, entry) in
        read.iter().flat_map(|advisory| advisory.affected.iter().map(move |entry| (advisory, entry)))
    {
        index.entry(key_of(entry).expect("a package")).or_default().push((advisory, entry));
    }
    say("advisories filed", advisories, began);

    let began = Instant::now();
    let (mut pairs, mut affected) = (0, 0);
    for number in 0..components {
        for identity in identities(&purl(number, &mut chance), None).expect("a package URL") {
            for (advisory, entry) in index.get(&identity.key).into_iter().flatten() {
                pairs += 1;
                affected += u64::from(matches!(assess_entries(&identity, advisory, &[entry]), Answer::Affected(_)));
            }
        }
    }
    say("components matched", components, began);
    let _ = writeln!(std::io::stdout(), "pairs looked at: {pairs}, affected: {affected}");

    let began = Instant::now();
    let vulnerabilities = alias::join(read.iter().map(|advisory| (advisory.id.as_str(), advisory.aliases.as_slice())));
    say("ids joined to vulnerabilities", vulnerabilities.len() as u64, began);
}
