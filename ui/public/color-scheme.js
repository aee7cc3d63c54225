// Sets light or dark before the first paint, so that a dark page never flashes white. A file of its own because the
// content security policy allows no inline script.
try {
  const chosen = window.localStorage.getItem("mantine-color-scheme-value");
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const isDark = chosen === "dark" || (chosen !== "light" && prefersDark);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
} catch {
  // Storage may be forbidden; the page is then light until the application starts.
}
