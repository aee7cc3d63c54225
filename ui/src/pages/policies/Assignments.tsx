// Where a policy is in force, with which action and parameters; and the form that puts it into force.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, client } from "../../api/client";
import type { Assignment, PolicyDetail } from "../../api/schema";
import { DataTable, type Column } from "../../components/DataTable";
import { Dialog } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { ErrorLine } from "../../components/ErrorState";
import { Instant } from "../../components/Instant";
import { Section } from "../../components/Section";
import { ActionPill } from "../../components/words";
import { AssignmentForm } from "./AssignmentForm";

const columns: Column<Assignment>[] = [
  { title: "Scope", cell: ({ scope }) => wordsOf(scope) },
  { title: "Environments", cell: ({ environments }) => environments.map(({ name }) => name).join(", ") || "all" },
  { title: "Action", cell: ({ action }) => <ActionPill action={action} /> },
  { title: "Parameters", from: "tablet", cell: ({ parameters }) => <span className="mono">{parametersText(parameters)}</span> },
  { title: "Version", from: "desktop", align: "right", cell: ({ version }) => version },
  { title: "Since", from: "tablet", cell: ({ created_at, created_by }) => <><Instant at={created_at} /> by {created_by}</> },
  { title: "Take out", cell: (assignment) => assignment.actions.includes("delete") && <Removal assignment={assignment} /> },
];

export function Assignments({ policy }: { policy: PolicyDetail }) {
  const [isOpen, setIsOpen] = useState(false);
  const mayAssign = policy.actions.includes("assign");
  const assign = mayAssign && (
    <Button size="xs" variant="default" onClick={() => setIsOpen(true)}>
      Assign
    </Button>
  );
  return (
    <Section title="In force" actions={policy.assigned.length > 0 && assign} isFlush>
      {policy.assigned.length === 0 ? (
        <EmptyState title="Not in force anywhere" action={assign}>
          An assignment puts this policy into force for a scope and some environments, to deny or to warn.
        </EmptyState>
      ) : (
        <DataTable label="Assignments" columns={columns} rows={policy.assigned} keyOf={({ id }) => id} />
      )}
      <Dialog isOpen={isOpen} onClose={() => setIsOpen(false)} title={`Assign: ${policy.title}`}>
        <AssignmentForm policy={policy} onDone={() => setIsOpen(false)} />
      </Dialog>
    </Section>
  );
}

function Removal({ assignment }: { assignment: Assignment }) {
  const remove = useMutation({
    mutationFn: () => answer(client.DELETE("/api/v1/assignments/{id}", { params: { path: { id: assignment.id } } })),
    onSuccess: (_answer, _variables, _result, { client: queries }) => queries.invalidateQueries(),
  });
  return (
    <>
      <Button size="compact-xs" variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
        Remove
      </Button>
      <ErrorLine error={remove.error} />
    </>
  );
}

function parametersText(parameters: unknown): string {
  const text = JSON.stringify(parameters ?? {});
  return text === "{}" ? "as given" : text;
}

function wordsOf({ kind, name }: Assignment["scope"]): string {
  return name ? `${kind} ${name}` : kind;
}
