// One policy in a decision: what it found, what to do, and the way to ask for an exception where it failed.
import type { DecisionView, PolicyResult } from "../../api/schema";
import { Link } from "../../components/Link";
import { Prose } from "../../components/Prose";
import { OutcomePill, SeverityPill } from "../../components/words";
import type { Tone } from "../../components/Pill";
import { paths } from "../../paths";
import styles from "./DecisionPage.module.css";
import { isExcused } from "./groups";
import { ViolationList } from "./ViolationList";

interface PolicyResultCardProps {
  result: PolicyResult;
  decision: DecisionView;
  tone: Tone;
}

export function PolicyResultCard({ result, decision, tone }: PolicyResultCardProps) {
  const needsDoing = (result.outcome === "fail" && !isExcused(result)) || result.outcome === "unknown";
  // A reason that only repeats a violation is said once.
  const messages = new Set(result.violations.map(({ message }) => message));
  const reasons = result.reasons.filter((reason) => !messages.has(reason));
  return (
    <article id={`policy-${result.name}`} className={styles.result} data-tone={tone}>
      <div className="spread">
        <div className="row">
          <OutcomePill outcome={result.outcome} tone={tone} />
          <h3>
            <Link href={paths.policy(result.name)}>{result.title}</Link>
          </h3>
        </div>
        <span className="row muted small">
          {result.phase} · {result.action === "deny" ? "denies" : "warns"}
          {result.outcome === "fail" && <SeverityPill severity={result.severity} />}
        </span>
      </div>
      {reasons.length > 0 && (
        <ul className={styles.reasons}>
          {reasons.map((reason) => (
            <li key={reason}>
              <Prose text={reason} />
            </li>
          ))}
        </ul>
      )}
      {needsDoing && result.remediation && (
        <p className={styles.remedy}>
          <b>What to do:</b> <Prose text={result.remediation} />
        </p>
      )}
      <ViolationList result={result} decision={decision} />
    </article>
  );
}
