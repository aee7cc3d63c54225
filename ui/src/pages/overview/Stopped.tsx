// Releases that may not go where they wanted to, each with the first reason in one line.
import type { DecisionSummary } from "../../api/schema";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Prose } from "../../components/Prose";
import { VerdictPill } from "../../components/words";
import { paths } from "../../paths";
import styles from "./OverviewPage.module.css";

export function Stopped({ decisions }: { decisions: DecisionSummary[] }) {
  if (decisions.length === 0) {
    return (
      <EmptyState title="Nothing is stopped">
        When a gate denies a release, it stands here with the reason and what to do.
      </EmptyState>
    );
  }
  return (
    <ul className={styles.list}>
      {decisions.map((decision) => (
        <li key={decision.id}>
          <div className={styles.item}>
            <div className="spread">
              <div className="row">
                <VerdictPill verdict={decision.verdict} />
                <Link href={paths.decision(decision.id)}>
                  <b>
                    {decision.service.name} {decision.release.name}
                  </b>{" "}
                  to {decision.environment.name}
                </Link>
              </div>
              <span className="muted small">
                <Instant at={decision.decided_at} />
              </span>
            </div>
            <p className={styles.headline}>
              <Prose text={decision.headline} />
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
