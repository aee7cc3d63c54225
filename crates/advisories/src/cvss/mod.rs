//! CVSS vectors of every version and their scores, <https://www.first.org/cvss/>. The scores are those of the calculators of
//! FIRST, to the tenth.

mod macro_vectors;
mod metrics;
mod v2;
mod v3;
mod v4;

use metrics::{Group, Metric};
use shipworthy_model::Severity;
use std::fmt;

/// A vector: a value for every metric of the base group, and for those others that are defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cvss {
    version: CvssVersion,
    /// For each metric of the version the place of its value, if it is defined.
    chosen: Vec<Option<u8>>,
}

/// The version of the standard that a vector follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CvssVersion {
    /// 2.0
    V2,
    /// 3.0
    V3_0,
    /// 3.1
    V3_1,
    /// 4.0
    V4,
}

/// Why a text is no vector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CvssError {
    /// It names a version that there is not.
    #[error("`{0}` is not a version of CVSS: expected 2.0, 3.0, 3.1 or 4.0")]
    UnknownVersion(String),
    /// A part of it is not a metric of its version with one of its values.
    #[error("`{part}` is not a metric of CVSS {version} with its value")]
    UnknownPart {
        /// The part, shortened to 50 characters.
        part: String,
        /// The version that the vector names.
        version: CvssVersion,
    },
    /// A metric stands there twice.
    #[error("the metric `{0}` is given twice")]
    Repeated(&'static str),
    /// A metric of the base group is missing.
    #[error("the metric `{0}` is missing")]
    Missing(&'static str),
}

impl fmt::Display for CvssVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::V2 => "2.0",
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V4 => "4.0",
        })
    }
}

impl Cvss {
    /// Reads a vector: `CVSS:3.1/AV:N/…`, and without its version in front that of CVSS 2, in brackets or without. The metrics
    /// may stand in any order.
    ///
    /// # Errors
    ///
    /// When it is none, with the part that is wrong or missing.
    pub fn parse(text: &str) -> Result<Self, CvssError> {
        let (version, rest) = version_of(text.trim())?;
        let metrics = metrics::of(version);
        let mut chosen = vec![None; metrics.len()];
        for part in rest.split('/') {
            let unknown = || CvssError::UnknownPart { part: part.chars().take(50).collect(), version };
            let (place, value) = read_part(metrics, part).ok_or_else(unknown)?;
            let Some((kept, metric)) = chosen.get_mut(place).zip(metrics.get(place)) else { return Err(unknown()) };
            if kept.replace(value).is_some() {
                return Err(CvssError::Repeated(metric.name));
            }
        }
        let mut given = metrics.iter().zip(&mut chosen);
        if let Some((metric, _)) = given.find(|(metric, value)| metric.group == Group::Base && value.is_none()) {
            return Err(CvssError::Missing(metric.name));
        }
        for (metric, value) in metrics.iter().zip(&mut chosen) {
            value.take_if(|value| metric.group != Group::Base && *value == 0);
        }
        Ok(Self { version, chosen })
    }

    /// The version of the standard.
    pub fn version(&self) -> CvssVersion {
        self.version
    }

    /// The score from 0 to 10 of what is always the same: the base metrics alone.
    pub fn base_score(&self) -> f64 {
        match self.version {
            CvssVersion::V2 => v2::base(self),
            CvssVersion::V3_0 | CvssVersion::V3_1 => v3::base(self),
            CvssVersion::V4 => v4::score(&self.of_groups(&[Group::Base])),
        }
    }

    /// The score with what changes with time: exploits and fixes. In version 4 that of the threat.
    pub fn temporal_score(&self) -> f64 {
        match self.version {
            CvssVersion::V2 => v2::temporal(self),
            CvssVersion::V3_0 | CvssVersion::V3_1 => v3::temporal(self),
            CvssVersion::V4 => v4::score(&self.of_groups(&[Group::Base, Group::Temporal])),
        }
    }

