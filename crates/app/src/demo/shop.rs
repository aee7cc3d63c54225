//! The releases of the shop: what each changed, and which documents its pipeline hands in.

use shipworthy_model::Digest;

/// A release as the story knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chapter {
    /// The service.
    pub(crate) service: &'static str,
    /// The version.
    pub(crate) version: &'static str,
    /// The run that built it.
    pub(crate) build: u32,
    /// The change request.
    pub(crate) pull: u32,
    /// What changed.
    pub(crate) change: &'static str,
    /// Who wrote it.
    pub(crate) author: &'static str,
    /// Documents about the commit.
    pub(crate) source: &'static [&'static str],
    /// Documents about the build.
    pub(crate) tests: &'static [&'static str],
    /// Documents about the image.
    pub(crate) image: &'static [&'static str],
}

impl Chapter {
    /// The source commit, invented and the same in every start.
    pub(crate) fn commit(&self) -> String {
        Digest::of(format!("commit of {} {}", self.service, self.version).as_bytes()).hex()[..40].to_owned()
    }

    /// The last commit of the change request before it was merged.
    pub(crate) fn head(&self) -> String {
        Digest::of(format!("head of {} {}", self.service, self.version).as_bytes()).hex()[..40].to_owned()
    }

    /// The image, invented and the same in every start.
    pub(crate) fn digest(&self) -> Digest {
        Digest::of(format!("image of {} {}", self.service, self.version).as_bytes())
    }

    /// Who reviewed it: the other of the two.
    pub(crate) fn reviewer(&self) -> &'static str {
        if self.author == "dora" { "finn" } else { "dora" }
    }
}

const QUALITY: &[&str] =
    &["pipeline/pull-request.json", "pipeline/quality-gate.sonarqube.json", "pipeline/measures.sonarqube.json"];
const QUALITY_AND_CODE: &[&str] = &[
    "pipeline/pull-request.json",
    "pipeline/quality-gate.sonarqube.json",
    "pipeline/measures.sonarqube.json",
    "catalogue/code.bandit.sarif",
];
const POOR_QUALITY: &[&str] =
    &["pipeline/pull-request.json", "pipeline/quality-gate-failed.sonarqube.json", "pipeline/measures.sonarqube.json"];

const CART_TESTS: &[&str] = &["cart/tests.junit.xml", "cart/coverage.cobertura.xml"];
const CATALOGUE_TESTS: &[&str] = &["catalogue/tests.junit.xml", "catalogue/coverage.cobertura.xml"];
const CHECKOUT_TESTS: &[&str] = &["checkout/tests.junit.xml", "checkout/coverage.jacoco.xml"];
const ACCOUNTS_TESTS: &[&str] = &["accounts/tests.junit.xml", "accounts/coverage.cobertura.xml"];

const fn chapter(service: &'static str, version: &'static str, number: u32, change: &'static str) -> Chapter {
    let (author, tests) = match service.as_bytes() {
        b"cart" => ("dora", CART_TESTS),
        b"catalogue" => ("finn", CATALOGUE_TESTS),
        b"checkout" => ("dora", CHECKOUT_TESTS),
        _ => ("finn", ACCOUNTS_TESTS),
    };
    Chapter {
        service,
        version,
        build: 100 + number,
        pull: 40 + number,
        change,
        author,
        source: QUALITY,
        tests,
        image: &[],
    }
}

pub(crate) const CART_1_4_0: Chapter = Chapter {
    image: &["cart/sbom.cdx.json", "cart/image-with-old-openssl.trivy.json"],
    ..chapter("cart", "1.4.0", 1, "Redeem vouchers")
};
pub(crate) const CATALOGUE_3_0_0: Chapter = Chapter {
    source: QUALITY_AND_CODE,
    image: &["catalogue/sbom.cdx.xml", "catalogue/image.trivy.json"],
    ..chapter("catalogue", "3.0.0", 2, "Search by several words")
};
pub(crate) const CHECKOUT_2_2_0: Chapter = Chapter {
    image: &["checkout/sbom.spdx.json", "checkout/image.trivy.json"],
    ..chapter("checkout", "2.2.0", 3, "Pay by instalments")
};
pub(crate) const ACCOUNTS_0_9_0: Chapter = Chapter {
    image: &["accounts/sbom-with-ring-0.17.8.cdx.json", "accounts/image-with-ring-0.17.8.trivy.json"],
    ..chapter("accounts", "0.9.0", 4, "Keep several addresses")
};
/// Built from a branch that nobody had updated for years.
pub(crate) const CHECKOUT_2_3_0: Chapter = Chapter {
    image: &["checkout/sbom-old.spdx.json", "checkout/image-old.trivy.json"],
    ..chapter("checkout", "2.3.0", 5, "Bring back the gift wrap service")
};
pub(crate) const CHECKOUT_2_3_1: Chapter = Chapter {
    image: &["checkout/sbom.spdx.json", "checkout/image.trivy.json"],
    ..chapter("checkout", "2.3.1", 6, "Gift wrap on the libraries of today")
};
pub(crate) const CATALOGUE_3_1_0: Chapter = Chapter {
    source: QUALITY_AND_CODE,
    image: &["catalogue/sbom-with-h11-0.14.cdx.xml", "catalogue/image-with-h11-0.14.trivy.json"],
    ..chapter("catalogue", "3.1.0", 7, "Show thumbnails")
};
pub(crate) const CART_1_5_0: Chapter = Chapter {
    image: &["cart/sbom.cdx.json", "cart/image.trivy.json"],
    ..chapter("cart", "1.5.0", 8, "Remember carts for a week")
};
pub(crate) const CART_1_6_0: Chapter = Chapter {
    image: &["cart/sbom-with-mariadb.cdx.json", "cart/image.trivy.json"],
    ..chapter("cart", "1.6.0", 9, "Keep carts in MariaDB")
};
pub(crate) const ACCOUNTS_0_9_1: Chapter = Chapter {
    image: &["accounts/sbom.cdx.json", "accounts/image.trivy.json"],
    ..chapter("accounts", "0.9.1", 10, "Let people delete their account")
};
pub(crate) const CHECKOUT_2_4_0: Chapter = Chapter {
    source: POOR_QUALITY,
    tests: &["checkout/tests-failed.junit.xml", "checkout/coverage.jacoco.xml"],
    image: &["checkout/sbom.spdx.json", "checkout/image.trivy.json"],
    ..chapter("checkout", "2.4.0", 11, "Pay by wallet")
};
pub(crate) const CHECKOUT_2_4_1: Chapter = Chapter {
    image: &["checkout/sbom.spdx.json", "checkout/image.trivy.json"],
    ..chapter("checkout", "2.4.1", 12, "Answer 402 when the wallet is empty")
};
pub(crate) const CATALOGUE_3_2_0: Chapter = Chapter {
    source: QUALITY_AND_CODE,
    image: &["catalogue/sbom.cdx.xml", "catalogue/image.trivy.json"],
    ..chapter("catalogue", "3.2.0", 13, "Update the web server")
};
