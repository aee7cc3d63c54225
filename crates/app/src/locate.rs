//! Where something is: which components a question means, which releases have them, and where those run. The sets come from the
//! copy in memory ([`crate::usage`]), names and reasons from the database, and only for what is shown.

use crate::app::App;
use crate::problem::{Answer, Problem};
use crate::usage::PlacedRelease;
use packageurl::PackageUrl;
use shipworthy_advisories::correlation::Subject;
use shipworthy_advisories::vers::{Constraint, Vers};
use shipworthy_store::component::{self, Named};
use shipworthy_store::vulnerability_match::{self, VulnerabilityMatch};
use shipworthy_store::{Session, Visibility, advisory_alias, advisory_vulnerability, component_search};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::str::FromStr;

/// What is looked for. Exactly one of the first five is given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Question {
    /// A package URL, with or without a version.
    pub(crate) purl: Option<String>,
    /// Any id of a vulnerability.
    pub(crate) vulnerability: Option<String>,
    /// A name, the whole or its last part.
    pub(crate) name: Option<String>,
    /// Part of a licence expression.
    pub(crate) license: Option<String>,
    /// A digest of the thing itself, `algorithm:hex`, or its hexadecimal digits alone.
    pub(crate) hash: Option<String>,
    /// Which versions, beside a package URL or a name: `<2.17.1`, `>=2.0|<2.17.1`.
    pub(crate) versions: Option<String>,
}

/// The components that a question means.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meant {
    /// What was asked, in words.
    pub(crate) asked: String,
    /// Of a vulnerability, whether anything is known of it.
    pub(crate) is_known: Option<bool>,
    /// The components.
    pub(crate) components: BTreeSet<u32>,
    /// Of a vulnerability, what is known of it in each component.
    pub(crate) matches: BTreeMap<u32, VulnerabilityMatch>,
    /// Components of which it cannot be said whether their version is meant.
    pub(crate) undecided: BTreeSet<u32>,
}

/// Where components are, as far as the caller may see it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// Those of the components that are visible.
    pub(crate) components: BTreeSet<u32>,
    /// The visible releases that have one: those that run first, then the newest first.
    pub(crate) releases: Vec<PlacedRelease>,
    /// How many inventories of visible releases have one.
    pub(crate) inventories: usize,
}

/// The components that the question means.
///
/// # Errors
/// A sentence when the question cannot be understood.
pub(crate) async fn meant(session: &mut Session, question: &Question) -> Answer<Meant> {
    let Question { purl, vulnerability, name, license, hash, versions } = question;
    let given = [purl, vulnerability, name, license, hash].into_iter().flatten().count();
    if given != 1 {
        let expected = "expected exactly one of `purl`, `vulnerability`, `name`, `license` and `hash`";
        return Err(Problem::bad_request(format!("{given} of them were given: {expected}")));
    }
    if versions.is_some() && purl.is_none() && name.is_none() {
        return Err(Problem::bad_request("`versions` goes together with `purl` or `name`"));
    }
    let versions = versions.as_deref().map(constraints).transpose()?;
    let shown = versions.as_ref().map_or(String::new(), |(text, _)| format!(" in versions {text}"));
    let mut meant = if let Some(purl) = purl {
        of_candidates(with_purl(session, purl).await?, versions)
    } else if let Some(name) = name {
        of_candidates(component_search::with_name(session, name).await?, versions)
    } else if let Some(id) = vulnerability {
        with_vulnerability(session, id).await?
    } else if let Some(license) = license {
        let components = component_search::with_license(session, license).await?;
        Meant { components, asked: format!("licence {license}"), ..Meant::default() }
    } else {
        with_hash(session, hash.as_deref().unwrap_or_default()).await?
    };
    if let Some(what) = purl.as_ref().or(name.as_ref()) {
        meant.asked = format!("{what}{shown}");
    }
    Ok(meant)
}

/// Where the components are, as far as the caller may see it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn places(
    app: &App,
    session: &mut Session,
    components: &BTreeSet<u32>,
    visible: &Visibility,
) -> Answer<Places> {
    let usage = app.usage.read(session).await?;
    let inventories = usage.inventories_with(components);
    let releases: Vec<PlacedRelease> = usage.releases_of(&inventories, visible).into_iter().cloned().collect();
    let used: HashSet<u32> = releases.iter().flat_map(|release| release.inventories.iter().copied()).collect();
    let components = match visible {
        Visibility::Everything => components.clone(),
        // What is in no visible release does not exist for the caller.
        Visibility::Applications(_) => usage.components_in(components, &used),
    };
    let inventories = inventories.iter().filter(|number| used.contains(number)).count();
    Ok(Places { components, releases, inventories })
}

