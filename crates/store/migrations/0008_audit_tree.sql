-- The audit log as a Merkle tree. The hash of each entry is written with the entry, and each full tile of 256 hashes with
-- the entry that fills it; the rest of the tree follows from these.

-- Through what it was done: `session`, `token`, `system`.
ALTER TABLE audit ADD COLUMN via TEXT;
-- From where.
ALTER TABLE audit ADD COLUMN address TEXT;
-- The digests of the rows that the entry is about, as canonical JSON.
ALTER TABLE audit ADD COLUMN bindings TEXT;
-- The hash of the entry in hexadecimal digits. NULL for entries of before, until the first start after this migration.
ALTER TABLE audit ADD COLUMN leaf TEXT;

-- The log's name in checkpoints, as it was when the first one was made.
ALTER TABLE audit_head ADD COLUMN origin TEXT;
-- 1 when everything of before this migration was carried over.
ALTER TABLE audit_head ADD COLUMN is_carried_over BIGINT;

-- Details that are too long for an entry, by their digest.
CREATE TABLE audit_detail (
    digest TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

-- Full tiles. Level 0 has the hashes of entries; each hash of the next level is over 256 of the one below.
CREATE TABLE audit_tile (
    level BIGINT NOT NULL,
    number BIGINT NOT NULL,
    root TEXT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, number)
);

-- What was signed. Size and root are here before the signature is made.
CREATE TABLE audit_checkpoint (
    size BIGINT PRIMARY KEY,
    root TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    note TEXT
);

-- The digest of each document's bytes as they are stored, which are compressed.
CREATE TABLE document_file (
    document TEXT PRIMARY KEY REFERENCES document (digest),
    digest TEXT NOT NULL,
    size_bytes BIGINT NOT NULL
);
