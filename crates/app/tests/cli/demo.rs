//! `shipworthy demo`: the story comes out, its people can sign in, and the server goes on serving.

use crate::shipworthy::{command, folder_with, run};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Stdio};

/// A running demo, ended when the test does.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Demo {
    /// Starts it and waits until it has told its story.
    fn start(folder: &Path) -> (Self, Value) {
        let (data, file) = (folder.join("data"), folder.join("credentials.json"));
        let arguments = ["demo", "--port", "0", "--no-open", "--data", &data.display().to_string()];
        let mut command = command(&arguments);
        command.arg("--credentials-file").arg(&file).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().expect("it is piped")));
        let end = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("Ctrl-C")));
        let demo = Self(child);
        assert!(end.is_some(), "the demo ended before it had told its story; standard error says why");
        let credentials = std::fs::read_to_string(&file).expect("the credentials are written");
        (demo, serde_json::from_str(&credentials).expect("they are JSON"))
    }
}

/// What a person of the demo sees at these paths.
fn look(credentials: &Value, person: &str, paths: &[&str]) -> Vec<Value> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = reqwest::Client::builder().build().expect("a client");
        let url = format!("{}/api/v1", credentials["url"].as_str().expect("an address"));
        let users = credentials["users"].as_array().expect("users");
        let user = users.iter().find(|user| user["name"] == person).expect("the person is there");
        let body = json!({ "name": person, "password": user["password"] });
        let signed_in = client.post(format!("{url}/session")).json(&body).send().await.expect("an answer");
        let cookie = signed_in.headers()["set-cookie"].to_str().expect("text");
        let cookie = cookie.split(';').next().expect("name and value").to_owned();
        let mut seen = Vec::new();
        for path in paths {
            let answer = client.get(format!("{url}{path}")).header("cookie", &cookie).send().await.expect("an answer");
            seen.push(answer.json().await.expect("JSON"));
        }
        seen
    })
}

#[test]
fn the_story_comes_out_and_is_there_to_be_seen() {
    let folder = folder_with(&[]);
    let (_demo, credentials) = Demo::start(folder.path());
    let seen = look(&credentials, "victor", &["/overview", "/decisions?limit=200", "/exceptions", "/deployments"]);
    let [overview, decisions, exceptions, deployments] = seen.try_into().expect("four answers");

    let counts = &overview["counts"];
    assert_eq!(json!([counts["applications"], counts["services"], counts["releases"]]), json!([1, 4, 13]));
    let line = |decision: &Value| {
        let word = |name: &str| decision[name]["name"].as_str().expect("a name").to_owned();
        let verdict = decision["verdict"].as_str().expect("a verdict");
        format!("{} {} → {}: {verdict}", word("service"), word("release"), word("environment"))
    };
    let told: Vec<String> = decisions["items"].as_array().expect("items").iter().rev().map(line).collect();
    insta::assert_snapshot!("story", told.join("\n"));
    let states = |list: &Value, name: &str| {
        let states = list["items"].as_array().expect("items").iter();
        let mut states: Vec<_> = states.map(|item| item[name].to_string()).collect();
        states.sort();
        states.join(" ").replace('"', "")
    };
    assert_eq!(states(&exceptions, "state"), "expired rejected requested");
    let images = states(&deployments, "is_right_image");
    assert_eq!(images.matches("false").count(), 1, "one image is not the one that was built: {images}");
}

#[test]
fn a_folder_with_somebodys_data_is_left_alone() {
    let folder = folder_with(&[("shipworthy.db", "precious")]);
    let data = folder.path().display().to_string();
    let said = run(&mut command(&["demo", "--port", "0", "--no-open", "--data", &data]));
    insta::assert_snapshot!("used_folder", said.replace(&data, "FOLDER"));
}
