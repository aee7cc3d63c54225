// Approve, reject and revoke, for whom the server says may.
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import type { ExceptionView } from "../../api/schema";
import { Dialog } from "../../components/Dialog";
import { ErrorLine } from "../../components/ErrorState";
import { capitalised } from "../../components/words";

const consequences = {
  approve: "The violations it names are excused from now on until it ends. Your name stands with it in every decision that uses it.",
  reject: "Nothing is excused. The person who asked sees your comment.",
  revoke: "It excuses nothing from now on. Decisions that used it stay as they were recorded.",
};

type Act = keyof typeof consequences;

export function ExceptionActions({ exception }: { exception: ExceptionView }) {
  const [act, setAct] = useState<Act>();
  return (
    <>
      {exception.actions.filter(isAct).map((each) => (
        <Button key={each} size="xs" variant={each === "approve" ? "filled" : "default"} onClick={() => setAct(each)}>
          {capitalised(each)}
        </Button>
      ))}
      <Dialog
        isOpen={act !== undefined}
        onClose={() => setAct(undefined)}
        title={act ? `${capitalised(act)} this exception?` : ""}
      >
        {act && <ActForm act={act} id={exception.id} onDone={() => setAct(undefined)} />}
      </Dialog>
    </>
  );
}

function ActForm({ act, id, onDone }: { act: Act; id: string; onDone: () => void }) {
  const [comment, setComment] = useState("");
  const decide = useMutation({
    mutationFn: () => send(act, id, comment || undefined),
    onSuccess: (_answer, _variables, _result, { client: queries }) => {
      onDone();
      return queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    decide.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <p>{consequences[act]}</p>
      {act !== "revoke" && (
        <TextInput label="Comment" value={comment} onChange={(event) => setComment(event.currentTarget.value)} />
      )}
      <ErrorLine error={decide.error} />
      <Button type="submit" loading={decide.isPending} color={act === "approve" ? undefined : "red.8"}>
        {capitalised(act)}
      </Button>
    </form>
  );
}

function send(act: Act, id: string, comment?: string) {
  const params = { path: { id } };
  switch (act) {
    case "approve":
      return answer(client.POST("/api/v1/exceptions/{id}/approve", { params, body: { comment } }));
    case "reject":
      return answer(client.POST("/api/v1/exceptions/{id}/reject", { params, body: { comment } }));
    case "revoke":
      return answer(client.POST("/api/v1/exceptions/{id}/revoke", { params }));
  }
}

function isAct(action: string): action is Act {
  return action in consequences;
}
