// The build platforms that are trusted and the source control systems that are believed, and how far.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, client } from "../../api/client";
import type { Builder, TrustedPlatform } from "../../api/schema";
import { usePermissions } from "../../api/session";
import { buildersQuery, trustRootsQuery } from "../../api/trustQueries";
import { DataTable, type Column } from "../../components/DataTable";
import { Dialog } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Loaded } from "../../components/Loaded";
import { shortDigest } from "../../components/sentences";
import { capitalised } from "../../components/words";
import { BuilderForm } from "./BuilderForm";
import { patternText } from "./drafts";
import { Period } from "./Period";
import { Revocation } from "./Revocation";
import styles from "./TrustPage.module.css";

type KeyNames = ReadonlyMap<string, string>;

const columnsOf = (keys: KeyNames): Column<Builder>[] => [
  {
    title: "Builder",
    cell: ({ trusted }) => (
      <div className="tight">
        <b>{trusted.name}</b>
        <span className="muted small wrap">{patternText(trusted.platform)}</span>
      </div>
    ),
  },
  { title: "Trusted to", cell: ({ trusted }) => <span className="whole">{capitalised(trusted.track)} level {trusted.level}</span> },
  { title: "Signed by", from: "tablet", cell: ({ trusted }) => <SignedBy trusted={trusted} keys={keys} /> },
  { title: "What else must hold", from: "desktop", cell: ({ trusted }) => <Conditions trusted={trusted} /> },
  { title: "Added", from: "desktop", cell: ({ created_at, created_by }) => <><Instant at={created_at} /> by {created_by}</> },
  { title: "Counts", cell: (builder) => <Period of={builder} /> },
  {
    title: "Change",
    cell: ({ id, trusted, actions }) =>
      actions.includes("revoke") && (
        <Revocation name={trusted.name} revoke={() => answer(client.DELETE("/api/v1/builders/{id}", { params: { path: { id } } }))}>
          What this platform built reaches no level by it any more.
        </Revocation>
      ),
  },
];

export function BuildersTab() {
  const query = useQuery(buildersQuery());
  const { data: roots } = useQuery(trustRootsQuery());
  const mayGovern = usePermissions().has("govern");
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  const keys: KeyNames = new Map((roots?.items ?? []).flatMap(({ key_id, name }) => (key_id ? [[key_id, name] as const] : [])));
  const add = mayGovern && <Button size="xs" onClick={() => setIsOpen(true)}>Add builder</Button>;
  return (
    <>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No builder yet" action={add}>
              {roots?.items.length === 0
                ? "Add a trust root first: what a platform built is believed by who signs for it."
                : "Provenance of a platform that nobody trusts proves SLSA Build level 1 at most. Begin with one that is met in practice, or with the key of your own."}
            </EmptyState>
          ) : (
            <>
              <div className={styles.bar}><p>The level of an artifact is the lower of what its builder is trusted for and what the checks prove.</p>{add}</div>
              <DataTable label="Builders" columns={columnsOf(keys)} rows={items} keyOf={({ id }) => id} />
            </>
          )
        }
      </Loaded>
      <Dialog isOpen={isOpen} onClose={close} title="Add builder">
        <BuilderForm onDone={close} />
      </Dialog>
    </>
  );
}

function SignedBy({ trusted: { signers }, keys }: { trusted: TrustedPlatform; keys: KeyNames }) {
  return (
    <ul className={styles.words}>
      {signers.map(({ key_id, identity }) => (
        <li key={key_id ?? JSON.stringify(identity)} className="wrap">
          {key_id && <>the key <span title={key_id}>{keys.get(key_id) ?? shortDigest(key_id)}</span></>}
          {identity && patternText(identity.name)}
        </li>
      ))}
    </ul>
  );
}

const conditionWords: Record<string, string> = {
  signer_is_builder: "who signs is the builder",
  version_tag: "a tag with a version",
  workflow_of_source: "the workflow is in the source",
  source_in_certificate: "the certificate names the source",
  hosted_runner: "a runner of the vendor",
};

function Conditions({ trusted: { conditions } }: { trusted: TrustedPlatform }) {
  if (!conditions?.length) return <span className="muted">nothing</span>;
  return <ul className={styles.words}>{conditions.map((word) => <li key={word}>{conditionWords[word] ?? word}</li>)}</ul>;
}
