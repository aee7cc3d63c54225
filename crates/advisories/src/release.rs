//! Whether an advisory about one release of a distribution concerns a component of another: `Debian:12` and a package of
//! `debian-12.5`, `Red Hat:enterprise_linux:9::baseos` and one of `rhel-9.4`.
//! <https://ossf.github.io/osv-schema/#defined-ecosystems>

use crate::ecosystem::base_and_release;

/// Whether two releases are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    Same,
    Other,
    /// One of them does not say which it is.
    Unsaid,
}

/// Compares the release of an advisory's ecosystem with the release that a component states: the qualifier `distro`, or for
/// a registry the qualifier `repository_url`.
pub(crate) fn fit(ecosystem: &str, stated: Option<&str>) -> Fit {
    let (base, release) = base_and_release(ecosystem);
    let distribution = base.rsplit(':').next().unwrap_or(base);
    let Some(release) = release.filter(|release| !release.is_empty()) else {
        return if has_releases(distribution) { Fit::Unsaid } else { Fit::Same };
    };
    if matches!(distribution, "Maven" | "Packagist" | "VSCode") {
        let is_it = stated.is_some_and(|stated| stated.trim_end_matches('/').ends_with(after_scheme(release)));
        return if is_it { Fit::Same } else { Fit::Other };
    }
    let Some(stated) = stated.map(after_name).filter(|stated| !stated.is_empty()) else { return Fit::Unsaid };
    let is_same = match distribution {
        "Alpine" => branch(release.trim_start_matches('v')) == branch(&stated),
        "Debian" => number(&stated, DEBIAN).split('.').next() == Some(release),
        "Ubuntu" => return ubuntu(release, &number(&stated, UBUNTU)),
        "Red Hat" => return red_hat(release, &stated),
        "SUSE" | "openSUSE" => suse(release, &stated),
        "AlmaLinux" | "Azure Linux" | "Mageia" | "Rocky Linux" => begins_alike(release, &stated),
        _ => release.eq_ignore_ascii_case(&stated) || begins_alike(&release.to_lowercase(), &stated),
    };
    if is_same { Fit::Same } else { Fit::Other }
}

/// The distributions whose versions mean nothing without the release.
fn has_releases(distribution: &str) -> bool {
    let with = [
        "AlmaLinux",
        "Alpine",
        "Azure Linux",
        "Debian",
        "Mageia",
        "Photon OS",
        "Red Hat",
        "Rocky Linux",
        "SUSE",
        "Ubuntu",
    ];
    with.contains(&distribution) || matches!(distribution, "openEuler" | "openSUSE" | "Alpaquita")
}

fn after_scheme(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest).trim_end_matches('/')
}

/// `debian-12.5` without the name, `el9` without its letters; a code name as it is.
fn after_name(distro: &str) -> String {
    let lower = distro.trim().to_lowercase();
    let begin = lower.find(|letter: char| letter.is_ascii_digit());
    let named = || lower.rsplit('-').next().unwrap_or_default().to_owned();
    if lower.contains("tumbleweed") {
        return "tumbleweed".to_owned();
    }
    begin.and_then(|begin| lower.get(begin..)).map_or_else(named, str::to_owned)
}

const DEBIAN: &[(&str, &str)] = &[
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("unstable", "sid"),
];

const UBUNTU: &[(&str, &str)] = &[
    ("trusty", "14.04"),
    ("xenial", "16.04"),
    ("bionic", "18.04"),
    ("focal", "20.04"),
    ("jammy", "22.04"),
    ("noble", "24.04"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
];

fn number(stated: &str, names: &[(&str, &str)]) -> String {
    names.iter().find(|(name, _)| *name == stated).map_or(stated, |(_, number)| number).to_owned()
}

/// The first two numbers: `3.20.3` is of the branch `3.20`. A date, as `edge` and rolling images write it, is `edge`.
fn branch(release: &str) -> String {
    let mut parts = release.split(['.', '_']);
    match (parts.next(), parts.next()) {
        (Some(first), Some(second)) if first.len() < 4 => format!("{first}.{second}"),
        (Some(first), _) if first.len() >= 8 => "edge".to_owned(),
        _ => release.to_owned(),
    }
}

/// `22.04:LTS` and `Pro:22.04:LTS`, which mends the same packages for those who pay. What is built for FIPS, real time or
/// another special purpose is a package of its own.
fn ubuntu(release: &str, stated: &str) -> Fit {
    let parts: Vec<_> = release.split(':').collect();
    let is_special = parts
        .iter()
        .any(|part| !part.starts_with(|letter: char| letter.is_ascii_digit()) && !matches!(*part, "LTS" | "Pro"));
    if parts.contains(&stated) && !is_special { Fit::Same } else { Fit::Other }
}

/// A product of Red Hat by its CPE: `enterprise_linux:9::baseos` holds for every minor release, `rhel_eus:9.4::baseos` for
/// this one. Other products bring packages of their own for an operating system, which the release alone does not tell.
fn red_hat(product: &str, stated: &str) -> Fit {
    let mut parts = product.split(':');
    let (name, version) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_same = match name {
        "enterprise_linux" => begins_alike(version, stated),
        "rhel_eus" | "rhel_aus" | "rhel_tus" | "rhel_e4s" | "rhel_els" | "rhel_extras" => {
            let of_component = branch(stated);
            of_component == version || (!version.contains('.') && begins_alike(version, stated))
        }
        _ => return if product.contains(&format!("el{}", major(stated))) { Fit::Unsaid } else { Fit::Other },
    };
    if is_same { Fit::Same } else { Fit::Other }
}

/// `Linux Enterprise Module for Basesystem 15 SP5` and `Leap 15.5` are written `15.5` by components.
fn suse(product: &str, stated: &str) -> bool {
    let product = product.to_lowercase();
    if stated == "tumbleweed" || product.contains("tumbleweed") {
        return product.contains(stated);
    }
    let (major, minor) = stated.split_once('.').unwrap_or((stated, "0"));
    let words: Vec<_> = product.split([' ', '-']).collect();
    let service_pack = format!("sp{minor}");
    let is_enterprise = product.starts_with("linux enterprise") || product.starts_with("suse linux enterprise");
    if is_enterprise && !product.contains("micro") {
        let place = words.iter().position(|word| *word == major);
        let next = place.and_then(|place| words.get(place + 1));
        return place.is_some()
            && if minor == "0" {
                next.is_none_or(|next| !next.starts_with("sp"))
            } else {
                next == Some(&service_pack.as_str())
            };
    }
    words.contains(&stated)
}

fn major(release: &str) -> &str {
    release.split(['.', '-']).next().unwrap_or(release)
}

/// `9` and `9.4` begin alike, `9.2` and `9.4` do not.
fn begins_alike(left: &str, right: &str) -> bool {
    let separators = ['.', '-', ':'];
    left.split(separators).zip(right.split(separators)).all(|(left, right)| left == right)
}
