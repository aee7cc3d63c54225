//! The algorithm of the OSV schema as it stands there, plain and slow. <https://ossf.github.io/osv-schema/#evaluation>

use std::cmp::Ordering;

use shipworthy_advisories::advisory::{Affected, Event, Range};
use shipworthy_advisories::version::VersionOrder;

/// `IsVulnerable` for one entry about the package.
pub(crate) fn is_vulnerable(order: VersionOrder, version: &str, affected: &Affected) -> bool {
    let is_same = |listed: &String| listed == version || order.compare(version, listed) == Ok(Ordering::Equal);
    affected.versions.iter().any(is_same) || affected.ranges.iter().any(|range| is_included(order, version, range))
}

fn is_included(order: VersionOrder, version: &str, range: &Range) -> bool {
    let compare = |left: &str, right: &str| order.compare(left, right).expect("versions of the ecosystem");
    let limits: Vec<_> =
        range.events.iter().filter(|event| matches!(event, Event::Limit(_))).map(Event::version).collect();
    let is_before_limits =
        limits.is_empty() || limits.iter().any(|limit| *limit == "*" || compare(version, limit).is_lt());
    let mut events: Vec<_> = range.events.iter().filter(|event| !matches!(event, Event::Limit(_))).collect();
    let is_start = |event: &Event| matches!(event, Event::Introduced(version) if version == "0");
    events.sort_by(|left, right| match (is_start(left), is_start(right)) {
        (false, false) => compare(left.version(), right.version()),
        (left, right) => right.cmp(&left),
    });
    let mut is_vulnerable = false;
    for event in events {
        let is_at_or_after = is_start(event) || compare(version, event.version()).is_ge();
        let is_after = is_start(event) || compare(version, event.version()).is_gt();
        match event {
            Event::Introduced(_) if is_at_or_after => is_vulnerable = true,
            Event::IntroducedAfter(_) if is_after => is_vulnerable = true,
            Event::Fixed(_) if is_at_or_after => is_vulnerable = false,
            Event::LastAffected(_) if is_after => is_vulnerable = false,
            _ => {}
        }
    }
    is_before_limits && is_vulnerable
}
