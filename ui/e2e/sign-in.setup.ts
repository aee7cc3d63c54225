// Waits until the demo has told its story, signs in once, and keeps the session for the other tests.
import { existsSync } from "node:fs";
import { expect, test as setup } from "@playwright/test";
import { credentialsFile } from "../playwright.config";
import { people, sessionFile, signIn } from "./demo";

setup("the administrator of the demo signs in", async ({ page }) => {
  setup.setTimeout(180_000);
  await expect.poll(() => existsSync(credentialsFile), { timeout: 170_000 }).toBe(true);
  const [administrator] = people();
  if (!administrator) throw new Error("the demo has no user");
  await signIn(page, administrator);
  await page.context().storageState({ path: sessionFile });
});
