//! Instants, <https://www.rfc-editor.org/rfc/rfc3339#section-5.6>, as `vers:datetime` compares them.

use super::Parse;

/// An instant: seconds since 1970 in UTC, and the digits of its fraction without the zeros at their end.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant<'a> {
    seconds: i64,
    fraction: &'a str,
}

impl<'a> Parse<'a> for Instant<'a> {
    const EXPECTED: &'static str = "an instant by RFC 3339, such as `2024-01-01T00:00:00Z`";

    fn parse(text: &'a str) -> Option<Self> {
        let (date, time) = text.split_at_checked(10)?;
        let time = time.strip_prefix(['T', 't', ' '])?;
        let (clock, rest) = time.split_at_checked(8)?;
        let (fraction, offset) = match rest.strip_prefix('.') {
            Some(rest) => rest.split_at_checked(rest.find(|letter: char| !letter.is_ascii_digit())?)?,
            None => ("", rest),
        };
        if rest.starts_with('.') && fraction.is_empty() {
            return None;
        }
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
        let is_time = hour < 24 && minute < 60 && second <= 60;
        let is_date = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset_seconds(offset)?;
        (is_date && is_time).then_some(Self { seconds, fraction: fraction.trim_end_matches('0') })
    }
}

/// Three numbers of given widths.
fn numbers(text: &str, divider: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(divider);
    let mut numbers = [0; 3];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width && super::number::is_digits(part))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01, <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn offset_seconds(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (sign, offset) = match text.strip_prefix('-') {
        Some(offset) => (-1, offset),
        None => (1, text.strip_prefix('+')?),
    };
    let [hours, minutes, _] = numbers(&format!("{offset}:00"), ':', [2, 2, 2])?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}
