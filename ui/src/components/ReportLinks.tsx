// A report in the forms that an auditor takes away.

interface ReportLinksProps {
  /** Where the report is, below `/api/v1`. */
  path: string;
  /** What is asked for; what is empty is left out. */
  query?: Record<string, string | undefined>;
}

export function ReportLinks({ path, query }: ReportLinksProps) {
  const given = Object.entries(query ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const address = (format: string) => `/api/v1${path}?${new URLSearchParams([...given, ["format", format]])}`;
  return (
    <span>
      <a href={address("pdf")} download>PDF</a> · <a href={address("html")} target="_blank" rel="noreferrer">Page</a> ·{" "}
      <a href={address("json")}>JSON</a> · <a href={address("signed")} download>Signed</a>
    </span>
  );
}
