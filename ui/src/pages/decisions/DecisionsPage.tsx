// Every answer that a gate gave, newest first.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { decisionsQuery, environmentsQuery } from "../../api/queries";
import { Choice } from "../../components/Choice";
import { DecisionTable } from "../../components/DecisionTable";
import { EmptyState } from "../../components/EmptyState";
import { FilterInput } from "../../components/FilterInput";
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { useUrlState } from "../../components/urlState";

const verdicts = ["allow", "warn", "deny"];

export function DecisionsPage() {
  const [{ verdict, environment, application }, change] = useUrlState();
  const query = useInfiniteQuery(decisionsQuery({ verdict, environment, application }));
  const { data: environments } = useQuery(environmentsQuery());
  return (
    <Page title="Decisions" about="The recorded answer to: may this release go to this environment, now? Each can be replayed byte for byte.">
      <Section
        title="All decisions"
        isFlush
        actions={
          <div className="filters">
            <Choice label="Verdict" options={verdicts} value={verdict} onChange={(word) => change({ verdict: word })} />
            <Choice
              label="Environment"
              options={environments?.items.map(({ name }) => name) ?? []}
              value={environment}
              onChange={(word) => change({ environment: word })}
            />
            <FilterInput label="Application" value={application} onChange={(word) => change({ application: word })} />
          </div>
        }
      >
        <DecisionTable
          query={query}
          empty={
            verdict || environment || application ? (
              <EmptyState title="No decision fits the filter" />
            ) : (
              <EmptyState title="No gate has been asked" command="shipworthy gate --release shop/cart/1.0.0 --environment production">
                Ask from the pipeline, before the deployment: the exit code is 0 for allow or warn and 1 for deny.
              </EmptyState>
            )
          }
        />
      </Section>
    </Page>
  );
}
