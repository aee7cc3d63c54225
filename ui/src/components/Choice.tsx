// One of few words to filter by, with "all" in front.
import { NativeSelect } from "@mantine/core";
import { capitalised } from "./words";

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly T[];
  value?: string;
  onChange: (value?: T) => void;
}

export function Choice<T extends string>({ label, options, value = "", onChange }: ChoiceProps<T>) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChange((currentTarget.value || undefined) as T | undefined)}
      data={[{ value: "", label: `${label}: all` }, ...options.map((option) => ({ value: option, label: capitalised(option.replaceAll("_", " ")) }))]}
    />
  );
}
