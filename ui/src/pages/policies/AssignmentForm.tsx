// Puts a policy into force: action, scope, environments, parameters.
import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import { environmentsQuery } from "../../api/queries";
import type { PolicyDetail } from "../../api/schema";
import { Checkbox } from "../../components/Checkbox";
import { ErrorLine } from "../../components/ErrorState";
import { scopeOf, useScopes } from "../../components/scopes";

export function AssignmentForm({ policy, onDone }: { policy: PolicyDetail; onDone: () => void }) {
  const scopes = useScopes();
  const { data: environments } = useQuery(environmentsQuery());
  const [action, setAction] = useState("deny");
  const [scope, setScope] = useState("everything");
  const [names, setNames] = useState<string[]>([]);
  const [parameters, setParameters] = useState("{}");
  const assign = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/api/v1/assignments", {
          body: {
            policy: policy.name,
            action,
            scope: scopeOf(scope),
            environments: names.length > 0 ? names : undefined,
            parameters: JSON.parse(parameters),
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
    assign.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <NativeSelect
        label="Action"
        value={action}
        onChange={(event) => setAction(event.currentTarget.value)}
        data={[
          { value: "deny", label: "Deny: a release that fails is stopped" },
          { value: "warn", label: "Warn: it goes, with a warning" },
          { value: "off", label: "Off: not asked in this scope" },
        ]}
      />
      <NativeSelect label="Scope" value={scope} onChange={(event) => setScope(event.currentTarget.value)} data={scopes} />
      <Checkbox.Group label="Environments" description="None chosen means all." value={names} onChange={setNames}>
        <div className="row">
          {environments?.items.map(({ name }) => <Checkbox key={name} value={name} label={name} />)}
        </div>
      </Checkbox.Group>
      <Textarea
        label="Parameters"
        description="JSON; what is not named keeps its default."
        value={parameters}
        error={isJson(parameters) ? undefined : "this is not JSON"}
        rows={3}
        onChange={(event) => setParameters(event.currentTarget.value)}
      />
      <ErrorLine error={assign.error} />
      <Button type="submit" loading={assign.isPending} disabled={!isJson(parameters)}>
        Put into force
      </Button>
    </form>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
