//! Points in time as tools write them, as RFC 3339 in UTC.

use crate::json::Object;
use jiff::Timestamp;

/// The point in time that a text names: RFC 3339, with a blank before `UTC` as Ruby writes it, or with an offset without
/// colon as Java does. Without an offset it names none.
pub(crate) fn written(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_suffix(" UTC").map_or_else(|| text.to_owned(), |text| format!("{text}Z"));
    let parsed = text.parse::<Timestamp>().or_else(|_| Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", &text));
    let parsed = parsed.or_else(|_| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", &text));
    Some(parsed.ok()?.to_string())
}

/// The point in time of a number of milliseconds since 1970.
pub(crate) fn of_milliseconds(milliseconds: f64) -> Option<String> {
    if !(1.0..=253_402_300_799_999.0).contains(&milliseconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked above")]
    let instant = Timestamp::from_millisecond(milliseconds as i64).ok()?;
    Some(instant.to_string())
}

/// How many seconds lie between two points in time.
pub(crate) fn seconds_between(start: Option<&String>, end: Option<&String>) -> Option<f64> {
    let start: Timestamp = start?.parse().ok()?;
    let end: Timestamp = end?.parse().ok()?;
    let seconds = end.duration_since(start).as_secs_f64();
    Some(seconds).filter(|seconds| *seconds >= 0.0)
}

impl Object<'_> {
    /// The point in time at `path`. Programs written in Go and C# write the year 1 where there is none.
    pub(crate) fn instant(&self, path: &str) -> Option<String> {
        let text = self.text(path)?;
        if text.starts_with("0001-") {
            return None;
        }
        let instant = written(&text);
        if instant.is_none() {
            let shown: String = text.chars().take(60).collect();
            self.warn(path, format!("left out: expected a time with its offset, found `{shown}`"));
        }
        instant
    }

    /// The point in time in milliseconds since 1970 at `path`.
    pub(crate) fn instant_of_milliseconds(&self, path: &str) -> Option<String> {
        let milliseconds = self.text(path)?;
        let instant = milliseconds.parse().ok().and_then(of_milliseconds);
        if instant.is_none() && milliseconds != "0" {
            let shown: String = milliseconds.chars().take(60).collect();
            self.warn(path, format!("left out: expected milliseconds since 1970, found `{shown}`"));
        }
        instant
    }
}
