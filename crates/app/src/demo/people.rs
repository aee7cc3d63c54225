//! The people of the demo and their pipelines: who they are, and how they speak to the server.

use crate::demo::{SignIn, Teller};
use crate::people;
use anyhow::{Context as _, bail};
use jiff::{SignedDuration, Timestamp};
use reqwest::multipart::Form;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use shipworthy_trust::SigningKey;
use std::sync::Mutex;

/// Everybody.
#[derive(Debug)]
pub(crate) struct Cast {
    /// Administrator.
    pub(crate) ada: Person,
    /// Developer of the team Storefront.
    pub(crate) dora: Person,
    /// Security.
    pub(crate) sven: Person,
    /// Release manager.
    pub(crate) rosa: Person,
    /// Auditor.
    pub(crate) victor: Person,
    /// Dora's pipelines, one token for each service.
    pub(crate) pipelines: Vec<Pipeline>,
}

/// Somebody with a password.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) sign_in: SignIn,
    session: Mutex<Option<BrowserSession>>,
}

#[derive(Clone, Debug)]
struct BrowserSession {
    cookie: String,
    csrf_token: String,
    until: Timestamp,
}

/// The pipeline of a service, with its own token.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) service: &'static str,
    /// With what it signs provenance, made for this start.
    pub(crate) key: SigningKey,
    token: String,
}

/// The name of the application.
pub(crate) const APPLICATION: &str = "Harbour Shop";

/// Everybody arrives: the administrator by the setup link, the others made by her, and the pipelines' tokens.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn arrive(teller: &Teller) -> anyhow::Result<Cast> {
    teller.at(35, 10);
    let link = people::make_setup_link(&teller.app).await?.context("somebody was here before")?;
    let (_, secret) = link.split_once('#').context("the setup link has no secret")?;
    let ada = Person::new(teller, "ada", "administrator");
    let body = json!({ "token": secret, "name": "ada", "password": ada.sign_in.password });
    answer(teller.http.post(format!("{}/api/v1/setup", teller.url)).json(&body)).await?;

    let team = ada.post(teller, "/teams", &json!({ "name": "Storefront" })).await?;
    let everything = json!({ "kind": "everything" });
    let of_team = json!({ "kind": "team", "id": team["id"] });
    let mut made = Vec::new();
    for (name, role, what, scope) in [
        ("dora", "developer", "developer of the shop", &of_team),
        ("sven", "security", "security", &everything),
        ("rosa", "approver", "release manager", &everything),
        ("victor", "viewer", "auditor", &everything),
    ] {
        let person = Person::new(teller, name, what);
        let grants = json!([{ "role": role, "scope": scope }]);
        let body = json!({ "name": name, "password": person.sign_in.password, "grants": grants });
        ada.post(teller, "/users", &body).await?;
        made.push(person);
    }
    let [dora, sven, rosa, victor] = made.try_into().ok().context("four people were made")?;
    let application = json!({ "name": APPLICATION, "team": "Storefront" });
    let application = dora.post(teller, "/applications", &application).await?;
    let (jenkins, other) = (teller.app.clock.random(), teller.app.clock.random());
    let mut pipelines = Vec::new();
    for (service, seed) in [("cart", jenkins), ("catalogue", jenkins), ("checkout", jenkins), ("accounts", other)] {
        let key = SigningKey::from_seed(&seed).context("the pipeline cannot sign")?;
        pipelines.push(Pipeline::new(teller, &dora, service, key, &application["id"]).await?);
    }
    Ok(Cast { ada, dora, sven, rosa, victor, pipelines })
}

impl Cast {
    /// Who can sign in when the story is over, the administrator first.
    pub(crate) fn sign_ins(&self) -> Vec<SignIn> {
        let all = [&self.ada, &self.dora, &self.sven, &self.rosa, &self.victor];
        all.into_iter().map(|person| person.sign_in.clone()).collect()
    }
}

impl Person {
    fn new(teller: &Teller, name: &str, role: &'static str) -> Self {
        let password = teller.app.clock.new_secret();
        Self { sign_in: SignIn { name: name.to_owned(), password, role }, session: Mutex::new(None) }
    }

    /// `POST` in a browser session of this person.
    pub(crate) async fn post(&self, teller: &Teller, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.request(teller, Method::POST, path, Some(body)).await
    }

