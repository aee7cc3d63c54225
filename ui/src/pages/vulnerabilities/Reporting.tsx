// What a manufacturer has to report of a vulnerability that is exploited: until when, and of which products.
import { useQuery } from "@tanstack/react-query";
import type { Reporting as Answered, ReportingClock, ReportingProduct } from "../../api/schema";
import { reportingQuery } from "../../api/vulnerabilityQueries";
import { DataTable, type Column } from "../../components/DataTable";
import { Link } from "../../components/Link";
import { useNow } from "../../components/now";
import { Pill } from "../../components/Pill";
import { Reach } from "../../components/Reach";
import { Section } from "../../components/Section";
import { absoluteTime } from "../../components/time";
import { capitalised } from "../../components/words";
import { paths } from "../../paths";
import { timeLeft } from "./clocks";
import styles from "./Reporting.module.css";

/** Nothing where the duty cannot arise, and nothing before that is known. */
export function Reporting({ name }: { name: string }) {
  const { data } = useQuery(reportingQuery(name));
  if (!data?.is_exploited) return null;
  return <Content reporting={data} />;
}

function Content({ reporting: { words, clocks, products } }: { reporting: Answered }) {
  return (
    <Section title="Reporting (EU Cyber Resilience Act, Article 14)" isFlush>
      <div className={styles.words}>
        <p className="wrap">{words}</p>
        {clocks.length > 0 && (
          <ul className={styles.clocks} aria-label="Clocks">
            {clocks.map((clock) => <Clock key={clock.name} clock={clock} />)}
          </ul>
        )}
      </div>
      {products.length > 0 && <DataTable label="Products with it" columns={columns} rows={products} keyOf={keyOf} />}
    </Section>
  );
}

function Clock({ clock: { name, due_at, is_over, words } }: { clock: ReportingClock }) {
  const now = useNow();
  return (
    <li className={styles.clock}>
      <h3>{capitalised(name.replaceAll("-", " "))}</h3>
      {due_at ? (
        <>
          <Pill tone={is_over ? "bad" : "warn"}>{timeLeft(due_at, now)}</Pill>
          <time dateTime={due_at} className="muted small whole">{absoluteTime(due_at)}</time>
        </>
      ) : (
        <Pill tone="quiet">Not running</Pill>
      )}
      <p className="small wrap">{words}</p>
    </li>
  );
}

/** So many versions are named in a row. */
const NAMED = 6;

const columns: Column<ReportingProduct>[] = [
  {
    title: "Product",
    cell: ({ application, application_id, service, team }) => (
      <div className="tight">
        <span className="wrap"><Link href={paths.application(application_id)}><b>{application}</b></Link> {service}</span>
        <span className="phone muted">team {team}</span>
      </div>
    ),
  },
  { title: "Team", from: "tablet", cell: ({ team }) => team },
  { title: "Versions", cell: (product) => <Versions product={product} /> },
  {
    title: "Where",
    cell: ({ running_count, release_count }) => <Reach running={running_count} releases={release_count} />,
  },
];

function Versions({ product: { versions, release_count } }: { product: ReportingProduct }) {
  const more = release_count - Math.min(versions.length, NAMED);
  return (
    <span className="wrap">
      {versions.slice(0, NAMED).join(", ")}
      {more > 0 && <span className="muted"> and {more.toLocaleString("en")} more</span>}
    </span>
  );
}

function keyOf({ application_id, service }: ReportingProduct): string {
  return `${application_id} ${service}`;
}
