// Live updates: every change on the server arrives as an event, and what is on the screen is asked for again.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** How long changes are gathered before asking again, so that a burst of evidence is one refresh. */
const GATHER_MILLISECONDS = 400;

/** Listens while the page is open; answers whether the line is up. */
export function useLiveUpdates(): boolean {
  const queries = useQueryClient();
  const [isLive, setIsLive] = useState(false);
  useEffect(() => {
    let pending: ReturnType<typeof setTimeout> | undefined;
    let hasBeenOpen = false;
    const refreshNow = () => {
      pending = undefined;
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    };
    const refresh = () => {
      if (pending === undefined) pending = setTimeout(refreshNow, GATHER_MILLISECONDS);
    };
    const source = new EventSource("/api/v1/events");
    source.addEventListener("change", refresh);
    source.addEventListener("open", () => {
      setIsLive(true);
      // What changed while the line was down was not told.
      if (hasBeenOpen) refresh();
      hasBeenOpen = true;
    });
    source.addEventListener("error", () => setIsLive(false));
    return () => {
      clearTimeout(pending);
      source.close();
    };
  }, [queries]);
  return isLive;
}
