// The main navigation. The same for everyone: a page that someone may not read says so itself.
import {
  IconApps, IconBug, IconClipboardList, IconComponents, IconGavel, IconHistory, IconKey, IconLayoutDashboard, IconPackage, IconServer, IconShieldCheck, IconUsers, type Icon,
} from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { paths } from "../paths";
import { Link } from "./Link";
import styles from "./Navigation.module.css";

interface Entry {
  label: string;
  href: string;
  icon: Icon;
}

const groups: { label: string; entries: Entry[] }[] = [
  {
    label: "Delivery",
    entries: [
      { label: "Overview", href: paths.overview(), icon: IconLayoutDashboard },
      { label: "Applications", href: paths.applications(), icon: IconApps },
      { label: "Releases", href: paths.releases(), icon: IconPackage },
      { label: "Decisions", href: paths.decisions(), icon: IconGavel },
    ],
  },
  {
    label: "Risk",
    entries: [
      { label: "Vulnerabilities", href: paths.vulnerabilities(), icon: IconBug },
      { label: "Components", href: paths.components(), icon: IconComponents },
    ],
  },
  {
    label: "Rules",
    entries: [
      { label: "Policies", href: paths.policies(), icon: IconShieldCheck },
      { label: "Exceptions", href: paths.exceptions(), icon: IconClipboardList },
      { label: "Environments", href: paths.environments(), icon: IconServer },
      { label: "Trust", href: paths.trust(), icon: IconKey },
    ],
  },
  {
    label: "Record",
    entries: [
      { label: "Audit", href: paths.audit(), icon: IconHistory },
      { label: "People", href: paths.people(), icon: IconUsers },
    ],
  },
];

export function Navigation() {
  const { pathname } = useLocation();
  return groups.map((group) => (
    <div key={group.label} className={styles.group}>
      <div className={styles.label}>{group.label}</div>
      <ul className={styles.list}>
        {group.entries.map(({ label, href, icon: EntryIcon }) => (
          <li key={href}>
            <Link className={styles.entry} href={href} aria-current={isCurrent(pathname, href) ? "page" : undefined}>
              <EntryIcon size={17} stroke={1.7} aria-hidden="true" />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ));
}

function isCurrent(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
