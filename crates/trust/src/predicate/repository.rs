//! The one written form of a source repository, so that two ways of writing it are equal and two repositories are not.

/// Makes `https://host/path` of the ways in which tools write a repository: `git+https://…@refs/tags/v1`,
/// `git@host:path.git`, `host/path`. The host is lower case, the path as it is, because it may matter there.
///
/// Nothing when there is no host or no path, or when it is not a repository on a host (`gs://…`, `file:///…`).
#[must_use]
pub fn canonical_repository(text: &str) -> Option<String> {
    split(text).map(|(repository, _)| repository)
}

/// A repository and the ref or commit behind the `@` of its address.
pub(super) fn split(text: &str) -> Option<(String, Option<String>)> {
    let text = text.trim().trim_start_matches("git+");
    let (authority, path) = match text.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.split_once('/')?,
        Some(_) => return None,
        None => scp(text).or_else(|| text.split_once('/'))?,
    };
    let host = authority.rsplit('@').next().unwrap_or(authority).to_ascii_lowercase();
    if !host.contains('.') && !host.starts_with("localhost") {
        return None;
    }
    let path = path.split(['#', '?']).next().unwrap_or(path);
    let (path, reference) = match path.split_once('@') {
        Some((path, reference)) => (path, Some(reference.to_owned()).filter(|reference| !reference.is_empty())),
        None => (path, None),
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (!path.is_empty()).then(|| (format!("https://{host}/{path}"), reference))
}

/// `git@host:path`, as SSH writes it.
fn scp(text: &str) -> Option<(&str, &str)> {
    let (authority, path) = text.split_once(':')?;
    (authority.contains('@') && !authority.contains('/')).then_some((authority, path))
}
