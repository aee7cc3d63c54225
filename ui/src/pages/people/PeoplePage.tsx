// Who may use this server, and the tokens that let pipelines in.
import { Tabs } from "@mantine/core";
import { Page } from "../../components/Page";
import { useUrlState } from "../../components/urlState";
import { usePermissions } from "../../api/session";
import styles from "./PeoplePage.module.css";
import { TokensTab } from "./TokensTab";
import { UsersTab } from "./UsersTab";

export function PeoplePage() {
  const [{ tab }, change] = useUrlState();
  const maySeeUsers = usePermissions().has("admin");
  const current = tab === "tokens" || !maySeeUsers ? "tokens" : "users";
  return (
    <Page title="People" about="Users sign in here; a token lets a pipeline do a few named things, in a scope, until it expires.">
      <section className={styles.tabs} aria-label="People and tokens">
        <Tabs value={current} onChange={(value) => change({ tab: value ?? undefined })} keepMounted={false}>
          <Tabs.List>
            {maySeeUsers && <Tabs.Tab value="users">Users</Tabs.Tab>}
            <Tabs.Tab value="tokens">Tokens</Tabs.Tab>
          </Tabs.List>
          {maySeeUsers && (
            <Tabs.Panel value="users">
              <UsersTab />
            </Tabs.Panel>
          )}
          <Tabs.Panel value="tokens">
            <TokensTab />
          </Tabs.Panel>
        </Tabs>
      </section>
    </Page>
  );
}
