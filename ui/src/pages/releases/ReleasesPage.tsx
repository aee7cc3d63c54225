// Releases, newest first, found by word, commit, artifact, application or service.
import { useInfiniteQuery } from "@tanstack/react-query";
import { releasesQuery } from "../../api/queries";
import type { Release } from "../../api/schema";
import type { Column } from "../../components/DataTable";
import { Digest } from "../../components/Digest";
import { EmptyState } from "../../components/EmptyState";
import { FilterInput } from "../../components/FilterInput";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Page } from "../../components/Page";
import { PagedTable } from "../../components/PagedTable";
import { Section } from "../../components/Section";
import { useUrlState } from "../../components/urlState";
import { paths } from "../../paths";

const columns: Column<Release>[] = [
  { title: "Release", cell: ({ id, service, version }) => <Link href={paths.release(id)}><b>{service.name} {version}</b></Link> },
  { title: "Application", cell: ({ application }) => <Link href={paths.application(application.id)}>{application.name}</Link> },
  { title: "Branch", from: "desktop", cell: ({ branch }) => <span className="wrap">{branch}</span> },
  { title: "Commit", from: "tablet", cell: ({ commit }) => commit && <Digest value={commit} label="commit" /> },
  { title: "Artifacts", from: "desktop", align: "right", cell: ({ artifacts }) => artifacts.length },
  { title: "Created", cell: ({ created_at }) => <Instant at={created_at} /> },
  { title: "By", from: "desktop", cell: ({ created_by }) => created_by },
];

export function ReleasesPage() {
  const [{ q, application, service, commit, artifact }, change] = useUrlState();
  const filter = { q, application, service, commit, artifact };
  const query = useInfiniteQuery(releasesQuery(filter));
  const isFiltered = Object.values(filter).some(Boolean);
  return (
    <Page title="Releases" about="A release is a version of a service. It ties a commit, a build and artifacts together by digest.">
      <Section
        title={isFiltered ? "Found" : "All releases"}
        isFlush
        actions={
          <div className="filters">
            <FilterInput label="Version or service" value={q} onChange={(word) => change({ q: word })} />
            <FilterInput label="Application" value={application} onChange={(word) => change({ application: word })} />
            <FilterInput label="Service" value={service} onChange={(word) => change({ service: word })} />
            <FilterInput label="Commit" value={commit} onChange={(word) => change({ commit: word })} />
            <FilterInput label="Artifact digest" value={artifact} onChange={(word) => change({ artifact: word })} />
          </div>
        }
      >
        <PagedTable
          label="Releases"
          columns={columns}
          query={query}
          keyOf={({ id }) => id}
          empty={
            isFiltered ? (
              <EmptyState title="No release fits">Commits and digests are compared whole; take a word out of the filter to see more.</EmptyState>
            ) : (
              <EmptyState
                title="No release yet"
                command="shipworthy release create --application shop --service cart --version 1.0.0 --artifact sha256:…"
              >
                Run this at the end of a build. In CI the commit, the branch and the build are filled in from the environment.
              </EmptyState>
            )
          }
        />
      </Section>
    </Page>
  );
}
