// Counts by severity as a bar to look at and numbers to read.
import { Tooltip } from "@mantine/core";
import type { SeverityCounts } from "../api/schema";
import styles from "./SeverityBar.module.css";
import { severities } from "./words";

export function SeverityBar({ counts, isCompact }: { counts: SeverityCounts; isCompact?: boolean }) {
  const present = severities.filter((severity) => counts[severity] > 0);
  const sentence = present.map((severity) => `${counts[severity]} ${severity}`).join(", ");
  if (present.length === 0) return <span className="muted small">none</span>;
  return (
    <Tooltip label={sentence} disabled={!isCompact}>
      <div className={styles.whole} data-compact={isCompact || undefined}>
        <div className={styles.bar} role="img" aria-label={sentence}>
          {present.map((severity) => (
            <span key={severity} className={styles.part} data-severity={severity} style={{ flexGrow: counts[severity] }} />
          ))}
        </div>
        {!isCompact && (
          <ul className={styles.legend}>
            {present.map((severity) => (
              <li key={severity}>
                <span className={styles.dot} data-severity={severity} aria-hidden="true" />
                <b className="number">{counts[severity].toLocaleString("en")}</b> {severity}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Tooltip>
  );
}
