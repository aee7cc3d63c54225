// What a person sees when something is not there, not allowed, or over.
import { ask, newest, people, push, send, signIn } from "./demo";
import { expect, test } from "./test";

test("an id that is none and an address that is none both say so", async ({ page }) => {
  for (const path of ["releases", "decisions", "applications", "evidence", "exceptions"]) {
    await page.goto(`/${path}/019aa000-0000-7000-8000-000000000000`);
    await expect(page.getByRole("heading", { level: 1, name: "This is not here" })).toBeVisible();
  }
  await page.goto("/components/4000000000");
  await expect(page.getByRole("heading", { level: 1, name: "This is not here" })).toBeVisible();
  await page.goto("/vulnerabilities/CVE-1999-0000");
  await expect(page.getByText("Nothing is known of CVE-1999-0000")).toBeVisible();
  await page.goto("/policies/no-such-policy");
  await expect(page.getByRole("heading", { level: 1, name: "This is not here" })).toBeVisible();
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeVisible();
});

test.describe("signed out", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test("a wrong password is refused in words, and says nothing about the name", async ({ page }) => {
    await page.goto("/sign-in");
    await page.getByRole("textbox", { name: "Name" }).fill(people()[0]?.name ?? "");
    await page.getByLabel(/^Password/).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText(/password/i);
  });

  test("the page that was asked for is shown after signing in", async ({ page }) => {
    await page.goto("/policies");
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    const [administrator] = people();
    await page.getByRole("textbox", { name: "Name" }).fill(administrator?.name ?? "");
    await page.getByLabel(/^Password/).fill(administrator?.password ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Policies" })).toBeVisible();
  });

  test("nobody is led to another site after signing in", async ({ page }) => {
    await page.goto("/sign-in?next=//evil.example/");
    const [administrator] = people();
    await page.getByRole("textbox", { name: "Name" }).fill(administrator?.name ?? "");
    await page.getByLabel(/^Password/).fill(administrator?.password ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  });

  test("a session that has ended leads to sign in, and back", async ({ page }) => {
    const [administrator] = people();
    if (!administrator) throw new Error("the demo has no user");
    await signIn(page, administrator);
    await page.context().clearCookies();
    // A change that another test makes meanwhile asks the server anew, and leads to sign in before the click does.
    await page.getByRole("link", { name: "Exceptions" }).click({ timeout: 3_000 }).catch(() => undefined);
    await expect(page).toHaveURL(/\/sign-in/);
    await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  });

  test("signing out ends the session on the server", async ({ page }) => {
    const [administrator] = people();
    if (!administrator) throw new Error("the demo has no user");
    await signIn(page, administrator);
    await page.getByRole("button", { name: administrator.name }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
    expect((await page.request.get("/api/v1/session")).status()).toBe(401);
  });

  test("a setup link that was used already is refused in words", async ({ page }) => {
    await page.goto("/setup#swt_setup_used");
    await page.getByRole("textbox", { name: "Name" }).fill("mallory");
    await page.getByLabel(/^Password/).fill("a long enough sentence");
    await page.getByRole("button", { name: "Create administrator" }).click();
    await expect(page.getByRole("alert")).not.toBeEmpty();
  });
});

test("script text in a finding shows as text", async ({ page }) => {
  const script = `<script>document.title="owned"</script><img src=x onerror='document.title="owned"'>`;
  const version = `0.0.${Date.now()}`;
  const release = await send<{ id: string }>(page, "/releases", {
    application: "script-text",
    service: "page",
    version,
    commit: Date.now().toString(16).padStart(40, "0"),
    artifacts: [],
  });
  await push(page, release.id, "results.sarif", sarif(script));
  await page.goto(`/releases/${release.id}`);
  await expect(page.getByText(script, { exact: false }).first()).toBeVisible();
  expect(await page.title()).not.toBe("owned");
});

test("what happens elsewhere appears without loading the page again", async ({ page }) => {
  await page.goto("/releases");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const version = `9.9.${Date.now()}`;
  await send(page, "/releases", {
    application: "live",
    service: "page",
    version,
    commit: (Date.now() + 1).toString(16).padStart(40, "0"),
    artifacts: [],
  });
  await expect(page.getByRole("link", { name: `page ${version}` })).toBeVisible();
});

test("the first page is at most 250 kB on the wire", async ({ page }) => {
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/") || /VerdictChart/.test(pathname)) return;
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await page.waitForLoadState("load");
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(250_000);
});

test("a viewer is offered nothing that the server would refuse", async ({ page, browser }) => {
  const name = `reader-${Date.now()}`;
  const password = "a long enough sentence";
  const grants = [{ role: "viewer", scope: { kind: "everything" } }];
  await send(page, "/users", { name, password, grants });
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const reader = await context.newPage();
  await signIn(reader, { name, password });
  await reader.goto(`/releases/${await newest(page, "/releases")}`);
  await expect(reader.getByRole("region", { name: "Delivery timeline" })).toBeVisible();
  await expect(reader.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await reader.goto("/environments");
  await expect(reader.getByRole("table")).toBeVisible();
  await expect(reader.getByRole("button", { name: /Change|Add environment/ })).toHaveCount(0);
  await reader.goto(`/evidence/${await newest(page, "/evidence")}`);
  await expect(reader.getByRole("group", { name: "Report" })).toContainText("{");
  await expect(reader.getByRole("link", { name: "Download document" })).toHaveCount(0);
  const { permissions } = await ask<{ permissions: string[] }>(reader, "/session");
  expect(permissions).not.toContain("govern");
  await context.close();
});

function sarif(title: string): object {
  const rule = { id: "injected", shortDescription: { text: title }, defaultConfiguration: { level: "error" } };
  const location = { physicalLocation: { artifactLocation: { uri: "src/page.ts" }, region: { startLine: 1 } } };
  const result = { ruleId: "injected", level: "error", message: { text: title }, locations: [location] };
  return { version: "2.1.0", runs: [{ tool: { driver: { name: "hostile", rules: [rule] } }, results: [result] }] };
}
