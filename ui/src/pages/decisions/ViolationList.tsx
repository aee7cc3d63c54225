// The violations of one policy: the open ones first, those that an exception excuses after them.
import { Button } from "@mantine/core";
import { useState } from "react";
import type { DecisionView, PolicyResult } from "../../api/schema";
import { Link } from "../../components/Link";
import { Prose } from "../../components/Prose";
import { dayOf } from "../../components/time";
import { usePermissions } from "../../api/session";
import { paths } from "../../paths";
import styles from "./DecisionPage.module.css";

type Violation = PolicyResult["violations"][number];

/** More are shown on request: the first ones are enough to know what to do. */
const SHOWN = 10;

export function ViolationList({ result, decision }: { result: PolicyResult; decision: DecisionView }) {
  const [isWhole, setIsWhole] = useState(false);
  const mayRequest = usePermissions().has("request-exception");
  const sorted = result.violations.toSorted((a, b) => a.excused_by.length - b.excused_by.length);
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  if (sorted.length === 0) return null;
  return (
    <>
      <ul className={styles.violations}>
        {shown.map((violation) => (
          <li key={`${violation.message} ${violation.finding} ${violation.component}`} className={styles.violation}>
            <div className="tight">
              <span className={styles.message}><Prose text={violation.message} /></span>
              {violation.component && !violation.message.includes(violation.component) && (
                <span className="mono muted">{violation.component}</span>
              )}
              {violation.remediation && violation.remediation !== result.remediation && (
                <span className="muted">
                  <Prose text={violation.remediation} />
                </span>
              )}
              {violation.excused_by.map(({ exception, until }) => (
                <Link key={exception} href={paths.exception(exception)}>
                  Excused until {dayOf(until)}
                </Link>
              ))}
            </div>
            {mayRequest && violation.excused_by.length === 0 && (
              <Link className={styles.request} href={requestPath(violation, result, decision)}>
                Request exception
              </Link>
            )}
          </li>
        ))}
      </ul>
      {sorted.length > shown.length && (
        <Button variant="subtle" size="compact-sm" className={styles.more} onClick={() => setIsWhole(true)}>
          Show all {sorted.length} violations
        </Button>
      )}
    </>
  );
}

function requestPath({ finding, component }: Violation, result: PolicyResult, decision: DecisionView): string {
  return paths.newException({
    policy: result.name,
    rule: finding,
    // What a violation is about is a package or an artifact.
    purl: component?.startsWith("pkg:") ? component : undefined,
    artifact: component?.startsWith("sha256:") ? component : undefined,
    application: decision.application.name,
    service: decision.service.name,
    environment: decision.environment.name,
  });
}
