// The policies by phase: what each asks, whether it is in force, and how many releases fail it now.
import { useQuery } from "@tanstack/react-query";
import { policiesQuery } from "../../api/queries";
import type { Policy } from "../../api/schema";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Link } from "../../components/Link";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Pill } from "../../components/Pill";
import { Section } from "../../components/Section";
import { countOf } from "../../components/time";
import { SeverityPill, capitalised, phases } from "../../components/words";
import { paths } from "../../paths";

const columns: Column<Policy>[] = [
  {
    title: "Policy",
    cell: ({ name, title, description }) => (
      <div className="tight">
        <Link href={paths.policy(name)}>
          <b>{title}</b>
        </Link>
        <span className="muted wrap">{description}</span>
      </div>
    ),
  },
  { title: "Severity", from: "tablet", cell: ({ severity }) => <SeverityPill severity={severity} /> },
  { title: "In force", from: "tablet", cell: ({ assignments }) => assignments > 0 ? <Pill tone="good">{countOf(assignments, "assignment")}</Pill> : <Pill tone="quiet">Not assigned</Pill> },
  { title: "Failing now", align: "right", cell: ({ failing }) => failing > 0 ? <Pill tone="bad">{failing}</Pill> : 0 },
  { title: "Version", from: "desktop", align: "right", cell: ({ version }) => version },
  { title: "Origin", from: "desktop", cell: ({ is_builtin }) => <span className="whole">{is_builtin ? "built in" : "yours"}</span> },
];

export function PoliciesPage() {
  const query = useQuery(policiesQuery());
  return (
    <Page
      title="Policies"
      about="A policy is a Rego rule that sees the facts of a release and nothing else. It is in force where it is assigned."
    >
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No policy" command="shipworthy policy test policies/">
              Built-in policies come with the server; add your own through the API.
            </EmptyState>
          ) : (
            phases.map((phase) => <PhasePolicies key={phase} phase={phase} policies={items.filter((policy) => policy.phase === phase)} />)
          )
        }
      </Loaded>
    </Page>
  );
}

function PhasePolicies({ phase, policies }: { phase: string; policies: Policy[] }) {
  if (policies.length === 0) return null;
  return (
    <Section title={capitalised(phase)} isFlush>
      <DataTable label={`Policies of the phase ${phase}`} columns={columns} rows={policies} keyOf={({ id }) => id} />
    </Section>
  );
}
