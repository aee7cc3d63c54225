// A yes to filter by, which leaves no trace in the address when it is off.
import { Checkbox } from "./Checkbox";

interface ToggleProps {
  label: string;
  value?: string;
  onChange: (value?: string) => void;
}

export function Toggle({ label, value, onChange }: ToggleProps) {
  return (
    <Checkbox size="xs" mr="xs" label={label} checked={value === "true"} onChange={({ currentTarget }) => onChange(currentTarget.checked ? "true" : undefined)} />
  );
}

/** The filter that a toggle means: only those, or all. */
export function isOn(value?: string): true | undefined {
  return value === "true" || undefined;
}
