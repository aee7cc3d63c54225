// What is known of each phase, good and bad, and what one would expect to know and does not.
import { IconCheck, IconCircleX, IconHelpCircle, IconPoint, type Icon } from "@tabler/icons-react";
import type { DbomFact, DbomPhase } from "../../api/schema";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Prose } from "../../components/Prose";
import { countOf } from "../../components/time";
import { capitalised } from "../../components/words";
import { withSearch } from "../../paths";
import styles from "./ReleasePage.module.css";

const icons: Record<string, Icon> = { good: IconCheck, bad: IconCircleX, neutral: IconPoint };

export function PhaseCards({ phases }: { phases: DbomPhase[] }) {
  return (
    <div className={styles.cards}>
      {phases.map((phase) => (
        <div key={phase.phase} className={styles.card}>
          <div>
            <h3>{capitalised(phase.phase)}</h3>
            <span className="muted small">
              {phase.evidence.length === 0 ? (
                "no evidence"
              ) : (
                <Link href={withSearch("", { tab: "evidence", phase: phase.phase })}>{countOf(phase.evidence.length, "document")}</Link>
              )}
              {phase.latest_at && <>, newest <Instant at={phase.latest_at} /></>}
            </span>
          </div>
          <ul className={styles.facts}>
            {phase.facts.map((fact) => <Fact key={fact.name} fact={fact} />)}
            {phase.missing.map((missing) => (
              <li key={missing} className={styles.fact} data-level="missing">
                <IconHelpCircle size={15} aria-hidden="true" />
                <span>Missing: <Prose text={missing} /></span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Fact({ fact: { title, value, level } }: { fact: DbomFact }) {
  const FactIcon = icons[level] ?? IconPoint;
  return (
    <li className={styles.fact} data-level={level}>
      <FactIcon size={15} stroke={2.2} aria-label={level === "neutral" ? undefined : level} />
      <span>
        <span className="muted">{title}</span> <b><Prose text={value} /></b>
      </span>
    </li>
  );
}