/// The components whose package URL has this type, namespace and name, and this version where one is given.
async fn with_purl(session: &mut Session, purl: &str) -> Answer<Vec<Named>> {
    let asked = PackageUrl::from_str(purl)
        .map_err(|error| Problem::bad_request(format!("`purl` is `{purl}`, which is no package URL: {error}")))?;
    let candidates = match Subject::of(Some(purl), None, None) {
        Ok(subject) => {
            let keys = subject.keys().iter().map(|key| key.as_str().to_owned()).collect();
            component::with_keys(session, &keys).await?.into_iter().map(|(_, named)| named).collect()
        }
        Err(_) => component_search::with_name(session, asked.name()).await?,
    };
    let folded = |text: Option<&str>| text.unwrap_or_default().to_lowercase().replace(['_', '.'], "-");
    let plain = |version: &str| version.strip_prefix('v').unwrap_or(version).to_owned();
    let is_it = |named: &Named| {
        let Some(Ok(url)) = named.purl.as_deref().map(PackageUrl::from_str) else { return false };
        let version = url.version().or(named.version.as_deref()).map(plain);
        url.ty() == asked.ty()
            && folded(url.namespace()) == folded(asked.namespace())
            && folded(Some(url.name())) == folded(Some(asked.name()))
            && asked.version().is_none_or(|wanted| version == Some(plain(wanted)))
    };
    Ok(candidates.into_iter().filter(is_it).collect())
}

/// Reads `<2.17.1` or `>=2.0|<2.17.1`, with blanks or commas between the parts too, and gives it back as it was understood.
fn constraints(text: &str) -> Answer<(String, Vec<Constraint>)> {
    let parts: Vec<&str> = text.split(['|', ',', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let joined = parts.join("|");
    // The order of versions comes with each component; here only the form is read.
    let range = Vers::parse(&format!("vers:no-order/{joined}")).map_err(|error| {
        let what = error.to_string().replace("vers:no-order/", "");
        Problem::bad_request(format!("`versions`: {what}")).hint("such as `<2.17.1` or `>=2.0|<3`")
    })?;
    Ok((joined, range.constraints().to_vec()))
}

fn of_candidates(candidates: Vec<Named>, versions: Option<(String, Vec<Constraint>)>) -> Meant {
    let mut meant = Meant::default();
    let mut ranges: BTreeMap<String, Option<Vers>> = BTreeMap::new();
    for named in candidates {
        let Some((_, constraints)) = &versions else {
            meant.components.insert(named.number);
            continue;
        };
        let url = named.purl.as_deref().and_then(|purl| PackageUrl::from_str(purl).ok());
        let ty = url.as_ref().map_or("generic", |url| url.ty()).to_owned();
        let version = url.as_ref().and_then(|url| url.version()).or(named.version.as_deref());
        let range = ranges.entry(ty.clone()).or_insert_with(|| Vers::new(&ty, constraints.clone()).ok());
        match range.as_ref().zip(version).map(|(range, version)| range.contains(version)) {
            Some(Ok(true)) => drop(meant.components.insert(named.number)),
            Some(Ok(false)) => {}
            Some(Err(_)) | None => drop(meant.undecided.insert(named.number)),
        }
    }
    meant
}

async fn with_vulnerability(session: &mut Session, id: &str) -> Answer<Meant> {
    let name = advisory_alias::name(session, id).await?.vulnerability;
    let matches = vulnerability_match::of_vulnerability(session, &name).await?;
    let (affected, unknown): (Vec<_>, Vec<_>) = matches.into_iter().partition(|found| found.is_affected);
    let about = advisory_vulnerability::records(session, &BTreeSet::from([name.clone()])).await?;
    Ok(Meant {
        asked: name,
        is_known: Some(!about.is_empty()),
        components: affected.iter().map(|found| found.component).collect(),
        undecided: unknown.iter().map(|found| found.component).collect(),
        matches: affected.into_iter().chain(unknown).map(|found| (found.component, found)).collect(),
    })
}

async fn with_hash(session: &mut Session, hash: &str) -> Answer<Meant> {
    let hash = hash.to_lowercase();
    let digits = hash.rsplit(':').next().unwrap_or_default();
    let algorithm = match digits.len() {
        32 => "md5",
        40 => "sha1",
        64 => "sha256",
        96 => "sha384",
        128 => "sha512",
        _ => "",
    };
    if algorithm.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        let expected = "expected `sha256:` and 64 hexadecimal digits, or those of MD5, SHA-1, SHA-384 or SHA-512";
        return Err(Problem::bad_request(format!("`hash` is `{hash}`: {expected}")));
    }
    let full = if hash.contains(':') { hash.clone() } else { format!("{algorithm}:{digits}") };
    Ok(Meant { components: component_search::with_hash(session, &full).await?, asked: full, ..Meant::default() })
}
