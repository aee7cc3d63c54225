// The questions about what a release is made of: its dependencies, and how it differs from another release.
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";

export interface DependencyQuestion {
  /** A reference or package URL: only the ways by which it gets in. */
  component?: string;
}

/** So many components at most: the nearest to the release. */
export const DEPENDENCY_LIMIT = 5000;

export const dependenciesQuery = (id: string, { component }: DependencyQuestion) =>
  queryOptions({
    queryKey: ["releases", id, "dependencies", component],
    queryFn: () =>
      answer(
        client.GET("/api/v1/releases/{id}/dependencies", {
          params: { path: { id }, query: { component, limit: DEPENDENCY_LIMIT } },
        }),
      ),
  });

/** So many items of each list are shown. */
export const COMPARED_LIMIT = 500;

export const comparisonQuery = (id: string, other?: string) =>
  queryOptions({
    queryKey: ["releases", id, "comparison", other],
    queryFn: () =>
      answer(
        client.GET("/api/v1/releases/{id}/comparison", {
          params: { path: { id }, query: { with: other, limit: COMPARED_LIMIT } },
        }),
      ),
  });
