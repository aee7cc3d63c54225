// What is excused, for how long, and what waits for somebody to decide.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { exceptionsQuery } from "../../api/queries";
import { usePermissions } from "../../api/session";
import type { ExceptionView } from "../../api/schema";
import { Choice } from "../../components/Choice";
import type { Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { FilterInput } from "../../components/FilterInput";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Page } from "../../components/Page";
import { PagedTable } from "../../components/PagedTable";
import { Section } from "../../components/Section";
import { useUrlState } from "../../components/urlState";
import { ExceptionPill, exceptionStates } from "../../components/words";
import { paths } from "../../paths";
import { matcherWords, scopeWords } from "./reading";

const columns: Column<ExceptionView>[] = [
  {
    title: "Exception",
    cell: (exception) => (
      <div className="tight">
        <Link className="wrap" href={paths.exception(exception.id)}>
          <b>{matcherWords(exception.matchers)}</b>
        </Link>
        <span className="muted wrap">{exception.reason}</span>
      </div>
    ),
  },
  { title: "State", cell: ({ state }) => <ExceptionPill state={state} /> },
  { title: "Scope", from: "tablet", cell: ({ scope }) => scopeWords(scope) },
  { title: "Until", from: "tablet", cell: ({ until }) => <Instant at={until} /> },
  { title: "Requested by", from: "tablet", cell: ({ requested_by }) => requested_by.name },
  { title: "Decided by", from: "desktop", cell: ({ decided_by }) => decided_by?.name },
  { title: "Used", from: "desktop", align: "right", cell: ({ used }) => used },
];

export function ExceptionsPage() {
  const [{ state, policy, rule }, change] = useUrlState();
  const filter = { state, policy, rule };
  const query = useInfiniteQuery(exceptionsQuery(filter));
  const router = useRouter();
  const mayRequest = usePermissions().has("request-exception");
  const request = mayRequest && (
    <Button size="xs" onClick={() => void router.navigate({ href: paths.newException() })}>
      Request an exception
    </Button>
  );
  return (
    <Page title="Exceptions" about="A time-limited, approved permission for named violations. Another person than the one who asks approves it." actions={request}>
      <Section
        title={state ? `Exceptions ${state}` : "All exceptions"}
        isFlush
        actions={
          <div className="filters">
            <Choice label="State" options={exceptionStates} value={state} onChange={(word) => change({ state: word })} />
            <FilterInput label="Policy" value={policy} onChange={(word) => change({ policy: word })} />
            <FilterInput label="Rule or vulnerability" value={rule} onChange={(word) => change({ rule: word })} />
          </div>
        }
      >
        <PagedTable
          label="Exceptions"
          columns={columns}
          query={query}
          keyOf={({ id }) => id}
          empty={
            state || policy || rule ? (
              <EmptyState title="No exception fits the filter" />
            ) : (
              <EmptyState title="Nothing is excused">
                The decision that stopped a release has a link beside each violation to request an exception from it.
              </EmptyState>
            )
          }
        />
      </Section>
    </Page>
  );
}
