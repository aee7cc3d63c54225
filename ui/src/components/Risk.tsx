// How great a risk is, with every point explained on demand.
import type { RiskView } from "../api/schema";
import styles from "./Risk.module.css";
import { RiskPill } from "./words";

export function Risk({ risk }: { risk: RiskView }) {
  const { level, score } = risk;
  return (
    <details className={styles.risk}>
      <summary>
        <RiskPill level={level} score={score} />
      </summary>
      <RiskReasons risk={risk} />
    </details>
  );
}

/** The points and where they come from; they add up to the score. */
export function RiskReasons({ risk: { because, score } }: { risk: RiskView }) {
  return (
    <table className={styles.reasons}>
      <tbody>
        {because.map(({ text, points }) => (
          <tr key={text}>
            <th scope="row">{text}</th>
            <td>{points > 0 ? `+${points}` : points}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Risk, of 100</th>
          <td>{score}</td>
        </tr>
      </tfoot>
    </table>
  );
}
