// A digest or commit, short enough to read, whole on hover, copied by one press.
import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import styles from "./Digest.module.css";
import { shortDigest } from "./sentences";

export function Digest({ value, label = "digest" }: { value: string; label?: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 1500);
  };
  return (
    <Tooltip label={isCopied ? "Copied" : value}>
      <UnstyledButton className={styles.digest} aria-label={`Copy ${label} ${shortDigest(value)}`} onClick={() => void copy()}>
        <span>{shortDigest(value)}</span>
        {isCopied ? <IconCheck size={13} aria-hidden="true" /> : <IconCopy size={13} aria-hidden="true" />}
      </UnstyledButton>
    </Tooltip>
  );
}
