//! `shipworthy match`, which needs no server: pairs with their reasons, in every layout, and what cannot be said.

use crate::shipworthy::{command, run};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// An inventory, vulnerability data and statements in a folder.
struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let component = |purl: &str| {
            let (path, version) = purl.split_once('@').expect("a version");
            let name = path.rsplit('/').next().expect("a name");
            json!({ "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl })
        };
        world.write(
            "cart.cdx.json",
            &json!({
                "bomFormat": "CycloneDX", "specVersion": "1.6",
                "metadata": { "component": { "type": "container", "name": "cart", "version": "1.4.0" } },
                "components": [
                    component("pkg:npm/basket@1.2.3"),
                    component("pkg:npm/basket-ui@2.0.0"),
                    component("pkg:npm/pricetag@0.9.0"),
                    component("pkg:pypi/stocktake@not.a.version"),
                    component("pkg:cargo/scales@1.0.0"),
                    { "type": "library", "name": "till-driver", "version": "7" },
                ],
            }),
        );
        world
    }

    fn write(&self, name: &str, document: &Value) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, document.to_string()).expect("written");
        path
    }

    /// Advisories of several sources, one of them packed.
    fn advisories(&self) {
        let range = |events: Value| json!([{ "type": "SEMVER", "events": events }]);
        self.write(
            "data/osv/basket.json",
            &json!({
                "schema_version": "1.7.0", "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-11-01T00:00:00Z",
                "aliases": ["CVE-2026-90001"], "summary": "A basket can be emptied by others",
                "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
                "affected": [{ "package": { "ecosystem": "npm", "name": "basket" },
                    "ranges": range(json!([{ "introduced": "1.0.0" }, { "fixed": "1.2.9" }, { "introduced": "2.0.0" }, { "fixed": "2.1.0" }])) }],
                "references": [{ "type": "ADVISORY", "url": "https://advisories.shopwright.example/basket" }],
            }),
        );
        let pricetag = json!({
            "id": "OSV-2026-7", "modified": "2026-11-02T00:00:00Z", "aliases": ["CVE-2026-90002"],
            "affected": [{ "package": { "ecosystem": "npm", "name": "pricetag" },
                "ranges": range(json!([{ "introduced": "0" }, { "last_affected": "0.9.0" }])) }],
        });
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(pricetag.to_string().as_bytes()).expect("packed");
        std::fs::write(self.folder.path().join("data/pricetag.json.gz"), gzip.finish().expect("packed"))
            .expect("written");
        self.write(
            "data/stocktake.json",
            &json!({
                "id": "PYSEC-2026-1", "modified": "2026-11-02T00:00:00Z", "aliases": ["CVE-2026-90003"],
                "affected": [{ "package": { "ecosystem": "PyPI", "name": "stocktake" },
                    "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "3.0" }] }] }],
            }),
        );
        let epss = "#model_version:v2025.03.14,score_date:2026-11-20T00:00:00+0000\ncve,epss,percentile\nCVE-2026-90001,0.42,0.97\n";
        std::fs::write(self.folder.path().join("data/epss.csv"), epss).expect("written");
        self.write(
            "data/kev.json",
            &json!({ "title": "Known exploited", "catalogVersion": "2026.11.20", "dateReleased": "2026-11-20T00:00:00Z", "count": 1,
                "vulnerabilities": [{ "cveID": "CVE-2026-90001", "vulnerabilityName": "Basket", "dateAdded": "2026-11-10", "dueDate": "2026-12-01",
                    "vendorProject": "Shopwright", "product": "Basket", "shortDescription": "x", "requiredAction": "Update" }] }),
        );
        std::fs::write(self.folder.path().join("data/README.txt"), "not data").expect("written");
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn matched(&self, more: &[&str]) -> String {
        let (inventory, data) = (self.path("cart.cdx.json"), self.path("data"));
        let arguments = [&["match", &inventory, "--advisories", &data], more].concat();
        self.scrubbed(&run(&mut command(&arguments)))
    }

    fn scrubbed(&self, text: &str) -> String {
        text.replace(&Path::new(self.folder.path()).display().to_string(), "FOLDER")
    }
}

#[test]
fn every_pair_has_its_reason_and_what_cannot_be_said_is_told() {
    let world = World::new();
    world.advisories();
    insta::assert_snapshot!("match_as_text", world.matched(&[]));
    insta::assert_snapshot!("match_as_json", world.matched(&["--output", "json"]));
    insta::assert_snapshot!("match_as_sarif", world.matched(&["--output", "sarif"]));
}

#[test]
fn a_statement_excludes_a_match_and_stays_visible() {
    let world = World::new();
    world.advisories();
    let statement = json!({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://shopwright.example/vex/1", "author": "Shopwright",
        "timestamp": "2026-11-20T10:00:00Z", "version": 1,
        "statements": [{ "vulnerability": { "name": "CVE-2026-90001" }, "products": [{ "@id": "pkg:npm/basket@1.2.3" }],
            "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path" }],
    });
    world.write("cart.openvex.json", &statement);
    let vex = world.path("cart.openvex.json");
    insta::assert_snapshot!("match_with_vex", world.matched(&["--vex", &vex]));
}

#[test]
fn the_exit_code_tells_whether_something_is_too_bad() {
    let world = World::new();
    world.advisories();
    let code = |more: &[&str]| world.matched(more).lines().next().map(str::to_owned).expect("the exit code");
    let codes = [code(&[]), code(&["--fail-on", "critical"]), code(&["--fail-on", "terrible"])];
    assert_eq!(codes, ["exit: 0", "exit: 1", "exit: 2"]);
}

#[test]
fn without_data_or_inventory_nothing_is_said() {
    let world = World::new();
    let told = |arguments: &[&str]| world.scrubbed(&run(&mut command(arguments)));
    let (inventory, nothing) = (world.path("cart.cdx.json"), world.path("none.json"));
    std::fs::create_dir(world.path("empty")).expect("made");
    let (empty, tests) = (world.path("empty"), world.path("tests.xml"));
    std::fs::write(&tests, "<testsuite name='cart'><testcase name='a'/></testsuite>").expect("written");
    world.advisories();
    let data = world.path("data");
    let answers = [
        told(&["match", &inventory, "--advisories", &nothing]),
        told(&["match", &inventory, "--advisories", &empty]),
        told(&["match", &inventory, "--advisories", &tests]),
        told(&["match", &tests, "--advisories", &data]),
    ];
    insta::assert_snapshot!("match_of_nothing", answers.join("\n"));
}
