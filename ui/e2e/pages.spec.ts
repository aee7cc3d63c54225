// One happy path through every page, found by role and label as a person would.
import { ask, newest } from "./demo";
import { expect, test } from "./test";

test("the overview shows what was stopped and leads to the reason", async ({ page }) => {
  await page.goto("/");
  const stopped = page.getByRole("region", { name: "Stopped releases" });
  await expect(stopped.getByText("Denied").first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Risk by application" })).toBeVisible();
  await expect(page.getByRole("img", { name: /Verdicts per day: \d+ allowed/ })).toBeVisible();
  await stopped.getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: /What stops it|What is unknown/ }).first()).toBeVisible();
});

test("the window of the overview is kept in its address", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("radiogroup").getByText("90 days").click();
  await expect(page).toHaveURL(/\?days=90$/);
  await page.reload();
  await expect(page.getByText("Decisions of the last 90 days.")).toBeVisible();
});

test("an application shows which release runs where", async ({ page }) => {
  await page.goto("/applications");
  await page.getByRole("group", { name: "Applications" }).getByRole("link").first().click();
  const matrix = page.getByRole("region", { name: "What runs where" }).getByRole("table");
  await expect(matrix.getByRole("columnheader", { name: "production" })).toBeVisible();
  await expect(matrix.getByText(/Right image|Wrong image|Image unknown/).first()).toBeVisible();
});

test("a release shows four phases on one timeline and its findings by severity", async ({ page }) => {
  await page.goto("/releases");
  await page.getByRole("group", { name: "Releases", exact: true }).getByRole("rowheader").first().getByRole("link").click();
  const timeline = page.getByRole("region", { name: "Delivery timeline" });
  for (const phase of ["Source", "Build", "Artifact", "Deploy"]) {
    await expect(timeline.getByRole("heading", { name: phase })).toBeVisible();
  }
  await page.getByRole("tab", { name: "SBOM" }).click();
  await expect(page).toHaveURL(/tab=sbom/);
  await expect(page.getByRole("tabpanel")).toContainText(/component|inventory/i);
  await page.getByRole("tab", { name: "Decisions" }).click();
  await expect(page.getByRole("tabpanel")).toContainText(/Verdict|No gate has been asked/);
  await page.getByRole("tab", { name: "Deployments and approvals" }).click();
  await expect(page.getByRole("heading", { name: "Approvals" })).toBeVisible();
});

test("evidence shows the document as it was received", async ({ page }) => {
  await page.goto(`/evidence/${await newest(page, "/evidence")}`);
  await expect(page.getByRole("group", { name: "Document", exact: true })).not.toBeEmpty();
  await page.getByRole("tab", { name: "What was understood" }).click();
  await expect(page.getByRole("group", { name: "Report" })).toContainText("{");
  await expect(page.getByRole("link", { name: "Download document" })).toHaveAttribute("href", /\/document$/);
});

