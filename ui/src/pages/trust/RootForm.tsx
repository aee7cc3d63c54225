// Adds a trust root, or puts another edition of a Sigstore instance's in the place of the one before.
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import type { TrustRoot } from "../../api/schema";
import { ErrorLine } from "../../components/ErrorState";
import { BodyField } from "./BodyField";
import { noDays, periodOf } from "./drafts";
import { PeriodFields } from "./Period";

export function RootForm({ root, onDone }: { root?: TrustRoot; onDone: () => void }) {
  const [name, setName] = useState("");
  const [body, setBody] = useState("");
  const [days, setDays] = useState(noDays);
  const save = useMutation({
    mutationFn: () =>
      root
        ? answer(client.PUT("/api/v1/trust-roots/{id}", { params: { path: { id: root.id } }, body: { body } }))
        : answer(client.POST("/api/v1/trust-roots", { body: { name, body, ...periodOf(days) } })),
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
      {!root && <TextInput label="Name" description="As people know it, such as the system that signs." required value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />}
      <BodyField
        label={root ? "Trusted root" : "Key or trusted root"}
        description={root ? "The new edition in JSON." : "A public key or certificate in PEM, a JSON Web Key, or the trusted root of a Sigstore instance in JSON."}
        placeholder={root ? '{ "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1", …' : "-----BEGIN PUBLIC KEY-----"}
        value={body}
        onChange={setBody}
      />
      {!root && <PeriodFields days={days} onChange={setDays} />}
      <p className="muted small">Every signature that is here is checked anew.</p>
      <ErrorLine error={save.error} />
      <Button type="submit" loading={save.isPending}>{root ? "Replace" : "Add trust root"}</Button>
    </form>
  );
}
