// Lists page by cursor. One definition of "the next page" for all of them.
import { infiniteQueryOptions, keepPreviousData, type QueryKey } from "@tanstack/react-query";

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** A list that grows page by page; while its filter changes the former answer stays on the screen. */
export function pagedQuery<P extends Page<unknown>>(queryKey: QueryKey, fetchPage: (cursor?: string) => Promise<P>) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: P) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}
