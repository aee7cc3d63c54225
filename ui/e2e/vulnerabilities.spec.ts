// Vulnerabilities and components: what is known, where it is, and what fixes it. The demo has loaded advisories of its own.
import { ask, importAdvisory, newest, push } from "./demo";
import { expect, test } from "./test";

const smuggling = "CVE-2025-43859";
const exploited = "CVE-2021-44228";

test("a vulnerability says where it runs, who owns that, since when, and what fixes it", async ({ page }) => {
  await page.goto(`/vulnerabilities/${smuggling}`);
  const running = page.getByRole("group", { name: "Running now" }).getByRole("row", { name: /production/ });
  await expect(running).toContainText("catalogue 3.1.0");
  await expect(running).toContainText("Internet");
  await expect(running).toContainText("Storefront");
  await expect(running).toContainText("0.16.0");
  const component = page.getByRole("group", { name: "Components with it" }).getByRole("row", { name: /h11/ });
  await expect(component).toContainText("0.16.0");
  await expect(component.getByRole("time")).toBeVisible();
  await expect(page.getByRole("region", { name: "What the databases say" })).toContainText("before 0.16.0");
  await running.getByRole("link", { name: "catalogue 3.1.0" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "catalogue 3.1.0" })).toBeVisible();
});

test("the portfolio lists the greatest risk first, explains every point, and keeps its filter in the address", async ({ page }) => {
  await page.goto("/vulnerabilities");
  const table = page.getByRole("group", { name: "Vulnerabilities", exact: true });
  const { items } = await ask<{ items: { name: string; risk: { score: number } }[] }>(page, "/vulnerabilities");
  expect(items.map(({ risk }) => risk.score)).toEqual(items.map(({ risk }) => risk.score).toSorted((one, other) => other - one));
  await expect(table.getByRole("rowheader").first()).toContainText(items[0]?.name ?? "nothing");
  const row = table.getByRole("row", { name: new RegExp(smuggling) }).first();
  await row.locator("summary").click();
  await expect(row.getByRole("row", { name: /Risk, of 100/ })).toBeVisible();
  await page.getByRole("checkbox", { name: "Runs now" }).check();
  await expect(page).toHaveURL(/running=true/);
  await expect(table.getByText("runs nowhere")).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Name or title" }).fill(smuggling);
  await expect(table.getByRole("rowheader", { name: /CVE-/ })).toHaveCount(1);
  await page.reload();
  await expect(page.getByRole("checkbox", { name: "Runs now" })).toBeChecked();
  await table.getByRole("link", { name: smuggling }).click();
  await expect(page.getByRole("heading", { level: 1, name: smuggling })).toBeVisible();
  await expect(page.getByRole("region", { name: "How dangerous it is" })).toContainText("Risk, of 100");
});

test("the portfolio shows how it developed, in bars and in numbers, and how fast teams fix", async ({ page }) => {
  interface Trends {
    days: { day: string; critical: number; high: number; medium: number; low: number; unknown: number }[];
    mean_time_to_fix: { team: string }[];
  }
  await page.goto("/vulnerabilities");
  const section = page.getByRole("region", { name: "How it developed" });
  const chart = section.getByRole("img", { name: /Vulnerabilities of what runs, by day/ });
  await expect(chart).toBeVisible();
  const { days, mean_time_to_fix } = await ask<Trends>(page, "/trends?days=90");
  const today = days.at(-1);
  expect(today, "the demo runs something").toBeDefined();
  await expect(chart.locator("rect[data-severity=critical]").first()).toBeVisible();
  await section.getByText("As a table").click();
  const row = section.getByRole("group", { name: "Vulnerabilities by day" }).getByRole("row").nth(1);
  const counts = [today?.critical, today?.high, today?.medium, today?.low, today?.unknown].map(String);
  for (const [index, count] of counts.entries()) await expect(row.getByRole("cell").nth(index)).toHaveText(count);
  const fixes = page.getByRole("region", { name: "Mean time to fix" });
  await expect(fixes).toContainText(mean_time_to_fix[0]?.team ?? "Nothing was fixed in 90 days");
});

test("the head of the portfolio says how old the data is", async ({ page }) => {
  await page.goto("/vulnerabilities");
  const sources = page.getByRole("list", { name: "Vulnerability data" });
  await expect(sources.getByRole("listitem").filter({ hasText: "OSV" }).getByRole("time")).toBeVisible();
});

test("what is exploited says what is to be reported, until when, and of which products", async ({ page }) => {
  interface Reporting {
    words: string;
    clocks: { words: string }[];
    products: { application: string; service: string; versions: string[] }[];
  }
  const reporting = await ask<Reporting>(page, `/vulnerabilities/${exploited}/reporting`);
  await page.goto(`/vulnerabilities/${exploited}`);
  const section = page.getByRole("region", { name: "Reporting (EU Cyber Resilience Act, Article 14)" });
  await expect(section).toContainText(reporting.words);
  const clocks = section.getByRole("list", { name: "Clocks" }).getByRole("listitem");
  expect(reporting.clocks.length).toBeGreaterThan(0);
  await expect(clocks).toHaveCount(reporting.clocks.length);
  for (const [index, { words }] of reporting.clocks.entries()) await expect(clocks.nth(index)).toContainText(words);
  await expect(clocks.first()).toContainText(/Early warning.*(left|over for)/);
  const product = reporting.products[0];
  const row = section.getByRole("group", { name: "Products with it" }).getByRole("row").nth(1);
  await expect(row).toContainText(`${product?.application} ${product?.service}`);
  await expect(row).toContainText(product?.versions[0] ?? "no version");
  await row.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: product?.application })).toBeVisible();
});

