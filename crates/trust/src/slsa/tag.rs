//! Versions as tags name them: `v1`, `v1.2`, `v1.2.3-rc.1`, by the rules of semantic versions.
//! <https://semver.org/spec/v2.0.0.html>

/// A version that a tag names, each part as far as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct VersionTag<'a> {
    major: &'a str,
    minor: Option<&'a str>,
    patch: Option<&'a str>,
    prerelease: Option<&'a str>,
}

/// Whether a tag is of the expected version: `v13` stands for every `v13.x.y`, `v13.0` for every `v13.0.y`, and `v13.0.30`
/// for itself. A part that the tag leaves out is zero. A pre-release counts where the patch does, build metadata never.
/// Nothing when one of the two is no version.
pub(super) fn is_of_version(tag: &str, expected: &str) -> Option<bool> {
    let (tag, expected) = (parse(tag)?, parse(expected)?);
    let patch = |version: &VersionTag<'_>| version.patch.unwrap_or("0").to_owned();
    let is_minor = expected.minor.is_none_or(|minor| minor == tag.minor.unwrap_or("0"));
    let is_patch =
        expected.patch.is_none() || (patch(&tag) == patch(&expected) && tag.prerelease == expected.prerelease);
    Some(tag.major == expected.major && is_minor && is_patch)
}

/// Whether a ref is the tag of a finished version with all three parts: `refs/tags/v1.2.3`.
pub(super) fn is_version_tag(reference: &str) -> bool {
    let tag = reference.strip_prefix("refs/tags/").unwrap_or_default();
    !tag.contains('+') && parse(tag).is_some_and(|version| version.patch.is_some() && version.prerelease.is_none())
}

fn parse(tag: &str) -> Option<VersionTag<'_>> {
    let text = tag.strip_prefix('v')?;
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, prerelease) = text.split_once('-').map_or((text, None), |(core, rest)| (core, Some(rest)));
    let mut parts = core.split('.');
    let (major, minor, patch) = (parts.next()?, parts.next(), parts.next());
    let numbers = [Some(major), minor, patch];
    // What stands behind the three numbers needs all three.
    let is_whole = patch.is_some() || (prerelease.is_none() && build.is_none());
    let is_version = parts.next().is_none() && is_whole && numbers.into_iter().flatten().all(is_number);
    let labels = [prerelease, build];
    (is_version && labels.into_iter().flatten().all(is_label)).then_some(VersionTag { major, minor, patch, prerelease })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}

fn is_label(text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    text.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::{is_of_version, is_version_tag};

    #[test]
    fn a_version_stands_for_those_that_it_leaves_open() {
        for (tag, expected, answer) in [
            ("v13.0.30", "v13", Some(true)),
            ("v13.0.30", "v13.0", Some(true)),
            ("v13.0.30", "v13.0.30", Some(true)),
            ("v13.0.30", "v13.0.29", Some(false)),
            ("v13.0.30", "v13.1", Some(false)),
            ("v13.0.30", "v1", Some(false)),
            ("v14", "v14.0", Some(true)),
            ("v14", "v14.1", Some(false)),
            ("v14.2", "v14.2.1", Some(false)),
            ("v1.2.3-rc.1", "v1.2.3", Some(false)),
            ("v1.2.3-rc.1", "v1.2", Some(true)),
            ("v1.2.3+build.7", "v1.2.3", Some(true)),
            ("1.2.3", "v1", None),
            ("v1.02", "v1", None),
            ("latest", "v1", None),
        ] {
            assert_eq!(is_of_version(tag, expected), answer, "{tag} as {expected}");
        }
    }

    #[test]
    fn only_a_finished_version_is_a_version_tag() {
        for (reference, answer) in [
            ("refs/tags/v1.2.3", true),
            ("refs/tags/v1.2", false),
            ("refs/tags/v1.2.3-evil", false),
            ("refs/tags/v1.2.3+evil", false),
            ("refs/heads/v1.2.3", false),
            ("v1.2.3", false),
        ] {
            assert_eq!(is_version_tag(reference), answer, "{reference}");
        }
    }
}
