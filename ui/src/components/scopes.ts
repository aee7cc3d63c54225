// Where a role, a token or an assignment holds: everything, a team or an application.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { applicationsQuery, teamsQuery } from "../api/queries";
import type { Scope } from "../api/schema";

/** The scopes to choose from; the values are read back by `scopeOf`. */
export function useScopes(): { value: string; label: string }[] {
  const { data: teams } = useQuery(teamsQuery());
  const { data: applications } = useInfiniteQuery(applicationsQuery());
  return [
    { value: "everything", label: "Everything" },
    ...(teams?.items ?? []).map(({ id, name }) => ({ value: `team:${id}`, label: `Team ${name}` })),
    ...(applications?.pages ?? []).flatMap(({ items }) =>
      items.map(({ id, name }) => ({ value: `application:${id}`, label: `Application ${name}` })),
    ),
  ];
}

export function scopeOf(value: string): Scope {
  const [kind, id] = value.split(":");
  return kind === "team" || kind === "application" ? { kind, id } : { kind: "everything" };
}

export function valueOf({ kind, id }: Scope): string {
  return id ? `${kind}:${id}` : kind;
}

export function scopeName({ kind, name }: { kind: string; name?: string | null }): string {
  return name ? `${kind} ${name}` : kind;
}
