-- What is fetched from where. The marks of a feed, by which the next time only what is new is fetched, move in the
-- transaction that says that everything up to them was recorded. They belong to the address: another one begins anew.

CREATE TABLE advisory_feed (
    feed TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    address TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    newest BIGINT,
    checked_at BIGINT,
    state TEXT NOT NULL,
    records BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    left_out BIGINT NOT NULL,
    left_out_first TEXT,
    failure TEXT,
    failed_at BIGINT
);

-- One row: who syncs, and until when the others believe it without a sign of life; when it began, ended and comes again.
CREATE TABLE advisory_sync (
    name TEXT PRIMARY KEY,
    holder TEXT,
    held_until BIGINT,
    began_at BIGINT,
    ended_at BIGINT,
    next_at BIGINT
);

INSERT INTO advisory_sync (name) VALUES ('sync');
