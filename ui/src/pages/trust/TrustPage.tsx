// Whose signatures count: the keys and Sigstore instances, the rules that say who may sign what, and the build platforms.
import { Tabs } from "@mantine/core";
import { Page } from "../../components/Page";
import { useUrlState } from "../../components/urlState";
import { BuildersTab } from "./BuildersTab";
import { RootsTab } from "./RootsTab";
import { SignersTab } from "./SignersTab";
import styles from "./TrustPage.module.css";

const tabs = new Set(["roots", "signers", "builders"]);

export function TrustPage() {
  const [{ tab = "roots" }, change] = useUrlState();
  const current = tabs.has(tab) ? tab : "roots";
  return (
    <Page title="Trust" about="A trust root says whose signature it is, a signer may say something of an application, a builder is believed to a level. Nobody is trusted unless named here.">
      <section className={styles.tabs} aria-label="Whom to trust">
        <Tabs value={current} onChange={(value) => change({ tab: value === "roots" ? undefined : (value ?? undefined) })} keepMounted={false}>
          <Tabs.List className={styles.list}>
            <Tabs.Tab value="roots">Trust roots</Tabs.Tab>
            <Tabs.Tab value="signers">Signers</Tabs.Tab>
            <Tabs.Tab value="builders">Builders</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="roots"><RootsTab /></Tabs.Panel>
          <Tabs.Panel value="signers"><SignersTab /></Tabs.Panel>
          <Tabs.Panel value="builders"><BuildersTab /></Tabs.Panel>
        </Tabs>
      </section>
    </Page>
  );
}
