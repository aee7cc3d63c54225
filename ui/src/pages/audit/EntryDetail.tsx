// Everything that an entry says: who, through what, from where, before and after, and its place in the signed log.
import { useQuery } from "@tanstack/react-query";
import { inclusionQuery } from "../../api/auditQueries";
import type { AuditEntry } from "../../api/schema";
import { Digest } from "../../components/Digest";
import { Facts } from "../../components/Facts";
import { Link } from "../../components/Link";
import { Loaded } from "../../components/Loaded";
import { absoluteTime } from "../../components/time";
import { pathOfObject } from "../../paths";
import styles from "./AuditPage.module.css";

interface Binding {
  kind: string;
  id: string;
  before?: string;
  digest: string;
}

export function EntryDetail({ entry }: { entry: AuditEntry }) {
  const { actor, address, at, action, object_kind, object_id, request_id, details } = entry;
  const href = pathOfObject(object_kind, object_id);
  const hasDetails = typeof details === "object" && details !== null && Object.keys(details).length > 0;
  return (
    <div className={styles.detail}>
      <Facts
        facts={{
          Who: `${actor.name} (${actor.kind}${actor.via && actor.via !== actor.kind ? `, by ${actor.via}` : ""})`,
          When: absoluteTime(at),
          "From where": address,
          Action: <span className="mono">{action}</span>,
          Object: (
            <span className="mono wrap">
              {object_kind} {object_id}
            </span>
          ),
          Request: request_id && <span className="mono wrap">{request_id}</span>,
        }}
      />
      {hasDetails && <pre className={styles.details}>{JSON.stringify(details, undefined, 2)}</pre>}
      <Place sequence={entry.sequence} />
      {href && <Link href={href}>Open the {object_kind}</Link>}
    </div>
  );
}

function Place({ sequence }: { sequence: number }) {
  const query = useQuery(inclusionQuery(sequence));
  return (
    <Loaded query={query}>
      {({ size, root, hashes, entry }) => (
        <>
          <Facts
            facts={{
              Place: `Entry ${sequence} of ${size.toLocaleString("en")} that are signed, proved by ${hashes.length} hashes`,
              Root: <Digest value={root} label="root" />,
            }}
          />
          {bindingsOf(entry).map(({ kind, id, before, digest }) => (
            <Facts
              key={`${kind} ${id}`}
              facts={{
                "Bound to": (
                  <span className="mono wrap">
                    {kind} {id}
                  </span>
                ),
                Before: before && <Digest value={before} label="digest before" />,
                After: <Digest value={digest} label="digest after" />,
              }}
            />
          ))}
        </>
      )}
    </Loaded>
  );
}

/** The objects that a leaf is bound to; the leaf is JSON that the server made. */
function bindingsOf(leaf: string): Binding[] {
  return (JSON.parse(leaf) as { bindings?: Binding[] }).bindings ?? [];
}
