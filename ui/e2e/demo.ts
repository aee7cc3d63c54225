// What the tests know of the demo: its people, and the public API as the signed-in person may use it.
import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { credentialsFile } from "../playwright.config";

export interface Person {
  name: string;
  password: string;
}

/** Where the administrator's session is kept between tests. */
export const sessionFile = `${import.meta.dirname}/../test-results/session.json`;

/** The people of the demo; the first is the administrator. */
export function people(): Person[] {
  const { users } = JSON.parse(readFileSync(credentialsFile, "utf8")) as { users: Person[] };
  return users;
}

export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("textbox", { name: "Name" }).fill(person.name);
  await page.getByLabel(/^Password/).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
}

/** Asks the API with the session of the page. */
export async function ask<T>(page: Page, path: string): Promise<T> {
  const response = await page.request.get(`/api/v1${path}`);
  expect(response.status(), path).toBe(200);
  return (await response.json()) as T;
}

/** Changes something through the API, as another person's pipeline would meanwhile. */
export async function send<T>(page: Page, path: string, body: object): Promise<T> {
  const response = await page.request.post(`/api/v1${path}`, { headers: await csrf(page), data: body });
  expect(response.ok(), await response.text()).toBe(true);
  return (await response.json()) as T;
}

/** Pushes a document about a release. */
export async function push(page: Page, release: string, name: string, document: object): Promise<void> {
  const response = await page.request.post("/api/v1/evidence", {
    headers: await csrf(page),
    multipart: {
      context: JSON.stringify({ release }),
      document: { name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(document)) },
    },
  });
  expect(response.ok(), await response.text()).toBe(true);
}

/** Loads one record of a database of vulnerabilities. */
export async function importAdvisory(page: Page, record: object): Promise<void> {
  const response = await page.request.post("/api/v1/advisories/import", {
    headers: { ...(await csrf(page)), "Content-Type": "application/octet-stream" },
    data: Buffer.from(JSON.stringify(record)),
  });
  expect(response.ok(), await response.text()).toBe(true);
}

async function csrf(page: Page): Promise<Record<string, string>> {
  const { csrf_token } = await ask<{ csrf_token: string }>(page, "/session");
  return { "X-Shipworthy-CSRF": csrf_token };
}

/** The id of the newest thing of a list that fits. */
export async function newest(page: Page, list: string): Promise<string> {
  const { items } = await ask<{ items: { id: string }[] }>(page, list);
  const first = items[0];
  expect(first, `the demo has something in ${list}`).toBeDefined();
  return first?.id ?? "";
}
