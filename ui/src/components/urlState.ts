// The state of a page (tab, filter, search word) kept in its address, so that a link shows what its sender saw.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { UrlState } from "../router";

/** The state, and a function that changes some of it; an undefined word is removed. */
export function useUrlState(): [UrlState, (change: UrlState) => void] {
  const state = useSearch({ strict: false }) as UrlState;
  const navigate = useNavigate();
  const change = useCallback(
    (patch: UrlState) =>
      void navigate({ to: ".", search: ((before: UrlState) => ({ ...before, ...patch })) as never, replace: true }),
    [navigate],
  );
  return [state, change];
}
