// Who is signed in. A page never reasons about roles: it asks `permissions` here and `actions` on each resource.
import { queryOptions, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { answer, client, keepCsrfToken } from "./client";
import { hasStatus } from "./problem";
import type { Session } from "./schema";

/** The session, or null for someone who is not signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: Infinity,
  queryFn: async (): Promise<Session | null> => {
    try {
      return begin(await answer(client.GET("/api/v1/session")));
    } catch (error) {
      if (hasStatus(error, 401)) return null;
      throw error;
    }
  },
});

/** Whether the first user is still to be made. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: () => answer(client.GET("/api/v1/setup")),
});

export function usePermissions(): ReadonlySet<string> {
  const { data } = useSuspenseQuery(sessionQuery);
  return new Set(data?.permissions);
}

export async function signIn(queries: QueryClient, body: { name: string; password: string }): Promise<void> {
  const session = await answer(client.POST("/api/v1/session", { body }));
  queries.clear();
  queries.setQueryData(sessionQuery.queryKey, begin(session));
}

export async function setUp(
  queries: QueryClient,
  body: { token: string; name: string; password: string },
): Promise<void> {
  const session = await answer(client.POST("/api/v1/setup", { body }));
  queries.clear();
  queries.setQueryData(sessionQuery.queryKey, begin(session));
}

export async function signOut(queries: QueryClient): Promise<void> {
  await answer(client.DELETE("/api/v1/session"));
  queries.clear();
}

function begin(session: Session): Session {
  keepCsrfToken(session.csrf_token);
  return session;
}
