// Stands in for a page that could not be shown at all.
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorState, titleOf } from "./ErrorState";
import { Page } from "./Page";

export function ErrorPage({ error, reset }: Pick<ErrorComponentProps, "error" | "reset">) {
  return (
    <Page title={titleOf(error)}>
      <ErrorState error={error} retry={reset} isUnderTitle />
    </Page>
  );
}
