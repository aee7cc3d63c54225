// One decision: the verdict, what stops the release and what to do about it first, everything else after.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { decisionQuery } from "../../api/queries";
import type { DecisionView } from "../../api/schema";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { LoadedPage } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Prose } from "../../components/Prose";
import { Section } from "../../components/Section";
import { useNow } from "../../components/now";
import { VerdictPill } from "../../components/words";
import { paths } from "../../paths";
import styles from "./DecisionPage.module.css";
import { DecisionRecord } from "./DecisionRecord";
import { ExcusingExceptions } from "./ExcusingExceptions";
import { groupsOf, type Group } from "./groups";
import { PolicyResultCard } from "./PolicyResultCard";
import { PolicyStrip } from "./PolicyStrip";

export function DecisionPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(decisionQuery(id));
  return <LoadedPage query={query}>{(decision) => <Content decision={decision} />}</LoadedPage>;
}

function Content({ decision }: { decision: DecisionView }) {
  const { release, service, application, environment } = decision;
  return (
    <Page
      title={`${service.name} ${release.name} to ${environment.name}`}
      mark={<VerdictPill verdict={decision.verdict} size="large" />}
      trail={[
        { label: application.name, href: paths.application(application.id) },
        { label: `${service.name} ${release.name}`, href: paths.release(release.id) },
        { label: "Decisions", href: paths.release(release.id, { tab: "decisions" }) },
      ]}
      about={
        <>
          Asked by {decision.asked_by}, <Instant at={decision.decided_at} />
          <Validity until={decision.valid_until} />.
        </>
      }
    >
      {!decision.is_current && <Superseded decision={decision} />}
      <div className={styles.verdict} data-verdict={decision.verdict}>
        <p className={styles.headline}><Prose text={decision.headline} /></p>
        <PolicyStrip policies={decision.policies} />
      </div>
      {groupsOf(decision).map((group) => (
        <ResultGroup key={group.title} group={group} decision={decision} />
      ))}
      <ExcusingExceptions decision={decision} />
      <DecisionRecord decision={decision} />
    </Page>
  );
}

function Validity({ until }: { until?: string | null }) {
  const now = useNow();
  if (!until) return null;
  const hasLapsed = Date.parse(until) <= now.getTime();
  return (
    <>
      {hasLapsed ? "; it held until " : ", holds until "}
      <Instant at={until} />
      {hasLapsed ? ", so the gate decides anew when it is asked" : " unless something changes"}
    </>
  );
}

function ResultGroup({ group, decision }: { group: Group; decision: DecisionView }) {
  const cards = (
    <div className={styles.results}>
      {group.policies.map((policy) => (
        <PolicyResultCard key={policy.name} result={policy} decision={decision} tone={group.tone} />
      ))}
    </div>
  );
  if (!group.isFolded) {
    return (
      <Section title={group.title} about={group.about}>
        {cards}
      </Section>
    );
  }
  return (
    <details className={styles.folded}>
      <summary>
        <h2>
          {group.title} <span className="muted">{group.policies.length}</span>
        </h2>
      </summary>
      {cards}
    </details>
  );
}

function Superseded({ decision }: { decision: DecisionView }) {
  const { release, environment } = decision;
  return (
    <p className={styles.superseded}>
      A newer decision for {environment.name} has taken the place of this one.{" "}
      <Link href={paths.release(release.id, { tab: "decisions" })}>See the decisions of this release</Link>
    </p>
  );
}
