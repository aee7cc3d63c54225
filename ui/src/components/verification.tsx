// How the words of verification are shown: of a signature, and of each check. Apart from `words.tsx`, because the first page
// has none of them.
import { Pill, type Tone } from "./Pill";
import { capitalised } from "./words";

interface Reading {
  tone: Tone;
  word: string;
  meaning?: string;
}

const verifications: Record<string, Reading> = {
  verified: { tone: "good", word: "Verified", meaning: "The signature is in order, and its signer is known." },
  unsigned: { tone: "quiet", word: "Unsigned", meaning: "It carries no signature." },
  invalid: { tone: "bad", word: "Invalid", meaning: "Changed, damaged, or signed in a way that proves nothing. Nothing that it says counts." },
  "unknown-signer": { tone: "warn", word: "Unknown signer", meaning: "It is signed, but no trust root or no signer rule knows by whom." },
  unchecked: { tone: "unknown", word: "Not checked", meaning: "It is signed, and nothing is here by which the signature could be checked." },
};

const results: Record<string, Reading> = {
  passed: { tone: "good", word: "Passed" },
  failed: { tone: "bad", word: "Failed" },
  skipped: { tone: "quiet", word: "Skipped" },
};

/** What is known of a signature. */
export function VerificationPill({ verification }: { verification: string }) {
  const { tone, word } = readingOf(verifications, verification);
  return <Pill tone={tone}>{word}</Pill>;
}

/** The same in a sentence. */
export function verificationMeaning(verification: string): string | undefined {
  return verifications[verification]?.meaning;
}

/** What came of one check. */
export function StepPill({ result }: { result: string }) {
  const { tone, word } = readingOf(results, result);
  return <Pill tone={tone}>{word}</Pill>;
}

function readingOf(readings: Record<string, Reading>, word: string): Reading {
  return readings[word] ?? { tone: "quiet", word: capitalised(word.replaceAll("-", " ")) };
}
