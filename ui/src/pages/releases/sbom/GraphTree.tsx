// A dependency graph as nested lists that open on demand: for graphs too large to draw, and for whoever prefers words.
import { useMemo, useState } from "react";
import type { DependencyGraph } from "../../../api/schema";
import { Link } from "../../../components/Link";
import { countOf } from "../../../components/time";
import { edgesOf, strayRootsOf } from "./graph";
import styles from "./Graph.module.css";
import { hrefOfComponent, nameOf } from "./reference";

export function GraphTree({ graph }: { graph: DependencyGraph }) {
  const { needs } = useMemo(() => edgesOf(graph), [graph]);
  const strays = strayRootsOf(graph);
  return (
    <>
      {graph.direct.length > 0 && <Branch graph={graph} needs={needs} places={graph.direct} above={[]} label="Dependencies" />}
      {strays.length > 0 && (
        <>
          <h3 className={styles.title}>No inventory says how these get in</h3>
          <Branch graph={graph} needs={needs} places={strays} above={[]} label="Components that nothing leads to" />
        </>
      )}
    </>
  );
}

interface BranchProps {
  graph: DependencyGraph;
  needs: number[][];
  places: number[];
  /** The components that lead here: one of them again would be a circle. */
  above: number[];
  label?: string;
}

function Branch({ graph, needs, places, above, label }: BranchProps) {
  return (
    <ul className={styles.branch} aria-label={label}>
      {places.map((place) => (
        <li key={place}>
          <Twig graph={graph} needs={needs} place={place} above={above} />
        </li>
      ))}
    </ul>
  );
}

function Twig({ graph, needs, place, above }: Omit<BranchProps, "places"> & { place: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const node = graph.nodes[place];
  const below = needs[place] ?? [];
  if (!node) return null;
  const name = <Link className="wrap" href={hrefOfComponent(node)}>{nameOf(node)}</Link>;
  if (above.includes(place)) return <span className={styles.leaf}>{name} <span className="muted">again: a circle</span></span>;
  if (below.length === 0) return <span className={styles.leaf}>{name}</span>;
  return (
    <>
      <button type="button" className={styles.opener} aria-expanded={isOpen} aria-label={`${isOpen ? "Close" : "Open"} ${nameOf(node)}`} onClick={() => setIsOpen(!isOpen)}>
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
      </button>
      {name} <span className="muted small">{countOf(below.length, "dependency", "dependencies")}</span>
      {isOpen && <Branch graph={graph} needs={needs} places={below} above={[...above, place]} />}
    </>
  );
}
