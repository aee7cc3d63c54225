// Interim: replaced by the file that `npm run generate` writes from openapi.json.
type Severity = string;
type Phase = string;
type Verdict = string;
type Outcome = string;
type FindingKind = string;
type Permission = string;
type Role = string;
export interface Scope { kind: string; id?: null | string }
export interface Named { id: string; name: string }
export interface SeverityCounts { critical:number; high:number; medium:number; low:number; info:number; unknown:number }
export interface RoleGrant { role: Role; scope: Scope }
export interface Session { user: Named; token?: null | Named; grants: RoleGrant[]; permissions: Permission[]; csrf_token?: null | string; version: string }
export interface User { id:string; name:string; is_active:boolean; grants:RoleGrant[]; created_at:string; actions:string[] }
export interface Token { id:string; name:string; prefix:string; permissions:Permission[]; scope:Scope; owner:Named; created_at:string; expires_at:string; last_used_at?: null | string; revoked_at?: null | string; actions:string[] }
export interface CreatedToken { token: Token; secret: string }
export interface Team { id:string; name:string; applications:number; created_at:string }
export interface Overview { counts: { applications:number; services:number; releases:number; running:number; open_exceptions:number; evidence:number }; applications: ApplicationRisk[]; stopped: DecisionSummary[]; changes: Change[]; verdicts: { day:string; allow:number; warn:number; deny:number }[] }
type RiskLevel = string;
export interface PhaseRisk { phase:Phase; level:RiskLevel; reason:string }
export interface ApplicationRisk { application:Named; team:Named; services:number; level:RiskLevel; phases:PhaseRisk[]; running:number; stopped:number }
export interface Change { at:string; actor:string; action:string; object_kind:string; object_id:string; object_name:string; summary:string }
export interface Application { id:string; name:string; team:Named; services:number; created_at:string; actions:string[] }
export interface ApplicationDetail { id:string; name:string; team:Named; created_at:string; phases:PhaseRisk[]; level:RiskLevel; environments: Environment[]; services: { id:string; name:string; latest_release?: null | {id:string;version:string;created_at:string}; places: { environment_id:string; deployment?: null | DeploymentSummary; decision?: null | DecisionSummary }[] }[]; actions:string[] }
export interface Environment { id:string; name:string; kind: string; exposure: string; gate_mode: string; unknowns: string; created_at:string; actions:string[] }
export interface Release { id:string; application:Named; service:Named; team:Named; version:string; repository?: null | string; branch?: null | string; commit?: null | string; build?: null | string; artifacts:{digest:string;name?: null | string;kind:string}[]; created_by:string; created_at:string; actions:string[] }
export interface Dbom { schema:1; release: {id:string;application:string;service:string;team:string;version:string;created_at:string;created_by:string;repository?: null | string;branch?: null | string;commit?: null | string;build?: null | string;artifacts:{digest:string;name?: null | string;kind:string}[]}; phases: DbomPhase[]; digests: { built:string[]; released:string[]; running:{environment:string;digests:string[]}[]; agree: boolean|null }; digest: string }
export interface DbomPhase { phase:Phase; evidence: DbomEvidence[]; facts: DbomFact[]; missing: string[]; latest_at?: null | string }
export interface DbomEvidence { id:string; document:string; format:string; tool?: null | string; submitted_at:string; submitted_by:string; subjects:string[]; verification:string; summary:string }
export interface DbomFact { name:string; title:string; value:string; level: string; evidence:string[] }
export interface FindingView { id:string; kind:FindingKind; rule:string; aliases:string[]; title:string; description?: null | string; severity:Severity; severity_word?: null | string; cvss_score?: null | number; component?: null | {purl?:string;name:string;version?:string}; location?: null | {path:string;line?:number}; fixed_versions:string[]; remediation?: null | string; references:string[]; status:string; known_exploited?: null | boolean; format:string; evidence_id:string; excused_by?: null | {exception:string;until:string} }
export interface ComponentView { name:string; version?: null | string; purl?: null | string; kind:string; license?: null | string; supplier?: null | string; vulnerabilities:SeverityCounts; evidence_id:string }
export interface Approval { id:string; environment:Named; approved_by:Named; comment?: null | string; approved_at:string }
export interface Receipt { evidence_id:string; document:string; size_bytes:number; format:string; title:string; phase:Phase; tool?: null | string; subjects:string[]; summary:string; counts: Record<string,number>; warnings:{at:string;message:string}[]; is_new:boolean; link:string; releases:{id:string;version:string;service:string}[] }
export interface Evidence { id:string; document:string; size_bytes:number; format:string; title:string; phase:Phase; tool?: null | string; submitted_by:string; submitted_at:string; subjects:string[]; verification: string; summary:string; counts:Record<string,number>; warnings:number; releases:{id:string;version:string;service:string}[] }
export interface Deployment { id:string; release:Named; service:Named; application:Named; environment:Named; state: string; running:string[]; is_right_image: boolean|null; tool?: null | string; started_by:string; started_at:string; changed_at:string; actions:string[] }
export interface DeploymentSummary { id:string; release:Named; state:string; started_at:string; changed_at:string; is_right_image:boolean|null }
export interface DecisionSummary { id:string; release:Named; service:Named; application:Named; environment:Named; verdict:Verdict; decided_at:string; asked_by:string; failed:number; unknown:number; excused:number; is_current:boolean; headline:string }
export interface DecisionView extends DecisionSummary { valid_until?: null | string; gate_mode:string; unknowns:string; facts:string; evidence:{id:string,document:string,format:string}[]; policies: PolicyResult[]; exceptions: ExceptionView[]; excused_findings:{rule:string,component?: null | string,severity:Severity,exception:string}[]; link:string; digest:string }
export interface PolicyResult { name:string; title:string; phase:Phase; severity:Severity; remediation:string; digest:string; action: string; parameters:unknown; outcome:Outcome; reasons:string[]; violations:{message:string,finding?: null | string,component?: null | string,remediation?: null | string,excused_by:{exception:string,until:string}[]}[] }
export interface Policy { id:string; name:string; title:string; description:string; phase:Phase; severity:Severity; remediation:string; controls:{framework:string,control:string}[]; requires:string[]; version:number; digest:string; is_builtin:boolean; assignments:number; failing:number; created_at:string; actions:string[] }
export interface PolicyDetail extends Policy { source:string; parameters:unknown; assigned: Assignment[] }
export interface Assignment { id:string; policy:Named; version:number; parameters:unknown; action: string; scope:{kind:string;id?: null | string;name?: null | string}; environments:Named[]; created_by:string; created_at:string; actions:string[] }
export interface ExceptionView { id:string; state: string; is_active:boolean; matchers:{policy?: null | string;rule?: null | string;purl?: null | string;artifact?: null | string}; scope:{team?: null | Named;application?: null | Named;service?: null | Named;environment?: null | Named;environment_kind?: null | string;exposure?: null | string}; reason:string; justification?: null | string; ticket?: null | string; from:string; until:string; requested_by:Named; requested_at:string; decided_by?: null | Named; decided_at?: null | string; revoked_by?: null | Named; revoked_at?: null | string; used:number; actions:string[] }
export interface AuditEntry { sequence:number; at:string; actor:{kind:'user'|'token'|'system'|'anonymous', id?: null | string, name:string}; action:string; object_kind:string; object_id:string; summary:string; details:unknown; request_id?: null | string }
export interface Advisories { known_exploited?: null | { version:string; released:string; count:number; imported_at:string } }
export interface Format { name:string; title:string; homepage:string; phase:Phase; tool?: null | string; reads:string }
export interface Problem { type:string; title:string; status:number; detail:string; hint?: null | string; at?: null | string }

