// How long the log is, what was signed of it last, and by which key.
import { useQuery } from "@tanstack/react-query";
import { auditKeysQuery, checkpointQuery } from "../../api/auditQueries";
import { Digest } from "../../components/Digest";
import { Facts } from "../../components/Facts";
import { Loaded } from "../../components/Loaded";
import { Section } from "../../components/Section";

export function LogState() {
  const query = useQuery(checkpointQuery());
  const keys = useQuery(auditKeysQuery());
  const key = keys.data?.keys.at(-1);
  return (
    <Section
      title="The log"
      about="Every entry is a leaf of a tree that the server signs. `shipworthy audit verify` and `shipworthy audit witness` check it without trusting the server."
    >
      <Loaded query={query}>
        {(note) => {
          const [origin, size, root = ""] = note.split("\n");
          return (
            <Facts
              facts={{
                Name: <span className="mono wrap">{origin}</span>,
                "Entries signed": <span className="number">{Number(size).toLocaleString("en")}</span>,
                Root: <Digest value={root} label="root" />,
                Key: key && <Digest value={key} label="key" />,
              }}
            />
          );
        }}
      </Loaded>
    </Section>
  );
}
