// The source of a policy, with comments, words of the language and texts set apart.
import styles from "./PolicyPage.module.css";

const token = /(?<comment>#.*)|(?<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|\b(?<keyword>package|import|default|if|contains|in|every|some|not|with|as|else|true|false|null)\b/g;

export function RegoSource({ source }: { source: string }) {
  return (
    <pre className={styles.code} role="group" aria-label="Source of the policy" tabIndex={0}>
      {pieces(source).map(({ kind, text, start }) => (kind ? <span key={start} className={styles[kind]}>{text}</span> : text))}
    </pre>
  );
}

interface Piece {
  kind?: "comment" | "text" | "keyword";
  text: string;
  start: number;
}

function pieces(source: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of source.matchAll(token)) {
    const groups = match.groups ?? {};
    const kind = groups.comment ? "comment" : groups.text ? "text" : "keyword";
    found.push({ text: source.slice(end, match.index), start: end }, { kind, text: match[0], start: match.index });
    end = match.index + match[0].length;
  }
  return [...found, { text: source.slice(end), start: end }];
}
