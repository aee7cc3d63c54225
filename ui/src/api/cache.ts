// The cache of the API's answers, and what happens when the server says that nobody is signed in any more.
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { hasStatus, ProblemError } from "./problem";
import { sessionQuery } from "./session";

/** `onSignedOut` runs when an answer shows that the session has ended; it should send the person to sign in. */
export function createQueries(onSignedOut: () => void): QueryClient {
  const noticeEnd = (error: unknown) => {
    const wasSignedIn = queries.getQueryData(sessionQuery.queryKey);
    if (!hasStatus(error, 401) || !wasSignedIn) return;
    queries.setQueryData(sessionQuery.queryKey, null);
    onSignedOut();
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: noticeEnd }),
    mutationCache: new MutationCache({ onError: noticeEnd }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the server has answered it would answer again; only a lost connection is worth another try.
        retry: (failures, error) => !(error instanceof ProblemError) && failures < 2,
      },
    },
  });
  return queries;
}
