// A word to filter by, written into the address when the typing pauses.
import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

interface FilterInputProps {
  label: string;
  value?: string;
  onChange: (value?: string) => void;
}

export function FilterInput({ label, value = "", onChange }: FilterInputProps) {
  // What is being typed, until the field is left: then the address has the word.
  const [typed, setTyped] = useState<string>();
  const tell = useDebouncedCallback((word: string) => onChange(word.trim() || undefined), 300);
  return (
    <TextInput
      size="xs"
      type="search"
      aria-label={label}
      placeholder={label}
      value={typed ?? value}
      onBlur={() => {
        if (typed !== undefined) onChange(typed.trim() || undefined);
        setTyped(undefined);
      }}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        tell(currentTarget.value);
      }}
    />
  );
}
