//! Documents of any size as the tools write them. What varies from one item to the next is taken from its number.

use crate::large::{WRITTEN, filled, listed};
use std::fmt::Write as _;

const WORDS: [&str; 4] = ["Critical", "High", "Medium", "Low"];

/// What Grype writes with `-o json`.
pub(crate) fn grype(bytes: usize) -> String {
    let end = r#"], "source": {"type": "image", "target": {"userInput": "registry.shopwright.example/cart:1.4.2",
        "imageID": "sha256:0e5574283393f2fd3d1ce2a4e0f7d8b13e1e2e0ac0cf7a4e9a8e8e0c2c4b5a60"}},
        "distro": {"name": "debian", "version": "12"}, "descriptor": {"name": "grype", "version": "0.104.0"}}"#;
    listed(r#"{"matches": ["#, bytes, end, |text, n| {
        let word = WORDS[n % 4];
        write!(
            text,
            r#"  {{
   "vulnerability": {{
    "id": "CVE-2025-{n:05}",
    "dataSource": "https://security-tracker.debian.org/tracker/CVE-2025-{n:05}",
    "namespace": "debian:distro:debian:12",
    "severity": "{word}",
    "urls": ["https://security-tracker.debian.org/tracker/CVE-2025-{n:05}"],
    "description": "A bound that is not checked in the reading of packets of package-{n} lets whoever sends them\n\tread what lies behind the buffer, or end the process, when it was built with the option \"fast\".",
    "cvss": [{{"source": "nvd@nist.gov", "type": "Primary", "version": "3.1", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
      "metrics": {{"baseScore": 7.5, "exploitabilityScore": 3.9, "impactScore": 3.6}}, "vendorMetadata": {{}}}}],
    "epss": [{{"cve": "CVE-2025-{n:05}", "epss": 0.00412, "percentile": 0.61003, "date": "2026-11-01"}}],
    "fix": {{"versions": ["1.{n}.7-2"], "state": "fixed"}},
    "advisories": [],
    "risk": 0.31
   }},
   "relatedVulnerabilities": [{{
     "id": "CVE-2025-{n:05}",
     "dataSource": "https://nvd.nist.gov/vuln/detail/CVE-2025-{n:05}",
     "namespace": "nvd:cpe",
     "severity": "{word}",
     "urls": ["https://lists.shopwright.example/security/{n}", "https://git.shopwright.example/package-{n}/commit/7f3a"],
     "description": "A bound that is not checked in the reading of packets of package-{n}.",
     "cvss": [{{"source": "nvd@nist.gov", "type": "Primary", "version": "3.1", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
       "metrics": {{"baseScore": 7.5, "exploitabilityScore": 3.9, "impactScore": 3.6}}, "vendorMetadata": {{}}}}]
   }}],
   "matchDetails": [{{
     "type": "exact-indirect-match", "matcher": "dpkg-matcher",
     "searchedBy": {{"distro": {{"type": "debian", "version": "12"}}, "package": {{"name": "package-{n}", "version": "1.{n}.4-1"}},
       "namespace": "debian:distro:debian:12"}},
     "found": {{"vulnerabilityID": "CVE-2025-{n:05}", "versionConstraint": "< 1.{n}.7-2 (deb)"}}
   }}],
   "artifact": {{
    "id": "{n:016x}", "name": "libpackage-{n}", "version": "1.{n}.4-1", "type": "deb",
    "locations": [{{"path": "/usr/share/doc/libpackage-{n}/copyright", "layerID": "sha256:5d3b2c2d21bba59850dac063bcbb574fddcb6aefb444ffcc63843355d878d54f"}},
      {{"path": "/var/lib/dpkg/status", "layerID": "sha256:5d3b2c2d21bba59850dac063bcbb574fddcb6aefb444ffcc63843355d878d54f"}}],
    "language": "", "licenses": ["BSD-3-Clause", "GPL-2.0-only"],
    "cpes": ["cpe:2.3:a:libpackage-{n}:libpackage-{n}:1.{n}.4-1:*:*:*:*:*:*:*"],
    "purl": "pkg:deb/debian/libpackage-{n}@1.{n}.4-1?arch=amd64&upstream=package-{n}&distro=debian-12",
    "upstreams": [{{"name": "package-{n}"}}]
   }}
  }}"#
        )
        .expect(WRITTEN);
    })
}

/// An inventory in CycloneDX's XML.
pub(crate) fn cyclonedx_xml(bytes: usize) -> String {
    let start = r#"<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="1">
  <metadata><timestamp>2026-11-20T10:00:00Z</timestamp>
    <component type="container" bom-ref="root"><name>cart</name><version>1.4.2</version></component></metadata>
  <components>"#;
    filled(start, bytes, "</components></bom>", |text, n| {
        write!(
            text,
            r#"
    <component type="library" bom-ref="part-{n}">
      <supplier><name>Shopwright</name></supplier>
      <group>com.shopwright</group>
      <name>part-{n}</name>
      <version>4.{n}.1</version>
      <hashes><hash alg="SHA-256">{n:064x}</hash></hashes>
      <licenses><license><id>Apache-2.0</id></license></licenses>
      <purl>pkg:maven/com.shopwright/part-{n}@4.{n}.1</purl>
    </component>"#
        )
        .expect(WRITTEN);
    })
}

