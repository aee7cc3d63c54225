// One piece of evidence: what it is about, what was understood, and the document as it was received.
import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { documentQuery, evidenceQuery, reportQuery } from "../../api/queries";
import type { Evidence } from "../../api/schema";
import { usePermissions } from "../../api/session";
import { Digest } from "../../components/Digest";
import { EmptyState } from "../../components/EmptyState";
import { Facts } from "../../components/Facts";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Loaded, LoadedPage } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { sizeOf } from "../../components/time";
import { useUrlState } from "../../components/urlState";
import { VerificationPill } from "../../components/verification";
import { paths } from "../../paths";
import { Attestations } from "./Attestations";
import styles from "./EvidencePage.module.css";

/** A browser shows this much text without delay; the whole is a download. */
const SHOWN_CHARACTERS = 200_000;
const SHOWN_DOCUMENT_BYTES = 5_000_000;

export function EvidencePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(evidenceQuery(id));
  return <LoadedPage query={query}>{(evidence) => <Content evidence={evidence} />}</LoadedPage>;
}

function Content({ evidence }: { evidence: Evidence }) {
  const [{ view }, change] = useUrlState();
  // Documents hold what readers mask: the secrets that scanners found.
  const mayReadDocuments = usePermissions().has("read-documents");
  const release = evidence.releases[0];
  return (
    <Page
      title={evidence.title}
      about={evidence.summary}
      trail={release ? [{ label: `${release.service} ${release.version}`, href: paths.release(release.id, { tab: "evidence" }) }] : []}
      actions={
        mayReadDocuments && (
          <Button component="a" href={`/api/v1/evidence/${evidence.id}/document`} size="xs" variant="default" download>
            Download document
          </Button>
        )
      }
    >
      <Section title="About">
        <Facts
          facts={{
            Format: evidence.format,
            Tool: evidence.tool,
            Phase: evidence.phase,
            Submitted: <><Instant at={evidence.submitted_at} /> by {evidence.submitted_by}</>,
            Signature: <VerificationPill verification={evidence.verification} />,
            Size: sizeOf(evidence.size_bytes),
            Document: <Digest value={evidence.document} />,
            "Warnings of the reader": evidence.warnings > 0 ? evidence.warnings : "none",
            Subjects: <ul className={styles.subjects}>{evidence.subjects.map((subject) => <li key={subject}><Digest value={subject} label="subject" /></li>)}</ul>,
            "Counts for": <ReleaseLinks evidence={evidence} />,
          }}
        />
      </Section>
      <Attestations evidenceId={evidence.id} />
      <section className={styles.tabs} aria-label="Content">
        <Tabs value={view === "report" || !mayReadDocuments ? "report" : "document"} onChange={(value) => change({ view: value === "report" ? value : undefined })} keepMounted={false}>
          <Tabs.List>
            {mayReadDocuments && <Tabs.Tab value="document">Document as received</Tabs.Tab>}
            <Tabs.Tab value="report">What was understood</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="document"><RawDocument evidence={evidence} /></Tabs.Panel>
          <Tabs.Panel value="report"><Report id={evidence.id} /></Tabs.Panel>
        </Tabs>
      </section>
    </Page>
  );
}

function ReleaseLinks({ evidence }: { evidence: Evidence }) {
  if (evidence.releases.length === 0) return <>no release yet; it joins one when that names one of its subjects</>;
  return (
    <ul className={styles.subjects}>
      {evidence.releases.map(({ id, service, version }) => (
        <li key={id}>
          <Link href={paths.release(id)}>
            {service} {version}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function RawDocument({ evidence }: { evidence: Evidence }) {
  const isSmall = evidence.size_bytes <= SHOWN_DOCUMENT_BYTES;
  const query = useQuery({ ...documentQuery(evidence.id), enabled: isSmall });
  if (!isSmall) return <EmptyState title="Too large to show here">Download the document to read its {sizeOf(evidence.size_bytes)}.</EmptyState>;
  return <Loaded query={query}>{(text) => <Source text={text} label="Document" />}</Loaded>;
}

function Report({ id }: { id: string }) {
  const query = useQuery(reportQuery(id));
  return <Loaded query={query}>{(report) => <Source text={JSON.stringify(report, undefined, 2)} label="Report" />}</Loaded>;
}

function Source({ text, label }: { text: string; label: string }) {
  const isCut = text.length > SHOWN_CHARACTERS;
  return (
    <>
      {isCut && <p className={styles.cut}>The first {SHOWN_CHARACTERS.toLocaleString("en")} of {text.length.toLocaleString("en")} characters.</p>}
      <pre className={styles.source} role="group" aria-label={label} tabIndex={0}>
        {isCut ? text.slice(0, SHOWN_CHARACTERS) : text}
      </pre>
    </>
  );
}
