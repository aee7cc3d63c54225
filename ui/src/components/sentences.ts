// Takes a sentence apart for `Prose`. Pure, so that it can be tested.
import { absoluteTime } from "./time";

interface Piece {
  kind: "plain" | "code" | "digest" | "instant";
  /** As it is shown. */
  text: string;
  /** As it was written. */
  whole: string;
  start: number;
}

const special =
  /`(?<code>[^`]+)`|(?<digest>\bsha(?:256|384|512):[0-9a-f]{40,}|\b[0-9a-f]{40}\b)|(?<instant>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/g;

export function proseOf(sentence: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const addPlain = (until: number) => {
    const text = sentence.slice(end, until);
    if (text) pieces.push({ kind: "plain", text, whole: text, start: end });
  };
  for (const match of sentence.matchAll(special)) {
    const { code, digest, instant } = match.groups ?? {};
    addPlain(match.index);
    const piece = { whole: match[0], start: match.index };
    if (code) pieces.push({ ...piece, kind: "code", text: code });
    else if (digest) pieces.push({ ...piece, kind: "digest", text: shortDigest(digest) });
    else if (instant) pieces.push({ ...piece, kind: "instant", text: `${absoluteTime(instant).slice(0, 16)} UTC` });
    end = match.index + match[0].length;
  }
  addPlain(sentence.length);
  return pieces;
}

/** Enough of a digest, commit or subject to recognise it. */
export function shortDigest(value: string): string {
  const start = value.indexOf(":") + 1;
  return value.length - start > 16 ? `${value.slice(0, start + 12)}…` : value;
}
