// A small dependency graph as a drawing: the release on the left, what it needs to the right of it. Each component is a link to the
// ways by which it gets in, so that the keyboard reaches all of them in the order of the distance.
import { useMemo } from "react";
import type { DependencyGraph } from "../../../api/schema";
import { Link } from "../../../components/Link";
import { COLUMN, drawingOf, RELEASE, ROW, type Placed } from "./graph";
import styles from "./Graph.module.css";
import { hrefOfComponent, nameOf } from "./reference";

const BOX = { width: COLUMN - 40, height: ROW - 12 };

export function GraphDrawing({ graph }: { graph: DependencyGraph }) {
  const { placed, lines, width, height } = useMemo(() => drawingOf(graph), [graph]);
  const { service, version } = graph.release;
  const asked = new Set(graph.component?.places);
  const labelOf = ({ place }: Placed) => {
    const node = graph.nodes[place];
    return node ? nameOf(node) : `${service.name} ${version}`;
  };
  return (
    <div className={styles.drawing} role="group" aria-label="Dependency graph" tabIndex={0}>
      <div className={styles.canvas} style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          {lines.map(({ from, to }) => (
            <path key={`${from.place} ${to.place}`} className={styles.line} d={curve(from, to)} />
          ))}
        </svg>
        <ul className={styles.nodes}>
          {placed.map((each) => (
            <li key={each.place} className={styles.node} style={{ left: each.x, top: each.y + (ROW - BOX.height) / 2, width: BOX.width, height: BOX.height }}>
              {each.place === RELEASE ? (
                <span className={styles.box} data-release>{labelOf(each)}</span>
              ) : (
                <Link
                  className={styles.box}
                  data-asked={asked.has(each.place) || undefined}
                  href={hrefOfComponent(graph.nodes[each.place])}
                  title={graph.nodes[each.place]?.reference}
                >
                  {labelOf(each)}
                </Link>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function curve(from: Placed, to: Placed): string {
  const [startX, startY] = [from.x + BOX.width, from.y + ROW / 2];
  const [endX, endY] = [to.x, to.y + ROW / 2];
  const bend = Math.max(40, Math.abs(endX - startX) / 2);
  return `M${startX},${startY} C${startX + bend},${startY} ${endX - bend},${endY} ${endX},${endY}`;
}
