// The first administrator, made with the one-time token of the setup link. The token stands after the `#`, which no
// browser sends to a server or writes into a log of one.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocation, useRouter } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { setUp } from "../../api/session";
import { DoorPage } from "../../components/DoorPage";
import { ErrorLine } from "../../components/ErrorState";
import { paths } from "../../paths";

export function SetupPage() {
  const { hash } = useLocation();
  const [token, setToken] = useState(hash);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const queries = useQueryClient();
  const router = useRouter();
  const attempt = useMutation({
    mutationFn: () => setUp(queries, { token, name, password }),
    onSuccess: () => router.navigate({ href: paths.overview(), replace: true }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <DoorPage title="Set up Shipworthy">
      <p className="muted">Make the first user. They will be the administrator, and can invite others on the page People.</p>
      <form className="stack" onSubmit={submit}>
        {!hash && (
          <TextInput
            label="Setup token"
            description="The part after # of the setup link that the server printed when it started."
            required
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Name"
          name="username"
          autoComplete="username"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          description="At least 12 characters; a sentence is easiest to remember."
          name="new-password"
          autoComplete="new-password"
          minLength={12}
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <ErrorLine error={attempt.error} />
        <Button type="submit" loading={attempt.isPending}>
          Create administrator
        </Button>
      </form>
    </DoorPage>
  );
}
