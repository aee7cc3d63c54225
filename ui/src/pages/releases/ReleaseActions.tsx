// What the reader may do with a release: ask the gate, or approve it for an environment.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import { environmentsQuery } from "../../api/queries";
import type { Release } from "../../api/schema";
import { Dialog } from "../../components/Dialog";
import { ErrorLine } from "../../components/ErrorState";
import { paths } from "../../paths";

type Act = "ask-gate" | "approve";

export function ReleaseActions({ release }: { release: Release }) {
  const [act, setAct] = useState<Act>();
  return (
    <>
      {release.actions.includes("approve") && (
        <Button variant="default" size="xs" onClick={() => setAct("approve")}>
          Approve
        </Button>
      )}
      {release.actions.includes("ask-gate") && (
        <Button size="xs" onClick={() => setAct("ask-gate")}>
          Ask the gate
        </Button>
      )}
      <Dialog
        isOpen={act !== undefined}
        onClose={() => setAct(undefined)}
        title={act === "approve" ? "Approve this release" : "May it go?"}
      >
        {act && <ActForm act={act} release={release} onDone={() => setAct(undefined)} />}
      </Dialog>
    </>
  );
}

function ActForm({ act, release, onDone }: { act: Act; release: Release; onDone: () => void }) {
  const { data: environments } = useQuery(environmentsQuery());
  const names = environments?.items.map(({ name }) => name) ?? [];
  const [chosen, setChosen] = useState<string>();
  const [comment, setComment] = useState("");
  const environment = chosen ?? names.at(-1) ?? "";
  const router = useRouter();
  const ask = useMutation({
    mutationFn: async () => {
      if (act === "ask-gate") {
        const decision = await answer(client.POST("/api/v1/gates/evaluate", { body: { release: release.id, environment } }));
        return paths.decision(decision.id);
      }
      await answer(
        client.POST("/api/v1/releases/{id}/approvals", {
          params: { path: { id: release.id } },
          body: { environment, comment: comment || undefined },
        }),
      );
      return paths.release(release.id, { tab: "deployments" });
    },
    onSuccess: async (href, _variables, _result, { client: queries }) => {
      onDone();
      await queries.invalidateQueries();
      await router.navigate({ href });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <NativeSelect label="Environment" data={names} value={environment} onChange={(event) => setChosen(event.currentTarget.value)} />
      {act === "approve" && (
        <TextInput label="Comment" description="Kept with the approval." value={comment} onChange={(event) => setComment(event.currentTarget.value)} />
      )}
      <ErrorLine error={ask.error} />
      <Button type="submit" loading={ask.isPending} disabled={!environment}>
        {act === "approve" ? "Approve" : "Ask the gate"}
      </Button>
    </form>
  );
}
