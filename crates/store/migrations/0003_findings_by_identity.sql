-- A page of findings is read along the first of these, and what else a problem is called by along the second.

DROP INDEX finding_by_severity;
CREATE INDEX finding_by_severity ON finding (document, severity DESC, identity, kind, status);
CREATE INDEX finding_by_identity ON finding (document, identity);
