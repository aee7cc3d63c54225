// What the release is made of: the commit, the build, the artifacts, and whether what runs is what was built.
import type { Dbom, Release } from "../../api/schema";
import { Digest } from "../../components/Digest";
import { Facts } from "../../components/Facts";
import { Instant } from "../../components/Instant";
import { ReportLinks } from "../../components/ReportLinks";
import { RightImagePill } from "../../components/words";
import { Section } from "../../components/Section";
import styles from "./ReleasePage.module.css";

export function Identity({ release, dbom }: { release: Release; dbom: Dbom }) {
  const { digests } = dbom;
  const document = `/api/v1/releases/${release.id}/dbom`;
  return (
    <div className="half-columns">
      <Section title="Release">
        <Facts
          facts={{
            Team: release.team.name,
            Created: <><Instant at={release.created_at} /> by {release.created_by}</>,
            Repository: release.repository,
            Branch: release.branch,
            Commit: release.commit && <Digest value={release.commit} label="commit" />,
            Build: release.build,
            DBOM: <>{dbom.digest && <Digest value={dbom.digest} />} <a href={`${document}?format=json`}>JSON</a> · <a href={`${document}?format=markdown`}>Markdown</a></>,
            "SLSA report": <ReportLinks path={`/releases/${release.id}/slsa-report`} />,
          }}
        />
      </Section>
      <Section title="The right image" actions={<RightImagePill isRight={digests.agree} />} about="Digest built = digest released = digest running.">
        <div className={styles.chain}>
          <Step name="Built" digests={digests.built} missing="no build evidence names a digest" />
          <Step name="Released" digests={digests.released} missing="the release names no artifact" />
          {digests.running.length === 0 && <Step name="Running" digests={[]} missing="runs nowhere yet" />}
          {digests.running.map(({ environment, digests: running }) => (
            <Step key={environment} name={`Running in ${environment}`} digests={running} missing="no digest reported" />
          ))}
        </div>
      </Section>
    </div>
  );
}

function Step({ name, digests, missing }: { name: string; digests: string[]; missing: string }) {
  return (
    <div className={styles.step}>
      <span>{name}</span>
      <span>
        {digests.length === 0 && <span className="muted">{missing}</span>}
        {digests.map((digest) => (
          <div key={digest}>
            <Digest value={digest} />
          </div>
        ))}
      </span>
    </div>
  );
}
