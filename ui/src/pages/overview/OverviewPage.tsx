// What was delivered, what was stopped and why, and where the risk is: the page to open in the morning.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { overviewQuery } from "../../api/queries";
import type { Overview } from "../../api/schema";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { useUrlState } from "../../components/urlState";
import { ApplicationRisks } from "./ApplicationRisks";
import { Changes } from "./Changes";
import { Counts } from "./Counts";
import { Stopped } from "./Stopped";
import styles from "./OverviewPage.module.css";

// The charts' library is as heavy as everything else together, so the page does not wait for it.
const VerdictChart = lazy(() => import("./VerdictChart"));

export function OverviewPage() {
  const [state, change] = useUrlState();
  const days = state.days === "7" || state.days === "90" ? state.days : "30";
  const query = useQuery(overviewQuery(Number(days)));
  return (
    <Page
      title="Overview"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Window of time"
          value={days}
          onChange={(value) => change({ days: value === "30" ? undefined : value })}
          data={["7", "30", "90"].map((value) => ({ value, label: `${value} days` }))}
        />
      }
    >
      <Loaded query={query}>{(overview) => <Content overview={overview} days={days} />}</Loaded>
    </Page>
  );
}

function Content({ overview, days }: { overview: Overview; days: string }) {
  if (overview.counts.releases === 0 && overview.counts.evidence === 0) return <FirstSteps />;
  return (
    <>
      <Counts overview={overview} />
      <div className="two-columns">
        <div className="stack">
          <Section title="Stopped releases" about="Denied by the newest decision for that environment." isFlush>
            <Stopped decisions={overview.stopped} />
          </Section>
          <Section title="Risk by application" about="The worst of what its running and newest releases bring, per phase." isFlush>
            <ApplicationRisks applications={overview.applications} />
          </Section>
        </div>
        <div className="stack">
          <Section title="Verdicts per day" about={`Decisions of the last ${days} days.`}>
            <Suspense fallback={<div className={styles.chart} />}>
              <VerdictChart verdicts={overview.verdicts} />
            </Suspense>
          </Section>
          <Section title="What changed">
            <Changes changes={overview.changes} />
          </Section>
        </div>
      </div>
    </>
  );
}

function FirstSteps() {
  return (
    <Section title="Nothing has been delivered yet">
      <EmptyState
        title="Push the first evidence"
        command={[
          "shipworthy release create --application shop --service cart --version 1.0.0 --artifact sha256:…",
          "shipworthy push sbom.cdx.json junit.xml",
          "shipworthy gate --release shop/cart/1.0.0 --environment production",
        ].join("\n")}
      >
        A release ties a commit, a build and artifacts together. Evidence that your tools write about any of them joins it
        by subject, in whatever order it arrives. Then the gate can be asked.
      </EmptyState>
    </Section>
  );
}
