// One policy: what it asks and why, where it is in force with which parameters, and its source.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { policyQuery } from "../../api/queries";
import type { PolicyDetail } from "../../api/schema";
import { Digest } from "../../components/Digest";
import { Facts } from "../../components/Facts";
import { LoadedPage } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Prose } from "../../components/Prose";
import { Section } from "../../components/Section";
import { SeverityPill, capitalised } from "../../components/words";
import { paths } from "../../paths";
import { Assignments } from "./Assignments";
import { Parameters } from "./Parameters";
import { RegoSource } from "./RegoSource";
import styles from "./PolicyPage.module.css";

export function PolicyPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const query = useQuery(policyQuery(name));
  return <LoadedPage query={query}>{(policy) => <Content policy={policy} />}</LoadedPage>;
}

function Content({ policy }: { policy: PolicyDetail }) {
  return (
    <Page
      title={policy.title}
      mark={<SeverityPill severity={policy.severity} />}
      trail={[{ label: "Policies", href: paths.policies() }]}
      about={<Prose text={policy.description} />}
    >
      <Section title="About">
        <div className="stack">
          <Facts
            facts={{
              Name: <span className="mono">{policy.name}</span>,
              Phase: capitalised(policy.phase),
              Version: policy.version,
              Origin: policy.is_builtin ? "built in" : "yours",
              "Failing now": policy.failing,
              Digest: <Digest value={policy.digest} />,
              "Needs the facts": policy.requires.length > 0 && <span className="mono">{policy.requires.join(", ")}</span>,
              Controls: policy.controls.map(({ framework, control }) => `${framework} ${control}`).join(", "),
            }}
          />
          <p>
            <b>What to do when it fails:</b> <Prose text={policy.remediation} />
          </p>
        </div>
      </Section>
      <Assignments policy={policy} />
      <Parameters schema={policy.parameters} />
      <Section title="Source" isFlush>
        <div className={styles.source}>
          <RegoSource source={policy.source} />
        </div>
      </Section>
    </Page>
  );
}
