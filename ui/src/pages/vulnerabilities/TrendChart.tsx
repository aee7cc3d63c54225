// The vulnerabilities of each day as stacked bars, with the numbers as a table for whoever does not look at bars.
import type { TrendDay } from "../../api/schema";
import { DataTable, type Column } from "../../components/DataTable";
import { dayOf } from "../../components/time";
import { capitalised } from "../../components/words";
import { changeOf, sentenceOf, shapeOf, totalOf, trendSeverities, type TrendColumn } from "./trend";
import styles from "./Trend.module.css";

export function TrendChart({ days }: { days: TrendDay[] }) {
  const last = days.at(-1);
  if (!last) return null;
  const { columns, firstDay, lastDay, width, height } = shapeOf(days);
  return (
    <figure className={styles.figure}>
      <figcaption>
        <Legend last={last} change={changeOf(days)} />
      </figcaption>
      <div className={styles.chart} role="img" aria-label={`Vulnerabilities of what runs, by day: ${sentenceOf(days)}`}>
        <span className={styles.top}>{height}</span>
        <span className={styles.bottom}>0</span>
        <svg className={styles.bars} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none">
          {[0, height / 2].map((y) => <line key={y} x1={0} x2={width} y1={y} y2={y} vectorEffect="non-scaling-stroke" />)}
          {columns.map((column) => <Bar key={column.day.day} column={column} height={height} />)}
        </svg>
        <span className={styles.days}>
          <span>{dayOf(firstDay)}</span>
          <span>{dayOf(lastDay)}</span>
        </span>
      </div>
      <details>
        <summary>As a table</summary>
        <div className={styles.numbers}>
          <DataTable label="Vulnerabilities by day" columns={numbers} rows={days.toReversed()} keyOf={({ day }) => day} />
        </div>
      </details>
    </figure>
  );
}

function Bar({ column: { day, at, parts }, height }: { column: TrendColumn; height: number }) {
  return (
    <g>
      <title>{sentenceOf([day])}</title>
      {/* The whole height answers to the pointer, however small the bar is. */}
      <rect x={at} width={1} y={0} height={height} className={styles.ground} />
      {parts.map(({ severity, from, count }) => (
        <rect key={severity} data-severity={severity} x={at + 0.1} width={0.8} y={height - from - count} height={count} />
      ))}
    </g>
  );
}

function Legend({ last, change }: { last: TrendDay; change?: string }) {
  return (
    <>
      <p>
        <b className="number">{totalOf(last).toLocaleString("en")}</b> on {dayOf(last.day)}{change && `, ${change}`};{" "}
        {last.known_exploited.toLocaleString("en")} known exploited, {last.overdue.toLocaleString("en")} overdue; greatest risk{" "}
        {last.highest_risk} of 100
      </p>
      <ul className={styles.legend}>
        {trendSeverities.map((severity) => (
          <li key={severity}>
            <span className={styles.dot} data-severity={severity} aria-hidden="true" />
            <b className="number">{last[severity].toLocaleString("en")}</b> {severity}
          </li>
        ))}
      </ul>
    </>
  );
}

const numbers: Column<TrendDay>[] = [
  { title: "Day", cell: ({ day }) => <time dateTime={day} className="whole">{dayOf(day)}</time> },
  ...trendSeverities.map((severity): Column<TrendDay> => ({
    title: capitalised(severity),
    align: "right",
    cell: (day) => day[severity].toLocaleString("en"),
  })),
  { title: "Exploited", align: "right", cell: ({ known_exploited }) => known_exploited.toLocaleString("en") },
  { title: "Overdue", align: "right", cell: ({ overdue }) => overdue.toLocaleString("en") },
  { title: "Greatest risk", align: "right", cell: ({ highest_risk }) => highest_risk },
];
