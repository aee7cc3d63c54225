// Trusts a build platform or a source control system: one that is met in practice, one by its id and key, or as JSON.
import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import type { KnownBuilder, Pattern, TrustedPlatform } from "../../api/schema";
import { knownBuildersQuery, trustRootsQuery } from "../../api/trustQueries";
import { ErrorLine } from "../../components/ErrorState";
import { Prose } from "../../components/Prose";
import { WebLink } from "../../components/WebLink";
import { jsonOf, nobody } from "./drafts";
import styles from "./TrustPage.module.css";
import { PatternField, WhoFields } from "./WhoFields";

const OWN = "own";
const JSON_TEXT = "json";

export function BuilderForm({ onDone }: { onDone: () => void }) {
  const { data: known } = useQuery(knownBuildersQuery());
  const { data: roots } = useQuery(trustRootsQuery());
  const keys = (roots?.items ?? []).flatMap(({ name, key_id, revoked }) => (key_id && !revoked ? [{ value: key_id, label: name }] : []));
  const [start, setStart] = useState(OWN);
  const [name, setName] = useState("");
  const [platform, setPlatform] = useState<Pattern>({ match: "exact", value: "" });
  const [who, setWho] = useState(nobody);
  const [level, setLevel] = useState("2");
  const [text, setText] = useState("");
  const offer = known?.items.find(({ trusted }) => trusted.name === start);
  const fromFields = (): TrustedPlatform => ({
    name,
    track: "build",
    platform,
    signers: [who.kind === "key" ? { key_id: who.key } : { identity: who.identity }],
    level: Number(level),
  });
  const add = useMutation({
    mutationFn: () => answer(client.POST("/api/v1/builders", { body: start === OWN ? fromFields() : (jsonOf(text) as TrustedPlatform) })),
    onSuccess: (_answer, _variables, _result, { client: queries }) => {
      onDone();
      return queries.invalidateQueries();
    },
  });
  const choose = (value: string) => {
    const chosen = known?.items.find(({ trusted }) => trusted.name === value);
    if (chosen) setText(JSON.stringify(chosen.trusted, undefined, 2));
    setStart(value);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <NativeSelect
        label="Builder"
        value={start}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={[
          { value: OWN, label: "One of your own, by its id and who signs" },
          ...(known?.items ?? []).map(({ trusted }) => ({ value: trusted.name, label: `${trusted.name}, ${trusted.track} level ${trusted.level}` })),
          { value: JSON_TEXT, label: "Anything else, as JSON" },
        ]}
      />
      {start === OWN ? (
        <>
          <TextInput label="Name" required value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
          <PatternField label="Builder id" example="https://jenkins.example.org/" pattern={platform} onChange={setPlatform} />
          <WhoFields who={who} keys={keys} onChange={setWho} />
          <NativeSelect label="Trusted to" description="The level that a build reaches is the lower of this and what the checks prove." data={["1", "2", "3"].map((value) => ({ value, label: `SLSA Build level ${value}` }))} value={level} onChange={({ currentTarget }) => setLevel(currentTarget.value)} />
        </>
      ) : (
        <>
          {offer && <Offer offer={offer} />}
          <Textarea label="What is trusted" description="JSON: name, track, platform, signers, build_types, conditions, level." required rows={12} spellCheck={false} value={text} error={text === "" || jsonOf(text) !== undefined ? undefined : "this is not JSON"} onChange={({ currentTarget }) => setText(currentTarget.value)} />
        </>
      )}
      <ErrorLine error={add.error} />
      <Button type="submit" loading={add.isPending} disabled={start !== OWN && jsonOf(text) === undefined}>Trust builder</Button>
    </form>
  );
}

function Offer({ offer: { note, source } }: { offer: KnownBuilder }) {
  return (
    <div className={styles.note}>
      <p><Prose text={note} /></p>
      <p>Described at <WebLink address={source} /></p>
    </div>
  );
}
