// A sentence from a policy or the server, made easier to read: what stands in backticks is code, a digest or commit is
// shortened (whole on hover), an instant loses its microseconds. Nothing else is marked up.
import { proseOf } from "./sentences";

export function Prose({ text }: { text: string }) {
  return proseOf(text).map(({ kind, text: piece, whole, start }) => {
    if (kind === "plain") return piece;
    if (kind === "code") return <code key={start}>{piece}</code>;
    return (
      <span key={start} className="number" title={whole}>
        {piece}
      </span>
    );
  });
}
