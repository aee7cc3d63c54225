// Every application that the reader may see.
import { useInfiniteQuery } from "@tanstack/react-query";
import { applicationsQuery } from "../../api/queries";
import type { Application } from "../../api/schema";
import type { Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Page } from "../../components/Page";
import { PagedTable } from "../../components/PagedTable";
import { Section } from "../../components/Section";
import { paths } from "../../paths";

const columns: Column<Application>[] = [
  { title: "Application", cell: ({ id, name }) => <Link href={paths.application(id)}><b>{name}</b></Link> },
  { title: "Team", cell: ({ team }) => team.name },
  { title: "Services", align: "right", cell: ({ services }) => services },
  { title: "Since", from: "tablet", cell: ({ created_at }) => <Instant at={created_at} /> },
];

export function ApplicationsPage() {
  const query = useInfiniteQuery(applicationsQuery());
  return (
    <Page title="Applications" about="What the business names. An application has services, and each service has releases.">
      <Section title="All applications" isFlush>
        <PagedTable
          label="Applications"
          columns={columns}
          query={query}
          keyOf={({ id }) => id}
          empty={
            <EmptyState title="No application yet" command="shipworthy release create --application shop --service cart --version 1.0.0">
              An application and its service come into being with their first release.
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
