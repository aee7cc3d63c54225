//! Passwords, kept as Argon2id hashes (RFC 9106, the parameters of OWASP's *Password Storage Cheat Sheet*).

use crate::clock::Clock;
use crate::problem::{Answer, Problem};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

/// The fewest characters of a password (NIST SP 800-63B §3.1.1.2 asks for 15 where it is the only factor).
pub(crate) const SHORTEST_PASSWORD: usize = 15;

/// Hashes a new password.
///
/// # Errors
/// When it is too short or absurdly long.
pub(crate) async fn hash(clock: &Clock, password: &str) -> Answer<String> {
    let length = password.chars().count();
    if !(SHORTEST_PASSWORD..=256).contains(&length) {
        return Err(Problem::invalid(
            "password",
            format!("the password has {length} characters: expected {SHORTEST_PASSWORD} to 256"),
        ));
    }
    let salt: [u8; 16] = clock.random();
    let password = password.to_owned();
    let hashed = tokio::task::spawn_blocking(move || {
        let hash: PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt)?;
        Ok::<_, argon2::password_hash::Error>(hash.to_string())
    });
    hashed.await.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// Whether the password belongs to the hash. Without a hash the same work is done for nothing, so that the time of
/// the answer does not tell whether a user exists.
pub(crate) async fn verify(password: &str, hash: Option<String>) -> bool {
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || {
        let Some(hash) = hash else {
            let _: Result<PasswordHash, _> = Argon2::default().hash_password_with_salt(password.as_bytes(), &[0; 16]);
            return false;
        };
        let Ok(parsed) = PasswordHash::new(&hash) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
    })
    .await
    .unwrap_or(false)
}
