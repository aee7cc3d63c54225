// The findings that came with a release, those that went with it, and those that both have.
import type { ComparedFinding, ComparedFindingList, ComparedFindings } from "../../../api/schema";
import { DataTable, type Column } from "../../../components/DataTable";
import { Link } from "../../../components/Link";
import { Pill } from "../../../components/Pill";
import { SeverityBar } from "../../../components/SeverityBar";
import { severities, SeverityPill } from "../../../components/words";
import { paths } from "../../../paths";
import styles from "./Changes.module.css";
import { Part } from "./Part";

const columns: Column<ComparedFinding>[] = [
  {
    title: "Finding",
    cell: ({ title, rule, kind, known_exploited }) => (
      <div className="tight">
        <span className="wrap">{title}</span>
        <span className="row">
          {kind === "vulnerability" ? <Link className="mono" href={paths.vulnerability(rule)}>{rule}</Link> : <span className="mono muted">{rule}</span>}
          {known_exploited && <Pill tone="bad">Exploited</Pill>}
        </span>
      </div>
    ),
  },
  { title: "Severity", cell: ({ severity }) => <SeverityPill severity={severity} /> },
  { title: "Where", cell: ({ component, version, path }) => <span className="wrap">{component ? [component, version].filter(Boolean).join(" ") : path}</span> },
  { title: "Fixed in", from: "tablet", cell: ({ fixed_versions }) => fixed_versions.join(", ") },
  { title: "Kind", from: "desktop", cell: ({ kind }) => kind },
];

export function FindingChanges({ findings: { added, fixed, same } }: { findings: ComparedFindings }) {
  return (
    <>
      <Findings title="Findings added" list={added} isOpen />
      <Findings title="Findings fixed" list={fixed} isOpen />
      <Findings title="Findings that both have" list={same} />
    </>
  );
}

function Findings({ title, list, isOpen }: { title: string; list: ComparedFindingList; isOpen?: boolean }) {
  const total = severities.reduce((sum, severity) => sum + list.counts[severity], 0);
  return (
    <Part title={title} list={{ items: list.items, total }} isOpen={isOpen} mark={<span className={styles.bar}><SeverityBar counts={list.counts} isCompact /></span>}>
      <DataTable label={title} columns={columns} rows={list.items} keyOf={({ rule, component, version, path }) => [rule, component, version, path].join(" ")} />
    </Part>
  );
}
