// Asks for an exception. The address may name what it is about, so that a violation can link here filled in.
import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import { environmentsQuery, policiesQuery } from "../../api/queries";
import { ErrorLine } from "../../components/ErrorState";
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { useUrlState } from "../../components/urlState";
import { paths } from "../../paths";
import { bodyOf, draftOf, justifications, type Draft } from "./draft";
import styles from "./NewExceptionPage.module.css";

export function NewExceptionPage() {
  const [named] = useUrlState();
  const [draft, setDraft] = useState<Draft>(() => draftOf(named, new Date()));
  const { data: policies } = useQuery(policiesQuery());
  const { data: environments } = useQuery(environmentsQuery());
  const router = useRouter();
  const request = useMutation({
    mutationFn: () => answer(client.POST("/api/v1/exceptions", { body: bodyOf(draft) })),
    onSuccess: (exception) => router.navigate({ href: paths.exception(exception.id) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    request.mutate();
  };
  const field = (name: keyof Draft) => ({
    value: draft[name],
    onChange: (event: { currentTarget: { value: string } }) => setDraft({ ...draft, [name]: event.currentTarget.value }),
  });
  return (
    <Page
      title="Request an exception"
      trail={[{ label: "Exceptions", href: paths.exceptions() }]}
      about="The narrower it is, the sooner somebody approves it. Another person than you decides."
    >
      <form className="stack" onSubmit={submit}>
        <Section title="What should be excused" about="At least one; a violation must fit all that are given.">
          <div className={styles.fields}>
            <NativeSelect label="Policy" data={choices(policies?.items.map(({ name }) => name), draft.policy, "any policy")} {...field("policy")} />
            <TextInput label="Rule or vulnerability" placeholder="CVE-2026-0001" {...field("rule")} />
            <TextInput label="Package URL" placeholder="pkg:npm/left-pad@1.3.0" {...field("purl")} />
            <TextInput label="Artifact digest" placeholder="sha256:…" {...field("artifact")} />
          </div>
        </Section>
        <Section title="Where" about="What is left empty means everywhere.">
          <div className={styles.fields}>
            <TextInput label="Application" {...field("application")} />
            <TextInput label="Service" {...field("service")} />
            <NativeSelect
              label="Environment"
              data={choices(environments?.items.map(({ name }) => name), draft.environment, "every environment")}
              {...field("environment")}
            />
          </div>
        </Section>
        <Section title="Why, and until when">
          <div className="stack">
            <Textarea label="Reason" description="What makes this acceptable until then?" required rows={3} {...field("reason")} />
            <div className={styles.fields}>
              <NativeSelect label="VEX justification" data={justifications} {...field("justification")} />
              <TextInput label="Ticket" placeholder="https://…" {...field("ticket")} />
              <TextInput label="Until" description="The first day on which it excuses nothing, UTC." type="date" required {...field("until")} />
            </div>
          </div>
        </Section>
        <ErrorLine error={request.error} />
        <div>
          <Button type="submit" loading={request.isPending}>
            Request exception
          </Button>
        </div>
      </form>
    </Page>
  );
}

/** The names to choose from, among them the one that the address named even when the list has not come yet. */
function choices(names: string[] | undefined, chosen: string, none: string) {
  const known = new Set([...(names ?? []), ...(chosen ? [chosen] : [])]);
  return [{ value: "", label: none }, ...[...known].map((name) => ({ value: name, label: name }))];
}
