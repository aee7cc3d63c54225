//! The source package that a package of a distribution was built from, as the qualifier `upstream` of its package URL: so Syft
//! writes it, and advisories of distributions mostly name source packages. Other tools say it elsewhere.
//! <https://github.com/package-url/purl-spec/blob/main/types-doc/deb-definition.md>

use packageurl::PackageUrl;
use std::str::FromStr;

/// What a tool says of the source package.
#[derive(Debug, Default)]
pub(crate) struct SourcePackage {
    name: String,
    /// With its release, without its epoch.
    version: String,
    epoch: Option<String>,
}

impl SourcePackage {
    /// From its name and the parts of its version as Trivy writes them. Without a name there is none.
    pub(crate) fn of_parts(
        name: Option<&str>,
        version: Option<&str>,
        release: Option<&str>,
        epoch: i64,
    ) -> Option<Self> {
        let name = name.map(str::trim).filter(|name| !name.is_empty())?.to_owned();
        let stated = |part: Option<&str>| part.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
        let version = [stated(version), stated(release)].into_iter().flatten().collect::<Vec<_>>().join("-");
        Some(Self { name, version, epoch: (epoch > 0).then(|| epoch.to_string()) })
    }

    /// From the sentence in SPDX documents of Trivy: `built package from: openssl 1:1.1.1k-7`.
    pub(crate) fn of_sentence(text: &str) -> Option<Self> {
        let mut words = text.trim().strip_prefix("built package from:")?.split_whitespace();
        let (name, version) = (words.next()?.to_owned(), words.next().unwrap_or_default());
        let (epoch, version) = version.split_once(':').map_or((None, version), |(epoch, rest)| (Some(epoch), rest));
        let epoch = epoch.filter(|epoch| *epoch != "0").map(str::to_owned);
        words.next().is_none().then(|| Self { name, version: version.to_owned(), epoch })
    }

    /// The package URL with the source package. It is left as it is where it says one already, where it is of no
    /// distribution, and where the source package has the name and the version of the package.
    fn added_to(&self, purl: String) -> String {
        let Some(mut url) = PackageUrl::from_str(&purl).ok().filter(|url| matches!(url.ty(), "apk" | "deb" | "rpm"))
        else {
            return purl;
        };
        let has_upstream = url.qualifiers().contains_key("upstream");
        let is_same_version = self.version.is_empty() || self.is_version_of(&url);
        let is_same = is_same_version && url.name() == self.name;
        if has_upstream || is_same {
            return purl;
        }
        let upstream = match url.ty() {
            // The file of a source RPM has no epoch in its name.
            "rpm" if self.version.is_empty() => self.name.clone(),
            "rpm" => format!("{}-{}.src.rpm", self.name, self.version),
            _ if is_same_version => self.name.clone(),
            _ => match &self.epoch {
                Some(epoch) => format!("{}@{epoch}:{}", self.name, self.version),
                None => format!("{}@{}", self.name, self.version),
            },
        };
        let added = url.add_qualifier("upstream", upstream).map(|url| url.to_string());
        added.unwrap_or(purl)
    }

    /// Whether the package has the version of its source. Package URLs have the epoch in the version or in a qualifier.
    fn is_version_of(&self, url: &PackageUrl<'_>) -> bool {
        let stated = url.version().unwrap_or_default();
        let (epoch, version) = stated.split_once(':').map_or((None, stated), |(epoch, rest)| (Some(epoch), rest));
        let epoch = epoch.or_else(|| url.qualifiers().get("epoch").map(AsRef::as_ref)).filter(|epoch| *epoch != "0");
        version == self.version && epoch == self.epoch.as_deref()
    }
}

/// The package URL with the source package, where one is known.
pub(crate) fn added(source: Option<&SourcePackage>, purl: String) -> String {
    match source {
        Some(source) => source.added_to(purl),
        None => purl,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(purl: &str, sentence: &str) -> String {
        let sentence = format!("built package from: {sentence}");
        SourcePackage::of_sentence(&sentence).expect("a sentence of Trivy").added_to(purl.to_owned())
    }

    #[test]
    fn the_source_is_written_as_syft_writes_it() {
        for (purl, sentence, expected) in [
            ("pkg:deb/debian/libssl3@3.0.11-1", "openssl 3.0.11-1", "pkg:deb/debian/libssl3@3.0.11-1?upstream=openssl"),
            (
                "pkg:deb/debian/login@1:4.13+dfsg1-1+b1?arch=amd64",
                "shadow 1:4.13+dfsg1-1",
                "pkg:deb/debian/login@1:4.13%2Bdfsg1-1%2Bb1?arch=amd64&upstream=shadow%401:4.13%2Bdfsg1-1",
            ),
            (
                "pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?epoch=1",
                "openssl 1:3.0.7-27.el9",
                "pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?epoch=1&upstream=openssl-3.0.7-27.el9.src.rpm",
            ),
            (
                "pkg:apk/alpine/libcrypto3@3.1.4-r0",
                "openssl 3.1.4-r0",
                "pkg:apk/alpine/libcrypto3@3.1.4-r0?upstream=openssl",
            ),
        ] {
            assert_eq!(added(purl, sentence), expected);
        }
    }

    #[test]
    fn what_is_its_own_source_or_says_one_or_is_of_no_distribution_stays() {
        for (purl, sentence) in [
            ("pkg:rpm/centos/openssl-libs@1.0.2k-16.el7?epoch=1", "openssl-libs 1:1.0.2k-16.el7"),
            ("pkg:deb/debian/bash@1:5.2-1", "bash 1:5.2-1"),
            ("pkg:deb/debian/libssl3@3.0.11-1?upstream=openssl", "other 1"),
            ("pkg:npm/hole@1.0.0", "pit 1.0.0"),
            ("pkg:deb/debian/bash@5.2-1", "bash"),
        ] {
            assert_eq!(added(purl, sentence), purl);
        }
        for sentence in ["acquired package info from DPKG DB", "built package from:", "built package from: a b c"] {
            assert!(SourcePackage::of_sentence(sentence).is_none(), "{sentence}");
        }
        assert!(SourcePackage::of_parts(Some(" "), Some("1"), None, 0).is_none());
    }
}
