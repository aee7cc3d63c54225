// An answer that is not the one asked for, as an error that carries what the server said (RFC 9457).
import type { Problem } from "./schema";

export class ProblemError extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly hint?: string;

  constructor(problem: Partial<Problem> & { status: number }) {
    const title = problem.title ?? `the server answered ${problem.status}`;
    super(problem.detail ?? title);
    this.name = "ProblemError";
    this.status = problem.status;
    this.type = problem.type ?? "about:blank";
    this.title = title;
    this.hint = problem.hint ?? undefined;
  }
}

/** Whether the error is the server's answer with that status. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof ProblemError && error.status === status;
}
