//! What a document names as its subject, or a warning where it is none.

use shipworthy_model::{InvalidSubject, Subject, Warning};

/// The subject found at `at`. One that is none is left out with a warning, because evidence would never find its release.
pub(crate) fn usable(
    subject: Result<Subject, InvalidSubject>,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Option<Subject> {
    match subject {
        Ok(subject) => Some(subject),
        Err(error) => {
            warnings.push(Warning { at: at.to_owned(), message: format!("left out: {error}") });
            None
        }
    }
}
