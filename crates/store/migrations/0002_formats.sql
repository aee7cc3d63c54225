-- Formats that users describe. A version is never changed: a change is the next version. A retired format recognises
-- nothing any more; what was read with it can still be shown.

CREATE TABLE format (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    source TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    UNIQUE (name, version)
);
