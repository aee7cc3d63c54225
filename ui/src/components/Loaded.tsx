// What a question to the API answered, once it has: the grey shape before, the error instead, the content after.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorPage } from "./ErrorPage";
import { ErrorState } from "./ErrorState";
import { PageSkeleton } from "./PageSkeleton";

type Question<T> = Pick<UseQueryResult<T>, "data" | "error" | "isPending" | "refetch">;

export function Loaded<T>({ query, children }: { query: Question<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isPending) return <PageSkeleton />;
  return <ErrorState error={query.error} retry={() => void query.refetch()} />;
}

/** The same for a question without whose answer there is no page at all. */
export function LoadedPage<T>({ query, children }: { query: Question<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isPending) return <PageSkeleton />;
  return <ErrorPage error={query.error ?? new Error("no answer")} reset={() => void query.refetch()} />;
}
