// The questions the pages ask, in one list. The first word of each key is the resource.
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import { pagedQuery } from "./pages";

export const overviewQuery = (days: number) =>
  queryOptions({
    queryKey: ["overview", days],
    queryFn: () => answer(client.GET("/api/v1/overview", { params: { query: { days } } })),
  });

export const applicationsQuery = () =>
  pagedQuery(["applications"], (cursor) =>
    answer(client.GET("/api/v1/applications", { params: { query: { cursor, limit: 100 } } })),
  );

export const applicationQuery = (id: string) =>
  queryOptions({
    queryKey: ["applications", id],
    queryFn: () => answer(client.GET("/api/v1/applications/{id}", { params: { path: { id } } })),
  });

export const environmentsQuery = () =>
  queryOptions({
    queryKey: ["environments"],
    queryFn: () => answer(client.GET("/api/v1/environments")),
  });

export const teamsQuery = () =>
  queryOptions({
    queryKey: ["teams"],
    queryFn: () => answer(client.GET("/api/v1/teams", { params: { query: { limit: 500 } } })),
  });

export interface ReleaseFilter {
  application?: string;
  service?: string;
  commit?: string;
  artifact?: string;
  q?: string;
}

export const releasesQuery = (filter: ReleaseFilter) =>
  pagedQuery(["releases", filter], (cursor) =>
    answer(client.GET("/api/v1/releases", { params: { query: { ...filter, cursor } } })),
  );

export const releaseQuery = (id: string) =>
  queryOptions({
    queryKey: ["releases", id],
    queryFn: () => answer(client.GET("/api/v1/releases/{id}", { params: { path: { id } } })),
  });

export const dbomQuery = (id: string) =>
  queryOptions({
    queryKey: ["releases", id, "dbom"],
    queryFn: () => answer(client.GET("/api/v1/releases/{id}/dbom", { params: { path: { id } } })),
  });

export interface FindingFilter {
  kind?: string;
  severity?: string;
  q?: string;
}

export const findingsQuery = (id: string, filter: FindingFilter) =>
  pagedQuery(["releases", id, "findings", filter], (cursor) =>
    answer(
      client.GET("/api/v1/releases/{id}/findings", {
        params: { path: { id }, query: { ...filter, cursor, limit: 100 } },
      }),
    ),
  );

export interface ComponentFilter {
  q?: string;
  license?: string;
}

export const componentsQuery = (id: string, filter: ComponentFilter) =>
  pagedQuery(["releases", id, "components", filter], (cursor) =>
    answer(
      client.GET("/api/v1/releases/{id}/components", {
        params: { path: { id }, query: { ...filter, cursor, limit: 100 } },
      }),
    ),
  );

export const approvalsQuery = (id: string) =>
  queryOptions({
    queryKey: ["releases", id, "approvals"],
    queryFn: () => answer(client.GET("/api/v1/releases/{id}/approvals", { params: { path: { id } } })),
  });

export const deploymentsQuery = (filter: { release?: string; application?: string; environment?: string }) =>
  pagedQuery(["deployments", filter], (cursor) =>
    answer(client.GET("/api/v1/deployments", { params: { query: { ...filter, cursor } } })),
  );

export const evidenceListQuery = (filter: { release?: string; phase?: string }) =>
  pagedQuery(["evidence", filter], (cursor) =>
    answer(client.GET("/api/v1/evidence", { params: { query: { ...filter, cursor, limit: 100 } } })),
  );

export const evidenceQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id],
    queryFn: () => answer(client.GET("/api/v1/evidence/{id}", { params: { path: { id } } })),
  });

/** The bytes as received, as text. A document never changes, so it is fetched once. */
export const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id, "document"],
    staleTime: Infinity,
    queryFn: () =>
      answer<string>(
        client.GET("/api/v1/evidence/{id}/document", { params: { path: { id } }, parseAs: "text" }) as Promise<{
          data?: string;
          error?: unknown;
          response: Response;
        }>,
      ),
  });

export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id, "report"],
    queryFn: () => answer(client.GET("/api/v1/evidence/{id}/report", { params: { path: { id } } })),
  });

export interface DecisionFilter {
  release?: string;
  environment?: string;
  application?: string;
  verdict?: string;
}

export const decisionsQuery = (filter: DecisionFilter) =>
  pagedQuery(["decisions", filter], (cursor) =>
    answer(client.GET("/api/v1/decisions", { params: { query: { ...filter, cursor } } })),
  );

export const decisionQuery = (id: string) =>
  queryOptions({
    queryKey: ["decisions", id],
    queryFn: () => answer(client.GET("/api/v1/decisions/{id}", { params: { path: { id } } })),
  });

export const policiesQuery = () =>
  queryOptions({
    queryKey: ["policies"],
    queryFn: () => answer(client.GET("/api/v1/policies")),
  });

export const policyQuery = (name: string) =>
  queryOptions({
    queryKey: ["policies", name],
    queryFn: () => answer(client.GET("/api/v1/policies/{name}", { params: { path: { name } } })),
  });

export interface ExceptionFilter {
  state?: string;
  policy?: string;
  rule?: string;
}

export const exceptionsQuery = (filter: ExceptionFilter) =>
  pagedQuery(["exceptions", filter], (cursor) =>
    answer(client.GET("/api/v1/exceptions", { params: { query: { ...filter, cursor } } })),
  );

export const exceptionQuery = (id: string) =>
  queryOptions({
    queryKey: ["exceptions", id],
    queryFn: () => answer(client.GET("/api/v1/exceptions/{id}", { params: { path: { id } } })),
  });

export const usersQuery = () =>
  queryOptions({
    queryKey: ["users"],
    queryFn: () => answer(client.GET("/api/v1/users")),
  });

export const tokensQuery = () =>
  queryOptions({
    queryKey: ["tokens"],
    queryFn: () => answer(client.GET("/api/v1/tokens")),
  });
