// Makes a token out of the permissions that its maker has.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import { usePermissions } from "../../api/session";
import { Checkbox } from "../../components/Checkbox";
import { ErrorLine } from "../../components/ErrorState";
import { scopeOf, useScopes } from "../../components/scopes";

const meanings: Record<string, string> = {
  push: "push evidence, releases and deployments",
  read: "read",
  "read-documents": "read documents as received",
  gate: "ask the gate",
  "request-exception": "request exceptions",
  approve: "approve releases and exceptions",
  govern: "govern policies and environments",
  admin: "administer users",
};
const DAY_MILLISECONDS = 86_400_000;

export function TokenForm({ onCreated }: { onCreated: (secret: string) => void }) {
  const own = usePermissions();
  const scopes = useScopes();
  const [name, setName] = useState("");
  const [permissions, setPermissions] = useState<string[]>([]);
  const [scope, setScope] = useState("everything");
  const [days, setDays] = useState("90");
  const create = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/api/v1/tokens", {
          body: {
            name,
            permissions,
            scope: scopeOf(scope),
            expires_at: new Date(Date.now() + Number(days) * DAY_MILLISECONDS).toISOString(),
          },
        }),
      ),
    onSuccess: ({ secret }, _variables, _result, { client: queries }) => {
      onCreated(secret);
      return queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput label="Name" description="What will use it, such as the name of a pipeline." required value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Checkbox.Group label="It may" value={permissions} onChange={setPermissions}>
        <div className="tight">
          {[...own].map((permission) => (
            <Checkbox key={permission} value={permission} label={meanings[permission] ?? permission} />
          ))}
        </div>
      </Checkbox.Group>
      <NativeSelect label="Scope" data={scopes} value={scope} onChange={(event) => setScope(event.currentTarget.value)} />
      <NativeSelect
        label="Expires in"
        data={["7", "30", "90", "365"].map((value) => ({ value, label: `${value} days` }))}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <ErrorLine error={create.error} />
      <Button type="submit" loading={create.isPending} disabled={permissions.length === 0}>
        Create token
      </Button>
    </form>
  );
}
