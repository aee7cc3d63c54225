// Every address of the UI in one place: the router, the links and the tests take them from here and nowhere else.

type Search = Record<string, string | undefined | null>;

export const paths = {
  overview: () => "/",
  signIn: (search: Search = {}) => withSearch("/sign-in", search),
  setup: () => "/setup",
  applications: () => "/applications",
  application: (id: string) => `/applications/${encodeURIComponent(id)}`,
  releases: (search: Search = {}) => withSearch("/releases", search),
  release: (id: string, search: Search = {}) => withSearch(`/releases/${encodeURIComponent(id)}`, search),
  evidence: (id: string) => `/evidence/${encodeURIComponent(id)}`,
  vulnerabilities: (search: Search = {}) => withSearch("/vulnerabilities", search),
  vulnerability: (name: string) => `/vulnerabilities/${encodeURIComponent(name)}`,
  components: (search: Search = {}) => withSearch("/components", search),
  component: (id: number) => `/components/${id}`,
  decisions: (search: Search = {}) => withSearch("/decisions", search),
  decision: (id: string) => `/decisions/${encodeURIComponent(id)}`,
  policies: (search: Search = {}) => withSearch("/policies", search),
  policy: (name: string) => `/policies/${encodeURIComponent(name)}`,
  exceptions: (search: Search = {}) => withSearch("/exceptions", search),
  newException: (search: Search = {}) => withSearch("/exceptions/new", search),
  exception: (id: string) => `/exceptions/${encodeURIComponent(id)}`,
  environments: () => "/environments",
  trust: (search: Search = {}) => withSearch("/trust", search),
  people: (search: Search = {}) => withSearch("/people", search),
  audit: (search: Search = {}) => withSearch("/audit", search),
};

/** The page of the thing that an audit entry or a change is about, when that kind has a page. */
export function pathOfObject(kind: string, id: string, name?: string): string | undefined {
  switch (kind) {
    case "application":
      return paths.application(id);
    case "release":
      return paths.release(id);
    case "evidence":
      return paths.evidence(id);
    case "decision":
      return paths.decision(id);
    case "exception":
      return paths.exception(id);
    case "policy":
      return name ? paths.policy(name) : paths.policies();
    case "assignment":
      return paths.policies();
    case "environment":
      return paths.environments();
    case "trust-root":
      return paths.trust();
    case "signer":
    case "builder":
      return paths.trust({ tab: `${kind}s` });
    case "user":
    case "token":
      return paths.people({ tab: `${kind}s` });
    default:
      return undefined;
  }
}

/** A path with the search that has a value; an empty one leaves no trace in the address. */
export function withSearch(path: string, search: Search): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value) given.set(key, value);
  }
  const text = given.toString();
  return text === "" ? path : `${path}?${text}`;
}
