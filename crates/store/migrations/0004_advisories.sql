-- What vulnerability databases say. A record is kept as it was read; beside it, what it is looked up by. The digest of
-- the body tells the same record from a changed one without reading the body.

CREATE TABLE advisory (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    modified BIGINT,
    is_withdrawn BIGINT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (source, id)
);
CREATE INDEX advisory_by_id ON advisory (id);

-- The packages that a record is about, by the key under which components are looked up.
CREATE TABLE advisory_package (
    key TEXT NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (key, source, id)
);
CREATE INDEX advisory_package_by_advisory ON advisory_package (id, source);

-- Which ids a record in force says to be the same.
CREATE TABLE advisory_alias (
    id TEXT NOT NULL,
    alias TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (id, alias, source)
);
CREATE INDEX advisory_alias_by_alias ON advisory_alias (alias, id);

-- The vulnerability that an id belongs to. An id without a row names its vulnerability itself, as most do. What an advisory
-- about several vulnerabilities covers is a JSON list.
CREATE TABLE vulnerability_name (
    id TEXT PRIMARY KEY,
    vulnerability TEXT NOT NULL,
    covers TEXT NOT NULL
);
CREATE INDEX vulnerability_name_by_vulnerability ON vulnerability_name (vulnerability, id);

-- How likely a vulnerability is exploited (EPSS), in billionths, so that a decimal comes back as it was.
CREATE TABLE exploitability (
    vulnerability TEXT PRIMARY KEY,
    probability BIGINT NOT NULL,
    percentile BIGINT NOT NULL
);

-- How fresh each source is. A failure stands beside the data that is still good, until the next import that succeeds.
CREATE TABLE advisory_source (
    source TEXT PRIMARY KEY,
    imported_at BIGINT,
    records BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    failure TEXT,
    failed_at BIGINT
);

INSERT INTO advisory_source (source, imported_at, records, changed)
SELECT 'known-exploited', imported_at, entries, entries FROM known_exploited_catalog;

INSERT INTO generation (name, number) VALUES ('advisories', 0);
