// The question box: where is this, in whatever words one has for it. The question stands in the address.
import { Button, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { hasStatus, type ProblemError } from "../../api/problem";
import { vulnerabilityQuery } from "../../api/vulnerabilityQueries";
import { Link } from "../../components/Link";
import { NothingKnown } from "../../components/NothingKnown";
import { Section } from "../../components/Section";
import { useUrlState } from "../../components/urlState";
import { Nowhere, Whereabouts } from "../../components/Whereabouts";
import { paths } from "../../paths";
import { examples, questionOf } from "./question";
import styles from "./ComponentsPage.module.css";

export function WhereBox() {
  const [{ where }, change] = useUrlState();
  const question = questionOf(where ?? "");
  return (
    <Section title="Where is …?" about="A package, a version range, a vulnerability, a license or the digest of a file. What runs comes first." isFlush>
      <div className={styles.box}>
        {/* A question from a link stands in the box, too. */}
        <Box key={where} asked={where} onAsk={(text) => change({ where: text })} />
        <ul className={styles.examples} aria-label="Examples">
          {examples.map((example) => (
            <li key={example}>
              {example.includes("…") ? <span className="mono">{example}</span> : <Link className="mono" href={paths.components({ where: example })}>{example}</Link>}
            </li>
          ))}
        </ul>
      </div>
      {question && (
        <Whereabouts
          question={question}
          nowhere={
            question.vulnerability ? (
              <NowhereOf vulnerability={question.vulnerability} />
            ) : (
              <Nowhere>No inventory of a release that you may see names it. Names are compared whole or by their last part.</Nowhere>
            )
          }
        />
      )}
    </Section>
  );
}

/** That nothing has it means something only when it is known what it is. */
function NowhereOf({ vulnerability }: { vulnerability: string }) {
  const { error, isPending } = useQuery(vulnerabilityQuery(vulnerability));
  if (isPending) return null;
  if (hasStatus(error, 404)) return <NothingKnown name={vulnerability} hint={(error as ProblemError).hint} />;
  return (
    <Nowhere>
      No component of a release that you may see has it. <Link href={paths.vulnerability(vulnerability)}>Everything about {vulnerability}</Link>
    </Nowhere>
  );
}

function Box({ asked = "", onAsk }: { asked?: string; onAsk: (text?: string) => void }) {
  const [text, setText] = useState(asked);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    onAsk(text.trim() || undefined);
  };
  return (
    <form className={styles.form} onSubmit={ask}>
      <TextInput
        className={styles.input}
        type="search"
        aria-label="Where is"
        placeholder="log4j-core <2.17.1"
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button type="submit">Find</Button>
    </form>
  );
}
