// What a release is made of: its list and graph of components, what to take away, and what changed since another release.
import type { Page } from "@playwright/test";
import { ask } from "./demo";
import { expect, test } from "./test";

test("the graph of a release shows the ways by which a component gets in", async ({ page }) => {
  await page.goto(`/releases/${await release(page, "accounts", "0.9.0")}?tab=sbom`);
  await page.getByRole("radiogroup", { name: "Shape" }).getByText("Dependencies").click();
  await expect(page).toHaveURL(/view=graph/);
  await page.getByRole("searchbox", { name: "How does this get in?" }).fill("ring");
  await page.getByRole("list", { name: "Components that fit" }).getByRole("link", { name: "ring 0.17.8" }).click();
  await expect(page.getByRole("heading", { name: "How ring 0.17.8 gets in" })).toBeVisible();
  const ways = page.getByRole("list", { name: "Ways in" }).getByRole("list").first();
  await expect(ways.getByRole("listitem").first()).toContainText("accounts 0.9.0");
  await expect(ways.getByRole("listitem").last()).toContainText("ring 0.17.8");
  const drawing = page.getByRole("group", { name: "Dependency graph" });
  await expect(drawing.getByRole("link", { name: "ring 0.17.8" })).toBeVisible();
  await page.getByRole("link", { name: "Whole graph" }).click();
  await expect(page.getByText(/\d+ components, \d+ dependenc/)).toBeVisible();
});

test("where the SBOM does not say what the release itself needs, the graph says so", async ({ page }) => {
  await page.goto(`/releases/${await release(page, "catalogue", "3.1.0")}?tab=sbom&view=graph`);
  await expect(page.getByText("No inventory says which of them the release itself needs.")).toBeVisible();
  await page.getByRole("group", { name: "Dependency graph" }).getByRole("link", { name: "h11 0.14.0" }).click();
  await expect(page.getByRole("list", { name: "Ways in" })).toContainText("uvicorn");
});

test("a large graph is a tree that the keyboard opens", async ({ page }) => {
  await page.goto(`/releases/${await release(page, "cart", "1.5.0")}?tab=sbom&view=graph`);
  const opener = page.getByRole("list", { name: "Dependencies" }).getByRole("button", { name: /^Open express/ });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^Close express/ })).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByRole("list", { name: "Dependencies" }).getByRole("link", { name: /^body-parser/ })).toBeVisible();
});

test("the SBOM and the VEX of a release are taken away in the forms of other tools", async ({ page }) => {
  const id = await release(page, "catalogue", "3.1.0");
  await page.goto(`/releases/${id}?tab=sbom`);
  await page.getByRole("button", { name: "Export" }).click();
  const addresses = await page.getByRole("menuitem").evaluateAll((items) => items.map((item) => item.getAttribute("href") ?? ""));
  expect(addresses).toHaveLength(6);
  for (const address of addresses) {
    const response = await page.request.get(address);
    expect(response.status(), address).toBe(200);
    expect(await response.json(), address).toBeTruthy();
  }
});

test("a release says what it brought that the one before had not", async ({ page }) => {
  await page.goto(`/releases/${await release(page, "catalogue", "3.1.0")}?tab=changes`);
  await expect(page.getByRole("group", { name: "Components changed" }).getByRole("row", { name: /h11/ })).toContainText("0.14.0");
  await expect(page.getByRole("group", { name: "Findings added" })).toContainText("CVE-2025-43859");
  await page.getByRole("combobox", { name: "Compare with" }).selectOption({ label: "Compare with 3.2.0" });
  await expect(page).toHaveURL(/with=/);
  await expect(page.getByText("What catalogue 3.1.0 brought that catalogue 3.2.0")).toBeVisible();
});

test("the first release of a service has nothing to be compared with", async ({ page }) => {
  await page.goto(`/releases/${await release(page, "catalogue", "3.0.0")}?tab=changes`);
  await expect(page.getByText("There is no release before this one")).toBeVisible();
});

async function release(page: Page, service: string, version: string): Promise<string> {
  const { items } = await ask<{ items: { id: string; version: string }[] }>(page, `/releases?service=${service}&q=${version}`);
  const found = items.find((item) => item.version === version);
  expect(found, `the demo has ${service} ${version}`).toBeDefined();
  return found?.id ?? "";
}