type Operation<P, Q, B, S extends number, R> = { parameters: { query?: Q; header?: never; path: P; cookie?: never }; requestBody: B; responses: Record<S, { headers: Record<string, unknown>; content: { "application/json": R } }> & { default: { headers: Record<string, unknown>; content: { "application/problem+json": Problem } } } };
type Bodiless<P, Q, S extends number, R> = Omit<Operation<P, Q, never, S, R>, "requestBody"> & { requestBody?: never };
export interface paths {
  "/api/v1/setup": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, never, 200, { is_open: boolean }>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { token: string; name: string; password: string } } }, 201, Session>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/session": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, never, 200, Session>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { name: string; password: string } } }, 200, Session>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
    delete: Omit<Bodiless<never, never, 204, never>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/users": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string;  }, 200, { items: User[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string;  }; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { name: string; password: string; grants: RoleGrant[] } } }, 201, User>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/users/{id}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    patch: Operation<{ id: string }, never, { content: { "application/json": { password?: string; grants?: RoleGrant[]; is_active?: boolean } } }, 200, User>;
  };
  "/api/v1/tokens": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string;  }, 200, { items: Token[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string;  }; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { name: string; permissions: Permission[]; scope: Scope; expires_at: string } } }, 201, CreatedToken>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/tokens/{id}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    delete: Bodiless<{ id: string }, never, 204, never>;
  };
  "/api/v1/teams": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string;  }, 200, { items: Team[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string;  }; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { name: string } } }, 201, Team>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/overview": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { days?: number }, 200, Overview>, "parameters"> & { parameters: { query?: { days?: number }; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/applications": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string;  }, 200, { items: Application[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string;  }; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { name: string; team?: string } } }, 201, Application>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/applications/{id}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, never, 200, ApplicationDetail>;
  };
  "/api/v1/environments": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string;  }, 200, { items: Environment[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string;  }; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { name: string; kind: string; exposure: string; gate_mode: string; unknowns: string } } }, 201, Environment>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/environments/{id}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    patch: Operation<{ id: string }, never, { content: { "application/json": { kind?: string; exposure?: string; gate_mode?: string; unknowns?: string } } }, 200, Environment>;
  };
  "/api/v1/releases": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string; application?: string; service?: string; commit?: string; artifact?: string; q?: string }, 200, { items: Release[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string; application?: string; service?: string; commit?: string; artifact?: string; q?: string }; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/releases/{id}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, never, 200, Release>;
  };
  "/api/v1/releases/{id}/dbom": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, { format?: string }, 200, Dbom>;
  };
  "/api/v1/releases/{id}/findings": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, { limit?: number; cursor?: string; kind?: FindingKind; severity?: Severity; q?: string }, 200, { items: FindingView[]; next_cursor?: null | string; counts: SeverityCounts }>;
  };
  "/api/v1/releases/{id}/components": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, { limit?: number; cursor?: string; q?: string; license?: string }, 200, { items: ComponentView[]; next_cursor?: null | string; total: number }>;
  };
  "/api/v1/releases/{id}/approvals": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, { limit?: number; cursor?: string;  }, 200, { items: Approval[]; next_cursor?: null | string }>;
    post: Operation<{ id: string }, never, { content: { "application/json": { environment: string; comment?: string } } }, 201, Approval>;
  };
  "/api/v1/evidence": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string; release?: string; subject?: string; format?: string; phase?: Phase }, 200, { items: Evidence[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string; release?: string; subject?: string; format?: string; phase?: Phase }; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/evidence/{id}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, never, 200, Evidence>;
  };
  "/api/v1/evidence/{id}/document": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, never, 200, string>;
  };
  "/api/v1/evidence/{id}/report": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, never, 200, unknown>;
  };
  "/api/v1/deployments": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string; release?: string; environment?: string; application?: string }, 200, { items: Deployment[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string; release?: string; environment?: string; application?: string }; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { release: string; environment: string; tool?: string } } }, 201, Deployment>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/deployments/{id}/finish": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    post: Operation<{ id: string }, never, { content: { "application/json": { running: string[] } } }, 200, Deployment>;
  };
  "/api/v1/deployments/{id}/fail": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    post: Operation<{ id: string }, never, { content: { "application/json": { reason?: string } } }, 200, Deployment>;
  };
  "/api/v1/deployments/{id}/rollback": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    post: Bodiless<{ id: string }, never, 200, Deployment>;
  };
  "/api/v1/gates/evaluate": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    post: Omit<Operation<never, never, { content: { "application/json": { release: string; environment: string } } }, 201, DecisionView>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/decisions": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string; release?: string; environment?: string; application?: string; verdict?: Verdict }, 200, { items: DecisionSummary[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string; release?: string; environment?: string; application?: string; verdict?: Verdict }; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/decisions/{id}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, never, 200, DecisionView>;
  };
  "/api/v1/policies": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string;  }, 200, { items: Policy[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string;  }; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { source: string } } }, 201, PolicyDetail>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/policies/{name}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ name: string }, never, 200, PolicyDetail>;
  };
  "/api/v1/assignments": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string;  }, 200, { items: Assignment[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string;  }; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { policy: string; parameters?: unknown; action: string; scope: Scope; environments?: string[] } } }, 201, Assignment>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/assignments/{id}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    delete: Bodiless<{ id: string }, never, 204, never>;
  };
  "/api/v1/exceptions": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string; state?: string; policy?: string; rule?: string }, 200, { items: ExceptionView[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string; state?: string; policy?: string; rule?: string }; header?: never; path?: never; cookie?: never } };
    post: Omit<Operation<never, never, { content: { "application/json": { matchers: { policy?: string; rule?: string; purl?: string; artifact?: string }; scope: { team?: string; application?: string; service?: string; environment?: string; environment_kind?: string; exposure?: string }; reason: string; justification?: string; ticket?: string; from?: string; until: string } } }, 201, ExceptionView>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/exceptions/{id}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Bodiless<{ id: string }, never, 200, ExceptionView>;
  };
  "/api/v1/exceptions/{id}/approve": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    post: Operation<{ id: string }, never, { content: { "application/json": { comment?: string } } }, 200, ExceptionView>;
  };
  "/api/v1/exceptions/{id}/reject": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    post: Operation<{ id: string }, never, { content: { "application/json": { comment?: string } } }, 200, ExceptionView>;
  };
  "/api/v1/exceptions/{id}/revoke": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    post: Bodiless<{ id: string }, never, 200, ExceptionView>;
  };
  "/api/v1/audit": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, { limit?: number; cursor?: string; actor?: string; action?: string; object?: string; from?: string; until?: string }, 200, { items: AuditEntry[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: { limit?: number; cursor?: string; actor?: string; action?: string; object?: string; from?: string; until?: string }; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/advisories": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, never, 200, Advisories>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
  "/api/v1/formats": { parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: Omit<Bodiless<never, never, 200, { items: Format[]; next_cursor?: null | string }>, "parameters"> & { parameters: { query?: never; header?: never; path?: never; cookie?: never } };
  };
}
