// What a question to the API answered, once it has: the grey shape before, the error instead, the content after.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "./ErrorState";
import { PageSkeleton } from "./PageSkeleton";

type Question<T> = Pick<UseQueryResult<T>, "data" | "error" | "isPending" | "refetch">;

export function Loaded<T>({ query, children }: { query: Question<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isPending) return <PageSkeleton />;
  return <ErrorState error={query.error} retry={() => void query.refetch()} />;
}
