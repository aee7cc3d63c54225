// The vulnerabilities of everything that is delivered, the greatest risk first, and how old the data is that says so.
import { useInfiniteQuery } from "@tanstack/react-query";
import type { VulnerabilitySummary } from "../../api/schema";
import { vulnerabilitiesQuery } from "../../api/vulnerabilityQueries";
import { Choice } from "../../components/Choice";
import type { Column } from "../../components/DataTable";
import { Due } from "../../components/Due";
import { EmptyState } from "../../components/EmptyState";
import { FilterInput } from "../../components/FilterInput";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Page } from "../../components/Page";
import { PagedTable } from "../../components/PagedTable";
import { Pill } from "../../components/Pill";
import { Reach } from "../../components/Reach";
import { Risk } from "../../components/Risk";
import { Section } from "../../components/Section";
import { SeverityBar } from "../../components/SeverityBar";
import { percentOf } from "../../components/time";
import { isOn, Toggle } from "../../components/Toggle";
import { useUrlState } from "../../components/urlState";
import { severities, SeverityPill } from "../../components/words";
import { paths } from "../../paths";
import { NoData, Sources, useHasData } from "./Sources";
import { Trend } from "./Trend";
import styles from "./VulnerabilitiesPage.module.css";

const columns: Column<VulnerabilitySummary>[] = [
  {
    title: "Vulnerability",
    cell: ({ name, title, known_exploited, is_fixable }) => (
      <div className="tight">
        <Link className="whole" href={paths.vulnerability(name)}><b>{name}</b></Link>
        {title && <span className="wrap">{title}</span>}
        <span className="row">
          {known_exploited && <Pill tone="bad">Exploited</Pill>}
          {!is_fixable && <Pill tone="quiet">No fix known</Pill>}
        </span>
      </div>
    ),
  },
  { title: "Risk", cell: ({ risk }) => <Risk risk={risk} /> },
  {
    title: "Severity",
    from: "tablet",
    cell: ({ severity, cvss_score }) => (
      <span className="whole">
        <SeverityPill severity={severity} /> {typeof cvss_score === "number" && <span className="number">{cvss_score.toFixed(1)}</span>}
      </span>
    ),
  },
  { title: "EPSS", from: "desktop", align: "right", cell: ({ exploitability }) => exploitability && percentOf(exploitability.probability) },
  { title: "Due", from: "tablet", cell: ({ due }) => <Due due={due} /> },
  {
    title: "Where",
    cell: ({ running_count, release_count, component_count }) => <Reach running={running_count} releases={release_count} components={component_count} />,
  },
  { title: "Known since", from: "desktop", cell: ({ known_since }) => <Instant at={known_since} /> },
];

export function VulnerabilitiesPage() {
  const [state, change] = useUrlState();
  const { q, severity } = state;
  const filter = {
    q,
    severity,
    known_exploited: isOn(state.known_exploited),
    running: isOn(state.running),
    fixable: isOn(state.fixable),
    overdue: isOn(state.overdue),
  };
  const query = useInfiniteQuery(vulnerabilitiesQuery(filter));
  const hasData = useHasData();
  const counts = query.data?.pages[0]?.counts;
  const isFiltered = Object.values(filter).some(Boolean);
  return (
    <Page title="Vulnerabilities" about={<Sources />}>
      <Trend />
      <Section title={isFiltered ? "Found" : "All vulnerabilities"} about="Of every release that you may see, the greatest risk first." isFlush>
        <div className={styles.filters}>
          {counts && Object.values(counts).some((count) => count > 0) && <SeverityBar counts={counts} />}
          <div className="filters">
            <FilterInput label="Name or title" value={q} onChange={(word) => change({ q: word })} />
            <Choice label="Severity" options={severities} value={severity} onChange={(word) => change({ severity: word })} />
            <Toggle label="Runs now" value={state.running} onChange={(word) => change({ running: word })} />
            <Toggle label="Known exploited" value={state.known_exploited} onChange={(word) => change({ known_exploited: word })} />
            <Toggle label="Fix known" value={state.fixable} onChange={(word) => change({ fixable: word })} />
            <Toggle label="Overdue" value={state.overdue} onChange={(word) => change({ overdue: word })} />
          </div>
        </div>
        <PagedTable
          label="Vulnerabilities"
          columns={columns}
          query={query}
          keyOf={({ name }) => name}
          empty={<Empty isFiltered={isFiltered} hasData={hasData} />}
        />
      </Section>
    </Page>
  );
}

function Empty({ isFiltered, hasData }: { isFiltered: boolean; hasData?: boolean }) {
  if (isFiltered) return <EmptyState title="No vulnerability fits the filter" />;
  if (hasData === false) return <NoData />;
  return (
    <EmptyState title="No vulnerability is known" command="shipworthy push sbom.cdx.json">
      No component of a release is affected by what the databases say. A release without an SBOM has no components to compare.
    </EmptyState>
  );
}
