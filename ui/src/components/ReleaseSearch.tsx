// The search of the header: a release by version, service, commit or digest.
import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { paths } from "../paths";
import styles from "./ReleaseSearch.module.css";

export function ReleaseSearch() {
  const router = useRouter();
  const [word, setWord] = useState("");
  const search = (event: FormEvent) => {
    event.preventDefault();
    const { commit, artifact, q } = asFilter(word.trim());
    void router.navigate({ href: paths.releases({ commit, artifact, q }) });
    setWord("");
  };
  return (
    <search className={styles.search}>
      <form onSubmit={search}>
        <TextInput
          size="sm"
          type="search"
          aria-label="Find a release"
          placeholder="Find a release by version, service, commit or digest"
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={word}
          onChange={(event) => setWord(event.currentTarget.value)}
        />
      </form>
    </search>
  );
}

function asFilter(word: string): { commit?: string; artifact?: string; q?: string } {
  if (/^sha\d+:/.test(word)) return { artifact: word };
  if (/^[0-9a-f]{40}$/.test(word)) return { commit: word };
  return { q: word };
}
