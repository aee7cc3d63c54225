//! Reads version ranges as GitHub writes them, and many CVE records: comparisons joined by commas, all of which hold, such
//! as `>= 2.0.0, < 2.15.0` or `= 1.1.6`.
//! <https://docs.github.com/en/rest/security-advisories/global-advisories>

use crate::advisory::Event;

/// What a range says: events, or single versions.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) events: Vec<Event>,
    pub(crate) versions: Vec<String>,
}

/// Reads a range; `None` when it is something else.
pub(crate) fn read(text: &str) -> Option<Bounds> {
    let mut bounds = Bounds::default();
    let mut ends = Vec::new();
    for comparison in text.split(',').map(str::trim).filter(|comparison| !comparison.is_empty()) {
        let version_at = comparison.find(|letter: char| !matches!(letter, '<' | '>' | '='))?;
        let (operator, version) = comparison.split_at(version_at);
        let version = version.trim().to_owned();
        if version.is_empty() || version.contains(char::is_whitespace) {
            return None;
        }
        match operator {
            ">=" => bounds.events.push(Event::Introduced(version)),
            ">" => bounds.events.push(Event::IntroducedAfter(version)),
            "<" => ends.push(Event::Fixed(version)),
            "<=" => ends.push(Event::LastAffected(version)),
            "=" | "==" => bounds.versions.push(version),
            _ => return None,
        }
    }
    let (begins, singles) = (bounds.events.len(), bounds.versions.len());
    let is_one_range = singles == 0 && begins <= 1 && ends.len() <= 1 && begins + ends.len() > 0;
    if is_one_range {
        if begins == 0 {
            bounds.events.push(Event::Introduced("0".to_owned()));
        }
        bounds.events.append(&mut ends);
    }
    (is_one_range || (singles == 1 && begins + ends.len() == 0)).then_some(bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_become_events() {
        let events = |text| read(text).map(|bounds| bounds.events);
        let fixed = |version: &str| Event::Fixed(version.to_owned());
        assert_eq!(events("< 2"), Some(vec![Event::Introduced("0".to_owned()), fixed("2")]));
        assert_eq!(events(">= 1, < 2"), Some(vec![Event::Introduced("1".to_owned()), fixed("2")]));
        assert_eq!(events("<2,>1"), Some(vec![Event::IntroducedAfter("1".to_owned()), fixed("2")]));
        assert_eq!(read("= 1.1.6").map(|bounds| bounds.versions), Some(vec!["1.1.6".to_owned()]));
    }

    #[test]
    fn what_is_no_range_is_none() {
        for text in ["", "1.0", "n/a", "before 2", ">= 1, >= 2", "= 1, < 2", "= 1, = 2", "<", "!= 1", "< 1 or 2"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
