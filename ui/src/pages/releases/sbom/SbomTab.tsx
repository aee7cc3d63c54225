// What a release is made of: as a list with licenses and vulnerabilities, as the graph of what pulls what in, and to take away.
import { SegmentedControl } from "@mantine/core";
import { useUrlState } from "../../../components/urlState";
import { ComponentsTab } from "../ComponentsTab";
import styles from "./Graph.module.css";
import panel from "../ReleasePage.module.css";
import { Exports } from "./Exports";
import { GraphView } from "./GraphView";

export function SbomTab({ releaseId }: { releaseId: string }) {
  const [{ view }, change] = useUrlState();
  const isGraph = view === "graph";
  return (
    <>
      <div className={panel.panel}>
        <div className={styles.top}>
          <SegmentedControl
            size="xs"
            aria-label="Shape"
            value={isGraph ? "graph" : "list"}
            onChange={(value) => change({ view: value === "graph" ? value : undefined, component: undefined, q: undefined, license: undefined })}
            data={[
              { value: "list", label: "List" },
              { value: "graph", label: "Dependencies" },
            ]}
          />
          <Exports releaseId={releaseId} />
        </div>
      </div>
      {isGraph ? <GraphView releaseId={releaseId} /> : <ComponentsTab releaseId={releaseId} />}
    </>
  );
}
