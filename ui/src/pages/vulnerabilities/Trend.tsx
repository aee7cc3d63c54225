// How exposure developed by day, and beside it how long each team takes to mend what is known.
import { useQuery } from "@tanstack/react-query";
import type { MeanTimeToFix } from "../../api/schema";
import { trendsQuery } from "../../api/vulnerabilityQueries";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { Section } from "../../components/Section";
import { lengthOf } from "./trend";
import { TrendChart } from "./TrendChart";
import styles from "./Trend.module.css";

const DAYS = 90;

export function Trend() {
  const query = useQuery(trendsQuery(DAYS));
  return (
    <div className="two-columns">
      <Section title="How it developed" about={`What runs, over ${DAYS} days. A vulnerability counts once for each application.`}>
        <div className={query.isPending ? styles.waiting : undefined}>
          <Loaded query={query}>{({ days }) => (days.length > 0 ? <TrendChart days={days} /> : <NotCounted />)}</Loaded>
        </div>
      </Section>
      <Section title="Mean time to fix" about="From when it was known of what ran until a deployment without it." isFlush>
        <Loaded query={query}>{({ mean_time_to_fix }) => <TimesToFix times={mean_time_to_fix} />}</Loaded>
      </Section>
    </div>
  );
}

function NotCounted() {
  return (
    <EmptyState title="Nothing is counted yet">
      What runs is counted each hour while the server runs. The first deployment of a release with an SBOM begins the chart.
    </EmptyState>
  );
}

const columns: Column<MeanTimeToFix>[] = [
  { title: "Team", cell: ({ team }) => <b className="wrap">{team}</b> },
  { title: "Mean time", align: "right", cell: ({ days }) => <span className="whole">{lengthOf(days)}</span> },
  { title: "Fixed", align: "right", cell: ({ fixed_count }) => fixed_count.toLocaleString("en") },
];

function TimesToFix({ times }: { times: MeanTimeToFix[] }) {
  if (times.length === 0) {
    return (
      <EmptyState title={`Nothing was fixed in ${DAYS} days`}>
        It counts when a deployment takes the place of one that had the vulnerability.
      </EmptyState>
    );
  }
  return <DataTable label="Mean time to fix" columns={columns} rows={times} keyOf={({ team }) => team} />;
}
