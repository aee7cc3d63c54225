-- Whose signatures can be checked: a key, or the authorities and logs of a Sigstore instance. Rows stay when they are
-- revoked: what was verified by them before stays to be explained.
CREATE TABLE trust_root (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- `key` or `sigstore`.
    kind TEXT NOT NULL,
    -- The key in PEM, or the trusted root in JSON.
    body TEXT NOT NULL,
    -- SHA-256 of a key's SubjectPublicKeyInfo, by which verified signers are named.
    key_id TEXT,
    -- What a signature under a Sigstore instance must prove, where somebody asks for less than it offers (JSON).
    demands TEXT,
    valid_from BIGINT,
    valid_until BIGINT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_by TEXT,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX trust_root_by_key ON trust_root (key_id);

-- Who may sign what for which applications.
CREATE TABLE signer (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- Either the key, or a rule for identities in certificates (JSON).
    trust_root_id TEXT REFERENCES trust_root (id),
    identity TEXT,
    -- JSON list of predicate types; `*` stands for any.
    predicate_types TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope_id TEXT,
    valid_from BIGINT,
    valid_until BIGINT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_by TEXT,
    revoked_at BIGINT
);

-- Which builders are trusted to what level (SLSA Build track), as JSON.
CREATE TABLE builder (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_by TEXT,
    revoked_at BIGINT
);

-- What verification says of each attestation in a document, by the roots of then.
CREATE TABLE attestation (
    document TEXT NOT NULL REFERENCES document (digest),
    position BIGINT NOT NULL,
    -- `verified`, `unsigned`, `invalid`, `unknown-signer` or `unchecked`.
    outcome TEXT NOT NULL,
    -- Signers, steps, what is said of whom (JSON).
    body TEXT NOT NULL,
    -- What provenance or a verification summary says, in the one form of all their versions (JSON).
    content TEXT,
    PRIMARY KEY (document, position)
);
-- By which generation of the roots a document was checked last.
CREATE TABLE attestation_check (
    document TEXT PRIMARY KEY REFERENCES document (digest),
    roots BIGINT NOT NULL,
    checked_at BIGINT NOT NULL
);
CREATE INDEX attestation_check_by_roots ON attestation_check (roots);
-- Documents of before are checked when the server starts.
INSERT INTO attestation_check (document, roots, checked_at) SELECT digest, -1, 0 FROM document WHERE format = 'in-toto';
INSERT INTO generation (name, number) VALUES ('roots', 0);

-- How the packages of a service are to be built: what provenance is compared with (JSON).
CREATE TABLE expectation (
    service_id TEXT PRIMARY KEY REFERENCES service (id),
    body TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
