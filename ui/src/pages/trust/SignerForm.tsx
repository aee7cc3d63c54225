// Says who may sign what, for which applications, and from when until when.
import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import { trustRootsQuery } from "../../api/trustQueries";
import { Checkbox } from "../../components/Checkbox";
import { ErrorLine } from "../../components/ErrorState";
import { scopeOf, useScopes } from "../../components/scopes";
import { commonPredicates, noDays, nobody, periodOf, predicateTypesOf } from "./drafts";
import { PeriodFields } from "./Period";
import { WhoFields } from "./WhoFields";

export function SignerForm({ onDone }: { onDone: () => void }) {
  const scopes = useScopes();
  const { data: roots } = useQuery(trustRootsQuery());
  const keys = (roots?.items ?? []).filter(({ kind, revoked }) => kind === "key" && !revoked);
  const [name, setName] = useState("");
  const [who, setWho] = useState(nobody);
  const [chosen, setChosen] = useState<string[]>(["https://slsa.dev/provenance/v1"]);
  const [written, setWritten] = useState("");
  const [scope, setScope] = useState("everything");
  const [days, setDays] = useState(noDays);
  const predicateTypes = predicateTypesOf(chosen, written);
  const add = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/api/v1/signers", {
          body: {
            name,
            ...(who.kind === "key" ? { key: who.key } : { identity: who.identity }),
            predicate_types: predicateTypes,
            scope: scopeOf(scope),
            ...periodOf(days),
          },
        }),
      ),
    onSuccess: (_answer, _variables, _result, { client: queries }) => {
      onDone();
      return queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput label="Name" description="What the rule is for, such as “Provenance from Jenkins”." required value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
      <WhoFields who={who} keys={keys.map((root) => ({ value: root.name, label: root.name }))} onChange={setWho} />
      <Checkbox.Group label="May say" description="The types of predicates that count from this signer." value={chosen} onChange={setChosen}>
        <div className="tight">
          {commonPredicates.map(([type, meaning]) => <Checkbox key={type} value={type} label={meaning} description={type} />)}
          <Checkbox value="*" label="Anything" description="Every type, also those that nobody has thought of yet." />
        </div>
      </Checkbox.Group>
      <Textarea label="Other types" description="One a line." rows={2} spellCheck={false} value={written} onChange={({ currentTarget }) => setWritten(currentTarget.value)} />
      <NativeSelect label="For" data={scopes} value={scope} onChange={({ currentTarget }) => setScope(currentTarget.value)} />
      <PeriodFields days={days} onChange={setDays} />
      <ErrorLine error={add.error} />
      <Button type="submit" loading={add.isPending} disabled={predicateTypes.length === 0}>Add signer</Button>
    </form>
  );
}
