// What is known of a vulnerability beyond its description: how likely it is exploited, and whether it is.
import type { Vulnerability } from "../../api/schema";
import { Facts } from "../../components/Facts";
import { Link } from "../../components/Link";
import { Section } from "../../components/Section";
import { dayOf, percentOf } from "../../components/time";
import { paths } from "../../paths";

export function Known({ vulnerability }: { vulnerability: Vulnerability }) {
  const { exploitability, known_exploited, covers, named_by, advisories } = vulnerability;
  const ssvc = advisories.find((said) => said.ssvc)?.ssvc;
  const facts = {
    "Probability of exploitation (EPSS, 30 days)":
      exploitability && `${percentOf(exploitability.probability)}, more than ${percentOf(exploitability.percentile, 0)} of all`,
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
      <Facts facts={facts} />
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
