// From when until when signatures count: how it is shown, and how it is asked for.
import { TextInput } from "@mantine/core";
import type { Revoked } from "../../api/schema";
import { Instant } from "../../components/Instant";
import { Pill } from "../../components/Pill";
import styles from "./TrustPage.module.css";
import { dayOf, type Days } from "./drafts";

interface Holding {
  valid_from?: string | null;
  valid_until?: string | null;
  revoked?: Revoked | null;
}

export function Period({ of: { valid_from, valid_until, revoked } }: { of: Holding }) {
  if (revoked) {
    return (
      <div className="tight">
        <Pill tone="quiet">Revoked</Pill>
        <span className="muted small"><Instant at={revoked.at} /> by {revoked.by}</span>
      </div>
    );
  }
  if (!valid_from && !valid_until) return <>until revoked</>;
  const from = valid_from && `from ${dayOf(valid_from)}`;
  const until = valid_until && `until ${dayOf(valid_until)}`;
  return <>{[from, until].filter(Boolean).join(" ")}</>;
}

export function PeriodFields({ days, onChange }: { days: Days; onChange: (days: Days) => void }) {
  return (
    <div className={styles.pair}>
      <TextInput label="From" description="Empty: since ever. UTC." type="date" value={days.from} onChange={({ currentTarget }) => onChange({ ...days, from: currentTarget.value })} />
      <TextInput label="Until" description="Empty: until revoked." type="date" value={days.until} onChange={({ currentTarget }) => onChange({ ...days, until: currentTarget.value })} />
    </div>
  );
}
