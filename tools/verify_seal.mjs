#!/usr/bin/env node
// Verify anything that was sealed as JSON (book, receipt, decision, extract, log head, key set ...) without any of our code: Node's own
// cryptography and the published keys.
//
//   node tools/verify_seal.mjs --keys keys.json --type bhxh-book+json so-1.json
//   node tools/verify_seal.mjs --keys signed.json --root root.json --type bhxh-decision+json quyet-dinh-1.json
//
// With --root the key set itself must be signed by that root, or by one to which it handed over. With --content the document that the seal speaks of must be this file.
// One line of JSON is printed. Exit 0: it holds. 1: it does not, or cannot be found out, which is the same.

import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const KEYS_TYPE = "bhxh-keys+json";
const PURPOSES = {
  "bhxh-book+json": "book",
  "bhxh-own-copy+json": "book",
  "bhxh-extract+json": "book",
  "bhxh-receipt+json": "receipt",
  "bhxh-decision+json": "decision",
  "bhxh-audit-root+json": "audit",
  "bhxh-consent-receipt+json": "consent",
  "bhxh-disclosure+json": "consent",
  "bhxh-consent-status+json": "consent",
  "bhxh-confirmation+json": "confirmation",
  "bhxh-mandate+json": "mandate",
  "bhxh-mandate-revocation+json": "mandate",
  "bhxh-conversion+json": "conversion",
  "bhxh-trust-list+json": "trust-list",
  "statuslist+jwt": "credential",
  [KEYS_TYPE]: "root",
};

class Doubt extends Error {}

function demand(holds, why) {
  if (!holds) throw new Doubt(why);
}

function unpacked(part, what) {
  const bytes = Buffer.from(part, "base64url");
  demand(bytes.toString("base64url") === part, `${what}: not in its one spelling`);
  return bytes;
}

function opened(text, type, keys) {
  const { payload, protected: header, signature } = JSON.parse(text);
  demand(text === JSON.stringify({ payload, protected: header, signature }), "not the one spelling of the file");
  const said = JSON.parse(unpacked(header, "header").toString("utf8"));
  demand(said.alg === "ES256" && said.typ === type && Object.keys(said).length === 3, `the header is not that of ${type}`);
  const found = keys.filter((one) => one.kid === said.kid);
  demand(found.length === 1, `key ${said.kid} is not published`);
  const [key] = found;
  demand(key.kty === "EC" && key.crv === "P-256" && key.purpose === PURPOSES[type], "the key is for something else");
  const handle = createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x, y: key.y }, format: "jwk" });
  const raw = unpacked(signature, "signature");
  const signed = Buffer.from(`${header}.${payload}`, "ascii");
  demand(raw.length === 64 && verify("sha256", signed, { key: handle, dsaEncoding: "ieee-p1363" }, raw), "the signature does not fit");
  return { kid: said.kid, payload: JSON.parse(unpacked(payload, "payload").toString("utf8")) };
}

function keysOf(options) {
  const root = options.root === undefined ? undefined : JSON.parse(readFileSync(options.root, "utf8")).keys;
  if (root === undefined) return JSON.parse(readFileSync(options.keys, "utf8")).keys;
  const text = readFileSync(options.keys, "utf8");
  const { payload } = opened(text, KEYS_TYPE, followed(text, root));
  demand(payload.format === "bhxh-keys/1", "no key set");
  return payload.keys;
}

// The roots that are known, and those to which they handed over: a hand-over counts only if a root signed it that counts already.
function followed(text, roots) {
  const claimed = JSON.parse(Buffer.from(JSON.parse(text).payload, "base64url").toString("utf8")).handovers ?? [];
  return claimed.slice(0, 50).reduce((known, handover) => {
    try {
      const { payload } = opened(handover, KEYS_TYPE, known);
      return payload.format === "bhxh-root/1" && payload.root.purpose === "root" ? [...known, payload.root] : known;
    } catch (error) {
      if (error instanceof Doubt) return known; // of a root before the one that is known here
      throw error;
    }
  }, roots);
}

function judge(options) {
  demand(options.keys && options.type in PURPOSES && options.file, "usage: --keys KEYS --type TYPE [--root ROOT] [--content FILE] SEALED");
  const { kid, payload } = opened(readFileSync(options.file, "utf8"), options.type, keysOf(options));
  if (options.content !== undefined) {
    const digest = createHash("sha256").update(readFileSync(options.content)).digest("hex");
    demand(payload.content?.sha256 === digest, "it speaks of another document");
  }
  return { kid, payload };
}

const options = {};
const given = process.argv.slice(2);
while (given.length) {
  const word = given.shift();
  if (word.startsWith("--")) options[word.slice(2)] = given.shift();
  else options.file = word;
}
try {
  console.log(JSON.stringify({ holds: true, ...judge(options) }));
} catch (error) {
  console.log(JSON.stringify({ holds: false, why: error instanceof Doubt ? error.message : `cannot be read: ${error.name}` }));
  process.exitCode = 1;
}
