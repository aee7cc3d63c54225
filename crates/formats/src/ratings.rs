//! CVSS ratings and CWE numbers out of the many ways in which tools write them.

use shipworthy_model::Cvss;

/// A rating: a vector of which the version is in its prefix or follows from its metrics, a score, or both. Nothing where
/// neither is stated. `version` is that of a vector or score which does not show its own.
pub(crate) fn cvss(vector: Option<&str>, score: Option<f64>, version: &str, source: Option<&str>) -> Option<Cvss> {
    let vector = vector.map(str::trim).filter(|vector| vector.contains(':') && vector.contains('/'));
    let score = score.filter(|score| (0.0..=10.0).contains(score));
    // Nobody rates a vulnerability with zero; tools written in Go write it for nothing.
    let score = score.filter(|score| *score > 0.0 || vector.is_some());
    if vector.is_none() && score.is_none() {
        return None;
    }
    let version = vector.map_or(version, |vector| version_of(vector, version));
    Some(Cvss {
        version: version.to_owned(),
        vector: vector.map(str::to_owned),
        score,
        source: source.map(str::to_owned),
    })
}

fn version_of<'v>(vector: &'v str, stated: &'v str) -> &'v str {
    let prefixed = vector.strip_prefix("CVSS:").and_then(|rest| rest.split('/').next());
    match prefixed {
        Some(version) => version,
        // Only the second version has authentication among its metrics.
        None if vector.contains("/Au:") => "2.0",
        None => stated,
    }
}

/// A number written as text, such as a score.
pub(crate) fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// The number of a weakness written as `CWE-79`, `cwe_79` or `79`.
pub(crate) fn cwe(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = match text.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("cwe") => text[3..].trim_start_matches(['-', '_', ':', ' ']),
        _ => text,
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_vector() {
        let version = |vector| cvss(Some(vector), None, "3.1", None).map(|cvss| cvss.version);
        assert_eq!(version("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H").as_deref(), Some("3.0"));
        assert_eq!(version("AV:N/AC:L/Au:N/C:P/I:P/A:P").as_deref(), Some("2.0"));
        assert_eq!(version("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:L/A:N").as_deref(), Some("3.1"));
        assert_eq!(version("5.9"), None);
        assert_eq!(cvss(None, Some(0.0), "3.1", None), None);
    }

    #[test]
    fn weaknesses_are_numbers() {
        let all: Vec<_> = ["CWE-79", "cwe:79", "79", "CWE-79: XSS", "CWE-noinfo", ""].into_iter().map(cwe).collect();
        assert_eq!(all, [Some(79), Some(79), Some(79), Some(79), None, None]);
    }
}
