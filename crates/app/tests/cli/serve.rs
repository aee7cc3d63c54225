//! `shipworthy serve`: the start with nothing configured, and the stop.

use crate::shipworthy::{Server, command, folder_with, run};

#[test]
fn a_server_with_nothing_configured_lets_the_first_administrator_in_and_stops_when_asked() {
    let server = Server::start();
    let bearer = format!("Bearer {}", server.token);
    let (session, _) = server.http("GET", "/session", &[("authorization", &bearer)], None);
    assert_eq!(session["user"]["name"], "ada");
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopped"), "{log}");
}

#[test]
fn a_server_whose_address_is_taken_says_so() {
    let server = Server::start();
    let folder = folder_with(&[]);
    let data = folder.path().join("data").display().to_string();
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut second = command(&["serve", "--log-filter", "off", "--listen", &address, "--data", &data]);
    insta::assert_snapshot!(run(&mut second));
}

#[test]
fn a_database_address_of_an_unknown_kind_is_refused() {
    let folder = folder_with(&[]);
    let data = folder.path().display().to_string();
    let mut command = command(&["serve", "--data", &data, "--database-url", "mysql://root:secret@db/shop"]);
    insta::assert_snapshot!(run(&mut command));
}
