// A command to run, with a button that copies it.
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import styles from "./Command.module.css";

export function Command({ text }: { text: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 1500);
  };
  return (
    <div className={styles.command}>
      <pre role="group" aria-label="Command" tabIndex={0}>{text}</pre>
      <Tooltip label={isCopied ? "Copied" : "Copy"}>
        <ActionIcon variant="subtle" color="gray" aria-label="Copy command" onClick={() => void copy()}>
          {isCopied ? <IconCheck size={15} /> : <IconCopy size={15} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
