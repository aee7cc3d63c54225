// What an assignment of the policy may set, read from its JSON Schema.
import { DataTable, type Column } from "../../components/DataTable";
import { Section } from "../../components/Section";

interface Parameter {
  name: string;
  type?: string;
  description?: string;
  fallback?: unknown;
}

const columns: Column<Parameter>[] = [
  { title: "Parameter", cell: ({ name }) => <span className="mono">{name}</span> },
  { title: "Meaning", cell: ({ description }) => description },
  { title: "Type", from: "tablet", cell: ({ type }) => type },
  { title: "Unless set", cell: (parameter) => <span className="mono">{JSON.stringify(parameter.fallback)}</span> },
];

export function Parameters({ schema }: { schema: unknown }) {
  const parameters = parametersOf(schema);
  if (parameters.length === 0) return null;
  return (
    <Section title="Parameters" isFlush>
      <DataTable label="Parameters" columns={columns} rows={parameters} keyOf={({ name }) => name} />
    </Section>
  );
}

function parametersOf(schema: unknown): Parameter[] {
  const properties = (schema as { properties?: Record<string, { type?: string; description?: string; default?: unknown }> } | undefined)?.properties ?? {};
  return Object.entries(properties).map(([name, { type, description, default: fallback }]) => ({ name, type, description, fallback }));
}
