// An address that leads to no page.
import { paths } from "../paths";
import { EmptyState } from "./EmptyState";
import { Link } from "./Link";
import { Page } from "./Page";

export function NotFound() {
  return (
    <Page title="There is no such page">
      <EmptyState title="The address leads nowhere" action={<Link href={paths.overview()}>Go to the overview</Link>}>
        Check it for a typing error, or find the release by its version, commit or digest with the search above.
      </EmptyState>
    </Page>
  );
}
