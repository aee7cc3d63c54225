// All policies of the decision at a glance: one mark each, by phase.
import { Tooltip } from "@mantine/core";
import type { PolicyResult } from "../../api/schema";
import { capitalised, phases } from "../../components/words";
import styles from "./DecisionPage.module.css";
import { isExcused } from "./groups";

export function PolicyStrip({ policies }: { policies: PolicyResult[] }) {
  return (
    <ul className={styles.strip}>
      {phases.map((phase) => {
        const members = policies.filter((policy) => policy.phase === phase);
        return members.length === 0 ? null : (
          <li key={phase}>
            <span className="muted small">{capitalised(phase)}</span>
            <span className={styles.marks}>
              {members.map((policy) => {
                const meaning = meaningOf(policy);
                return (
                  <Tooltip key={policy.name} label={`${policy.title}: ${meaning}`}>
                    <a className={styles.mark} href={`#policy-${policy.name}`} data-meaning={meaning} aria-label={`${policy.title}: ${meaning}`} />
                  </Tooltip>
                );
              })}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function meaningOf(policy: PolicyResult): string {
  if (isExcused(policy)) return "excused";
  if (policy.outcome === "fail") return policy.action === "deny" ? "failed" : "warned";
  return policy.outcome === "pass" ? "passed" : policy.outcome.replaceAll("_", " ");
}
