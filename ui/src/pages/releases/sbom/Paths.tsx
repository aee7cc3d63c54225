// The ways by which a component gets into a release, one line each, the shortest first.
import type { ComponentPaths, DependencyGraph } from "../../../api/schema";
import { Link } from "../../../components/Link";
import styles from "./Graph.module.css";
import { hrefOfComponent, nameOf } from "./reference";

export function Paths({ graph, known: { paths, has_more_paths } }: { graph: DependencyGraph; known: ComponentPaths }) {
  if (paths.length === 0) return <p className={styles.ways}>No inventory says how it gets in.</p>;
  return (
    <div className={styles.ways}>
      <ol className={styles.paths} aria-label="Ways in">
        {paths.map(({ places, is_from_release }) => (
          <li key={places.join(" ")}>
            <ol className={styles.path}>
              <li>
                {is_from_release ? (
                  <b>{graph.release.service.name} {graph.release.version}</b>
                ) : (
                  <span className="muted" title="No inventory says how the next one gets in">not known</span>
                )}
              </li>
              {places.map((place) => {
                const node = graph.nodes[place];
                return <li key={place}>{node && <Link href={hrefOfComponent(node)}>{nameOf(node)}</Link>}</li>;
              })}
            </ol>
          </li>
        ))}
        {has_more_paths && <li className="muted">There are more ways than these.</li>}
      </ol>
    </div>
  );
}
