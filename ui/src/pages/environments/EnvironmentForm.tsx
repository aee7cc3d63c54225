// Makes an environment, or changes how one behaves; its name stays.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import type { Environment } from "../../api/schema";
import { ErrorLine } from "../../components/ErrorState";

const kinds = ["sandbox", "development", "test", "staging", "production"];
const exposures = ["internet", "internal", "isolated"];
const gateModes = [
  { value: "enforce", label: "Enforce: a denied release is stopped" },
  { value: "warn", label: "Warn: it goes, with a warning" },
  { value: "off", label: "Off: nothing is asked" },
];
const unknownModes = [
  { value: "closed", label: "Closed: what has no evidence is stopped" },
  { value: "open", label: "Open: what has no evidence goes" },
];

type Draft = Pick<Environment, "kind" | "exposure" | "gate_mode" | "unknowns">;
const fresh: Draft = { kind: "production", exposure: "internet", gate_mode: "enforce", unknowns: "closed" };

export function EnvironmentForm({ environment, onDone }: { environment?: Environment; onDone: () => void }) {
  const [name, setName] = useState("");
  const [draft, setDraft] = useState<Draft>(environment ?? fresh);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const { kind, exposure, gate_mode, unknowns } = draft;
  const save = useMutation({
    mutationFn: () =>
      environment
        ? answer(
            client.PATCH("/api/v1/environments/{id}", {
              params: { path: { id: environment.id } },
              body: { kind, exposure, gate_mode, unknowns },
            }),
          )
        : answer(client.POST("/api/v1/environments", { body: { name, kind, exposure, gate_mode, unknowns } })),
    onSuccess: (_answer, _variables, _result, { client: queries }) => {
      onDone();
      return queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      {!environment && <TextInput label="Name" required value={name} onChange={(event) => setName(event.currentTarget.value)} />}
      <NativeSelect label="Kind" data={kinds} value={kind} onChange={(event) => set({ kind: event.currentTarget.value })} />
      <NativeSelect label="Exposure" data={exposures} value={exposure} onChange={(event) => set({ exposure: event.currentTarget.value })} />
      <NativeSelect label="Gate" data={gateModes} value={gate_mode} onChange={(event) => set({ gate_mode: event.currentTarget.value })} />
      <NativeSelect label="Unknown facts" data={unknownModes} value={unknowns} onChange={(event) => set({ unknowns: event.currentTarget.value })} />
      <ErrorLine error={save.error} />
      <Button type="submit" loading={save.isPending}>
        {environment ? "Save" : "Add environment"}
      </Button>
    </form>
  );
}
