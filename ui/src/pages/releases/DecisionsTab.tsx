// Every answer that a gate gave about a release.
import { useInfiniteQuery } from "@tanstack/react-query";
import { decisionsQuery } from "../../api/queries";
import type { Release } from "../../api/schema";
import { DecisionTable } from "../../components/DecisionTable";
import { EmptyState } from "../../components/EmptyState";

export function DecisionsTab({ release }: { release: Release }) {
  const query = useInfiniteQuery(decisionsQuery({ release: release.id }));
  const name = `${release.application.name}/${release.service.name}/${release.version}`;
  return (
    <DecisionTable
      isOfOneRelease
      query={query}
      empty={
        <EmptyState title="No gate has been asked" command={`shipworthy gate --release ${name} --environment production`}>
          A decision is the recorded answer to: may this release go to this environment, now?
        </EmptyState>
      }
    />
  );
}
