// The audit log: asked by what people know, each entry with its place in the signed log, and taken along as a table.
import { readFileSync } from "node:fs";
import { ask } from "./demo";
import { expect, test } from "./test";

interface Entries {
  items: { sequence: number; action: string; summary: string }[];
}

test("the audit log is asked by group, place and words, and keeps the question in its address", async ({ page }) => {
  await page.goto("/audit");
  const table = page.getByRole("group", { name: "Audit entries" });
  await page.getByRole("combobox", { name: "Group" }).selectOption({ label: "Violations" });
  await page.getByRole("combobox", { name: "Environment" }).selectOption("production");
  await expect(page).toHaveURL(/group=violations/);
  const { items } = await ask<Entries>(page, "/audit?group=violations&environment=production");
  expect(items.length, "the demo has violations").toBeGreaterThan(0);
  await expect(table.getByRole("row")).toHaveCount(items.length + 1);
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Group" })).toHaveValue("violations");
  await page.getByRole("button", { name: "Last 7 days" }).click();
  await expect(page).toHaveURL(/from=\d{4}-\d{2}-\d{2}/);
  await page.getByRole("searchbox", { name: "Search" }).fill("no entry says this");
  await expect(page.getByText("No entry fits the filter")).toBeVisible();
});

test("an entry shows its place among the signed entries and what it is bound to", async ({ page }) => {
  await page.goto("/audit?group=decisions");
  await expect(page.getByRole("region", { name: "The log" })).toContainText("Entries signed");
  const first = page.getByRole("group", { name: "Audit entries" }).locator("details").first();
  await first.locator("summary").click();
  await expect(first).toContainText(/Entry \d+ of [\d,]+ that are signed, proved by \d+ hashes/);
  await expect(first).toContainText("Bound to");
});

test("what fits is taken along as a table", async ({ page }) => {
  await page.goto("/audit?group=deployments");
  const { items } = await ask<Entries>(page, "/audit?group=deployments&limit=500");
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export JSON lines" }).click();
  const lines = readFileSync(await (await coming).path(), "utf8").trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual(items.map(({ sequence }) => sequence));
});
