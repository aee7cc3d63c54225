//! The algorithm by which the OSV schema says whether a version lies in a range.
//! <https://ossf.github.io/osv-schema/#evaluation>

use std::cmp::Ordering;

use crate::advisory::{Event, Range, RangeKind};
use crate::matching::Why;
use crate::version::{Unordered, VersionOrder};

/// Whether the version lies in the range, and between which events.
///
/// The schema sorts the events and lets each that is at or before the version switch the state, so the last of them
/// decides. Events at the same version keep the order in which they are stated: `fixed 2, introduced 2` is two stretches
/// that touch, `introduced 2, fixed 2` is an empty one.
pub(crate) fn lies_in<'a>(
    range: &'a Range,
    order: VersionOrder,
    version: &str,
) -> Result<Option<Stretch<'a>>, Unordered> {
    let mut is_limited = false;
    let mut is_before_a_limit = false;
    let mut last: Option<&Event> = None;
    for event in &range.events {
        if let Event::Limit(limit) = event {
            is_limited = true;
            is_before_a_limit |= limit == "*" || order.compare(version, limit)?.is_lt();
            continue;
        }
        let place = if is_start(event) { Ordering::Greater } else { order.compare(version, event.version())? };
        let counts = match event {
            Event::Introduced(_) | Event::Fixed(_) => place.is_ge(),
            Event::IntroducedAfter(_) | Event::LastAffected(_) => place.is_gt(),
            Event::Limit(_) => false,
        };
        let is_later = |last| {
            Ok::<_, Unordered>(
                is_start(last) || (!is_start(event) && order.compare(event.version(), last.version())?.is_ge()),
            )
        };
        if counts && last.map_or(Ok(true), is_later)? {
            last = Some(event);
        }
    }
    let begin = last.filter(|event| matches!(event, Event::Introduced(_) | Event::IntroducedAfter(_)));
    let begin = begin.filter(|_| !is_limited || is_before_a_limit);
    begin.map(|begin| Ok(Stretch { begin, end: end_after(range, order, version)? })).transpose()
}

/// A stretch of affected versions.
pub(crate) struct Stretch<'a> {
    /// The event that begins it.
    pub(crate) begin: &'a Event,
    /// The event that ends it, where one does.
    pub(crate) end: Option<&'a Event>,
}

/// `0` sorts before all versions, where it introduces.
fn is_start(event: &Event) -> bool {
    matches!(event, Event::Introduced(version) if version == "0")
}

/// The first event at or after the version that ends a stretch.
fn end_after<'a>(range: &'a Range, order: VersionOrder, version: &str) -> Result<Option<&'a Event>, Unordered> {
    let mut end: Option<&Event> = None;
    for event in range.events.iter().filter(|event| matches!(event, Event::Fixed(_) | Event::LastAffected(_))) {
        if order.compare(event.version(), version)?.is_ge()
            && end.map_or(Ok(true), |end| Ok(order.compare(event.version(), end.version())?.is_lt()))?
        {
            end = Some(event);
        }
    }
    Ok(end)
}

/// Whether the range holds every version, so that no order is needed to know.
pub(crate) fn holds_everything(range: &Range) -> bool {
    range.kind != RangeKind::Other && !range.events.is_empty() && range.events.iter().all(is_start)
}

/// The order of the range's versions in an ecosystem.
pub(crate) fn order_of(range: &Range, ecosystem: &str) -> Result<VersionOrder, Why> {
    let of_ecosystem = VersionOrder::of_ecosystem(ecosystem);
    match range.kind {
        // Go and Pub have their own ways with what Semantic Versioning leaves open.
        RangeKind::Semver => Ok(of_ecosystem
            .filter(|order| matches!(order, VersionOrder::Go | VersionOrder::SemverWithBuild))
            .unwrap_or(VersionOrder::Semver)),
        RangeKind::Ecosystem | RangeKind::Tags => {
            of_ecosystem.ok_or_else(|| Why::NoOrder { ecosystem: ecosystem.to_owned() })
        }
        RangeKind::Git => Err(Why::OnlyCommits),
        RangeKind::Other => Err(Why::UnreadableRange),
    }
}

/// Whether a version of a Go module is made of a commit: it ends with its instant in 14 digits and 12 digits of its hash.
/// <https://go.dev/ref/mod#pseudo-versions>
pub(crate) fn is_pseudo_version(version: &str) -> bool {
    let tag = version.split('+').next().unwrap_or(version);
    let Some((rest, hash)) = tag.rsplit_once('-') else { return false };
    let instant = rest.rsplit(['-', '.']).next().unwrap_or_default();
    let is_all =
        |text: &str, length, is_digit: fn(&u8) -> bool| text.len() == length && text.as_bytes().iter().all(is_digit);
    is_all(hash, 12, u8::is_ascii_hexdigit) && is_all(instant, 14, u8::is_ascii_digit)
}
