// What the audit page asks: entries that fit a question, the groups, the state of the log and the place of an entry in it.
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import { pagedQuery } from "./pages";

export interface AuditQuestion {
  actor?: string;
  group?: string;
  action?: string;
  application?: string;
  environment?: string;
  object?: string;
  q?: string;
  from?: string;
  until?: string;
}

export const auditQuery = (question: AuditQuestion) =>
  pagedQuery(["audit", question], (cursor) =>
    answer(client.GET("/api/v1/audit", { params: { query: { ...question, cursor } } })),
  );

export const auditGroupsQuery = () =>
  queryOptions({
    queryKey: ["audit-groups"],
    queryFn: () => answer(client.GET("/api/v1/audit/groups")),
    staleTime: Infinity,
  });

/** The signed checkpoint, a note of lines: the log's name, its size, its root, and who signed it. */
export const checkpointQuery = () =>
  queryOptions({
    queryKey: ["audit", "checkpoint"],
    queryFn: () => answer(client.GET("/api/v1/audit/checkpoint", { parseAs: "text" })),
  });

export const auditKeysQuery = () =>
  queryOptions({ queryKey: ["audit", "keys"], queryFn: () => answer(client.GET("/api/v1/audit/keys")) });

export const inclusionQuery = (sequence: number) =>
  queryOptions({
    queryKey: ["audit", "inclusion", sequence],
    queryFn: () => answer(client.GET("/api/v1/audit/proofs/inclusion", { params: { query: { sequence } } })),
  });
