-- The first shape of the data. One text for SQLite and PostgreSQL:
-- ids are UUIDv7 in text, instants are microseconds since 1970 in a 64-bit integer, booleans are 0 or 1,
-- lists and objects that no query looks into are JSON in text.

CREATE TABLE team (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE application (
    id TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES team (id),
    name TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE INDEX application_by_team ON application (team_id);

CREATE TABLE service (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (application_id, name)
);

CREATE TABLE environment (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    exposure TEXT NOT NULL,
    gate_mode TEXT NOT NULL,
    unknowns TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE release (
    id TEXT PRIMARY KEY,
    service_id TEXT NOT NULL REFERENCES service (id),
    version TEXT NOT NULL,
    repository TEXT,
    branch TEXT,
    commit_id TEXT,
    build TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (service_id, version)
);
CREATE INDEX release_by_time ON release (service_id, created_at);

CREATE TABLE release_artifact (
    release_id TEXT NOT NULL REFERENCES release (id),
    position BIGINT NOT NULL,
    digest TEXT NOT NULL,
    name TEXT,
    kind TEXT NOT NULL,
    PRIMARY KEY (release_id, digest)
);
CREATE INDEX release_artifact_by_digest ON release_artifact (digest);

-- What a release is about, spelled as evidence spells its subjects: here the two meet.
CREATE TABLE release_subject (
    release_id TEXT NOT NULL REFERENCES release (id),
    subject TEXT NOT NULL,
    PRIMARY KEY (release_id, subject)
);
CREATE INDEX release_subject_by_subject ON release_subject (subject);

-- Counts the changes to what is known about a subject. A decision records the sum over its release's subjects;
-- while the sum and the generation of the rules are the same, the decision still holds.
CREATE TABLE subject (
    subject TEXT PRIMARY KEY,
    version BIGINT NOT NULL
);
CREATE TABLE generation (
    name TEXT PRIMARY KEY,
    number BIGINT NOT NULL
);
INSERT INTO generation (name, number) VALUES ('rules', 1);

CREATE TABLE document (
    digest TEXT PRIMARY KEY,
    size_bytes BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    -- NULL when no reader knows it: kept all the same, to be read when one learns it.
    format TEXT,
    phase TEXT,
    tool TEXT,
    -- The report without components and findings, which have tables of their own.
    report TEXT,
    counts TEXT NOT NULL,
    warnings BIGINT NOT NULL,
    summary TEXT NOT NULL,
    verification TEXT NOT NULL
);

CREATE TABLE evidence (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL REFERENCES document (digest),
    -- Digest over the scope and the sorted subjects: the same document about the same subjects is one piece of
    -- evidence. The scope is part of it, because evidence counts only where its submitter may speak.
    subjects_digest TEXT NOT NULL,
    submitted_by TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    -- The scope of whoever submitted it, so that what belongs to no release yet is seen by its own team only.
    scope_kind TEXT NOT NULL,
    scope_id TEXT,
    UNIQUE (document, subjects_digest)
);
CREATE INDEX evidence_by_time ON evidence (submitted_at);
CREATE TABLE evidence_subject (
    evidence_id TEXT NOT NULL REFERENCES evidence (id),
    subject TEXT NOT NULL,
    PRIMARY KEY (evidence_id, subject)
);
CREATE INDEX evidence_subject_by_subject ON evidence_subject (subject);

CREATE TABLE component (
    document TEXT NOT NULL REFERENCES document (digest),
    position BIGINT NOT NULL,
    -- The purl, else name and version: the same for the same component in every document.
    identity TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT,
    purl TEXT,
    kind TEXT NOT NULL,
    license TEXT,
    supplier TEXT,
    PRIMARY KEY (document, position)
);

CREATE TABLE finding (
    document TEXT NOT NULL REFERENCES document (digest),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- 5 critical … 1 info, 0 unknown: sorts as people expect.
    severity BIGINT NOT NULL,
    status TEXT NOT NULL,
    rule TEXT NOT NULL,
    -- The CVE among the rule and its aliases, else the rule; for vulnerabilities only.
    vulnerability TEXT,
    -- The same for the same problem in every document.
    identity TEXT NOT NULL,
    component TEXT,
    title TEXT NOT NULL,
    is_fixable BIGINT NOT NULL,
    -- The whole finding as JSON.
    body TEXT NOT NULL,
    PRIMARY KEY (document, position)
);
CREATE INDEX finding_by_severity ON finding (document, severity);

CREATE TABLE deployment (
    id TEXT PRIMARY KEY,
    release_id TEXT NOT NULL REFERENCES release (id),
    environment_id TEXT NOT NULL REFERENCES environment (id),
    state TEXT NOT NULL,
    running TEXT NOT NULL,
    tool TEXT,
    started_by TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX deployment_by_release ON deployment (release_id);
CREATE INDEX deployment_by_environment ON deployment (environment_id, state);

CREATE TABLE user_account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE user_grant (
    user_id TEXT NOT NULL REFERENCES user_account (id),
    role TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    PRIMARY KEY (user_id, role, scope_kind, scope_id)
);
CREATE TABLE token (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES user_account (id),
    name TEXT NOT NULL,
    -- SHA-256 of the secret; the secret itself is shown once and kept nowhere.
    hash TEXT NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    permissions TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE TABLE user_session (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES user_account (id),
    csrf_token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE TABLE setup_link (
    hash TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE approval (
    id TEXT PRIMARY KEY,
    release_id TEXT NOT NULL REFERENCES release (id),
    environment_id TEXT NOT NULL REFERENCES environment (id),
    approved_by TEXT NOT NULL REFERENCES user_account (id),
    approved_by_name TEXT NOT NULL,
    comment TEXT,
    approved_at BIGINT NOT NULL
);
CREATE INDEX approval_by_release ON approval (release_id, environment_id);

CREATE TABLE policy (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT NOT NULL,
    source TEXT NOT NULL,
    is_builtin BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (name, version)
);
CREATE TABLE assignment (
    id TEXT PRIMARY KEY,
    policy_id TEXT NOT NULL REFERENCES policy (id),
    parameters TEXT NOT NULL,
    action TEXT NOT NULL,
    -- everything, team, application or service
    scope_kind TEXT NOT NULL,
    scope_id TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
-- No row for an assignment means every environment.
CREATE TABLE assignment_environment (
    assignment_id TEXT NOT NULL REFERENCES assignment (id),
    environment_id TEXT NOT NULL REFERENCES environment (id),
    PRIMARY KEY (assignment_id, environment_id)
);

CREATE TABLE exception (
    id TEXT PRIMARY KEY,
    policy TEXT,
    rule TEXT,
    purl TEXT,
    artifact TEXT,
    team_id TEXT REFERENCES team (id),
    application_id TEXT REFERENCES application (id),
    service_id TEXT REFERENCES service (id),
    environment_id TEXT REFERENCES environment (id),
    environment_kind TEXT,
    exposure TEXT,
    reason TEXT NOT NULL,
    justification TEXT,
    ticket TEXT,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    requested_by TEXT NOT NULL REFERENCES user_account (id),
    requested_at BIGINT NOT NULL,
    decided_by TEXT REFERENCES user_account (id),
    decided_at BIGINT,
    is_approved BIGINT,
    revoked_by TEXT REFERENCES user_account (id),
    revoked_at BIGINT,
    CHECK (valid_from < valid_until),
    CHECK (decided_by IS NULL OR decided_by <> requested_by),
    CHECK (policy IS NOT NULL OR rule IS NOT NULL OR purl IS NOT NULL OR artifact IS NOT NULL)
);

CREATE TABLE known_exploited (
    vulnerability TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    date_added TEXT NOT NULL,
    due_date TEXT
);
CREATE TABLE known_exploited_catalog (
    id BIGINT PRIMARY KEY,
    version TEXT NOT NULL,
    released TEXT NOT NULL,
    entries BIGINT NOT NULL,
    imported_at BIGINT NOT NULL
);

-- What policies saw, by digest, compressed with zstd: a decision can be replayed from it.
CREATE TABLE facts (
    digest TEXT PRIMARY KEY,
    body BYTEA NOT NULL
);
CREATE TABLE decision (
    id TEXT PRIMARY KEY,
    release_id TEXT NOT NULL REFERENCES release (id),
    environment_id TEXT NOT NULL REFERENCES environment (id),
    verdict TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    valid_until BIGINT,
    asked_by TEXT NOT NULL,
    failed BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    excused BIGINT NOT NULL,
    headline TEXT NOT NULL,
    -- The decision exactly as it was given: these bytes are what replay must give again.
    record TEXT NOT NULL,
    record_digest TEXT NOT NULL,
    -- DSSE envelope with the signed summary.
    envelope TEXT NOT NULL,
    -- The sum of the subjects' versions and the generation of the rules that it was made from.
    subjects_version BIGINT NOT NULL,
    rules_generation BIGINT NOT NULL
);
CREATE INDEX decision_by_place ON decision (release_id, environment_id, decided_at);
CREATE INDEX decision_by_time ON decision (decided_at);
CREATE TABLE decision_policy (
    decision_id TEXT NOT NULL REFERENCES decision (id),
    policy TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (decision_id, policy)
);
CREATE TABLE decision_exception (
    decision_id TEXT NOT NULL REFERENCES decision (id),
    exception_id TEXT NOT NULL REFERENCES exception (id),
    PRIMARY KEY (decision_id, exception_id)
);
CREATE INDEX decision_exception_by_exception ON decision_exception (exception_id);

CREATE TABLE audit (
    sequence BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    summary TEXT NOT NULL,
    details TEXT NOT NULL,
    request_id TEXT
);
CREATE INDEX audit_by_object ON audit (object_kind, object_id);
-- One row: the last sequence. Its lock orders the entries of concurrent transactions without gaps.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY,
    sequence BIGINT NOT NULL
);
INSERT INTO audit_head (id, sequence) VALUES (1, 0);
