// In how much of what is delivered something is: what runs first.
import { countOf } from "./time";

interface ReachProps {
  running: number;
  releases: number;
  components?: number;
}

export function Reach({ running, releases, components }: ReachProps) {
  return (
    <div className="tight">
      {running > 0 ? <b className="whole">{running.toLocaleString("en")} running</b> : <span className="muted whole">runs nowhere</span>}
      <span className="muted">
        {countOf(releases, "release")}
        {components !== undefined && `, ${countOf(components, "component")}`}
      </span>
    </div>
  );
}
