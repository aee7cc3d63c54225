// Stands where a vulnerability is asked about of which no data is loaded: that is not the same as not being there.
import { EmptyState } from "./EmptyState";
import { Prose } from "./Prose";
import { capitalised } from "./words";

/** `hint` is what the server says about what there is to look in. */
export function NothingKnown({ name, hint }: { name: string; hint?: string }) {
  return (
    <EmptyState title={`Nothing is known of ${name}`} command={`shipworthy advisories import ${name}.json`}>
      {hint && <Prose text={`${capitalised(hint)}.`} />}
    </EmptyState>
  );
}
