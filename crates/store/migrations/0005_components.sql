-- A component is kept once, however many inventories name it, and matched with advisories once. What two documents say
-- differently of the same package version (licence, supplier, digests) is two components.

ALTER TABLE component RENAME TO component_of_document;

CREATE TABLE component (
    -- Counted up from 1 without gaps, so that sets of them are small.
    number BIGINT PRIMARY KEY,
    -- Digest over all that is said of it.
    digest TEXT NOT NULL UNIQUE,
    -- The purl, else name and version: the same for the same package version, whatever else is said of it.
    identity TEXT NOT NULL,
    name TEXT NOT NULL,
    -- What people call it: the last part of the name, in lower case.
    short_name TEXT NOT NULL,
    version TEXT,
    purl TEXT,
    cpe TEXT,
    kind TEXT NOT NULL,
    license TEXT,
    supplier TEXT,
    -- By which version of the rules its keys were made; 0 while it was never matched.
    keyed BIGINT NOT NULL
);
CREATE INDEX component_by_identity ON component (identity);
-- With all that a search looks at, so that it reads the index alone.
CREATE INDEX component_by_name ON component (name, number, purl, license);
CREATE INDEX component_by_short_name ON component (short_name, number);
CREATE INDEX component_by_license ON component (license, number);
CREATE INDEX component_by_keyed ON component (keyed, number);

CREATE TABLE component_hash (
    -- `algorithm:hex`
    hash TEXT NOT NULL,
    component BIGINT NOT NULL REFERENCES component (number),
    PRIMARY KEY (hash, component)
);

-- The names under which advisories about a component are filed.
CREATE TABLE component_key (
    key TEXT NOT NULL,
    component BIGINT NOT NULL REFERENCES component (number),
    PRIMARY KEY (key, component)
);
CREATE INDEX component_key_by_component ON component_key (component);

-- The components of a document: a sorted set of numbers in few bytes.
CREATE TABLE inventory (
    number BIGINT PRIMARY KEY,
    document TEXT NOT NULL UNIQUE REFERENCES document (digest),
    components BYTEA NOT NULL,
    component_count BIGINT NOT NULL
);

-- The inventories that speak for a release now.
CREATE TABLE release_inventory (
    release_id TEXT NOT NULL REFERENCES release (id),
    inventory BIGINT NOT NULL REFERENCES inventory (number),
    PRIMARY KEY (release_id, inventory)
);
CREATE INDEX release_inventory_by_inventory ON release_inventory (inventory);

-- By which version of the rules a record was filed; 0 is filed anew when the server starts.
ALTER TABLE advisory ADD COLUMN filed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX advisory_by_filed ON advisory (filed);
-- What the record says about the packages of this key, and nothing else of it, as JSON.
ALTER TABLE advisory_package ADD COLUMN says TEXT NOT NULL DEFAULT '';
-- The vulnerabilities that a distribution's record says it mends, as a JSON list.
ALTER TABLE advisory ADD COLUMN mends TEXT NOT NULL DEFAULT '[]';

-- The vulnerabilities that a record in force is about, by the names that people use.
CREATE TABLE advisory_vulnerability (
    vulnerability TEXT NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (vulnerability, source, id)
);
CREATE INDEX advisory_vulnerability_by_advisory ON advisory_vulnerability (id, source);

-- The vulnerabilities of components by our own matching: what is affected, and what cannot be decided. One that ended is kept
-- for the history.
CREATE TABLE vulnerability_match (
    component BIGINT NOT NULL REFERENCES component (number),
    vulnerability TEXT NOT NULL,
    is_affected BIGINT NOT NULL,
    -- The same as that of a scanner's finding of this vulnerability in this component.
    identity TEXT NOT NULL,
    -- 5 critical … 1 info, 0 unknown.
    severity BIGINT NOT NULL,
    -- CVSS in tenths.
    score BIGINT,
    title TEXT NOT NULL,
    fixed_version TEXT,
    -- What a coordinator judged (SSVC), where one did, and whether the package itself is malicious.
    is_automatable BIGINT,
    is_total_impact BIGINT,
    is_malicious BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- Why, and what else is known, as JSON.
    body TEXT NOT NULL,
    PRIMARY KEY (component, vulnerability)
);
CREATE INDEX vulnerability_match_by_vulnerability ON vulnerability_match (vulnerability);
CREATE INDEX vulnerability_match_by_identity ON vulnerability_match (identity);

-- Which releases wait before which environments for a new decision, because something else is known now.
CREATE TABLE redecision (
    release_id TEXT NOT NULL REFERENCES release (id),
    environment_id TEXT NOT NULL REFERENCES environment (id),
    because TEXT NOT NULL,
    queued_at BIGINT NOT NULL,
    PRIMARY KEY (release_id, environment_id)
);

ALTER TABLE known_exploited ADD COLUMN is_ransomware BIGINT NOT NULL DEFAULT 0;

INSERT INTO generation (name, number) VALUES ('component', 0), ('inventory', 0), ('releases', 0), ('matches', 0);