test("any id of a vulnerability leads to it", async ({ page }) => {
  await page.goto("/vulnerabilities/GHSA-vqfr-h8mv-ghfj");
  await expect(page.getByRole("heading", { level: 1, name: smuggling })).toBeVisible();
});

test("what a database wrote shows as text, and only addresses of the web become links", async ({ page }) => {
  const script = `<img src=x onerror='document.title="owned"'>`;
  const id = `GHSA-text-${Date.now()}`;
  await importAdvisory(page, {
    schema_version: "1.7.0",
    id,
    modified: new Date().toISOString(),
    summary: script,
    details: `${script}\n[here](javascript:alert(1))`,
    references: [
      { type: "WEB", url: "javascript:alert(1)" },
      { type: "WEB", url: "https://example.org/advisory" },
    ],
    affected: [{ package: { ecosystem: "npm", name: "text-only" }, ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }] }],
  });
  await page.goto(`/vulnerabilities/${id}`);
  await expect(page.getByText(script, { exact: false }).first()).toBeVisible();
  expect(await page.title()).not.toBe("owned");
  await expect(page.getByText("javascript:alert(1)", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: /javascript/ })).toHaveCount(0);
  const link = page.getByRole("link", { name: "https://example.org/advisory" });
  await expect(link).toHaveAttribute("rel", /noopener/);
});

test("an advisory that comes later finds what runs already", async ({ page }) => {
  const name = `late-${Date.now()}`;
  const release = await newest(page, "/releases");
  const purl = `pkg:npm/${name}@1.2.3`;
  await push(page, release, "sbom.cdx.json", {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    components: [{ type: "library", "bom-ref": purl, name, version: "1.2.3", purl }],
  });
  const id = `GHSA-late-${Date.now()}`;
  const affected = [{ package: { ecosystem: "npm", name }, ranges: [{ type: "SEMVER", events: [{ introduced: "1.0.0" }, { fixed: "1.2.4" }] }] }];
  await importAdvisory(page, { schema_version: "1.7.0", id, modified: new Date().toISOString(), summary: "Came later", affected });
  await page.goto(`/vulnerabilities/${id}`);
  await expect(page.getByRole("group", { name: "Components with it" })).toContainText("1.2.4");
  const { release_count } = await ask<{ release_count: number }>(page, `/where?vulnerability=${id}`);
  expect(release_count).toBe(1);
});

test("the question box finds a package in a range of versions, and what runs comes first", async ({ page }) => {
  await page.goto("/components");
  await page.getByRole("searchbox", { name: "Where is" }).fill("spring-webmvc < 5.3.42");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/where=spring-webmvc/);
  const running = page.getByRole("group", { name: "Running now" });
  await expect(running.getByRole("row").nth(1)).toContainText("production");
  await expect(running).toContainText("org.springframework:spring-webmvc 5.3.39");
  await expect(page.getByRole("group", { name: "Other releases" })).toContainText("checkout");
});

test("a question that cannot be read and one that finds nothing say so", async ({ page }) => {
  await page.goto("/components?where=spring-core+%3C%3C1");
  await expect(page.getByRole("alert")).toContainText(/versions/);
  await page.goto("/components?where=no-such-package");
  await expect(page.getByText("No release has it")).toBeVisible();
  await page.goto("/components?where=CVE-1999-0000");
  await expect(page.getByText("Nothing is known of CVE-1999-0000")).toBeVisible();
  await expect(page.getByText("No release has it")).toHaveCount(0);
});

test("components are found by name, and one says why it is affected, what to upgrade to and where it is", async ({ page }) => {
  await page.goto("/components");
  await page.getByRole("searchbox", { name: "Name or purl" }).fill("h11");
  await page.getByRole("checkbox", { name: "Only vulnerable" }).check();
  await expect(page).toHaveURL(/vulnerable=true/);
  const list = page.getByRole("group", { name: "Components", exact: true });
  await list.getByRole("link", { name: "h11 0.14.0" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "h11 0.14.0" })).toBeVisible();
  const match = page.getByRole("group", { name: "Vulnerabilities", exact: true }).getByRole("row", { name: new RegExp(smuggling) });
  await expect(match).toContainText("GHSA-vqfr-h8mv-ghfj");
  await expect(match).toContainText("0.16.0");
  await expect(page.getByRole("region", { name: "Next upgrade" })).toContainText("0.16.0");
  await expect(page.getByRole("group", { name: "Running now" })).toContainText("production");
  await page.getByRole("group", { name: "Other versions" }).getByRole("link", { name: "0.16.0" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "h11 0.16.0" })).toBeVisible();
  await expect(page.getByText("No vulnerability is known")).toBeVisible();
});