/// An inventory in SPDX 2.3's JSON: packages, each contained in the document.
pub(crate) fn spdx(bytes: usize) -> String {
    let start = r#"{"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "cart",
        "documentNamespace": "https://shopwright.example/sbom/cart-1.4.2", "creationInfo": {"created": "2026-11-20T10:00:00Z",
        "creators": ["Tool: shopsbom-1.2.0", "Organization: Shopwright"]}, "packages": ["#;
    let end = r#"], "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relatedSpdxElement": "SPDXRef-Package-0", "relationshipType": "DESCRIBES"}]}"#;
    listed(start, bytes, end, |text, n| {
        write!(
            text,
            r#"  {{
   "name": "part-{n}",
   "SPDXID": "SPDXRef-Package-{n}",
   "versionInfo": "4.{n}.1",
   "supplier": "Organization: Shopwright",
   "downloadLocation": "NOASSERTION",
   "filesAnalyzed": false,
   "checksums": [{{"algorithm": "SHA256", "checksumValue": "{n:064x}"}}],
   "licenseConcluded": "NOASSERTION",
   "licenseDeclared": "Apache-2.0",
   "copyrightText": "NOASSERTION",
   "externalRefs": [{{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:cargo/part-{n}@4.{n}.1"}}]
  }}"#
        )
        .expect(WRITTEN);
    })
}

/// What Trivy writes of an image with `--format json`.
pub(crate) fn trivy(bytes: usize) -> String {
    let start = r#"{"SchemaVersion": 2, "CreatedAt": "2026-11-20T10:00:00Z", "ArtifactName": "registry.shopwright.example/cart:1.4.2",
        "ArtifactType": "container_image", "Metadata": {"OS": {"Family": "debian", "Name": "12.4"},
        "ImageID": "sha256:0e5574283393f2fd3d1ce2a4e0f7d8b13e1e2e0ac0cf7a4e9a8e8e0c2c4b5a60"},
        "Results": [{"Target": "cart (debian 12.4)", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": ["#;
    listed(start, bytes, "]}]}", |text, n| {
        let word = ["CRITICAL", "HIGH", "MEDIUM", "LOW"][n % 4];
        write!(
            text,
            r#"        {{
          "VulnerabilityID": "CVE-2025-{n:05}",
          "PkgID": "libpackage-{n}@1.{n}.4-1",
          "PkgName": "libpackage-{n}",
          "PkgIdentifier": {{"PURL": "pkg:deb/debian/libpackage-{n}@1.{n}.4-1?arch=amd64&distro=debian-12.4", "UID": "{n:016x}"}},
          "InstalledVersion": "1.{n}.4-1",
          "FixedVersion": "1.{n}.7-2",
          "Status": "fixed",
          "Layer": {{"DiffID": "sha256:5d3b2c2d21bba59850dac063bcbb574fddcb6aefb444ffcc63843355d878d54f"}},
          "SeveritySource": "nvd",
          "PrimaryURL": "https://avd.aquasec.com/nvd/cve-2025-{n:05}",
          "DataSource": {{"ID": "debian", "Name": "Debian Security Tracker", "URL": "https://salsa.debian.org/security-tracker-team/security-tracker"}},
          "Title": "libpackage-{n}: a bound that is not checked in the reading of packets",
          "Description": "A bound that is not checked in the reading of packets of libpackage-{n} lets whoever sends them\nread what lies behind the buffer.",
          "Severity": "{word}",
          "CweIDs": ["CWE-125"],
          "CVSS": {{"nvd": {{"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "V3Score": 7.5}}}},
          "References": ["https://lists.shopwright.example/security/{n}", "https://git.shopwright.example/package-{n}/commit/7f3a"],
          "PublishedDate": "2025-03-01T10:15:00Z",
          "LastModifiedDate": "2025-06-01T10:15:00Z"
        }}"#
        )
        .expect(WRITTEN);
    })
}

/// A run of tests in JUnit's XML, of which every twentieth failed.
pub(crate) fn junit(bytes: usize) -> String {
    let start = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="cart" hostname="build-7" time="12.5">"#;
    filled(start, bytes, "</testsuite></testsuites>", |text, n| {
        let failure = "<failure message=\"expected 3, was 4\" type=\"AssertionError\">at cart.py line 41</failure>";
        let failure = if n % 20 == 0 { failure } else { "" };
        write!(
            text,
            "\n  <testcase classname=\"cart.tests.part_{}\" name=\"adds item {n}\" time=\"0.0{}\">{failure}</testcase>",
            n % 40,
            n % 10
        )
        .expect(WRITTEN);
    })
}

/// A log of JMeter in its own table.
pub(crate) fn jmeter() -> String {
    let head = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,sentBytes,grpThreads,allThreads,Latency,IdleTime,Connect\n";
    filled(head, 2_000_000, "", |text, n| {
        writeln!(text, "17637192{n:05},{},GET /cart,200,OK,Thread 1,true,512,128,1,1,40,0,2", n % 90).expect(WRITTEN);
    })
}

/// A table that is of no format, with a thousand columns.
pub(crate) fn wide_table() -> String {
    filled("time", 200_000, "\n", |text, n| write!(text, ",column {n}").expect(WRITTEN))
}
