// Every page and its address, in one list. Pages are loaded when they are first visited; their state is in the URL.
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { sessionQuery } from "./api/session";
import { ErrorPage } from "./components/ErrorPage";
import { NotFound } from "./components/NotFound";
import { PageSkeleton } from "./components/PageSkeleton";
import { Shell } from "./components/Shell";
import { paths } from "./paths";

export type UrlState = Record<string, string | undefined>;

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const signedIn = createRoute({
  id: "signed-in",
  getParentRoute: () => root,
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session) return;
    const next = location.href === paths.overview() ? undefined : location.href;
    throw redirect({ href: paths.signIn({ next }), replace: true });
  },
});

function page<const P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) {
  return createRoute({ path, component, getParentRoute: () => signedIn, validateSearch: urlState });
}

function openPage<const P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) {
  return createRoute({ path, component, getParentRoute: () => root, validateSearch: urlState });
}

const pages = [
  page("/", lazyRouteComponent(() => import("./pages/overview/OverviewPage"), "OverviewPage")),
  page("/applications", lazyRouteComponent(() => import("./pages/applications/ApplicationsPage"), "ApplicationsPage")),
  page("/applications/$id", lazyRouteComponent(() => import("./pages/applications/ApplicationPage"), "ApplicationPage")),
  page("/releases", lazyRouteComponent(() => import("./pages/releases/ReleasesPage"), "ReleasesPage")),
  page("/releases/$id", lazyRouteComponent(() => import("./pages/releases/ReleasePage"), "ReleasePage")),
  page("/evidence/$id", lazyRouteComponent(() => import("./pages/evidence/EvidencePage"), "EvidencePage")),
  page("/vulnerabilities", lazyRouteComponent(() => import("./pages/vulnerabilities/VulnerabilitiesPage"), "VulnerabilitiesPage")),
  page("/vulnerabilities/$name", lazyRouteComponent(() => import("./pages/vulnerabilities/VulnerabilityPage"), "VulnerabilityPage")),
  page("/components", lazyRouteComponent(() => import("./pages/components/ComponentsPage"), "ComponentsPage")),
  page("/components/$id", lazyRouteComponent(() => import("./pages/components/ComponentPage"), "ComponentPage")),
  page("/decisions", lazyRouteComponent(() => import("./pages/decisions/DecisionsPage"), "DecisionsPage")),
  page("/decisions/$id", lazyRouteComponent(() => import("./pages/decisions/DecisionPage"), "DecisionPage")),
  page("/policies", lazyRouteComponent(() => import("./pages/policies/PoliciesPage"), "PoliciesPage")),
  page("/policies/$name", lazyRouteComponent(() => import("./pages/policies/PolicyPage"), "PolicyPage")),
  page("/exceptions", lazyRouteComponent(() => import("./pages/exceptions/ExceptionsPage"), "ExceptionsPage")),
  page("/exceptions/new", lazyRouteComponent(() => import("./pages/exceptions/NewExceptionPage"), "NewExceptionPage")),
  page("/exceptions/$id", lazyRouteComponent(() => import("./pages/exceptions/ExceptionPage"), "ExceptionPage")),
  page("/environments", lazyRouteComponent(() => import("./pages/environments/EnvironmentsPage"), "EnvironmentsPage")),
  page("/trust", lazyRouteComponent(() => import("./pages/trust/TrustPage"), "TrustPage")),
  page("/people", lazyRouteComponent(() => import("./pages/people/PeoplePage"), "PeoplePage")),
  page("$", lazyRouteComponent(() => Promise.resolve({ NotFound }), "NotFound")),
  page("/audit", lazyRouteComponent(() => import("./pages/audit/AuditPage"), "AuditPage")),
];

const openPages = [
  openPage("/sign-in", lazyRouteComponent(() => import("./pages/session/SignInPage"), "SignInPage")),
  openPage("/setup", lazyRouteComponent(() => import("./pages/setup/SetupPage"), "SetupPage")),
];

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([signedIn.addChildren(pages), ...openPages]),
    context: { queries },
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFound,
    defaultPendingComponent: PageSkeleton,
    defaultPendingMs: 200,
    scrollRestoration: true,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(urlState(search) as Record<string, string>).toString();
      return text === "" ? "" : `?${text}`;
    },
  });
}

/** The state of a page in its address: words only, and none that is empty. */
function urlState(search: Record<string, unknown>): UrlState {
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== ""),
  );
}
