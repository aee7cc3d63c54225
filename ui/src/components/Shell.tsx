// The frame around every page: navigation, search, who is signed in, and the live line to the server.
import { ActionIcon } from "@mantine/core";
import { IconMenu2, IconX } from "@tabler/icons-react";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { useLiveUpdates } from "../api/events";
import { paths } from "../paths";
import { AccountMenu } from "./AccountMenu";
import { Brand } from "./Brand";
import { Link } from "./Link";
import { Navigation } from "./Navigation";
import { ReleaseSearch } from "./ReleaseSearch";
import styles from "./Shell.module.css";

export function Shell() {
  const isLive = useLiveUpdates();
  const { pathname } = useLocation();
  // Open on the page where it was opened: following a link closes it.
  const [openOn, setOpenOn] = useState<string>();
  const isMenuOpen = openOn === pathname;

  return (
    <div className={styles.shell} data-menu={isMenuOpen || undefined}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <header className={styles.header}>
        <ActionIcon
          className={styles.burger}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={isMenuOpen ? "Close navigation" : "Open navigation"}
          aria-expanded={isMenuOpen}
          aria-controls="navigation"
          onClick={() => setOpenOn(isMenuOpen ? undefined : pathname)}
        >
          {isMenuOpen ? <IconX size={20} /> : <IconMenu2 size={20} />}
        </ActionIcon>
        <Link className={styles.brand} href={paths.overview()} aria-label="Shipworthy, overview">
          <Brand />
        </Link>
        <ReleaseSearch />
        <AccountMenu isLive={isLive} />
      </header>
      <nav id="navigation" className={styles.navigation} aria-label="Main">
        <Navigation />
      </nav>
      <main id="content" className={styles.content} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
