// The components of a release, each with its licence and its known vulnerabilities.
import { useInfiniteQuery } from "@tanstack/react-query";
import { componentsQuery } from "../../api/queries";
import type { ComponentView } from "../../api/schema";
import type { Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { FilterInput } from "../../components/FilterInput";
import { Link } from "../../components/Link";
import { PagedTable } from "../../components/PagedTable";
import { SeverityBar } from "../../components/SeverityBar";
import { countOf } from "../../components/time";
import { useUrlState } from "../../components/urlState";
import { paths, withSearch } from "../../paths";
import styles from "./ReleasePage.module.css";

const columns: Column<ComponentView>[] = [
  {
    title: "Component",
    cell: ({ name, version, purl }) => (
      <div className={styles.title}>
        <Link href={paths.components({ q: purl ?? name })}>
          <b>{name}</b> {version}
        </Link>
        {purl && <span className="mono muted">{purl}</span>}
      </div>
    ),
  },
  { title: "License", cell: ({ license }) => license ?? <span className="muted">none stated</span> },
  {
    title: "Vulnerabilities",
    cell: ({ name, vulnerabilities }) => {
      const isClean = Object.values(vulnerabilities).every((count) => count === 0);
      const bar = <SeverityBar counts={vulnerabilities} isCompact />;
      return isClean ? bar : <Link href={withSearch("", { tab: "findings", q: name })}>{bar}</Link>;
    },
  },
  {
    title: "Gets in by",
    from: "tablet",
    cell: ({ purl }) => purl && <Link className="whole" href={withSearch("", { tab: "sbom", view: "graph", component: purl })}>ways in</Link>,
  },
  { title: "Kind", from: "desktop", cell: ({ kind }) => kind },
  { title: "Supplier", from: "desktop", cell: ({ supplier }) => supplier },
  { title: "Evidence", from: "tablet", cell: ({ evidence_id }) => <Link href={paths.evidence(evidence_id)}>inventory</Link> },
];

export function ComponentsTab({ releaseId }: { releaseId: string }) {
  const [{ q, license }, change] = useUrlState();
  const query = useInfiniteQuery(componentsQuery(releaseId, { q, license }));
  const total = query.data?.pages[0]?.total;
  return (
    <>
      <div className={styles.panel}>
        <div className="filters">
          <FilterInput label="Name or purl" value={q} onChange={(word) => change({ q: word })} />
          <FilterInput label="License" value={license} onChange={(word) => change({ license: word })} />
          {total !== undefined && <span className="muted">{countOf(total, "component")}</span>}
        </div>
      </div>
      <PagedTable
        label="Components"
        columns={columns}
        query={query}
        keyOf={({ purl, name, version, evidence_id }) => `${purl ?? name} ${version} ${evidence_id}`}
        empty={
          q || license ? (
            <EmptyState title="No component fits the filter" />
          ) : (
            <EmptyState title="No inventory yet" command="shipworthy push sbom.cdx.json">
              Push an SBOM of an artifact or of the repository: CycloneDX or SPDX.
            </EmptyState>
          )
        }
      />
    </>
  );
}
