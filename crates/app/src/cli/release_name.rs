//! How the command line names a release: by its id, or as `application/service@version`.

use crate::api::release_choice::{ReleaseChoice, ReleaseNames};
use crate::cli::Failure;
use crate::client::Client;
use crate::page::Page;
use crate::problem::Problem;
use serde::Deserialize;

/// Understands what was given for a release.
///
/// # Errors
/// A sentence, when it is neither.
pub(crate) fn parse(text: &str) -> Result<ReleaseChoice, String> {
    if text.parse::<shipworthy_model::ReleaseId>().is_ok() {
        return Ok(ReleaseChoice::Id(text.to_owned()));
    }
    let names = text.rsplit_once('@').and_then(|(place, version)| Some((place.split_once('/')?, version)));
    match names {
        Some(((application, service), version)) if ![application, service, version].contains(&"") => {
            Ok(ReleaseChoice::Names(ReleaseNames {
                application: application.to_owned(),
                service: service.to_owned(),
                version: version.to_owned(),
            }))
        }
        _ => Err("expected an id or `application/service@version`, such as `shop/cart@1.4.0`".to_owned()),
    }
}

/// A release as far as it has to be known to find its id.
#[derive(Debug, Deserialize)]
struct Listed {
    id: String,
    version: String,
}

/// The id of the release that is meant.
///
/// # Errors
/// When there is none.
pub(crate) async fn id(client: &Client, choice: &ReleaseChoice) -> Result<String, Failure> {
    let ReleaseNames { application, service, version } = match choice {
        ReleaseChoice::Id(id) => return Ok(id.clone()),
        ReleaseChoice::Names(names) => names,
    };
    let mut cursor = String::new();
    loop {
        let mut query =
            vec![("application", application.as_str()), ("service", service), ("q", version), ("limit", "500")];
        if !cursor.is_empty() {
            query.push(("cursor", &cursor));
        }
        let page: Page<Listed> = client.get("/releases", &query).await?;
        if let Some(found) = page.items.into_iter().find(|release| release.version == *version) {
            return Ok(found.id);
        }
        cursor = page
            .next_cursor
            .ok_or_else(|| Problem::not_found(format!("release `{application}/{service}@{version}`")))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_named_by_id_or_by_application_service_and_version() {
        let names = |application: &str, service: &str, version: &str| {
            ReleaseChoice::Names(ReleaseNames {
                application: application.to_owned(),
                service: service.to_owned(),
                version: version.to_owned(),
            })
        };
        assert_eq!(parse("shop/cart@1.4.0"), Ok(names("shop", "cart", "1.4.0")));
        assert_eq!(parse("shop/a/b@1"), Ok(names("shop", "a/b", "1")));
        let id = "01937b4e-8f3a-7c55-9d21-0c6f0e7a41b2";
        assert_eq!(parse(id), Ok(ReleaseChoice::Id(id.to_owned())));
        for wrong in ["", "shop", "shop/cart", "cart@1", "/cart@1", "shop/cart@"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
