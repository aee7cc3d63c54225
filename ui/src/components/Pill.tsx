// A small coloured word with a sign: the colour repeats what the word says and never carries it alone.
import {
  IconAlertTriangle, IconCheck, IconCircleX, IconHelpCircle, IconMinus, type Icon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./Pill.module.css";

export type Tone = "good" | "warn" | "bad" | "unknown" | "quiet";

const icons: Record<Tone, Icon> = {
  good: IconCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  unknown: IconHelpCircle,
  quiet: IconMinus,
};

interface PillProps {
  tone: Tone;
  size?: "small" | "large";
  hasIcon?: boolean;
  children: ReactNode;
}

export function Pill({ tone, size = "small", hasIcon = true, children }: PillProps) {
  const ToneIcon = icons[tone];
  return (
    <span className={styles.pill} data-tone={tone} data-size={size}>
      {hasIcon && <ToneIcon size={size === "large" ? 17 : 13} stroke={2.2} aria-hidden="true" />}
      {children}
    </span>
  );
}
