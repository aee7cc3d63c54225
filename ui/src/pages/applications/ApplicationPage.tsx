// One application: which release of which service runs where, since when, and whether it may.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { applicationQuery } from "../../api/queries";
import type { ApplicationDetail } from "../../api/schema";
import { LoadedPage } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { ReportLinks } from "../../components/ReportLinks";
import { Section } from "../../components/Section";
import { RiskPill, capitalised } from "../../components/words";
import { paths } from "../../paths";
import styles from "./ApplicationPage.module.css";
import { PlaceMatrix } from "./PlaceMatrix";

export function ApplicationPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(applicationQuery(id));
  return <LoadedPage query={query}>{(application) => <Content application={application} />}</LoadedPage>;
}

function Content({ application }: { application: ApplicationDetail }) {
  return (
    <Page
      title={application.name}
      trail={[{ label: "Applications", href: paths.applications() }]}
      mark={<RiskPill level={application.level} />}
      about={`Team ${application.team.name}`}
    >
      <ul className={styles.phases}>
        {application.phases.map(({ phase, level, reason }) => (
          <li key={phase} className={styles.phase}>
            <div className="spread">
              <h2>{capitalised(phase)}</h2>
              <RiskPill level={level} />
            </div>
            <p className="muted small wrap">{reason}</p>
          </li>
        ))}
      </ul>
      <Section title="What runs where" about="The release in each environment, since when, and the newest verdict for it there." isFlush>
        <PlaceMatrix application={application} />
      </Section>
      <Section title="Reports" about="Of the last 30 days, to hand on.">
        <p>What happened: <ReportLinks path="/reports/period" query={{ application: application.name }} /></p>
        <p>What SLSA proves of the releases: <ReportLinks path={`/applications/${application.id}/slsa-report`} /></p>
      </Section>
    </Page>
  );
}
