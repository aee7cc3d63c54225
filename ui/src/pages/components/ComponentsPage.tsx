// The components of everything that is delivered: where one of them is, and which there are.
import { Page } from "../../components/Page";
import { WhereBox } from "./WhereBox";

export function ComponentsPage() {
  return (
    <Page title="Components" about="A component is one version of one package. It is shared: each is known once, however many releases have it.">
      <WhereBox />
    </Page>
  );
}
