import { expect, test } from "vitest";
import type { DependencyGraph, DependencyNode } from "../../../api/schema";
import { COLUMN, drawingOf, edgesOf, RELEASE, ROW, strayRootsOf } from "./graph";

const node = (name: string, depth?: number): DependencyNode => ({ name, depth, kind: "library", reference: name, dependencies: 0, dependents: 0 });

const graph: DependencyGraph = {
  release: { id: "0199", service: { id: "1", name: "cart" }, version: "1.0.0" },
  nodes: [node("web", 1), node("log", 1), node("http", 2), node("colors", 2), node("stray")],
  direct: [0, 1],
  edges: [[0, 2], [1, 3], [2, 3], [3, 2]],
  total_nodes: 5,
  total_edges: 6,
};

test("who needs whom is known from both ends", () => {
  expect(edgesOf(graph)).toEqual({ needs: [[2], [3], [3], [2], []], neededBy: [[], [], [0, 3], [1, 2], []] });
});

test("each step away from the release is a column, and what nobody leads to stands beside the first", () => {
  const columns = drawingOf(graph).placed.map(({ place, x }) => [place, x / COLUMN]);
  expect(columns).toEqual([[RELEASE, 0], [0, 1], [1, 1], [4, 1], [2, 2], [3, 2]]);
});

test("no two components stand in one place, and everything is inside the drawing", () => {
  const { placed, width, height } = drawingOf(graph);
  expect(new Set(placed.map(({ x, y }) => `${x} ${y}`)).size).toBe(placed.length);
  expect(placed.every(({ x, y }) => x + COLUMN <= width && y >= 0 && y + ROW <= height)).toBe(true);
});

test("every dependency is a line, circles included", () => {
  const pairs = drawingOf(graph).lines.map(({ from, to }) => [from.place, to.place]);
  expect(pairs).toEqual([[RELEASE, 0], [RELEASE, 1], ...graph.edges]);
});

test("where no inventory says what the release needs, those that nobody needs come first", () => {
  const nodes = [node("h11"), node("uvicorn"), node("click")];
  const stray = { ...graph, nodes, direct: [], edges: [[1, 0], [1, 2], [2, 0]] };
  expect(strayRootsOf(stray)).toEqual([1]);
  expect(drawingOf(stray).placed.map(({ place, x }) => [place, x / COLUMN])).toEqual([[RELEASE, 0], [1, 1], [0, 2], [2, 2]]);
});

test("components that need each other in a circle are all there", () => {
  const stray = { ...graph, nodes: [node("one"), node("other")], direct: [], edges: [[0, 1], [1, 0]] };
  expect(strayRootsOf(stray)).toEqual([0, 1]);
  expect(drawingOf(stray).placed).toHaveLength(3);
});

test("a release without a component is drawn alone", () => {
  const { placed, lines } = drawingOf({ ...graph, nodes: [], direct: [], edges: [] });
  expect([placed.length, lines.length]).toEqual([1, 0]);
});
