// The vulnerabilities of a component, each with the reason why it has it, or why that cannot be decided.
import type { ComponentMatch } from "../../api/schema";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Pill } from "../../components/Pill";
import { Prose } from "../../components/Prose";
import { SeverityPill } from "../../components/words";
import { paths } from "../../paths";

const columns: Column<ComponentMatch>[] = [
  {
    title: "Vulnerability",
    cell: ({ vulnerability, title, is_affected, known_exploited }) => (
      <div className="tight">
        <Link href={paths.vulnerability(vulnerability)}><b>{vulnerability}</b></Link>
        {title && <span className="wrap">{title}</span>}
        <span className="row">
          {!is_affected && <Pill tone="unknown">Undecided</Pill>}
          {known_exploited && <Pill tone="bad">Exploited</Pill>}
        </span>
      </div>
    ),
  },
  {
    title: "Severity",
    cell: ({ severity, cvss_score }) => (
      <span className="whole">
        <SeverityPill severity={severity} /> {typeof cvss_score === "number" && <span className="number">{cvss_score.toFixed(1)}</span>}
      </span>
    ),
  },
  { title: "Fixed in", cell: ({ fixed_version }) => fixed_version ?? <span className="muted">none known</span> },
  {
    title: "Why",
    from: "tablet",
    cell: ({ because }) => (
      <div className="tight">
        {because.map(({ advisory, words }) => (
          <span key={`${advisory} ${words}`} className="wrap">
            <span className="mono">{advisory}</span>: <Prose text={words} />
          </span>
        ))}
      </div>
    ),
  },
  { title: "Known since", from: "desktop", cell: ({ known_since }) => <Instant at={known_since} /> },
];

export function Matches({ matches }: { matches: ComponentMatch[] }) {
  if (matches.length === 0) {
    return <EmptyState title="No vulnerability is known">No record that is loaded says that this version is affected.</EmptyState>;
  }
  return <DataTable label="Vulnerabilities" columns={columns} rows={matches} keyOf={({ vulnerability }) => vulnerability} />;
}
