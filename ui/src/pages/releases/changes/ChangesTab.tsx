// What a release brought that another of the same service had not: findings, components and licenses, added, gone and the same.
import { NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { comparisonQuery } from "../../../api/inventoryQueries";
import { releasesQuery } from "../../../api/queries";
import type { Comparison, Release } from "../../../api/schema";
import { EmptyState } from "../../../components/EmptyState";
import { Instant } from "../../../components/Instant";
import { Link } from "../../../components/Link";
import { Loaded } from "../../../components/Loaded";
import { Prose } from "../../../components/Prose";
import { useUrlState } from "../../../components/urlState";
import { capitalised } from "../../../components/words";
import { paths } from "../../../paths";
import panel from "../ReleasePage.module.css";
import styles from "./Changes.module.css";
import { ChangedComponents, ChangedLicenses, PlainComponents } from "./ComponentChanges";
import { FindingChanges } from "./FindingChanges";
import { Part } from "./Part";

export function ChangesTab({ release }: { release: Release }) {
  const [state, change] = useUrlState();
  const query = useQuery(comparisonQuery(release.id, state.with));
  return (
    <>
      <div className={panel.panel}>
        <OtherRelease release={release} chosen={state.with} onChange={(id) => change({ with: id })} />
      </div>
      <Loaded query={query}>{(comparison) => <Content comparison={comparison} />}</Loaded>
    </>
  );
}

interface OtherReleaseProps {
  release: Release;
  chosen?: string;
  onChange: (id?: string) => void;
}

function OtherRelease({ release, chosen = "", onChange }: OtherReleaseProps) {
  const query = useInfiniteQuery(releasesQuery({ application: release.application.name, service: release.service.name }));
  const others = query.data?.pages.flatMap(({ items }) => items).filter(({ id }) => id !== release.id) ?? [];
  return (
    <div className="filters">
      <NativeSelect
        size="xs"
        aria-label="Compare with"
        value={chosen}
        onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
        data={[{ value: "", label: "Compare with the release before" }, ...others.map(({ id, version }) => ({ value: id, label: `Compare with ${version}` }))]}
      />
    </div>
  );
}

function Content({ comparison }: { comparison: Comparison }) {
  const { with: other, findings, components, licenses, not_compared } = comparison;
  if (!other) {
    return <EmptyState title="There is no release before this one">Choose another release of the service once there is one.</EmptyState>;
  }
  return (
    <div className={styles.parts}>
      <p className={styles.about}>
        What {comparison.release.service.name} {comparison.release.version} brought that{" "}
        <Link href={paths.release(other.id)}>{other.service.name} {other.version}</Link>, made <Instant at={other.created_at} />, had not.
      </p>
      {not_compared.map(({ what, because }) => (
        <p key={what} className={styles.about}>
          <b>{capitalised(what)}</b>: not compared. <Prose text={because} />
        </p>
      ))}
      <FindingChanges findings={findings} />
      <Part title="Components added" list={components.added} isOpen><PlainComponents label="Components added" rows={components.added.items} /></Part>
      <Part title="Components changed" list={components.changed} isOpen><ChangedComponents rows={components.changed.items} /></Part>
      <Part title="Components removed" list={components.removed}><PlainComponents label="Components removed" rows={components.removed.items} /></Part>
      <Part title="Licenses added" list={licenses.added} isOpen><ChangedLicenses label="Licenses added" rows={licenses.added.items} /></Part>
      <Part title="Licenses removed" list={licenses.removed}><ChangedLicenses label="Licenses removed" rows={licenses.removed.items} /></Part>
      <p className={styles.about}>{components.same.toLocaleString("en")} components are the same in both.</p>
    </div>
  );
}
