// Whom the server trusts, and what that makes of the signatures of a document. The demo trusts the key of its Jenkins.
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import type { Page } from "@playwright/test";
import { ask, newest, push, send } from "./demo";
import { expect, test } from "./test";

const PROVENANCE = "https://slsa.dev/provenance/v1";

test("the demo trusts its Jenkins: one root, one signer, one builder, each on its tab", async ({ page }) => {
  await page.goto("/trust");
  await expect(page.getByRole("group", { name: "Trust roots" }).getByRole("row", { name: /Jenkins of the shop/ })).toContainText("public key");
  await page.getByRole("tab", { name: "Signers" }).click();
  await expect(page).toHaveURL(/tab=signers/);
  const signer = page.getByRole("group", { name: "Signers" }).getByRole("row", { name: /Provenance from Jenkins/ });
  await expect(signer).toContainText("Provenance of a build");
  await expect(signer).toContainText("application Harbour Shop");
  await page.getByRole("tab", { name: "Builders" }).click();
  const builder = page.getByRole("group", { name: "Builders" }).getByRole("row", { name: /Jenkins of the shop/ });
  await expect(builder).toContainText("Build level 2");
  await expect(builder).toContainText("https://jenkins.harbour-shop.example/");
});

test("provenance that Jenkins signed is verified, and that of a key nobody brought is of an unknown signer", async ({ page }) => {
  const release = await newest(page, "/releases?service=catalogue");
  await page.goto(`/releases/${release}?tab=evidence`);
  const row = page.getByRole("group", { name: "Evidence" }).getByRole("row", { name: /in-toto|provenance/i }).first();
  await expect(row).toContainText("Verified");
  await expect(row).toContainText("Jenkins of the shop");
  await row.getByRole("link").first().click();
  const signatures = page.getByRole("region", { name: "Signatures" });
  await expect(signatures.getByRole("list", { name: "Checks" })).toContainText("Passed");
  await page.goto(`/releases/${await newest(page, "/releases?service=accounts")}?tab=evidence`);
  const other = page.getByRole("group", { name: "Evidence" }).getByRole("row", { name: /in-toto|provenance/i }).first();
  await expect(other).toContainText("Unknown signer");
});

test("a key and a rule are added, and provenance signed with it turns verified; the rule is revoked, and it does not", async ({ page }) => {
  const unique = Date.now();
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const name = `Key ${unique}`;
  const release = await signedRelease(page, unique, privateKey);
  await page.goto(`/releases/${release}?tab=evidence`);
  const evidence = page.getByRole("group", { name: "Evidence" }).getByRole("row").nth(1);
  await expect(evidence).toContainText("Unknown signer");

  await page.goto("/trust");
  await page.getByRole("button", { name: "Add trust root" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("File").setInputFiles({
    name: "key.pub",
    mimeType: "application/x-pem-file",
    buffer: Buffer.from(publicKey.export({ type: "spki", format: "pem" })),
  });
  await expect(dialog.getByRole("textbox", { name: /Key or trusted root/ })).toHaveValue(/BEGIN PUBLIC KEY/);
  await dialog.getByRole("button", { name: "Add trust root" }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) })).toContainText("until revoked");

  await page.goto("/trust?tab=signers");
  await page.getByRole("button", { name: "Add signer" }).click();
  await dialog.getByLabel("Name").fill(`Rule ${unique}`);
  await dialog.getByLabel("Key", { exact: false }).selectOption(name);
  await expect(dialog.getByRole("checkbox", { name: "Provenance of a build" })).toBeChecked();
  await dialog.getByRole("button", { name: "Add signer" }).click();
  await expect(dialog).toHaveCount(0);

  await page.goto(`/releases/${release}?tab=evidence`);
  await expect(evidence).toContainText("Verified");
  await expect(evidence).toContainText(name);

  await page.goto("/trust?tab=signers");
  await page.getByRole("button", { name: `Revoke Rule ${unique}` }).click();
  await expect(dialog).toContainText("Nothing counts by this rule any more");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("row", { name: new RegExp(`Rule ${unique}`) })).toContainText("Revoked");
  await page.goto(`/releases/${release}?tab=evidence`);
  await expect(evidence).toContainText("no signer rule lets them say");
});

test("a text that is no key is refused in words", async ({ page }) => {
  await page.goto("/trust");
  await page.getByRole("button", { name: "Add trust root" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("nothing");
  await dialog.getByRole("textbox", { name: /Key or trusted root/ }).fill("this is no key");
  await dialog.getByRole("button", { name: "Add trust root" }).click();
  await expect(dialog.getByRole("alert")).not.toBeEmpty();
});

test("a builder that is met in practice is offered with what to know before", async ({ page }) => {
  const { items } = await ask<{ items: { trusted: { name: string }; source: string }[] }>(page, "/builders/known");
  const [known] = items;
  if (!known) throw new Error("no builder is known");
  await page.goto("/trust?tab=builders");
  await page.getByRole("button", { name: "Add builder" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Builder", { exact: true }).selectOption(known.trusted.name);
  await expect(dialog).toContainText(known.source);
  await dialog.getByRole("button", { name: "Trust builder" }).click();
  const row = page.getByRole("row").filter({ hasText: known.trusted.name });
  await expect(row.first()).toBeVisible();
  await row.first().getByRole("button", { name: /^Revoke/ }).click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await expect(row.first()).toContainText("Revoked");
});

/** A release of its own with provenance that `key` signed. */
async function signedRelease(page: Page, unique: number, key: KeyObject): Promise<string> {
  const hex = unique.toString(16).padStart(64, "0");
  const { id } = await send<{ id: string }>(page, "/releases", {
    application: "signed",
    service: "page",
    version: `1.0.${unique}`,
    commit: (unique + 2).toString(16).padStart(40, "0"),
    artifacts: [{ digest: `sha256:${hex}`, kind: "file" }],
  });
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "page", digest: { sha256: hex } }],
    predicateType: PROVENANCE,
    predicate: {
      buildDefinition: { buildType: "https://builds.example/make", externalParameters: {} },
      runDetails: { builder: { id: "https://builds.example/" } },
    },
  };
  await push(page, id, "provenance.intoto.json", envelope(JSON.stringify(statement), key));
  return id;
}

/** The statement in a DSSE envelope. */
function envelope(statement: string, key: KeyObject): object {
  const type = "application/vnd.in-toto+json";
  const payload = Buffer.from(statement);
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const signature = sign(null, signed, key).toString("base64");
  return { payloadType: type, payload: payload.toString("base64"), signatures: [{ sig: signature }] };
}
