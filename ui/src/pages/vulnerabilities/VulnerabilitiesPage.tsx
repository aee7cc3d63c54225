// The vulnerabilities of everything that is delivered, and how old the data is that says so.
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { NoData, Sources, useHasData } from "./Sources";

export function VulnerabilitiesPage() {
  const hasData = useHasData();
  return (
    <Page title="Vulnerabilities" about={<Sources />}>
      {hasData === false && (
        <Section title="All vulnerabilities" isFlush>
          <NoData />
        </Section>
      )}
    </Page>
  );
}
