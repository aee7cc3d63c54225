// How old the vulnerability data is, source by source, with a warning where it is old or could not be renewed.
import { useQuery } from "@tanstack/react-query";
import type { AdvisorySource } from "../../api/schema";
import { advisoriesQuery } from "../../api/vulnerabilityQueries";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Pill } from "../../components/Pill";
import { countOf } from "../../components/time";
import { databaseWord } from "../../components/words";
import styles from "./Sources.module.css";

/** Databases change every day; data of which nobody has seen a newer edition for so long misses something. */
const OLD_SECONDS = 3 * 86_400;

/** The age of the data, for the head of a page. */
export function Sources() {
  const { data } = useQuery(advisoriesQuery());
  if (!data) return null;
  if (data.sources.length === 0) return <Pill tone="warn">No vulnerability data is loaded</Pill>;
  return (
    <ul className={styles.sources} aria-label="Vulnerability data">
      {data.sources.map((source) => (
        <li key={source.name}>
          <Source source={source} />
        </li>
      ))}
    </ul>
  );
}

function Source({ source: { name, records, imported_at, age_seconds, failure, failed_at } }: { source: AdvisorySource }) {
  return (
    <>
      <b>{databaseWord(name)}</b> <span className="muted">{countOf(records, "record")}, </span>
      {imported_at ? <Instant at={imported_at} /> : <span className="muted">never loaded</span>}
      {failure ? (
        <>
          {" "}
          <Pill tone="bad">Failed{failed_at && <> <Instant at={failed_at} /></>}</Pill> <span className="small wrap">{failure}</span>
        </>
      ) : (
        isOld(age_seconds) && <> <Pill tone="warn">Old</Pill></>
      )}
    </>
  );
}

function isOld(ageSeconds: number | null | undefined): boolean {
  return typeof ageSeconds === "number" && ageSeconds > OLD_SECONDS;
}

/** Whether there is any data: without it, nothing found means nothing looked for. */
export function useHasData(): boolean | undefined {
  const { data } = useQuery(advisoriesQuery());
  return data && data.sources.some(({ records }) => records > 0);
}

/** What to do where no data is loaded. */
export function NoData() {
  return (
    <EmptyState title="No vulnerability data is loaded" command={"shipworthy advisories sync\nshipworthy advisories import osv-all.zip"}>
      The server compares the components of every inventory with the databases of vulnerabilities. <code>sync</code> fetches them;{" "}
      <code>import</code> loads files where there is no way out to the internet.
    </EmptyState>
  );
}
