// The numbers of the whole, each a link to what it counts.
import type { Overview } from "../../api/schema";
import { Link } from "../../components/Link";
import { paths } from "../../paths";
import styles from "./OverviewPage.module.css";

export function Counts({ overview: { counts, stopped } }: { overview: Overview }) {
  return (
    <div className={styles.counts}>
      <Count label="stopped" value={stopped.length} href={paths.decisions({ verdict: "deny" })} tone={stopped.length > 0 ? "bad" : undefined} />
      <Count
        label={counts.open_exceptions === 1 ? "exception to decide" : "exceptions to decide"}
        value={counts.open_exceptions}
        href={paths.exceptions({ state: "requested" })}
        tone={counts.open_exceptions > 0 ? "warn" : undefined}
      />
      <Count label="running" value={counts.running} href={paths.applications()} />
      <Count label={counts.applications === 1 ? "application" : "applications"} value={counts.applications} href={paths.applications()} />
      <Count label={counts.releases === 1 ? "release" : "releases"} value={counts.releases} href={paths.releases()} />
      <Count label="documents of evidence" value={counts.evidence} href={paths.releases()} />
    </div>
  );
}

function Count({ label, value, href, tone }: { label: string; value: number; href: string; tone?: "bad" | "warn" }) {
  return (
    <Link className={styles.count} href={href} data-tone={tone}>
      <span className={styles.value}>{value.toLocaleString("en")}</span> <span className={styles.label}>{label}</span>
    </Link>
  );
}
