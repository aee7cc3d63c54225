// Where releases run, and how the gate of each behaves.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { environmentsQuery } from "../../api/queries";
import { usePermissions } from "../../api/session";
import type { Environment } from "../../api/schema";
import { DataTable, type Column } from "../../components/DataTable";
import { Dialog } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { Link } from "../../components/Link";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { GatePill } from "../../components/words";
import { paths } from "../../paths";
import { EnvironmentForm } from "./EnvironmentForm";

const columnsOf = (edit: (environment: Environment) => void): Column<Environment>[] => [
  { title: "Environment", cell: ({ name }) => <Link href={paths.decisions({ environment: name })}><b>{name}</b></Link> },
  { title: "Kind", from: "tablet", cell: ({ kind }) => kind },
  { title: "Exposure", from: "tablet", cell: ({ exposure }) => exposure },
  { title: "Gate", cell: ({ gate_mode }) => <GatePill mode={gate_mode} /> },
  { title: "Unknown facts", from: "tablet", cell: ({ unknowns }) => (unknowns === "closed" ? "stop a release" : "let it pass") },
  {
    title: "Change",
    cell: (environment) =>
      environment.actions.includes("update") && (
        <Button size="compact-xs" variant="default" aria-label={`Change ${environment.name}`} onClick={() => edit(environment)}>
          Change
        </Button>
      ),
  },
];

export function EnvironmentsPage() {
  const query = useQuery(environmentsQuery());
  const mayGovern = usePermissions().has("govern");
  const [edited, setEdited] = useState<Environment | "new">();
  const add = mayGovern && (
    <Button size="xs" onClick={() => setEdited("new")}>
      Add environment
    </Button>
  );
  return (
    <Page title="Environments" about="Where releases run. The gate of an environment enforces, warns or is off; closed to unknowns, it stops what has no evidence." actions={add}>
      <Section title="All environments" isFlush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title="No environment yet" action={add}>
                A gate is asked for an environment, so make the ones that you deploy to.
              </EmptyState>
            ) : (
              <DataTable label="Environments" columns={columnsOf(setEdited)} rows={items} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Section>
      <Dialog
        isOpen={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === "new" ? "Add environment" : `Change ${edited?.name}`}
      >
        {edited && <EnvironmentForm environment={edited === "new" ? undefined : edited} onDone={() => setEdited(undefined)} />}
      </Dialog>
    </Page>
  );
}
