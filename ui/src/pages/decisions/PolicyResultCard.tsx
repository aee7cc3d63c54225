// One policy in a decision: what it found, what to do, and the way to ask for an exception where it failed.
import type { DecisionView, PolicyResult } from "../../api/schema";
import { Link } from "../../components/Link";
import { OutcomePill, SeverityPill } from "../../components/words";
import type { Tone } from "../../components/Pill";
import { paths } from "../../paths";
import styles from "./DecisionPage.module.css";
import { ViolationList } from "./ViolationList";

interface PolicyResultCardProps {
  result: PolicyResult;
  decision: DecisionView;
  tone: Tone;
}

export function PolicyResultCard({ result, decision, tone }: PolicyResultCardProps) {
  const needsDoing = result.outcome === "fail" || result.outcome === "unknown";
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
      {result.reasons.length > 0 && result.violations.length === 0 && (
        <ul className={styles.reasons}>
          {result.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <ViolationList result={result} decision={decision} />
      {needsDoing && result.remediation && (
        <p className={styles.remedy}>
          <b>What to do:</b> {result.remediation}
        </p>
      )}
    </article>
  );
}
