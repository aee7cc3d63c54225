// A link inside the UI: a real anchor, so that opening in a new tab works, which the router follows without loading anew.
import { useRouter } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, MouseEvent, Ref } from "react";

export interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** From `paths`. */
  href: string;
  ref?: Ref<HTMLAnchorElement>;
}

export function Link({ href, onClick, children, ...rest }: LinkProps) {
  const router = useRouter();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const wantsAnotherTab = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (event.defaultPrevented || wantsAnotherTab) return;
    event.preventDefault();
    // The router takes an address without a path for the front page; a browser takes it for another view of the same one.
    void router.navigate({ href: href.startsWith("?") ? router.state.location.pathname + href : href });
  };
  return (
    <a href={href} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
