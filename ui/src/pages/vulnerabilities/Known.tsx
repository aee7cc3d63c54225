// What is known of a vulnerability beyond its description: how likely it is exploited, and whether it is.
import type { Vulnerability, VulnerabilitySummary } from "../../api/schema";
import { Due } from "../../components/Due";
import { Facts } from "../../components/Facts";
import { Link } from "../../components/Link";
import { Prose } from "../../components/Prose";
import { RiskReasons } from "../../components/Risk";
import { Section } from "../../components/Section";
import { dayOf, percentOf } from "../../components/time";
import { RiskPill } from "../../components/words";
import { paths } from "../../paths";

interface KnownProps {
  vulnerability: Vulnerability;
  /** The same as one of the list, where a release has it. */
  listed?: VulnerabilitySummary;
}

export function Known({ vulnerability, listed }: KnownProps) {
  const { exploitability, known_exploited, covers, named_by, advisories } = vulnerability;
  const ssvc = advisories.find((said) => said.ssvc)?.ssvc;
  const facts = {
    Risk: listed && <RiskPill level={listed.risk.level} score={listed.risk.score} />,
    Due: listed && <Due due={listed.due} />,
    "Why then": listed && <Prose text={listed.due.words} />,
    "Probability of exploitation (EPSS, 30 days)":
      exploitability && `${percentOf(exploitability.probability)}; ${percentOf(exploitability.percentile, 0)} of all score the same or lower`,
    "Known exploited": known_exploited && `since ${dayOf(known_exploited.date_added)}: ${known_exploited.name}`,
    "CISA says to act until": known_exploited?.due_date && dayOf(known_exploited.due_date),
    "Exploitation (SSVC)": ssvc?.exploitation,
    "Automatable (SSVC)": ssvc?.automatable,
    "Technical impact (SSVC)": ssvc?.technical_impact,
    Covers: covers.length > 0 && <Names names={covers} />,
    "Named by": named_by.length > 0 && <Names names={named_by} />,
  };
  if (!Object.values(facts).some(Boolean)) return null;
  return (
    <Section title="How dangerous it is">
      <div className="stack">
        <Facts facts={facts} />
        {listed && <RiskReasons risk={listed.risk} />}
      </div>
    </Section>
  );
}

function Names({ names }: { names: string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && ", "}
      <Link href={paths.vulnerability(name)}>{name}</Link>
    </span>
  ));
}
