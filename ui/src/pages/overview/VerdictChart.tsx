// Verdicts per day as stacked bars.
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { Overview } from "../../api/schema";
import { dayOf } from "../../components/time";
import styles from "./VerdictChart.module.css";

const series = [
  { key: "allow", name: "allowed", color: "var(--good-mark)" },
  { key: "warn", name: "warned", color: "var(--warn-mark)" },
  { key: "deny", name: "denied", color: "var(--bad-mark)" },
] as const;

export default function VerdictChart({ verdicts }: { verdicts: Overview["verdicts"] }) {
  const totals = series.map(({ key, name, color }) => ({ name, color, total: verdicts.reduce((sum, day) => sum + day[key], 0) }));
  const sentence = totals.map(({ name, total }) => `${total} ${name}`).join(", ");
  return (
    <figure className={styles.figure}>
      <figcaption>
        <ul className={styles.legend}>
          {totals.map(({ name, color, total }) => (
            <li key={name}>
              <span className={styles.dot} style={{ background: color }} aria-hidden="true" />
              <b className="number">{total}</b> {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <div className={styles.chart} role="img" aria-label={`Verdicts per day: ${sentence}`}>
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={verdicts} margin={{ top: 4, right: 0, bottom: 0, left: -34 }} accessibilityLayer={false} barCategoryGap="18%">
            <CartesianGrid vertical={false} stroke="var(--border)" />
            <XAxis
              dataKey="day"
              tickFormatter={(day: string) => dayOf(day).replace(/ \d{4}$/, "")}
              tick={{ fill: "var(--muted)", fontSize: 11 }}
              tickLine={false}
              axisLine={{ stroke: "var(--border-strong)" }}
              minTickGap={28}
            />
            <YAxis allowDecimals={false} tick={{ fill: "var(--muted)", fontSize: 11 }} tickLine={false} axisLine={false} />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: "var(--hover)" }}
              labelFormatter={(day) => dayOf(String(day))}
              contentStyle={{ background: "var(--surface)", border: "1px solid var(--border-strong)", borderRadius: 6, fontSize: 12 }}
            />
            {series.map(({ key, name, color }) => (
              <Bar key={key} dataKey={key} name={name} stackId="verdicts" fill={color} isAnimationActive={false} />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}
