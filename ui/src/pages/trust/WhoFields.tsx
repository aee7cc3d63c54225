// Asks who signs: a key among the trust roots, or an identity in certificates, by name and issuer.
import { NativeSelect, TextInput } from "@mantine/core";
import type { Pattern } from "../../api/schema";
import { matchedBy, type Who } from "./drafts";
import styles from "./TrustPage.module.css";

interface WhoFieldsProps {
  who: Who;
  keys: { value: string; label: string }[];
  onChange: (who: Who) => void;
}

export function WhoFields({ who, keys, onChange }: WhoFieldsProps) {
  const { identity } = who;
  return (
    <>
      <NativeSelect
        label="Who signs"
        data={[{ value: "key", label: "The holder of a key" }, { value: "identity", label: "An identity in a certificate of Sigstore" }]}
        value={who.kind}
        onChange={({ currentTarget }) => onChange({ ...who, kind: currentTarget.value === "key" ? "key" : "identity" })}
      />
      {who.kind === "key" ? (
        <NativeSelect
          label="Key"
          description={keys.length === 0 ? "There is no key among the trust roots: add one there first." : undefined}
          required
          data={[{ value: "", label: "Choose a key" }, ...keys]}
          value={who.key}
          onChange={({ currentTarget }) => onChange({ ...who, key: currentTarget.value })}
        />
      ) : (
        <>
          <PatternField label="Name" example="https://github.com/example/shop/.github/workflows/release.yml@refs/heads/main" pattern={identity.name} onChange={(name) => onChange({ ...who, identity: { ...identity, name } })} />
          <PatternField label="Issuer" example="https://token.actions.githubusercontent.com" pattern={identity.issuer} onChange={(issuer) => onChange({ ...who, identity: { ...identity, issuer } })} />
        </>
      )}
    </>
  );
}

interface PatternFieldProps {
  label: string;
  example: string;
  pattern: Pattern;
  onChange: (pattern: Pattern) => void;
}

/** Asks for a text that is exact, a pattern, or whatever it is. */
export function PatternField({ label, example, pattern, onChange }: PatternFieldProps) {
  return (
    <div className={styles.pattern}>
      <NativeSelect
        label={`${label} is`}
        data={[{ value: "exact", label: "exactly" }, { value: "pattern", label: "like, with *" }, { value: "any", label: "anything" }]}
        value={pattern.match}
        onChange={({ currentTarget }) => onChange(matchedBy(pattern, currentTarget.value))}
      />
      {pattern.match !== "any" && (
        <TextInput label={label} placeholder={example} required value={pattern.value ?? ""} onChange={({ currentTarget }) => onChange({ ...pattern, value: currentTarget.value })} />
      )}
    </div>
  );
}