test("a denied decision says why, what to do, and starts an exception filled in", async ({ page }) => {
  await page.goto("/decisions?verdict=deny");
  await page.getByRole("group", { name: "Decisions" }).getByRole("link", { name: "Denied" }).first().click();
  await expect(page.getByText("What to do:").first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Replay" })).toBeVisible();
  await page.getByRole("link", { name: "Request exception" }).first().click();
  await expect(page.getByRole("combobox", { name: "Policy" })).not.toHaveValue("");
  await expect(page.getByRole("textbox", { name: "Application" })).not.toHaveValue("");
});

test("the replay of a decision is its record, byte for byte", async ({ page }) => {
  const id = await newest(page, "/decisions");
  await page.goto(`/decisions/${id}`);
  const [record, replay] = await Promise.all(
    ["Record", "Replay"].map(async (name) => {
      const href = await page.getByRole("link", { name, exact: true }).getAttribute("href");
      return (await page.request.get(href ?? "")).text();
    }),
  );
  expect(replay).toBe(record);
});

test("a policy shows its source, its parameters and where it is in force", async ({ page }) => {
  await page.goto("/policies");
  for (const phase of ["Source", "Build", "Artifact", "Deploy"]) {
    await expect(page.getByRole("heading", { name: phase, exact: true })).toBeVisible();
  }
  await page.getByRole("group", { name: "Policies of the phase artifact" }).getByRole("link").first().click();
  await expect(page.getByRole("group", { name: "Source of the policy" })).toContainText("package ");
  await expect(page.getByRole("heading", { name: "In force" })).toBeVisible();
});

test("an exception is requested, and its requester may not approve it", async ({ page }) => {
  await page.goto("/exceptions/new?rule=CVE-2026-0001");
  await page.getByRole("textbox", { name: "Reason" }).fill("The vulnerable function is never called.");
  await page.getByRole("button", { name: "Request exception" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "CVE-2026-0001" })).toBeVisible();
  await expect(page.getByText("Requested", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
});

test("exceptions are filtered by their state", async ({ page }) => {
  await page.goto("/exceptions");
  await page.getByRole("combobox", { name: "State" }).selectOption("expired");
  await expect(page).toHaveURL(/state=expired/);
  await expect(page.getByRole("cell", { name: "Expired" }).first()).toBeVisible();
});

test("an environment is added and changed", async ({ page }) => {
  const name = `sandbox-${Date.now()}`;
  await page.goto("/environments");
  await page.getByRole("button", { name: "Add environment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("combobox", { name: "Kind" }).selectOption("sandbox");
  await dialog.getByRole("combobox", { name: "Gate" }).selectOption("off");
  await dialog.getByRole("button", { name: "Add environment" }).click();
  await page.getByRole("button", { name: `Change ${name}` }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Gate" }).selectOption("warn");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name }).getByText("Warns only")).toBeVisible();
});

test("a token shows its secret once, and is revoked", async ({ page }) => {
  const name = `pipeline-${Date.now()}`;
  await page.goto("/people?tab=tokens");
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("checkbox", { name: /push evidence/ }).check();
  await dialog.getByRole("button", { name: "Create token" }).click();
  await expect(dialog.getByRole("group", { name: "Command" })).toContainText("swt_");
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await expect(page.getByRole("row", { name }).getByText("Revoked")).toBeVisible();
});

test("a user is added with a role", async ({ page }) => {
  const name = `viewer-${Date.now()}`;
  await page.goto("/people");
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByLabel(/^Password/).fill("a long enough sentence");
  await dialog.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByRole("row", { name }).getByText("viewer", { exact: false }).first()).toBeVisible();
});

test("the audit log is filtered by who did it and leads to the thing", async ({ page }) => {
  const { items } = await ask<{ items: { actor: { name: string } }[] }>(page, "/audit?action=release.create");
  const actor = items[0]?.actor.name ?? "";
  await page.goto("/audit?action=release.create");
  await page.getByRole("searchbox", { name: "Who" }).fill(actor);
  await expect(page).toHaveURL(/actor=/);
  const row = page.getByRole("group", { name: "Audit entries" }).getByRole("row").nth(1);
  await row.locator("summary").click();
  await row.getByRole("link", { name: "Open the release" }).click();
  await expect(page.getByRole("region", { name: "Delivery timeline" })).toBeVisible();
});

test("a release is found by its version from everywhere", async ({ page }) => {
  const { items } = await ask<{ items: { version: string; service: { name: string } }[] }>(page, "/releases");
  const release = items[0];
  await page.goto("/policies");
  await page.getByRole("searchbox", { name: "Find a release" }).fill(release?.version ?? "");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: `${release?.service.name} ${release?.version}` })).toBeVisible();
});

test("the gate is asked from the page of a release", async ({ page }) => {
  await page.goto(`/releases/${await newest(page, "/releases")}`);
  await page.getByRole("button", { name: "Ask the gate" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Ask the gate" }).click();
  await expect(page).toHaveURL(/\/decisions\//);
  await expect(page.getByRole("region", { name: "The record" })).toBeVisible();
});
