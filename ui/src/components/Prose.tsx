// A sentence from a policy or the server. What stands in backticks is code; nothing else is marked up.

export function Prose({ text }: { text: string }) {
  return text.split("`").map((piece, index) => {
    const isCode = index % 2 === 1;
    // The pieces of a text have no other name than their place in it.
    // oxlint-disable-next-line react/no-array-index-key
    return isCode ? <code key={index}>{piece}</code> : piece;
  });
}
