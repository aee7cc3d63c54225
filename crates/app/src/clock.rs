//! Time and chance, as arguments: the system's in production, a test's own in tests.

use jiff::Timestamp;
use std::sync::atomic::{AtomicI64, AtomicU16, AtomicU64, Ordering};
use uuid::Uuid;

/// Where time and chance come from.
#[derive(Debug)]
pub struct Clock {
    source: Source,
    /// Orders ids that were made in the same millisecond.
    next: AtomicU16,
}

#[derive(Debug)]
enum Source {
    System,
    /// Microseconds since 1970, and a counter in place of chance.
    Set {
        at: AtomicI64,
        chance: AtomicU64,
    },
    /// As `Set`, with true chance: for telling a story whose secrets must be secret.
    Told {
        at: AtomicI64,
    },
}

impl Clock {
    /// The system's time and chance.
    #[must_use]
    pub fn system() -> Self {
        Self { source: Source::System, next: AtomicU16::new(0) }
    }

    /// A clock that stands until somebody sets it, and the same "chance" in every run. For tests.
    #[must_use]
    pub fn set_to(at: Timestamp) -> Self {
        let source = Source::Set { at: AtomicI64::new(at.as_microsecond()), chance: AtomicU64::new(1) };
        Self { source, next: AtomicU16::new(0) }
    }

    /// A clock that stands until somebody sets it, with true chance. For the demo, which tells the past.
    #[must_use]
    pub fn told_from(at: Timestamp) -> Self {
        Self { source: Source::Told { at: AtomicI64::new(at.as_microsecond()) }, next: AtomicU16::new(0) }
    }

    /// Sets a clock that stands; the system's clock is left alone. `None` lets a told clock run with the system from
    /// here on.
    pub fn set(&self, to: Option<Timestamp>) {
        match &self.source {
            Source::System => {}
            Source::Set { at, .. } | Source::Told { at } => {
                at.store(to.map_or(RUNS_WITH_THE_SYSTEM, Timestamp::as_microsecond), Ordering::SeqCst);
            }
        }
    }

    /// The present instant, to the microsecond, which is what the database keeps.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let microseconds = match &self.source {
            Source::System => system_microseconds(),
            Source::Set { at, .. } | Source::Told { at } => match at.load(Ordering::SeqCst) {
                RUNS_WITH_THE_SYSTEM => system_microseconds(),
                microseconds => microseconds,
            },
        };
        Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// A new UUIDv7 (RFC 9562 §5.7): later ids sort after earlier ones of this process.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        let mut chance: [u8; 10] = self.random();
        let order = self.next.fetch_add(1, Ordering::Relaxed) & 0x0fff;
        chance[..2].copy_from_slice(&order.to_be_bytes());
        let milliseconds = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &chance).into_uuid()
    }

    /// A new secret: 256 bits, URL-safe.
    #[must_use]
    pub fn new_secret(&self) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(self.random::<32>())
    }

    /// Random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.source {
            Source::System | Source::Told { .. } => {
                aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
            }
            Source::Set { chance, .. } => {
                let count = chance.fetch_add(1, Ordering::SeqCst).to_be_bytes();
                let tail = N.min(count.len());
                bytes[N - tail..].copy_from_slice(&count[count.len() - tail..]);
            }
        }
        bytes
    }
}

/// No instant that is ever set.
const RUNS_WITH_THE_SYSTEM: i64 = i64::MIN;

#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system for the time")]
fn system_microseconds() -> i64 {
    Timestamp::now().as_microsecond()
}
