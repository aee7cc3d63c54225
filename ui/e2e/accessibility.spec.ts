// No page has a violation that axe can find, in light and in dark, on a desk and on a telephone; and the keyboard is enough.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { newest } from "./demo";
import { expect, test } from "./test";

const pages = [
  ["overview", "/"],
  ["applications", "/applications"],
  ["application", "/applications/{/applications}"],
  ["releases", "/releases"],
  ["release, findings", "/releases/{/releases}"],
  ["release, SBOM", "/releases/{/releases}?tab=sbom"],
  ["release, dependencies", "/releases/{/releases}?tab=sbom&view=graph"],
  ["release, ways in of a component", "/releases/{/releases?service=catalogue}?tab=sbom&view=graph&component=pkg:pypi/h11"],
  ["release, changes", "/releases/{/releases?service=catalogue}?tab=changes"],
  ["release, evidence", "/releases/{/releases}?tab=evidence"],
  ["release, decisions", "/releases/{/releases}?tab=decisions"],
  ["release, deployments", "/releases/{/releases}?tab=deployments"],
  ["vulnerabilities", "/vulnerabilities"],
  ["vulnerability", "/vulnerabilities/CVE-2025-43859"],
  ["exploited vulnerability", "/vulnerabilities/CVE-2021-44228"],
  ["components", "/components"],
  ["component", "/components/{/components?q=h11&vulnerable=true}"],
  ["where something is", "/components?where=spring-webmvc"],
  ["evidence", "/evidence/{/evidence}"],
  ["decisions", "/decisions"],
  ["denied decision", "/decisions/{/decisions?verdict=deny}"],
  ["allowed decision", "/decisions/{/decisions?verdict=allow}"],
  ["policies", "/policies"],
  ["exceptions", "/exceptions"],
  ["exception", "/exceptions/{/exceptions}"],
  ["request of an exception", "/exceptions/new"],
  ["environments", "/environments"],
  ["trust roots", "/trust"],
  ["signers", "/trust?tab=signers"],
  ["builders", "/trust?tab=builders"],
  ["signed evidence", "/evidence/{/evidence?format=in-toto}"],
  ["users", "/people"],
  ["tokens", "/people?tab=tokens"],
  ["audit", "/audit"],
  ["nothing", "/no/such/page"],
  ["missing release", "/releases/019aa000-0000-7000-8000-000000000000"],
] as const;

for (const [name, address] of pages) {
  test(`${name}: no violation in light, in dark and on a telephone`, async ({ page }) => {
    const list = /\{(.*)\}/.exec(address)?.[1];
    await page.goto(list ? address.replace(`{${list}}`, await newest(page, list)) : address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByLabel("Loading")).toHaveCount(0);
    await expectNoViolation(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
    await expectNoViolation(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoViolation(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, "the page is not wider than the screen").toBeLessThanOrEqual(0);
  });
}

test("the dialogs and menus have no violation", async ({ page }) => {
  await page.goto("/environments");
  await page.getByRole("button", { name: "Add environment" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectNoViolation(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the keyboard reaches the content first and then everything else", async ({ page }) => {
  await page.goto("/policies");
  // While the list is on its way there is nothing in the content that could have the focus.
  await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.locator("main :focus")).toHaveCount(1);
});

test("the choice of light or dark stays", async ({ page }) => {
  await page.goto("/policies");
  await page.getByRole("button", { name: "Use dark colours" }).click();
  await page.reload();
  await expect(page.getByRole("button", { name: "Use light colours" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
});

async function expectNoViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, impact, nodes }) => [id, impact, nodes[0]?.html])).toEqual([]);
}
