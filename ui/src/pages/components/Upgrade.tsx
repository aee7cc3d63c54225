// The upgrade that mends the most: what it mends, and what it leaves.
import type { UpgradeView } from "../../api/schema";
import { Facts } from "../../components/Facts";
import { Link } from "../../components/Link";
import { Prose } from "../../components/Prose";
import { capitalised } from "../../components/words";
import { paths } from "../../paths";

export function Upgrade({ upgrade: { words, to, on_the_same_line, fixes, leaves } }: { upgrade: UpgradeView }) {
  return (
    <div className="stack">
      <p><Prose text={`${capitalised(words)}.`} /></p>
      <Facts
        facts={{
          "Upgrade to": <b>{to}</b>,
          "On the same line": on_the_same_line,
          Mends: fixes.length > 0 && <Names names={fixes} />,
          Leaves: leaves.length > 0 && <Names names={leaves} />,
        }}
      />
    </div>
  );
}

function Names({ names }: { names: string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && ", "}
      <Link href={paths.vulnerability(name)}>{name}</Link>
    </span>
  ));
}
