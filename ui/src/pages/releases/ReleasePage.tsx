// The delivery bill of materials of one release: four phases on one timeline, and beneath it everything that is known.
import { Tabs } from "@mantine/core";
import { useQuery, useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { dbomQuery, decisionsQuery, deploymentsQuery, releaseQuery } from "../../api/queries";
import type { Dbom, DecisionSummary, Deployment, Release } from "../../api/schema";
import { Link } from "../../components/Link";
import { Loaded, LoadedPage } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { useUrlState } from "../../components/urlState";
import { VerdictPill } from "../../components/words";
import { paths } from "../../paths";
import { ChangesTab } from "./changes/ChangesTab";
import { DecisionsTab } from "./DecisionsTab";
import { DeploymentsTab } from "./DeploymentsTab";
import { EvidenceTab } from "./EvidenceTab";
import { FindingsTab } from "./FindingsTab";
import { Identity } from "./Identity";
import { PhaseCards } from "./PhaseCards";
import { PhaseTimeline } from "./PhaseTimeline";
import { ReleaseActions } from "./ReleaseActions";
import { SbomTab } from "./sbom/SbomTab";
import { timelineOf } from "./timeline";
import styles from "./ReleasePage.module.css";

const tabs = ["findings", "sbom", "changes", "evidence", "decisions", "deployments"] as const;

/** What one tab filters by says nothing to another. */
const nothingFiltered = Object.fromEntries(
  ["q", "severity", "kind", "license", "phase", "view", "component", "with"].map((word) => [word, undefined]),
);

export function ReleasePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const release = useQuery(releaseQuery(id));
  return <LoadedPage query={release}>{(known) => <Content release={known} />}</LoadedPage>;
}

function Content({ release }: { release: Release }) {
  const { id } = release;
  const dbom = useQuery(dbomQuery(id));
  const decisions = useInfiniteQuery(decisionsQuery({ release: id }));
  const deployments = useInfiniteQuery(deploymentsQuery({ release: id }));
  const decided = decisions.data?.pages.flatMap(({ items }) => items) ?? [];
  const deployed = deployments.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page
      title={`${release.service.name} ${release.version}`}
      trail={[
        { label: "Applications", href: paths.applications() },
        { label: release.application.name, href: paths.application(release.application.id) },
        { label: release.service.name, href: paths.releases({ application: release.application.name, service: release.service.name }) },
      ]}
      actions={<ReleaseActions release={release} />}
      about={<CurrentVerdicts decisions={decided} />}
    >
      <Loaded query={dbom}>{(known) => <Bill release={release} dbom={known} decisions={decided} deployments={deployed} />}</Loaded>
    </Page>
  );
}

interface BillProps {
  release: Release;
  dbom: Dbom;
  decisions: DecisionSummary[];
  deployments: Deployment[];
}

function Bill({ release, dbom, decisions, deployments }: BillProps) {
  const [{ tab }, change] = useUrlState();
  const current = tabs.find((each) => each === tab) ?? "findings";
  return (
    <>
      <Section title="Delivery timeline" about="What each phase left behind, in the order it arrived. Long pauses are drawn shorter than they were.">
        <PhaseTimeline timeline={timelineOf(dbom, decisions, deployments)} />
        <PhaseCards phases={dbom.phases} />
      </Section>
      <Identity release={release} dbom={dbom} />
      <section className={styles.tabs} aria-label="What is known">
        <Tabs value={current} onChange={(value) => change({ ...nothingFiltered, tab: value ?? undefined })} keepMounted={false}>
          <Tabs.List className={styles.list}>
            <Tabs.Tab value="findings">Findings</Tabs.Tab>
            <Tabs.Tab value="sbom">SBOM</Tabs.Tab>
            <Tabs.Tab value="changes">Changes</Tabs.Tab>
            <Tabs.Tab value="evidence">Evidence</Tabs.Tab>
            <Tabs.Tab value="decisions">Decisions</Tabs.Tab>
            <Tabs.Tab value="deployments">Deployments and approvals</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="findings"><FindingsTab release={release} /></Tabs.Panel>
          <Tabs.Panel value="sbom"><SbomTab releaseId={release.id} /></Tabs.Panel>
          <Tabs.Panel value="changes"><ChangesTab release={release} /></Tabs.Panel>
          <Tabs.Panel value="evidence"><EvidenceTab releaseId={release.id} /></Tabs.Panel>
          <Tabs.Panel value="decisions"><DecisionsTab release={release} /></Tabs.Panel>
          <Tabs.Panel value="deployments"><DeploymentsTab release={release} /></Tabs.Panel>
        </Tabs>
      </section>
    </>
  );
}

function CurrentVerdicts({ decisions }: { decisions: DecisionSummary[] }) {
  const current = decisions.filter(({ is_current }) => is_current);
  if (current.length === 0) return <>No gate has been asked for this release yet.</>;
  return (
    <ul className={styles.verdicts}>
      {current.map(({ id, environment, verdict }) => (
        <li key={id}>
          <Link href={paths.decision(id)}>
            {environment.name} <VerdictPill verdict={verdict} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
