// The audit log: who did what, when; searched by what people know, taken along as a table, and signed.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { auditQuery, type AuditQuestion } from "../../api/auditQueries";
import type { AuditEntry } from "../../api/schema";
import type { Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Page } from "../../components/Page";
import { PagedTable } from "../../components/PagedTable";
import { Prose } from "../../components/Prose";
import { ReportLinks } from "../../components/ReportLinks";
import { Section } from "../../components/Section";
import { absoluteTime } from "../../components/time";
import { useUrlState } from "../../components/urlState";
import { withSearch } from "../../paths";
import { AuditFilters } from "./AuditFilters";
import styles from "./AuditPage.module.css";
import { EntryDetail } from "./EntryDetail";
import { LogState } from "./LogState";
import { endOf, startOf } from "./period";

const columns: Column<AuditEntry>[] = [
  { title: "When", from: "tablet", cell: ({ at }) => <time dateTime={at} className="number whole">{absoluteTime(at)}</time> },
  {
    title: "Who",
    from: "tablet",
    cell: ({ actor }) => (
      <>
        {actor.name} {actor.kind !== "user" && actor.kind !== actor.name && <span className="muted">{actor.kind}</span>}
      </>
    ),
  },
  { title: "Action", from: "tablet", cell: ({ action }) => <span className="mono whole">{action}</span> },
  { title: "What", cell: (entry) => <What entry={entry} /> },
  { title: "Entry", from: "desktop", align: "right", cell: ({ sequence }) => sequence },
];

export function AuditPage() {
  const [{ actor, group, action, application, environment, object, q, from, until }] = useUrlState();
  const question: AuditQuestion = { actor, group, action, application, environment, object, q, from: startOf(from), until: endOf(until) };
  const query = useInfiniteQuery(auditQuery(question));
  return (
    <Page title="Audit" about="Every change leaves an entry in the same transaction. Times are UTC; a period has its first and its last day whole.">
      <LogState />
      <Section
        title="Report"
        about="Releases, decisions, violations, exceptions, due dates and approvals of the period below; of the last 30 days without one."
      >
        <ReportLinks path="/reports/period" query={{ from: startOf(from), until: endOf(until) }} />
      </Section>
      <Section title="Entries" actions={<Exports question={question} />} isFlush>
        <div className={styles.filters}>
          <AuditFilters />
        </div>
        <PagedTable
          label="Audit entries"
          columns={columns}
          query={query}
          keyOf={({ sequence }) => String(sequence)}
          empty={<EmptyState title="No entry fits the filter">Actions are named like `release.create`; a thing is found by its id.</EmptyState>}
        />
      </Section>
    </Page>
  );
}

function Exports({ question }: { question: AuditQuestion }) {
  return (
    <div className="row">
      {["csv", "jsonl"].map((format) => (
        <Button key={format} component="a" size="xs" variant="default" download href={withSearch("/api/v1/audit/export", { ...question, format })}>
          {format === "csv" ? "Export CSV" : "Export JSON lines"}
        </Button>
      ))}
    </div>
  );
}

function What({ entry }: { entry: AuditEntry }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className={styles.what} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>
        <Prose text={entry.summary} />
        <span className="phone muted">
          {entry.actor.name}, {absoluteTime(entry.at)}
        </span>
      </summary>
      {isOpen && <EntryDetail entry={entry} />}
    </details>
  );
}
