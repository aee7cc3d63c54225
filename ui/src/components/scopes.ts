// Where a role, a token or an assignment holds: everything, a team or an application.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { applicationsQuery, teamsQuery } from "../api/queries";
import type { Scope } from "../api/schema";

export type Scopes = { value: string; label: string }[];

/** The scopes to choose from; the values are read back by `scopeOf`. */
export function useScopes(): Scopes {
  const { data: teams } = useQuery(teamsQuery());
  const { data: applications } = useInfiniteQuery(applicationsQuery());
  return [
    { value: "everything", label: "everything" },
    ...(teams?.items ?? []).map(({ id, name }) => ({ value: `team:${id}`, label: `team ${name}` })),
    ...(applications?.pages ?? []).flatMap(({ items }) =>
      items.map(({ id, name }) => ({ value: `application:${id}`, label: `application ${name}` })),
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

/** A scope in words; the API names it by id only, so its name comes from the scopes to choose from. */
export function scopeName(scope: Scope, scopes: Scopes): string {
  const value = valueOf(scope);
  return scopes.find((each) => each.value === value)?.label ?? scope.kind;
}
