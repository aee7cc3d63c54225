-- What an entry of the audit log concerns besides its object: the applications and environments, and of a decision that a
-- policy was violated. It is an index for searching and no part of the leaf: `audit verify` needs none of it.
CREATE TABLE audit_concern (
    -- `application`, `environment` or `outcome`, whose id is `violation`.
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (kind, id, sequence)
);
CREATE INDEX audit_by_action ON audit (action, sequence);

-- Questions to the log that a person keeps under a name.
CREATE TABLE audit_filter (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES user_account (id),
    name TEXT NOT NULL,
    -- The question as JSON.
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, name)
);

-- Entries of before are filed as they would be now.
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', x.id, a.sequence FROM audit a JOIN application x ON x.id = a.object_id
    WHERE a.object_kind = 'application'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', x.application_id, a.sequence FROM audit a JOIN service x ON x.id = a.object_id
    WHERE a.object_kind = 'service'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', s.application_id, a.sequence FROM audit a JOIN release x ON x.id = a.object_id
    JOIN service s ON s.id = x.service_id
    WHERE a.object_kind = 'release'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'environment', x.id, a.sequence FROM audit a JOIN environment x ON x.id = a.object_id
    WHERE a.object_kind = 'environment'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', s.application_id, a.sequence FROM audit a JOIN evidence_subject x ON x.evidence_id = a.object_id
    JOIN release_subject b ON b.subject = x.subject JOIN release r ON r.id = b.release_id JOIN service s ON s.id = r.service_id
    WHERE a.object_kind = 'evidence'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', x.scope_id, a.sequence FROM audit a JOIN evidence x ON x.id = a.object_id
    WHERE a.object_kind = 'evidence' AND x.scope_kind = 'application'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', s.application_id, a.sequence FROM audit a JOIN decision x ON x.id = a.object_id
    JOIN release r ON r.id = x.release_id JOIN service s ON s.id = r.service_id
    WHERE a.object_kind = 'decision'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'environment', x.environment_id, a.sequence FROM audit a JOIN decision x ON x.id = a.object_id
    WHERE a.object_kind = 'decision'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'outcome', 'violation', a.sequence FROM audit a JOIN decision x ON x.id = a.object_id
    WHERE a.object_kind = 'decision' AND x.failed > 0
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', s.application_id, a.sequence FROM audit a JOIN deployment x ON x.id = a.object_id
    JOIN release r ON r.id = x.release_id JOIN service s ON s.id = r.service_id
    WHERE a.object_kind = 'deployment'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'environment', x.environment_id, a.sequence FROM audit a JOIN deployment x ON x.id = a.object_id
    WHERE a.object_kind = 'deployment'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', x.application_id, a.sequence FROM audit a JOIN exception x ON x.id = a.object_id
    WHERE a.object_kind = 'exception' AND x.application_id IS NOT NULL
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', s.application_id, a.sequence FROM audit a JOIN exception x ON x.id = a.object_id
    JOIN service s ON s.id = x.service_id
    WHERE a.object_kind = 'exception'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', p.id, a.sequence FROM audit a JOIN exception x ON x.id = a.object_id
    JOIN application p ON p.team_id = x.team_id
    WHERE a.object_kind = 'exception'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'environment', x.environment_id, a.sequence FROM audit a JOIN exception x ON x.id = a.object_id
    WHERE a.object_kind = 'exception' AND x.environment_id IS NOT NULL
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', x.scope_id, a.sequence FROM audit a JOIN assignment x ON x.id = a.object_id
    WHERE a.object_kind = 'assignment' AND x.scope_kind = 'application'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', s.application_id, a.sequence FROM audit a JOIN assignment x ON x.id = a.object_id
    JOIN service s ON s.id = x.scope_id
    WHERE a.object_kind = 'assignment'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', p.id, a.sequence FROM audit a JOIN assignment x ON x.id = a.object_id
    JOIN application p ON p.team_id = x.scope_id
    WHERE a.object_kind = 'assignment'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'environment', x.environment_id, a.sequence FROM audit a JOIN assignment_environment x ON x.assignment_id = a.object_id
    WHERE a.object_kind = 'assignment'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', x.scope_id, a.sequence FROM audit a JOIN token x ON x.id = a.object_id
    WHERE a.object_kind = 'token' AND x.scope_kind = 'application'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', p.id, a.sequence FROM audit a JOIN token x ON x.id = a.object_id
    JOIN application p ON p.team_id = x.scope_id
    WHERE a.object_kind = 'token'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', x.scope_id, a.sequence FROM audit a JOIN user_grant x ON x.user_id = a.object_id
    WHERE a.object_kind = 'user' AND x.scope_kind = 'application'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', p.id, a.sequence FROM audit a JOIN user_grant x ON x.user_id = a.object_id
    JOIN application p ON p.team_id = x.scope_id
    WHERE a.object_kind = 'user'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', x.scope_id, a.sequence FROM audit a JOIN signer x ON x.id = a.object_id
    WHERE a.object_kind = 'signer' AND x.scope_kind = 'application'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
INSERT INTO audit_concern (kind, id, sequence)
    SELECT DISTINCT 'application', p.id, a.sequence FROM audit a JOIN signer x ON x.id = a.object_id
    JOIN application p ON p.team_id = x.scope_id
    WHERE a.object_kind = 'signer'
    ON CONFLICT (kind, id, sequence) DO NOTHING;
