// One exception: what it excuses, why, who asked and who decided; and the buttons for those who may decide.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { exceptionQuery } from "../../api/queries";
import type { ExceptionView } from "../../api/schema";
import { Facts } from "../../components/Facts";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { LoadedPage } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { absoluteTime, countOf } from "../../components/time";
import { ExceptionPill } from "../../components/words";
import { paths } from "../../paths";
import { ExceptionActions } from "./ExceptionActions";
import { matcherWords, scopeWords } from "./reading";

export function ExceptionPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(exceptionQuery(id));
  return <LoadedPage query={query}>{(exception) => <Content exception={exception} />}</LoadedPage>;
}

function Content({ exception }: { exception: ExceptionView }) {
  const { matchers, decided_by, decided_at, revoked_by, revoked_at, state } = exception;
  return (
    <Page
      title={matcherWords(matchers)}
      mark={<ExceptionPill state={state} />}
      trail={[{ label: "Exceptions", href: paths.exceptions() }]}
      about={`Scope: ${scopeWords(exception.scope)}`}
      actions={<ExceptionActions exception={exception} />}
    >
      <Section title="Reason">
        <div className="tight">
          <p className="wrap">{exception.reason}</p>
          <Facts
            facts={{
              "VEX justification": exception.justification,
              Ticket: exception.ticket && <Ticket ticket={exception.ticket} />,
            }}
          />
        </div>
      </Section>
      <Section title="What it excuses" about={exception.is_active ? "It excuses now." : "It excuses nothing now."}>
        <Facts
          facts={{
            Policy: matchers.policy && <Link href={paths.policy(matchers.policy)}>{matchers.policy}</Link>,
            "Rule or vulnerability": matchers.rule && <span className="mono">{matchers.rule}</span>,
            "Package URL": matchers.purl && <span className="mono">{matchers.purl}</span>,
            Artifact: matchers.artifact && <span className="mono">{matchers.artifact}</span>,
            From: absoluteTime(exception.from),
            "Until, exclusive": <>{absoluteTime(exception.until)} (<Instant at={exception.until} />)</>,
            "Used by": countOf(exception.used, "decision"),
          }}
        />
      </Section>
      <Section title="Who">
        <Facts
          facts={{
            Requested: <>{exception.requested_by.name}, <Instant at={exception.requested_at} /></>,
            [state === "rejected" ? "Rejected" : "Approved"]: decided_by && decided_at && <>{decided_by.name}, <Instant at={decided_at} /></>,
            Revoked: revoked_by && revoked_at && <>{revoked_by.name}, <Instant at={revoked_at} /></>,
          }}
        />
      </Section>
    </Page>
  );
}

function Ticket({ ticket }: { ticket: string }) {
  if (!/^https?:\/\//.test(ticket)) return <>{ticket}</>;
  return <a href={ticket} target="_blank" rel="noopener noreferrer">{ticket}</a>;
}
