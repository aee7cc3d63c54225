//! Points in time as tools write them, in RFC 3339. One that does not say its time zone is none: nobody knows when it was.

use jiff::Timestamp;
use jiff::fmt::strtime;

/// The instant of a text in RFC 3339 or RFC 2822, or close to them, such as `2026-03-01 10:02:01 UTC`.
pub(crate) fn stated(text: &str) -> Option<String> {
    const FORMS: &[&str] =
        &["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"];
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant.to_string());
    }
    let with_offset = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")).map(|rest| format!("{rest}+0000"));
    let text = with_offset.as_deref().unwrap_or(text);
    let instant = FORMS.iter().find_map(|form| strtime::parse(form, text).ok()?.to_timestamp().ok());
    let instant = instant.or_else(|| jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp()));
    instant.map(|instant| instant.to_string())
}

/// The instant of a number of seconds since 1970.
pub(crate) fn of_seconds(seconds: &str) -> Option<String> {
    let seconds = seconds.trim().parse().ok().filter(|seconds| *seconds > 0)?;
    Timestamp::from_second(seconds).ok().map(|instant| instant.to_string())
}

/// The instant of a number of milliseconds since 1970.
pub(crate) fn of_milliseconds(milliseconds: &str) -> Option<String> {
    let milliseconds = milliseconds.trim().parse().ok().filter(|milliseconds| *milliseconds > 0)?;
    Timestamp::from_millisecond(milliseconds).ok().map(|instant| instant.to_string())
}

#[cfg(test)]
mod tests {
    use super::stated;

    #[test]
    fn an_instant_without_a_time_zone_is_none() {
        let expected = Some("2026-03-01T10:02:01Z".to_owned());
        for text in [
            "2026-03-01T10:02:01Z",
            "2026-03-01 10:02:01 UTC",
            "2026-03-01T12:02:01+0200",
            "Sun, 01 Mar 2026 10:02:01 +0000",
        ] {
            assert_eq!(stated(text), expected, "{text}");
        }
        assert_eq!(stated("2026-03-01 10:02:01"), None);
        assert_eq!(stated("yesterday"), None);
    }
}
