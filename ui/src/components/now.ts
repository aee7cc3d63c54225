// The present moment for everything on the screen that says how long ago something was: one clock that ticks slowly.
import { useSyncExternalStore } from "react";

const TICK_MILLISECONDS = 30_000;

let now = new Date();

export function useNow(): Date {
  return useSyncExternalStore(subscribe, current);
}

function subscribe(changed: () => void): () => void {
  const timer = setInterval(() => {
    now = new Date();
    changed();
  }, TICK_MILLISECONDS);
  return () => clearInterval(timer);
}

function current(): Date {
  return now;
}
