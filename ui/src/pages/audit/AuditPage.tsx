// The log of who did what, when. It only grows.
import { TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { auditQuery } from "../../api/queries";
import type { AuditEntry } from "../../api/schema";
import type { Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { FilterInput } from "../../components/FilterInput";
import { Link } from "../../components/Link";
import { Page } from "../../components/Page";
import { PagedTable } from "../../components/PagedTable";
import { Prose } from "../../components/Prose";
import { ReportLinks } from "../../components/ReportLinks";
import { Section } from "../../components/Section";
import { absoluteTime } from "../../components/time";
import { useUrlState } from "../../components/urlState";
import { pathOfObject } from "../../paths";
import styles from "./AuditPage.module.css";

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
  const [{ actor, action, object, from, until }, change] = useUrlState();
  const filter = { actor, action, object, from: startOf(from), until: startOf(until) };
  const query = useInfiniteQuery(auditQuery(filter));
  return (
    <Page title="Audit" about="Every change leaves an entry in the same transaction. Times are UTC; a range includes its first day and excludes its last.">
      <Section
        title="Report"
        about="Releases, decisions, violations, exceptions, due dates and approvals between the two days of the filter; of the last 30 days without them."
      >
        <ReportLinks path="/reports/period" query={{ from: startOf(from), until: startOf(until) }} />
      </Section>
      <Section
        title="Entries"
        isFlush
        actions={
          <div className="filters">
            <FilterInput label="Who" value={actor} onChange={(word) => change({ actor: word })} />
            <FilterInput label="Action" value={action} onChange={(word) => change({ action: word })} />
            <FilterInput label="Id of the thing" value={object} onChange={(word) => change({ object: word })} />
            <TextInput size="xs" type="date" aria-label="From" value={from ?? ""} onChange={(event) => change({ from: event.currentTarget.value })} />
            <TextInput size="xs" type="date" aria-label="Until" value={until ?? ""} onChange={(event) => change({ until: event.currentTarget.value })} />
          </div>
        }
      >
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

function What({ entry }: { entry: AuditEntry }) {
  const href = pathOfObject(entry.object_kind, entry.object_id);
  return (
    <details className={styles.what}>
      <summary>
        <Prose text={entry.summary} />
        <span className="phone muted">
          {entry.actor.name}, {absoluteTime(entry.at)}
        </span>
      </summary>
      <div className="tight">
        <pre className={styles.details}>{JSON.stringify(entry.details, undefined, 2)}</pre>
        <span className="muted mono">
          {entry.object_kind} {entry.object_id} {entry.request_id && `· request ${entry.request_id}`}
        </span>
        {href && <Link href={href}>Open the {entry.object_kind}</Link>}
      </div>
    </details>
  );
}

/** A day of the filter as the instant it begins. */
function startOf(day: string | undefined): string | undefined {
  return day ? `${day}T00:00:00Z` : undefined;
}
