// Four lanes under one axis of time; each mark leads to the evidence, decision or deployment it stands for.
import { Menu, Tooltip, UnstyledButton } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { Link } from "../../components/Link";
import { absoluteTime } from "../../components/time";
import { capitalised, phases } from "../../components/words";
import styles from "./PhaseTimeline.module.css";
import { RIGHT_EDGE, type Cluster, type Mark, type Timeline } from "./timeline";

export function PhaseTimeline({ timeline }: { timeline: Timeline }) {
  return (
    <div className={styles.timeline}>
      <ul className={styles.lanes}>
        {phases.map((phase) => {
          const clusters = timeline.clusters.filter((cluster) => cluster.phase === phase);
          return (
            <li key={phase} className={styles.lane}>
              <span className={styles.name}>{capitalised(phase)}</span>
              <div className={styles.track} data-empty={clusters.length === 0 || undefined}>
                {clusters.length === 0 && <span className={styles.nothing}>nothing yet</span>}
                {clusters.map((cluster) => (
                  <div key={cluster.position} className={styles.place} style={{ left: `${cluster.position}%` }}>
                    <ClusterMark cluster={cluster} />
                  </div>
                ))}
              </div>
            </li>
          );
        })}
      </ul>
      <div className={styles.axis} aria-hidden="true">
        {timeline.ticks.map(({ position, label }) => (
          <span key={position} className={styles.tick} data-edge={position > RIGHT_EDGE || undefined} style={{ left: `${position}%` }}>
            {label}
          </span>
        ))}
      </div>
      <ul className={styles.legend}>
        <li><span className={styles.mark} data-kind="evidence" data-tone="quiet" aria-hidden="true" /> evidence</li>
        <li><span className={styles.mark} data-kind="decision" data-tone="quiet" aria-hidden="true" /> decision</li>
        <li><span className={styles.mark} data-kind="deployment" data-tone="quiet" aria-hidden="true" /> deployment</li>
      </ul>
    </div>
  );
}

function ClusterMark({ cluster }: { cluster: Cluster }) {
  const [first, ...others] = cluster.marks;
  if (!first) return null;
  if (others.length > 0) return <ManyMarks marks={cluster.marks} phase={cluster.phase} />;
  return (
    <Tooltip label={`${first.label} · ${absoluteTime(first.at)}`}>
      <Link className={styles.mark} href={first.href} data-kind={first.kind} data-tone={first.tone} aria-label={first.label} />
    </Tooltip>
  );
}

function ManyMarks({ marks, phase }: { marks: Mark[]; phase: string }) {
  const router = useRouter();
  const worst = (["bad", "warn", "good"] as const).find((tone) => marks.some((mark) => mark.tone === tone)) ?? "quiet";
  return (
    <Menu>
      <Menu.Target>
        <UnstyledButton className={styles.many} data-tone={worst} aria-label={`${marks.length} in ${phase}`}>
          {marks.length}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={styles.menu}>
        {marks.map((mark) => (
          <Menu.Item
            key={`${mark.href} ${mark.at} ${mark.label}`}
            leftSection={<span className={styles.mark} data-kind={mark.kind} data-tone={mark.tone} aria-hidden="true" />}
            onClick={() => void router.navigate({ href: mark.href })}
          >
            <span className={styles.label}>{mark.label}</span>
            <span className="muted small">{absoluteTime(mark.at)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
