//! `shipworthy config`.

use crate::shipworthy::{command, folder_with, run};

#[test]
fn it_shows_every_setting_with_its_origin_and_hides_passwords() {
    let folder = folder_with(&[("shipworthy.toml", "listen = \"0.0.0.0:80\"\nlog_format = \"json\"\n")]);
    let mut command = command(&["config", "--data", "/srv/shipworthy", "--log-filter", "debug"]);
    command.current_dir(folder.path()).env("SHIPWORTHY_DATABASE_URL", "postgres://shop:secret@db.example/shop");
    insta::assert_snapshot!(run(&mut command));
}

#[test]
fn a_setting_that_does_not_exist_is_named() {
    let folder = folder_with(&[("shipworthy.toml", "listn = \"x\"\n")]);
    let mut command = command(&["config", "--config", "shipworthy.toml"]);
    command.current_dir(folder.path());
    insta::assert_snapshot!(run(&mut command));
}

#[test]
fn a_value_that_cannot_be_is_named_with_its_origin() {
    insta::assert_snapshot!(run(command(&["config"]).env("SHIPWORTHY_LOG_FORMAT", "xml").current_dir("/")));
}
