//! What scanners that look from outside have in common: places on a network, and findings at them.

use crate::address::without_credentials;
use crate::{identity, severity};
use shipworthy_model::{Finding, FindingKind, Location, Severity};

/// Where a scanner saw something. What it does not say is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place<'p> {
    /// A URL, or a host with or without a port.
    pub(crate) url: &'p str,
    /// The parameter, header or cookie.
    pub(crate) parameter: &'p str,
    /// The method of the request.
    pub(crate) method: &'p str,
}

impl<'p> Place<'p> {
    /// A place of which only the URL is known.
    pub(crate) fn of(url: &'p str) -> Self {
        Self { url, ..Self::default() }
    }
}

/// A finding at a place. It is the same one for the same rule, host, path, parameter and method: values of parameters are
/// those of one request, and often what the scanner made up.
pub(crate) fn finding(rule: &str, title: &str, place: Place<'_>) -> Finding {
    let Place { url, parameter, method } = place;
    let path = address(url);
    let mut finding = Finding::new(FindingKind::Dynamic, rule, title);
    finding.identity = identity::of_parts(rule, &[&path, parameter.trim(), &method.trim().to_ascii_uppercase()]);
    finding.location = Some(Location { path, ..Location::default() }).filter(|location| !location.path.is_empty());
    finding
}

/// Our severity for a tool's word, and the word.
pub(crate) fn rated(tool: &str, word: Option<&str>) -> (Severity, Option<String>) {
    let word = word.map(str::trim).filter(|word| !word.is_empty());
    (word.map_or(Severity::Unknown, |word| severity::of_word(tool, word)), word.map(str::to_owned))
}

/// A URL without credentials, without the values of its query and without fragment. What is no URL stays as it is.
pub(crate) fn address(url: &str) -> String {
    let url = url.trim();
    let (url, _) = url.split_once('#').unwrap_or((url, ""));
    let (place, query) = url.split_once('?').map_or((url, None), |(place, query)| (place, Some(query)));
    let mut address = without_credentials(place);
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        let keys: Vec<_> = query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair)).collect();
        address.push('?');
        address.push_str(&keys.join("&"));
    }
    address
}

/// Scheme and host of a URL; what a scan started at may be a page.
pub(crate) fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") }
}

/// Where a problem with several places is: at the one address they have in common, else at `otherwise`; and in words
/// where it was seen.
pub(crate) fn spread(places: &[Place<'_>], otherwise: &str) -> (String, String) {
    /// More are not listed: nobody looks at each.
    const LISTED: usize = 50;
    let addresses: Vec<_> = places.iter().take(LISTED).map(|place| address(place.url)).collect();
    let common =
        addresses.first().filter(|first| places.len() <= LISTED && addresses.iter().all(|other| other == *first));
    let mut words = Vec::new();
    for (place, address) in places.iter().zip(&addresses) {
        let method = if place.method.is_empty() { String::new() } else { format!("{} ", place.method) };
        let parameter = if place.parameter.is_empty() { String::new() } else { format!(" ({})", place.parameter) };
        let seen = format!("seen at {method}{address}{parameter}");
        if words.last() != Some(&seen) {
            words.push(seen);
        }
    }
    if places.len() > LISTED {
        words.push(format!("and at {} more places", places.len() - LISTED));
    }
    (common.cloned().unwrap_or_else(|| address(otherwise)), words.join("\n"))
}

/// The tool's word for severity with its word for confidence, as tools show them: `High (Certain)`.
pub(crate) fn with_confidence(word: Option<String>, confidence: Option<&str>) -> Option<String> {
    let confidence = confidence.map(str::trim).filter(|confidence| !confidence.is_empty());
    match (word, confidence) {
        (Some(word), Some(confidence)) => Some(format!("{word} ({confidence})")),
        (word, _) => word,
    }
}

/// A path below an origin, which may or may not be a whole URL itself.
pub(crate) fn joined(origin: &str, path: &str) -> String {
    if path.contains("://") || origin.is_empty() {
        return path.to_owned();
    }
    if path.is_empty() {
        return origin.to_owned();
    }
    format!("{}/{}", origin.trim_end_matches('/'), path.trim_start_matches('/'))
}

/// A host with its port, where it has one.
pub(crate) fn host(host: &str, port: Option<&str>) -> String {
    match port.filter(|port| !port.is_empty() && *port != "0") {
        Some(port) if host.contains(':') && !host.starts_with('[') => format!("[{host}]:{port}"),
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_place_and_not_the_request() {
        let address = |url| super::address(url);
        assert_eq!(
            address("https://cart.shopwright.example/items?id=7&q=a%27#top"),
            "https://cart.shopwright.example/items?id&q"
        );
        assert_eq!(address("https://till:password@cart.shopwright.example/a@b"), "https://cart.shopwright.example/a@b");
        assert_eq!(address("cart.shopwright.example:22"), "cart.shopwright.example:22");
        assert_eq!(address("/items?"), "/items");
    }

    #[test]
    fn an_ipv6_host_is_told_from_its_port() {
        assert_eq!(host("2001:db8::7", Some("443")), "[2001:db8::7]:443");
        assert_eq!(host("cart", Some("0")), "cart");
    }
}
