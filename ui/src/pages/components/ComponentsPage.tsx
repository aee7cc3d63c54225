// The components of everything that is delivered: where one of them is, and which there are.
import { Page } from "../../components/Page";
import { useUrlState } from "../../components/urlState";
import { ComponentList } from "./ComponentList";
import { WhereBox } from "./WhereBox";

export function ComponentsPage() {
  const [{ where }] = useUrlState();
  return (
    <Page title="Components" about="A component is one version of one package, known once however many releases have it.">
      <WhereBox />
      {/* Beneath the answer to a question, the list of everything would only be more to scroll. */}
      {!where && <ComponentList />}
    </Page>
  );
}