    /// The score with everything, where the environment has a say.
    pub fn environmental_score(&self) -> f64 {
        match self.version {
            CvssVersion::V2 => v2::environmental(self),
            CvssVersion::V3_0 | CvssVersion::V3_1 => v3::environmental(self),
            CvssVersion::V4 => v4::score(self),
        }
    }

    /// The score that counts: with everything that the vector defines.
    pub fn score(&self) -> f64 {
        if self.has(Group::Environmental) {
            self.environmental_score()
        } else if self.has(Group::Temporal) {
            self.temporal_score()
        } else {
            self.base_score()
        }
    }

    /// The band of the score, [`Severity::Info`] for 0. Version 2 has no band above high,
    /// <https://nvd.nist.gov/vuln-metrics/cvss>.
    pub fn severity(&self) -> Severity {
        match (self.version, Severity::of_score(self.score())) {
            (CvssVersion::V2, Severity::Critical) => Severity::High,
            (_, severity) => severity,
        }
    }

    /// Whether a metric of a group is defined.
    fn has(&self, group: Group) -> bool {
        metrics::of(self.version)
            .iter()
            .zip(&self.chosen)
            .any(|(metric, value)| metric.group == group && value.is_some())
    }

    /// The vector with the metrics of some groups alone.
    fn of_groups(&self, groups: &[Group]) -> Self {
        let metrics = metrics::of(self.version).iter().zip(&self.chosen);
        let chosen = metrics.map(|(metric, value)| value.filter(|_| groups.contains(&metric.group)));
        Self { version: self.version, chosen: chosen.collect() }
    }

    /// The value of a metric; what is not defined has the value for that.
    fn value(&self, name: &str) -> &'static str {
        let metrics = metrics::of(self.version);
        let place = metrics.iter().position(|metric| metric.name == name);
        let value = place.and_then(|place| Some((metrics.get(place)?, self.chosen.get(place)?.unwrap_or(0))));
        value.and_then(|(metric, value)| metric.values.get(usize::from(value))).copied().unwrap_or("X")
    }

    /// The value of a metric as the environment changes it: that of `MAV` where it is defined, else that of `AV`.
    fn modified(&self, name: &str) -> &'static str {
        match self.value(&format!("M{name}")) {
            "X" => self.value(name),
            value => value,
        }
    }
}

/// The version that a vector names, and its metrics.
fn version_of(text: &str) -> Result<(CvssVersion, &str), CvssError> {
    let Some(rest) = text.strip_prefix("CVSS:") else {
        let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
        return Ok((CvssVersion::V2, text));
    };
    let (version, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let version = match version {
        "2.0" => CvssVersion::V2,
        "3.0" => CvssVersion::V3_0,
        "3.1" => CvssVersion::V3_1,
        "4.0" => CvssVersion::V4,
        _ => return Err(CvssError::UnknownVersion(version.chars().take(50).collect())),
    };
    Ok((version, rest))
}

/// The place of a metric and of its value.
fn read_part(metrics: &[Metric], part: &str) -> Option<(usize, u8)> {
    let (name, value) = part.split_once(':')?;
    let place = metrics.iter().position(|metric| metric.name == name)?;
    let value = metrics.get(place)?.values.iter().position(|known| *known == value)?;
    Some((place, u8::try_from(value).ok()?))
}

/// The canonical vector: the metrics in the order of the standard, without those that are not defined.
impl fmt::Display for Cvss {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut divider = "";
        if self.version != CvssVersion::V2 {
            write!(out, "CVSS:{}", self.version)?;
            divider = "/";
        }
        for (metric, value) in metrics::of(self.version).iter().zip(&self.chosen) {
            if let Some(value) = value.and_then(|value| metric.values.get(usize::from(value))) {
                write!(out, "{divider}{}:{value}", metric.name)?;
                divider = "/";
            }
        }
        Ok(())
    }
}
