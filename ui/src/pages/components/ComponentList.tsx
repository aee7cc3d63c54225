// The components of everything that is delivered, found by name, package URL or license.
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ComponentSummary } from "../../api/schema";
import { packagesQuery } from "../../api/vulnerabilityQueries";
import type { Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { FilterInput } from "../../components/FilterInput";
import { Link } from "../../components/Link";
import { PagedTable } from "../../components/PagedTable";
import { Pill } from "../../components/Pill";
import { Reach } from "../../components/Reach";
import { Section } from "../../components/Section";
import { SeverityBar } from "../../components/SeverityBar";
import { isOn, Toggle } from "../../components/Toggle";
import { useUrlState } from "../../components/urlState";
import { paths } from "../../paths";

const columns: Column<ComponentSummary>[] = [
  {
    title: "Component",
    cell: ({ id, name, version, purl }) => (
      <div className="tight">
        <Link className="wrap" href={paths.component(id)}><b>{name}</b> {version}</Link>
        {purl && <span className="mono muted">{purl}</span>}
      </div>
    ),
  },
  { title: "License", from: "tablet", cell: ({ license }) => license ? <span className="wrap">{license}</span> : <span className="muted">none stated</span> },
  {
    title: "Vulnerabilities",
    cell: ({ vulnerabilities, undecided_count }) => (
      <div className="tight">
        <SeverityBar counts={vulnerabilities} isCompact />
        {undecided_count > 0 && <Pill tone="unknown">{undecided_count} undecided</Pill>}
      </div>
    ),
  },
  { title: "Where", from: "tablet", cell: ({ running_count, release_count }) => <Reach running={running_count} releases={release_count} /> },
  { title: "Kind", from: "desktop", cell: ({ kind }) => kind },
  { title: "Supplier", from: "desktop", cell: ({ supplier }) => <span className="wrap">{supplier}</span> },
];

export function ComponentList() {
  const [{ q, license, vulnerable }, change] = useUrlState();
  const filter = { q, license, vulnerable: isOn(vulnerable) };
  const query = useInfiniteQuery(packagesQuery(filter));
  const isFiltered = Object.values(filter).some(Boolean);
  return (
    <Section
      title={isFiltered ? "Found" : "All components"}
      isFlush
      actions={
        <div className="filters">
          <FilterInput label="Name or purl" value={q} onChange={(word) => change({ q: word })} />
          <FilterInput label="License" value={license} onChange={(word) => change({ license: word })} />
          <Toggle label="Only vulnerable" value={vulnerable} onChange={(word) => change({ vulnerable: word })} />
        </div>
      }
    >
      <PagedTable
        label="Components"
        columns={columns}
        query={query}
        keyOf={({ id }) => String(id)}
        empty={
          isFiltered ? (
            <EmptyState title="No component fits the filter" />
          ) : (
            <EmptyState title="No inventory yet" command="shipworthy push sbom.cdx.json">
              Push an SBOM of an artifact or of the repository: CycloneDX or SPDX.
            </EmptyState>
          )
        }
      />
    </Section>
  );
}
