// Decisions in a table, for the list of all of them and for the one release they are about.
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "../api/pages";
import type { DecisionSummary } from "../api/schema";
import { paths } from "../paths";
import type { Column } from "./DataTable";
import { Instant } from "./Instant";
import { Link } from "./Link";
import { PagedTable } from "./PagedTable";
import { Prose } from "./Prose";
import { VerdictPill } from "./words";

const verdict: Column<DecisionSummary> = {
  title: "Verdict",
  cell: (decision) => (
    <div className="tight">
      <Link href={paths.decision(decision.id)}>
        <VerdictPill verdict={decision.verdict} />
      </Link>
      {!decision.is_current && <span className="muted">superseded</span>}
    </div>
  ),
};

const release: Column<DecisionSummary> = {
  title: "Release",
  cell: (decision) => (
    <div className="tight">
      <Link href={paths.release(decision.release.id)}>
        {decision.service.name} {decision.release.name}
      </Link>
      <span className="phone muted">to {decision.environment.name}</span>
    </div>
  ),
};

const rest: Column<DecisionSummary>[] = [
  { title: "Environment", from: "tablet", cell: ({ environment }) => environment.name },
  { title: "Why", cell: ({ id, headline }) => <Link className="wrap" href={paths.decision(id)}><Prose text={headline} /></Link> },
  { title: "Failed", from: "desktop", align: "right", cell: ({ failed }) => failed },
  { title: "Unknown", from: "desktop", align: "right", cell: ({ unknown }) => unknown },
  { title: "Excused", from: "desktop", align: "right", cell: ({ excused }) => excused },
  { title: "When", from: "tablet", cell: ({ decided_at }) => <Instant at={decided_at} /> },
  { title: "Asked by", from: "desktop", cell: ({ asked_by }) => asked_by },
];

interface DecisionTableProps {
  query: UseInfiniteQueryResult<InfiniteData<Page<DecisionSummary>>>;
  empty: ReactNode;
  isOfOneRelease?: boolean;
}

export function DecisionTable({ query, empty, isOfOneRelease }: DecisionTableProps) {
  const columns = isOfOneRelease ? [verdict, ...rest] : [verdict, release, ...rest];
  return <PagedTable label="Decisions" columns={columns} query={query} keyOf={({ id }) => id} empty={empty} />;
}
