// How a component of a dependency graph is called, and the address that shows how it gets in.
import type { DependencyNode } from "../../../api/schema";
import { withSearch } from "../../../paths";

export function nameOf({ name, version }: Pick<DependencyNode, "name" | "version">): string {
  return version ? `${name} ${version}` : name;
}

/** The ways by which it gets in, in the same tab. */
export function hrefOfComponent(node: Pick<DependencyNode, "reference"> | undefined): string {
  return withSearch("", { tab: "sbom", view: "graph", component: node?.reference });
}
