// The components and licenses that differ between two releases.
import type { Comparison } from "../../../api/schema";
import { DataTable, type Column } from "../../../components/DataTable";
import { Link } from "../../../components/Link";
import { Pill } from "../../../components/Pill";
import { paths } from "../../../paths";

type Plain = Comparison["components"]["added"]["items"][number];
type Changed = Comparison["components"]["changed"]["items"][number];
type License = Comparison["licenses"]["added"]["items"][number];

const component: Column<Plain> = {
  title: "Component",
  cell: ({ name, purl }) => (
    <div className="tight">
      <Link className="wrap" href={paths.components({ q: purl ?? name })}><b>{name}</b></Link>
      {purl && <span className="mono muted">{purl}</span>}
    </div>
  ),
};

const plainColumns: Column<Plain>[] = [
  component,
  { title: "Version", cell: ({ version }) => version },
  { title: "License", from: "tablet", cell: ({ license }) => license ?? <span className="muted">none stated</span> },
];

export function PlainComponents({ label, rows }: { label: string; rows: Plain[] }) {
  return <DataTable label={label} columns={plainColumns} rows={rows} keyOf={({ name, version, purl }) => [name, version, purl].join(" ")} />;
}

const changedColumns: Column<Changed>[] = [
  { title: "Component", cell: (row) => component.cell(row) },
  {
    title: "Version",
    cell: ({ from, to, direction }) => (
      <div className="tight">
        <span>{from ?? "none"} → <b>{to ?? "none"}</b></span>
        {direction === "down" && <Pill tone="warn">Older</Pill>}
      </div>
    ),
  },
  {
    title: "License",
    from: "tablet",
    cell: ({ license, license_before }) => (license_before ? <span className="wrap">{license_before} → <b>{license ?? "none stated"}</b></span> : license),
  },
];

export function ChangedComponents({ rows }: { rows: Changed[] }) {
  return <DataTable label="Components changed" columns={changedColumns} rows={rows} keyOf={({ name, from, to, purl }) => [name, from, to, purl].join(" ")} />;
}

const licenseColumns: Column<License>[] = [
  { title: "License", cell: ({ license }) => <b className="wrap">{license}</b> },
  { title: "Components", align: "right", cell: ({ component_count }) => component_count },
  { title: "Such as", from: "tablet", cell: ({ components }) => <span className="mono">{components.slice(0, 3).join(", ")}</span> },
];

export function ChangedLicenses({ label, rows }: { label: string; rows: License[] }) {
  return <DataTable label={label} columns={licenseColumns} rows={rows} keyOf={({ license }) => license} />;
}
