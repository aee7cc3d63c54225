// The dependency graph of a release as the pages need it: who needs whom, and places for a drawing. Pure, so that it can be tested.
import type { DependencyGraph } from "../../../api/schema";

export interface Edges {
  /** What each place needs, by place. */
  needs: number[][];
  /** Who needs each place, by place. */
  neededBy: number[][];
}

export function edgesOf({ nodes, edges }: DependencyGraph): Edges {
  const needs: number[][] = nodes.map(() => []);
  const neededBy: number[][] = nodes.map(() => []);
  for (const [from, to] of edges) {
    if (from === undefined || to === undefined) continue;
    needs[from]?.push(to);
    neededBy[to]?.push(from);
  }
  return { needs, neededBy };
}

export interface Placed {
  /** The place in `nodes`, or -1 for the release itself. */
  place: number;
  x: number;
  y: number;
}

export interface Drawing {
  placed: Placed[];
  lines: { from: Placed; to: Placed }[];
  width: number;
  height: number;
}

export const COLUMN = 230;
export const ROW = 40;

/** The release itself in a drawing. */
export const RELEASE = -1;

/** One column for each step away from the release; within a column, each near those that need it. */
export function drawingOf(graph: DependencyGraph): Drawing {
  const { neededBy } = edgesOf(graph);
  const columns = columnsOf(graph);
  const rows = new Map<number, number>([[RELEASE, 0]]);
  for (const column of columns) {
    const middle = (place: number): number => {
      const before = parentsOf(place, graph, neededBy).map((parent) => rows.get(parent)).filter((row) => row !== undefined);
      return before.length === 0 ? Number.MAX_SAFE_INTEGER : before.reduce((sum, row) => sum + row, 0) / before.length;
    };
    const sorted = column.map((place) => ({ place, at: middle(place) })).toSorted((one, other) => one.at - other.at || one.place - other.place);
    sorted.forEach(({ place }, row) => rows.set(place, row));
  }
  const tallest = Math.max(1, ...columns.map(({ length }) => length));
  const placed: Placed[] = [{ place: RELEASE, x: 0, y: 0 }];
  columns.forEach((column, index) => {
    for (const place of column) placed.push({ place, x: (index + 1) * COLUMN, y: (rows.get(place) ?? 0) * ROW });
  });
  return { placed, lines: linesOf(graph, placed), width: (columns.length + 1) * COLUMN, height: tallest * ROW };
}

/** Places by their distance. What no inventory leads to stands by its distance from those that nobody needs. */
function columnsOf(graph: DependencyGraph): number[][] {
  const distances = strayDistances(graph);
  const columns: number[][] = [];
  graph.nodes.forEach(({ depth }, place) => {
    const column = Math.max(1, depth ?? distances.get(place) ?? 1) - 1;
    columns[column] = [...(columns[column] ?? []), place];
  });
  return Array.from(columns, (column) => column ?? []);
}

/** The components of which no inventory says how they get in. */
export function straysOf({ nodes }: DependencyGraph): number[] {
  return nodes.flatMap(({ depth }, place) => (depth === undefined || depth === null ? [place] : []));
}

/** Those among them that none of them needs; all when they need each other in a circle. */
export function strayRootsOf(graph: DependencyGraph): number[] {
  const { neededBy } = edgesOf(graph);
  const strays = straysOf(graph);
  const roots = strays.filter((place) => !neededBy[place]?.some((parent) => strays.includes(parent)));
  return roots.length > 0 ? roots : strays;
}

function strayDistances(graph: DependencyGraph): Map<number, number> {
  const { needs } = edgesOf(graph);
  const strays = new Set(straysOf(graph));
  const distances = new Map(strayRootsOf(graph).map((place) => [place, 1]));
  const waiting = [...distances.keys()];
  for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
    const next = (distances.get(place) ?? 1) + 1;
    for (const below of needs[place] ?? []) {
      if (distances.has(below) || !strays.has(below)) continue;
      distances.set(below, next);
      waiting.push(below);
    }
  }
  return distances;
}

function parentsOf(place: number, { direct }: DependencyGraph, neededBy: number[][]): number[] {
  const parents = neededBy[place] ?? [];
  return direct.includes(place) ? [RELEASE, ...parents] : parents;
}

function linesOf({ direct, edges }: DependencyGraph, placed: Placed[]): Drawing["lines"] {
  const at = new Map(placed.map((each) => [each.place, each]));
  const pairs = [...direct.map((place) => [RELEASE, place]), ...edges];
  return pairs.flatMap(([one, other]) => {
    const from = at.get(one ?? RELEASE);
    const to = at.get(other ?? RELEASE);
    return from && to && from !== to ? [{ from, to }] : [];
  });
}
