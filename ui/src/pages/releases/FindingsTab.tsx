// The findings of a release. Everything that a tool wrote is shown as text and never as markup.
import { useInfiniteQuery } from "@tanstack/react-query";
import { findingsQuery } from "../../api/queries";
import type { FindingView, Release } from "../../api/schema";
import { Choice } from "../../components/Choice";
import type { Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { FilterInput } from "../../components/FilterInput";
import { PagedTable } from "../../components/PagedTable";
import { Pill } from "../../components/Pill";
import { SeverityBar } from "../../components/SeverityBar";
import { useUrlState } from "../../components/urlState";
import { SeverityPill, severities } from "../../components/words";
import { FindingDetail } from "./FindingDetail";
import styles from "./ReleasePage.module.css";

const kinds = ["vulnerability", "code", "secret", "license", "misconfiguration", "malware", "dynamic", "quality"];

const columnsOf = (release: Release): Column<FindingView>[] => [
  { title: "Finding", cell: (finding) => <FindingDetail finding={finding} release={release} /> },
  { title: "Severity", cell: (finding) => <SeverityPill severity={finding.severity} /> },
  { title: "Kind", from: "desktop", cell: ({ kind }) => kind },
  { title: "Where", from: "tablet", cell: (finding) => <span className="wrap">{whereOf(finding)}</span> },
  { title: "Fixed in", from: "tablet", cell: ({ fixed_versions }) => fixed_versions.join(", ") || <span className="muted">no fix known</span> },
  {
    title: "Status",
    from: "tablet",
    cell: ({ status, known_exploited }) => (
      <div className="tight">
        {known_exploited && <Pill tone="bad">Exploited</Pill>}
        <span>{status}</span>
      </div>
    ),
  },
];

export function FindingsTab({ release }: { release: Release }) {
  const [{ q, severity, kind }, change] = useUrlState();
  const filter = { q, severity, kind };
  const query = useInfiniteQuery(findingsQuery(release.id, filter));
  const counts = query.data?.pages[0]?.counts;
  return (
    <>
      <div className={styles.panel}>
        {counts && <SeverityBar counts={counts} />}
        <div className="filters">
          <FilterInput label="Rule, title or component" value={q} onChange={(word) => change({ q: word })} />
          <Choice label="Severity" options={severities} value={severity} onChange={(word) => change({ severity: word })} />
          <Choice label="Kind" options={kinds} value={kind} onChange={(word) => change({ kind: word })} />
        </div>
      </div>
      <PagedTable
        label="Findings"
        columns={columnsOf(release)}
        query={query}
        keyOf={({ id }) => id}
        empty={
          q || severity || kind ? (
            <EmptyState title="No finding fits the filter" />
          ) : (
            <EmptyState title="No finding" command="shipworthy push trivy.json results.sarif">
              Either nothing was found, or no scan has been pushed yet: the tab Evidence tells which.
            </EmptyState>
          )
        }
      />
    </>
  );
}

function whereOf({ component, location }: FindingView): string {
  if (component) return [component.name, component.version].filter(Boolean).join(" ");
  if (location) return location.line ? `${location.path}:${location.line}` : location.path;
  return "";
}
