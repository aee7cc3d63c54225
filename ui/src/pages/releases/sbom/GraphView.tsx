// What pulls what in: the dependencies of a release, drawn when there are few, as a tree when there are many, and the ways by which
// one component gets in.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dependenciesQuery } from "../../../api/inventoryQueries";
import type { DependencyGraph } from "../../../api/schema";
import { EmptyState } from "../../../components/EmptyState";
import { FilterInput } from "../../../components/FilterInput";
import { Link } from "../../../components/Link";
import { Loaded } from "../../../components/Loaded";
import { Pill } from "../../../components/Pill";
import { countOf } from "../../../components/time";
import { useUrlState } from "../../../components/urlState";
import { withSearch } from "../../../paths";
import styles from "./Graph.module.css";
import { GraphDrawing } from "./GraphDrawing";
import { GraphTree } from "./GraphTree";
import { Paths } from "./Paths";
import { hrefOfComponent, nameOf } from "./reference";

/** A drawing of more is a ball of wool. */
const DRAWN = 60;

/** So many components that fit a word are offered. */
const OFFERED = 30;

export function GraphView({ releaseId }: { releaseId: string }) {
  const [{ component }] = useUrlState();
  const query = useQuery(dependenciesQuery(releaseId, { component }));
  return (
    <Loaded query={query}>
      {(graph) => (component ? <OfComponent graph={graph} component={component} /> : <Whole graph={graph} />)}
    </Loaded>
  );
}

function Whole({ graph }: { graph: DependencyGraph }) {
  const [word, setWord] = useState<string>();
  const { nodes, direct, total_nodes, total_edges, cut_by } = graph;
  if (nodes.length === 0) {
    return (
      <EmptyState title="No inventory yet" command="shipworthy push sbom.cdx.json">
        Push an SBOM that says what depends on what: CycloneDX or SPDX.
      </EmptyState>
    );
  }
  return (
    <>
      <div className={styles.about}>
        <p>
          {countOf(total_nodes, "component")}, {countOf(total_edges, "dependency", "dependencies")}.
          {direct.length === 0 && " No inventory says which of them the release itself needs."}
          {cut_by && ` The ${nodes.length.toLocaleString("en")} nearest to the release are shown.`}
        </p>
        <div className="filters">
          <FilterInput label="How does this get in?" value={word} onChange={setWord} />
        </div>
        {word && <Offered graph={graph} word={word} />}
      </div>
      <Shape graph={graph} />
    </>
  );
}

function Offered({ graph, word }: { graph: DependencyGraph; word: string }) {
  const fitting = graph.nodes.filter(({ reference, name }) => `${reference} ${name}`.toLowerCase().includes(word.toLowerCase()));
  if (fitting.length === 0) return <p className="muted">No component fits.</p>;
  return (
    <ul className={styles.found} aria-label="Components that fit">
      {fitting.slice(0, OFFERED).map((node) => (
        <li key={node.reference}>
          <Link href={hrefOfComponent(node)}>{nameOf(node)}</Link>
        </li>
      ))}
      {fitting.length > OFFERED && <li className="muted">and {fitting.length - OFFERED} more</li>}
    </ul>
  );
}

function OfComponent({ graph, component }: { graph: DependencyGraph; component: string }) {
  const known = graph.component;
  const named = known?.places.map((place) => graph.nodes[place]).find((node) => node !== undefined);
  return (
    <>
      <div className={styles.about}>
        <div className="row">
          <h3>How {named ? nameOf(named) : component} gets in</h3>
          {known?.is_direct === true && <Pill tone="quiet" hasIcon={false}>Direct</Pill>}
          {known?.is_direct === false && <Pill tone="quiet" hasIcon={false}>Transitive</Pill>}
          <Link href={withSearch("", { tab: "sbom", view: "graph" })}>Whole graph</Link>
        </div>
      </div>
      {known && <Paths graph={graph} known={known} />}
      {graph.nodes.length > 0 && <Shape graph={graph} />}
    </>
  );
}

function Shape({ graph }: { graph: DependencyGraph }) {
  if (graph.nodes.length <= DRAWN) return <GraphDrawing graph={graph} />;
  return (
    <div className={styles.tree}>
      <GraphTree graph={graph} />
    </div>
  );
}
