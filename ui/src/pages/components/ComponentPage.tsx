// One component: what is known of it, what is wrong with it and why, where to go from it, and where it is used.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ComponentDetail, OtherVersion } from "../../api/schema";
import { componentQuery, type WhereQuestion } from "../../api/vulnerabilityQueries";
import { DataTable, type Column } from "../../components/DataTable";
import { Digest } from "../../components/Digest";
import { Facts } from "../../components/Facts";
import { Link } from "../../components/Link";
import { LoadedPage } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Pill } from "../../components/Pill";
import { Section } from "../../components/Section";
import { SeverityBar } from "../../components/SeverityBar";
import { Nowhere, Whereabouts } from "../../components/Whereabouts";
import { paths } from "../../paths";
import { Matches } from "./Matches";
import { Upgrade } from "./Upgrade";

export function ComponentPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(componentQuery(Number(id)));
  return <LoadedPage query={query}>{(component) => <Content component={component} />}</LoadedPage>;
}

function Content({ component }: { component: ComponentDetail }) {
  const { name, version, purl, patch_status, upgrade, other_versions } = component;
  return (
    <Page
      title={version ? `${name} ${version}` : name}
      trail={[{ label: "Components", href: paths.components() }]}
      mark={patch_status?.is_end_of_life && <Pill tone="bad">End of life</Pill>}
      about={purl && <span className="mono">{purl}</span>}
    >
      <Section title="About">
        <Facts
          facts={{
            License: component.license ?? "none stated",
            Kind: component.kind,
            Supplier: component.supplier,
            "How far behind": patch_status?.words,
            "Latest known": patch_status?.latest,
            Digests: component.hashes.length > 0 && <>{component.hashes.map((hash) => <Digest key={hash} value={hash} />)}</>,
          }}
        />
      </Section>
      <Section title="Vulnerabilities" about="What the databases say of this version, and why; also what cannot be decided." isFlush>
        <Matches matches={component.matches} />
      </Section>
      {upgrade && (
        <Section title="Next upgrade">
          <Upgrade upgrade={upgrade} />
        </Section>
      )}
      <Section title="Where it is used" isFlush>
        <Whereabouts question={questionOf(component)} nowhere={<Nowhere>No inventory of a release that you may see has this version.</Nowhere>} />
      </Section>
      {other_versions.length > 0 && (
        <Section title="Other versions" about="What else releases have of the same package." isFlush>
          <DataTable label="Other versions" columns={columns} rows={other_versions} keyOf={({ id }) => String(id)} />
        </Section>
      )}
    </Page>
  );
}

const columns: Column<OtherVersion>[] = [
  { title: "Version", cell: ({ id, version }) => <Link href={paths.component(id)}><b>{version}</b></Link> },
  { title: "Vulnerabilities", cell: ({ vulnerabilities }) => <SeverityBar counts={vulnerabilities} isCompact /> },
];

function questionOf({ purl, name, version }: ComponentDetail): WhereQuestion {
  if (purl) return { purl };
  return version ? { name, versions: `=${version}` } : { name };
}
