//! Generated documents: the same bytes for the same seed, in the proportions of real inventories.

use std::fmt::Write as _;

/// Ecosystem and how many packages of it the pool has, as counted in a large collection of public inventories.
const POOL: &[(&str, u64)] = &[
    ("golang", 10_894),
    ("rpm", 8_237),
    ("maven", 7_241),
    ("pypi", 6_967),
    ("npm", 3_931),
    ("cargo", 1_081),
    ("deb", 311),
];

/// Numbers that look random and are the same in every run (SplitMix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// The next one, smaller than `below`.
    pub(crate) fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}

/// A CycloneDX 1.5 inventory with so many components and two dependencies for each.
pub(crate) fn inventory(components: usize, seed: u64) -> String {
    let mut numbers = Numbers(seed);
    let mut out = String::with_capacity(components * 800);
    let _ = write!(
        out,
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"urn:uuid:00000000-0000-4000-8000-{seed:012x}","version":1,"metadata":{{"timestamp":"2026-01-15T08:00:00Z","tools":{{"components":[{{"type":"application","name":"bench","version":"1"}}]}},"component":{{"type":"container","bom-ref":"root","name":"bench-{seed}","version":"1"}}}},"components":["#
    );
    for n in 0..components {
        component(&mut out, &mut numbers, n);
    }
    out.push_str(r#"],"dependencies":["#);
    for n in 0..components {
        let comma = if n == 0 { "" } else { "," };
        let (first, second) = (numbers.next(components as u64), numbers.next(components as u64));
        let _ = write!(out, r#"{comma}{{"ref":"c{n}","dependsOn":["c{first}","c{second}"]}}"#);
    }
    out.push_str("]}");
    out
}

fn component(out: &mut String, numbers: &mut Numbers, n: usize) {
    let total = POOL.iter().map(|(_, count)| count).sum();
    let mut place = numbers.next(total);
    let kind = POOL.iter().find(|(_, count)| {
        let is_here = place < *count;
        place = place.saturating_sub(*count);
        is_here
    });
    let kind = kind.map_or("npm", |(kind, _)| kind);
    let package = numbers.next(4_000);
    let (minor, patch) = (package % 17, package % 23);
    let license = ["MIT", "Apache-2.0", "BSD-3-Clause", "ISC"][(package % 4) as usize];
    let comma = if n == 0 { "" } else { "," };
    let _ = write!(
        out,
        r#"{comma}{{"type":"library","bom-ref":"c{n}","supplier":{{"name":"The maintainers of package-{package}"}},"group":"org.example","name":"package-{package}","version":"1.{minor}.{patch}","description":"A package that does what packages of its name do, described in a sentence of usual length.","hashes":[{{"alg":"SHA-256","content":"{hash:064x}"}}],"licenses":[{{"license":{{"id":"{license}"}}}}],"purl":"pkg:{kind}/org.example/package-{package}@1.{minor}.{patch}","externalReferences":[{{"type":"vcs","url":"https://git.example/org/package-{package}"}},{{"type":"website","url":"https://packages.example/package-{package}"}}],"properties":[{{"name":"bench:layer","value":"layer-{layer}"}}]}}"#,
        hash = u128::from(package) * 0x1_0000_0001_0000_0001,
        layer = package % 12,
    );
}

/// A Trivy report of an image with so many vulnerabilities.
pub(crate) fn vulnerabilities(count: usize, digest: &str) -> String {
    let mut numbers = Numbers(7);
    let mut out = format!(
        r#"{{"SchemaVersion":2,"ArtifactName":"registry.example/bench:1","ArtifactType":"container_image","Metadata":{{"RepoDigests":["registry.example/bench@{digest}"]}},"Results":[{{"Target":"bench","Class":"lang-pkgs","Type":"npm","Vulnerabilities":["#
    );
    for n in 0..count {
        let severity = ["CRITICAL", "HIGH", "MEDIUM", "LOW"][numbers.next(4) as usize];
        let comma = if n == 0 { "" } else { "," };
        let package = numbers.next(800);
        let _ = write!(
            out,
            r#"{comma}{{"VulnerabilityID":"CVE-2025-{n:05}","PkgName":"package-{package}","PkgIdentifier":{{"PURL":"pkg:npm/package-{package}@1.0.0"}},"InstalledVersion":"1.0.0","FixedVersion":"1.0.1","Severity":"{severity}","Title":"package-{package}: something that should not be possible is","PrimaryURL":"https://advisories.example/CVE-2025-{n:05}","CVSS":{{"nvd":{{"V3Vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","V3Score":9.8}}}}}}"#
        );
    }
    out.push_str("]}]}");
    out
}

/// The digest of an image that does not exist, one for each number.
pub(crate) fn digest(n: usize) -> String {
    format!("sha256:{n:064x}")
}
