// Who is signed in, light or dark, whether the page is live, and the way out.
import { ActionIcon, Button, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconChevronDown, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { sessionQuery, signOut } from "../api/session";
import { paths } from "../paths";
import styles from "./AccountMenu.module.css";

export function AccountMenu({ isLive }: { isLive: boolean }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const queries = useQueryClient();
  const router = useRouter();
  const leave = async () => {
    await signOut(queries);
    await router.navigate({ href: paths.signIn() });
  };
  return (
    <div className={styles.account}>
      <Tooltip label={isLive ? "Changes appear here as they happen" : "The line to the server is down; trying again"}>
        <span className={styles.live} data-live={isLive || undefined} role="status">
          <span className={styles.dot} aria-hidden="true" />
          <span className={styles.liveWord}>{isLive ? "Live" : "Offline"}</span>
        </span>
      </Tooltip>
      <ColorSchemeButton />
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="subtle" color="gray" size="sm" px="xs" rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
            <span className={styles.name}>{session?.user?.name ?? session?.token?.name ?? "Account"}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{(session?.grants ?? []).map(({ role, scope }) => scope.kind === "everything" ? role : `${role} of one ${scope.kind}`).join(", ")}</Menu.Label>
          <Menu.Item onClick={() => void router.navigate({ href: paths.people({ tab: "tokens" }) })}>Your tokens</Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden="true" />} onClick={() => void leave()}>
            Sign out
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Shipworthy {session?.version}</Menu.Label>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function ColorSchemeButton() {
  // Mantine would switch transitions off with a style element, which the content security policy refuses.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const isDark = useComputedColorScheme("light") === "dark";
  const label = isDark ? "Use light colours" : "Use dark colours";
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={() => setColorScheme(isDark ? "light" : "dark")}>
        {isDark ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
