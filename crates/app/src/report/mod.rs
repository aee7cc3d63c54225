//! Reports for auditors, each from one set of data: JSON for programs, a statement signed by this server, an HTML page and a
//! PDF file that carries the other two with it.

pub(crate) mod period;
mod period_document;
pub(crate) mod slsa;
mod slsa_document;

use crate::app::App;
use crate::problem::{Answer, Problem};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use shipworthy_model::Digest;
use shipworthy_trust::dsse;
use shipworthy_trust::statement::{Descriptor, STATEMENT};
use shipworthy_typeset::{Attachment, Block, Cell, Document, Fact, Section};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The data.
    Json,
    /// The data in a statement that the server signed.
    Signed,
    /// A page.
    Html,
    /// A file to print.
    Pdf,
}

impl Form {
    /// The form of this name; JSON where none is named.
    ///
    /// # Errors
    /// When there is no such form.
    pub(crate) fn of(word: Option<&str>) -> Answer<Self> {
        match word {
            None | Some("json") => Ok(Self::Json),
            Some("signed") => Ok(Self::Signed),
            Some("html") => Ok(Self::Html),
            Some("pdf") => Ok(Self::Pdf),
            Some(other) => Err(Problem::invalid("format", format!("`{other}` is not a form of it"))
                .hint("expected `json`, `signed`, `html` or `pdf`")),
        }
    }
}

/// A report that is ready to be written in any form.
pub(crate) struct Ready {
    /// The data as JSON.
    pub(crate) json: Vec<u8>,
    /// The same in a signed statement: a DSSE envelope as JSON.
    pub(crate) envelope: Vec<u8>,
    digest: Digest,
    key: String,
}

impl Ready {
    /// Writes a report's data and signs it.
    ///
    /// # Errors
    /// When no key may sign.
    pub(crate) fn of<R: Serialize>(
        app: &App,
        report: &R,
        predicate_type: &str,
        about: Vec<Descriptor>,
        at: Timestamp,
    ) -> Answer<Self> {
        let json = serde_json::to_vec(report).map_err(Problem::internal)?;
        let digest = Digest::of(&json);
        let mut subject = about;
        subject.push(Descriptor::named("report.json".to_owned(), "sha256", digest.hex()));
        let statement = json!({
            "_type": STATEMENT, "subject": subject, "predicateType": predicate_type, "predicate": report
        });
        let payload = serde_json::to_vec(&statement).map_err(Problem::internal)?;
        let signer = app.keys.attestation(at)?;
        let envelope =
            serde_json::to_vec(&dsse::sign(dsse::IN_TOTO, &payload, signer.key())).map_err(Problem::internal)?;
        Ok(Self { json, envelope, digest, key: signer.id().to_owned() })
    }

    /// Completes a document with what proves it: the digest at its foot, how to check it, and the data itself.
    pub(crate) fn complete(&self, app: &App, document: &mut Document) {
        document.foot = format!("report.json {}", self.digest);
        document.sections.push(self.how_to_check(&app.settings.public_url));
        let attachment = |name: &str, description: &str, bytes: &[u8]| Attachment {
            name: name.to_owned(),
            media_type: "application/json".to_owned(),
            description: description.to_owned(),
            bytes: bytes.to_vec(),
        };
        document.attachments = vec![
            attachment("report.json", "The data of this report", &self.json),
            attachment("report.dsse.json", "The data in a statement that the server signed", &self.envelope),
        ];
    }

    fn how_to_check(&self, server: &str) -> Section {
        Section {
            title: "How to check this report".to_owned(),
            is_nested: false,
            blocks: vec![
                Block::Paragraph(
                    "The data of this report is attached to the PDF file as report.json, and once more in report.dsse.json as \
                     an in-toto statement in a DSSE envelope, signed by the server. The API gives both, too. Whoever has the \
                     server's public key can check them on another machine and without the server."
                        .to_owned(),
                ),
                Block::Facts(vec![
                    Fact::new("report.json", Cell::code(self.digest.to_string())),
                    Fact::new("Signed by the key", Cell::code(&self.key)),
                    Fact::new("Public keys", Cell::code(format!("{server}/.well-known/shipworthy-keys"))),
                ]),
                Block::Commands(vec![
                    "pdfdetach -saveall report.pdf".to_owned(),
                    "sha256sum report.json".to_owned(),
                    "shipworthy verify report.dsse.json --key key.pub.pem --artifact report.json".to_owned(),
                ]),
            ],
        }
    }
}

/// The file of a document, where this server was built to make such files.
///
/// # Errors
/// Says so where it was not.
#[cfg(feature = "pdf")]
pub(crate) fn pdf(document: &Document) -> Answer<Vec<u8>> {
    shipworthy_typeset::pdf(document).map_err(Problem::internal)
}

/// The file of a document, where this server was built to make such files.
///
/// # Errors
/// Always: it was not.
#[cfg(not(feature = "pdf"))]
pub(crate) fn pdf(_document: &Document) -> Answer<Vec<u8>> {
    let status = axum::http::StatusCode::NOT_IMPLEMENTED;
    let detail = "this server was built without the feature `pdf`";
    Err(Problem::new(status, "no-pdf", "No PDF files here", detail)
        .hint("ask for `format=html` and print the page, or build the server with the feature `pdf`"))
}

/// An instant as people read it: `2026-11-22 09:30 UTC`.
pub(crate) fn instant(at: &str) -> String {
    match (at.get(..10), at.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => at.to_owned(),
    }
}
