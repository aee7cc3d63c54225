// The exceptions that this decision used, by name, and the findings that they took out before the policies looked.
import type { DecisionView } from "../../api/schema";
import { Link } from "../../components/Link";
import { Section } from "../../components/Section";
import { dayOf } from "../../components/time";
import { ExceptionPill, SeverityPill } from "../../components/words";
import { paths } from "../../paths";
import styles from "./DecisionPage.module.css";

export function ExcusingExceptions({ decision: { exceptions, excused_findings } }: { decision: DecisionView }) {
  if (exceptions.length === 0 && excused_findings.length === 0) return null;
  return (
    <Section title="Exceptions used" about="As they were at the moment of the decision.">
      <ul className={styles.list}>
        {exceptions.map((exception) => (
          <li key={exception.id} className={styles.item}>
            <div className="row">
              <ExceptionPill state={exception.state} />
              <Link href={paths.exception(exception.id)}>{exception.reason}</Link>
            </div>
            <span className="muted small">
              Requested by {exception.requested_by.name}
              {exception.decided_by && `, approved by ${exception.decided_by.name}`}, until {dayOf(exception.until)}
            </span>
          </li>
        ))}
        {excused_findings.map(({ rule, component, severity, exception }) => (
          <li key={`${rule} ${component} ${exception}`} className={styles.item}>
            <div className="row">
              <SeverityPill severity={severity} />
              <span className="mono">{rule}</span>
              {component && <span className="mono muted">{component}</span>}
              <Link href={paths.exception(exception)}>excused</Link>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
