// The answer to "where is it": what runs first, with its environment and owner, then every other release that has it.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Whereabouts as Answered, WhereComponent, WhereRelease, WhereRunning } from "../api/schema";
import { whereQuery, type WhereQuestion } from "../api/vulnerabilityQueries";
import { paths } from "../paths";
import { DataTable, type Column } from "./DataTable";
import { EmptyState } from "./EmptyState";
import { Instant } from "./Instant";
import { Link } from "./Link";
import { Loaded } from "./Loaded";
import { Pill } from "./Pill";
import { countOf } from "./time";
import styles from "./Whereabouts.module.css";
import { ExposurePill } from "./words";

interface WhereaboutsProps {
  question: WhereQuestion;
  /** What stands there when no release has it. */
  nowhere: ReactNode;
}

/** Fills the body of a section that is flush. */
export function Whereabouts({ question, nowhere }: WhereaboutsProps) {
  const query = useInfiniteQuery(whereQuery(question));
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const first = pages[0];
        const releases = pages.flatMap(({ items }) => items);
        if (!first || releases.length === 0) return nowhere;
        return (
          <>
            <Releases answered={first} releases={releases} hasFixes={question.vulnerability !== undefined} />
            {query.hasNextPage && (
              <div className={styles.more}>
                <Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

interface Place {
  release: WhereRelease;
  deployment: WhereRunning;
}

interface ReleasesProps {
  answered: Answered;
  releases: WhereRelease[];
  /** Of a vulnerability it is known what fixes it. */
  hasFixes: boolean;
}

function Releases({ answered, releases, hasFixes }: ReleasesProps) {
  const running = releases
    .flatMap((release) => release.running.map((deployment): Place => ({ release, deployment })))
    .toSorted((one, other) => reach(one) - reach(other));
  const others = releases.filter((release) => release.running.length === 0);
  const shown = { hasFixes, hasComponents: answered.component_count + answered.undecided_count > 1 };
  const names = new Map(answered.components.map((component) => [component.id, component]));
  return (
    <>
      <p className={styles.sum}>{sumOf(answered)}</p>
      <h3 className={styles.title}>Running now</h3>
      {running.length > 0 ? (
        <DataTable label="Running now" columns={runningColumns(names, shown)} rows={running} keyOf={({ deployment }) => deployment.deployment_id} />
      ) : (
        <p className={styles.none}>No running deployment has it.</p>
      )}
      {others.length > 0 && (
        <>
          <h3 className={styles.title}>Other releases</h3>
          <DataTable label="Other releases" columns={otherColumns(names, shown)} rows={others} keyOf={({ release_id }) => release_id} />
        </>
      )}
    </>
  );
}

/** The more people reach a deployment, the earlier it is named. */
function reach({ deployment: { exposure } }: Place): number {
  return exposure === "internet" ? 0 : exposure === "internal" ? 1 : 2;
}

function sumOf({ running_count, release_count, component_count, undecided_count }: Answered): string {
  const sum = [
    countOf(running_count, "running deployment"),
    countOf(release_count, "release"),
    countOf(component_count, "component"),
  ].join(", ");
  return undecided_count > 0 ? `${sum}; of ${countOf(undecided_count, "more component")} nobody can say.` : `${sum}.`;
}

type Names = Map<number, WhereComponent>;

/** Which columns say something that is not the same in every row. */
interface Shown {
  hasFixes: boolean;
  hasComponents: boolean;
}

const releaseColumn: Column<WhereRelease> = {
  title: "Release",
  cell: ({ release_id, service, version, application, application_id, team }) => (
    <div className="tight">
      <Link href={paths.release(release_id, { tab: "sbom" })}>
        <b>{service} {version}</b>
      </Link>
      <span className="muted">
        <Link href={paths.application(application_id)}>{application}</Link>
      </span>
      <span className="phone muted">team {team}</span>
    </div>
  ),
};

const runningColumns = (names: Names, { hasFixes, hasComponents }: Shown): Column<Place>[] => [
  { title: "Release", cell: ({ release }) => releaseColumn.cell(release) },
  {
    title: "Environment",
    cell: ({ deployment: { environment, environment_kind, exposure } }) => (
      <div className="tight">
        <b>{environment}</b>
        {environment_kind !== environment && <span className="muted">{environment_kind}</span>}
        <ExposurePill exposure={exposure} />
      </div>
    ),
  },
  { title: "Team", from: "tablet", cell: ({ release }) => release.team },
  ...(hasComponents ? [{ title: "Component", cell: ({ release }: Place) => <Components names={names} release={release} /> }] : []),
  ...(hasFixes ? [fixedIn(({ release }: Place) => <Fixes names={names} release={release} />)] : []),
];

const otherColumns = (names: Names, { hasFixes, hasComponents }: Shown): Column<WhereRelease>[] => [
  releaseColumn,
  { title: "Team", from: "tablet", cell: ({ team }) => team },
  { title: "Created", from: "tablet", cell: ({ created_at }) => <Instant at={created_at} /> },
  ...(hasComponents ? [{ title: "Component", cell: (release: WhereRelease) => <Components names={names} release={release} /> }] : []),
  ...(hasFixes ? [fixedIn((release: WhereRelease) => <Fixes names={names} release={release} />)] : []),
];

function fixedIn<T>(cell: (row: T) => ReactNode): Column<T> {
  return { title: "Fixed in", from: "tablet", cell };
}

/** So many components of one release are named in a table. */
const NAMED = 4;

function Components({ names, release }: { names: Names; release: WhereRelease }) {
  const named = componentsOf(names, release);
  const more = release.component_ids.length - Math.min(named.length, NAMED);
  return (
    <div className="tight">
      {named.slice(0, NAMED).map(({ id, name, version, is_certain }) => (
        <span key={id} className="wrap">
          <Link href={paths.component(id)}>{name} {version}</Link> {!is_certain && <Pill tone="unknown">Undecided</Pill>}
        </span>
      ))}
      {more > 0 && <span className="muted">and {more} more</span>}
    </div>
  );
}

function Fixes({ names, release }: { names: Names; release: WhereRelease }) {
  const fixes = new Set(componentsOf(names, release).map(({ fixed_version }) => fixed_version).filter(Boolean));
  return fixes.size > 0 ? <span className="wrap">{[...fixes].join(", ")}</span> : <span className="muted">none known</span>;
}

function componentsOf(names: Names, { component_ids }: WhereRelease): WhereComponent[] {
  return component_ids.map((id) => names.get(id)).filter((component) => component !== undefined);
}

/** For a question that meant no component of any release. */
export function Nowhere({ children }: { children?: ReactNode }) {
  return <EmptyState title="No release has it">{children}</EmptyState>;
}