    /// `PUT` in a browser session of this person.
    pub(crate) async fn put(&self, teller: &Teller, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.request(teller, Method::PUT, path, Some(body)).await
    }

    /// `GET` in a browser session of this person.
    pub(crate) async fn get(&self, teller: &Teller, path: &str) -> anyhow::Result<Value> {
        self.request(teller, Method::GET, path, None).await
    }

    /// `DELETE` in a browser session of this person.
    pub(crate) async fn delete(&self, teller: &Teller, path: &str) -> anyhow::Result<Value> {
        self.request(teller, Method::DELETE, path, None).await
    }

    /// Hands documents in, in a browser session of this person.
    pub(crate) async fn push(&self, teller: &Teller, form: Form) -> anyhow::Result<Value> {
        let session = self.session(teller).await?;
        let request = teller.http.post(format!("{}/api/v1/evidence", teller.url)).multipart(form);
        answer(session.on(request)).await
    }

    async fn request(
        &self,
        teller: &Teller,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        teller.pass(9);
        let session = self.session(teller).await?;
        let mut request = teller.http.request(method, format!("{}/api/v1{path}", teller.url));
        if let Some(body) = body {
            request = request.json(body);
        }
        answer(session.on(request)).await.with_context(|| format!("`{}` at `{path}`", self.sign_in.name))
    }

    /// The browser session, after signing in when there is none that still lasts.
    async fn session(&self, teller: &Teller) -> anyhow::Result<BrowserSession> {
        let known = self.session.lock().ok().and_then(|session| session.clone());
        if let Some(session) = known.filter(|session| teller.time() < session.until) {
            return Ok(session);
        }
        let SignIn { name, password, .. } = &self.sign_in;
        let body = json!({ "name": name, "password": password });
        let response = teller.http.post(format!("{}/api/v1/session", teller.url)).json(&body).send().await?;
        let cookie = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let body: Value = response.json().await?;
        let csrf_token = body["csrf_token"].as_str().map(str::to_owned);
        let (Some(cookie), Some(csrf_token)) = (cookie, csrf_token) else {
            bail!("`{name}` cannot sign in: {body}");
        };
        let until = teller.time() + SignedDuration::from_hours(8);
        let session = BrowserSession { cookie, csrf_token, until };
        if let Ok(mut kept) = self.session.lock() {
            *kept = Some(session.clone());
        }
        Ok(session)
    }
}

impl BrowserSession {
    fn on(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("cookie", &self.cookie).header("x-shipworthy-csrf", &self.csrf_token)
    }
}

impl Pipeline {
    async fn new(
        teller: &Teller,
        owner: &Person,
        service: &'static str,
        key: SigningKey,
        application: &Value,
    ) -> anyhow::Result<Self> {
        let body = json!({ "name": format!("{service} pipeline"), "permissions": ["push", "gate"],
            "scope": { "kind": "application", "id": application }, "expires_at": teller.day(-90) });
        let made = owner.post(teller, "/tokens", &body).await?;
        let token = made["secret"].as_str().context("a token has a secret")?.to_owned();
        Ok(Self { service, key, token })
    }

    /// `POST` with the pipeline's token.
    pub(crate) async fn post(&self, teller: &Teller, path: &str, body: &Value) -> anyhow::Result<Value> {
        teller.pass(4);
        let request = teller.http.post(format!("{}/api/v1{path}", teller.url)).bearer_auth(&self.token).json(body);
        answer(request).await.with_context(|| format!("the pipeline of `{}` at `{path}`", self.service))
    }

    /// Hands documents in with the pipeline's token.
    pub(crate) async fn push(&self, teller: &Teller, form: Form) -> anyhow::Result<Value> {
        teller.pass(6);
        let request = teller.http.post(format!("{}/api/v1/evidence", teller.url)).bearer_auth(&self.token);
        let sent = answer(request.multipart(form)).await;
        sent.with_context(|| format!("the pipeline of `{}` hands documents in", self.service))
    }
}

/// Sends a request and gives the JSON of a good answer.
async fn answer(request: RequestBuilder) -> anyhow::Result<Value> {
    let response = request.send().await?;
    let status = response.status();
    let body = response.bytes().await?;
    if !status.is_success() {
        bail!("the server answered {status}: {}", String::from_utf8_lossy(&body));
    }
    Ok(if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? })
}
