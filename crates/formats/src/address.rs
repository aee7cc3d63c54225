//! Addresses in documents: what people write into them that is nobody's business, and their escapes.

/// An address without the credentials in it: people write passwords and tokens into the addresses of their repositories,
/// which stay in the document alone. What is no address stays as it is.
pub(crate) fn without_credentials(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// The bytes of a text without its percent-encoding; what is no encoding stays as it is.
pub(crate) fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_left_out_of_an_address() {
        let of = without_credentials;
        assert_eq!(of("https://user:pass@git.shopwright.example/shop.git"), "https://git.shopwright.example/shop.git");
        assert_eq!(of("https://a@b@git.shopwright.example"), "https://git.shopwright.example");
        assert_eq!(of("https://git.shopwright.example/@shop"), "https://git.shopwright.example/@shop");
        assert_eq!(of("git@git.shopwright.example:shop"), "git@git.shopwright.example:shop");
    }

    #[test]
    fn only_encodings_are_decoded() {
        assert_eq!(percent_decoded("feature%2Fcart"), b"feature/cart");
        assert_eq!(percent_decoded("100%, %zz %2"), b"100%, %zz %2");
    }
}
