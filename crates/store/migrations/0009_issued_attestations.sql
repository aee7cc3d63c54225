-- Attestations that were issued about releases, as they were signed.
CREATE TABLE issued_attestation (
    release_id TEXT NOT NULL REFERENCES release (id),
    -- The bill of materials inside, and the key that signed: the same ones need no second attestation.
    dbom_digest TEXT NOT NULL,
    key_id TEXT NOT NULL,
    envelope TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    issued_by TEXT NOT NULL,
    PRIMARY KEY (release_id, dbom_digest, key_id)
);
