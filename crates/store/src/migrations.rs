//! Every change of the schema, in order. A released one is never edited; the next one comes after it.

use sqlx::SqlStr;
use sqlx::migrate::{Migration, MigrationType};

/// All migrations, oldest first.
pub(crate) fn all() -> Vec<Migration> {
    [
        (1, "first", include_str!("../migrations/0001_first.sql")),
        (2, "formats", include_str!("../migrations/0002_formats.sql")),
        (3, "findings by identity", include_str!("../migrations/0003_findings_by_identity.sql")),
        (4, "advisories", include_str!("../migrations/0004_advisories.sql")),
        (5, "components", include_str!("../migrations/0005_components.sql")),
        (6, "sync", include_str!("../migrations/0006_sync.sql")),
        (7, "history", include_str!("../migrations/0007_history.sql")),
        (8, "audit tree", include_str!("../migrations/0008_audit_tree.sql")),
        (9, "issued attestations", include_str!("../migrations/0009_issued_attestations.sql")),
        (10, "trust", include_str!("../migrations/0010_trust.sql")),
        (12, "audit view", include_str!("../migrations/0012_audit_view.sql")),
    ]
    .into_iter()
    .map(|(version, description, sql)| {
        Migration::new(version, description.into(), MigrationType::Simple, SqlStr::from_static(sql), false)
    })
    .collect()
}
