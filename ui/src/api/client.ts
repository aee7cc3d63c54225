// The one client of the public API. The session is a cookie that scripts cannot read; the CSRF token that unsafe
// requests must carry is kept in memory only.
import createClient from "openapi-fetch";
import { ProblemError } from "./problem";
import type { paths, Problem } from "./schema";

export const client = createClient<paths, "application/json">({ credentials: "same-origin" });

let csrfToken: string | undefined;

/** Keeps the token of the session for the requests that change something. */
export function keepCsrfToken(token: string | null | undefined): void {
  csrfToken = token ?? undefined;
}

client.use({
  onRequest({ request }) {
    const isSafe = request.method === "GET" || request.method === "HEAD";
    if (!isSafe && csrfToken) request.headers.set("X-Shipworthy-CSRF", csrfToken);
    return request;
  },
});

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What the server answered, or the problem it named as an error. */
export async function answer<T>(reply: Promise<Reply<T>>): Promise<T> {
  const { data, error, response } = await reply;
  if (response.ok) return data as T;
  throw new ProblemError({ ...(isProblem(error) ? error : {}), status: response.status });
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "title" in value;
}
