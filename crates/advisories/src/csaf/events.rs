//! Ranges of versions as the branches of a CSAF document state them: `vers:npm/>=1.0.0|<2.0.0`, or the same without its
//! beginning (`<4.2`). <https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#31232-branches-type---name-under-product-version-range>

use crate::advisory::Event;
use crate::vers::{Comparator, Constraint, Vers};

/// What a range says: events, and single versions beside them.
#[derive(Default)]
pub(super) struct Stated {
    pub(super) events: Vec<Event>,
    pub(super) versions: Vec<String>,
}

/// Reads a range of versions of this type of package URLs; `None` when it is prose or cannot be told by events.
pub(super) fn read(stated: &str, purl_type: &str) -> Option<Stated> {
    let is_vers = stated.starts_with("vers:");
    let begins = |text: &str| text.starts_with(['<', '>', '=', '*']);
    let vers = if is_vers {
        Vers::parse(stated).ok()?
    } else if begins(stated) && !stated.contains(char::is_whitespace) {
        Vers::parse(&format!("vers:{purl_type}/{stated}")).ok()?
    } else {
        return None;
    };
    let mut range = Stated::default();
    let mut is_open = false;
    for Constraint { comparator, version } in vers.constraints() {
        let version = version.clone();
        match comparator {
            Comparator::Any => range.events.push(Event::Introduced("0".to_owned())),
            Comparator::GreaterOrEqual => range.events.push(Event::Introduced(version)),
            Comparator::Greater => range.events.push(Event::IntroducedAfter(version)),
            Comparator::Less | Comparator::LessOrEqual => {
                if !is_open {
                    range.events.push(Event::Introduced("0".to_owned()));
                }
                let is_included = *comparator == Comparator::LessOrEqual;
                range.events.push(if is_included { Event::LastAffected(version) } else { Event::Fixed(version) });
            }
            Comparator::Equal => range.versions.push(version),
            Comparator::NotEqual => return None,
        }
        is_open = matches!(comparator, Comparator::Any | Comparator::GreaterOrEqual | Comparator::Greater)
            || is_open && *comparator == Comparator::Equal;
    }
    Some(range)
}
