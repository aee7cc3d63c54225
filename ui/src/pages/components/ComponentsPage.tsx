// The components of everything that is delivered: where one of them is, and which there are.
import { Page } from "../../components/Page";
import { ComponentList } from "./ComponentList";
import { WhereBox } from "./WhereBox";

export function ComponentsPage() {
  return (
    <Page title="Components" about="A component is one version of one package, known once however many releases have it.">
      <WhereBox />
      <ComponentList />
    </Page>
  );
}
