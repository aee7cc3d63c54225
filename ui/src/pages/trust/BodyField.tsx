// A key or trusted root, pasted or taken from a file.
import { Button, FileButton, Textarea } from "@mantine/core";

interface BodyFieldProps {
  label: string;
  description: string;
  placeholder: string;
  value: string;
  onChange: (text: string) => void;
}

export function BodyField({ label, description, placeholder, value, onChange }: BodyFieldProps) {
  const read = (file: File | null) => void file?.text().then(onChange);
  return (
    <div className="tight">
      <Textarea w="100%" label={label} description={description} placeholder={placeholder} required rows={7} spellCheck={false} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
      <FileButton onChange={read} inputProps={{ "aria-label": "File" }}>
        {(button) => <Button {...button} size="compact-xs" variant="default">Choose a file</Button>}
      </FileButton>
    </div>
  );
}
