// What happened lately, newest first, each with a link to the thing it happened to.
import type { Change } from "../../api/schema";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Prose } from "../../components/Prose";
import { paths, pathOfObject } from "../../paths";
import styles from "./OverviewPage.module.css";

const SHOWN = 8;

export function Changes({ changes }: { changes: Change[] }) {
  if (changes.length === 0) return <p className="muted">Nothing yet.</p>;
  return (
    <div className="stack">
      <ul className={styles.changes}>
        {changes.slice(0, SHOWN).map((change) => (
          <li key={`${change.at} ${change.action} ${change.object_id}`} className={styles.change}>
            <div className="tight">
              <Summary change={change} />
              <span className="muted small">
                {change.actor} · <Instant at={change.at} />
              </span>
            </div>
          </li>
        ))}
      </ul>
      <Link href={paths.audit()}>Everything in the audit log</Link>
    </div>
  );
}

function Summary({ change }: { change: Change }) {
  const href = pathOfObject(change.object_kind, change.object_id, change.object_name);
  if (!href) return <span className="wrap"><Prose text={change.summary} /></span>;
  return (
    <Link className="wrap" href={href}>
      <Prose text={change.summary} />
    </Link>
  );
}
