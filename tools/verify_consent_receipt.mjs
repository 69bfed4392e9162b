#!/usr/bin/env node
// Verify a consent receipt, and what rests on it, without any of our code: Node's own cryptography and the published keys.
//
//   node tools/verify_consent_receipt.mjs --keys keys.json receipt.json
//   node tools/verify_consent_receipt.mjs --keys keys.json receipt.json --disclosure data.json --status status.json [--at 2026-11-22T08:00:00Z]
//
// Exit 0: everything holds. 1: something does not, or cannot be found out, which is the same.

import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const TYPES = {
  receipt: "bhxh-consent-receipt+json",
  disclosure: "bhxh-disclosure+json",
  status: "bhxh-consent-status+json",
};

class Doubt extends Error {}

function demand(holds, why) {
  if (!holds) throw new Doubt(why);
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function opened(file, type, keys) {
  const bytes = readFileSync(file);
  const { payload, protected: header, signature } = JSON.parse(bytes.toString("utf8"));
  demand(bytes.toString("utf8") === JSON.stringify({ payload, protected: header, signature }), `${type}: not the one spelling of the file`);
  const said = JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
  demand(said.alg === "ES256" && said.typ === type && Object.keys(said).length === 3, `${type}: header`);
  const key = keys.find((one) => one.kid === said.kid);
  demand(key !== undefined, `${type}: key ${said.kid} is not published`);
  demand(key.kty === "EC" && key.crv === "P-256" && key.purpose === "consent", `${type}: key is for something else`);
  const publicKey = createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x, y: key.y }, format: "jwk" });
  const raw = Buffer.from(signature, "base64url");
  demand(
    raw.length === 64 && verify("sha256", Buffer.from(`${header}.${payload}`, "ascii"), { key: publicKey, dsaEncoding: "ieee-p1363" }, raw),
    `${type}: the signature does not fit`,
  );
  return { content: JSON.parse(Buffer.from(payload, "base64url").toString("utf8")), key, digest: sha256(bytes) };
}

function inWindow(key, instant) {
  const at = Date.parse(instant);
  demand(!Number.isNaN(at), "an instant cannot be read");
  demand(!key.not_before || Date.parse(key.not_before) <= at, "the key was not in force yet");
  demand(!key.not_after || at < Date.parse(key.not_after), "the key was no longer in force");
  return at;
}

function typed(instant) {
  const at = /(Z|[+-]\d\d:\d\d)$/.test(instant) ? Date.parse(instant) : Number.NaN;
  demand(!Number.isNaN(at), "--at is an instant with its offset from UTC, for example 2026-11-22T08:00:00+07:00");
  return at;
}

// Days count in Viet Nam (UTC+7, no daylight saving).
function startOfDay(day) {
  return Date.parse(`${day}T00:00:00+07:00`);
}

function judge(options) {
  const keys = JSON.parse(readFileSync(options.keys, "utf8")).keys;
  const receipt = opened(options.receipt, TYPES.receipt, keys);
  const { content } = receipt;
  demand(content.events.length === 1 && content.events[0].event_state === "given" && content.events[0].event_type === "explicit", "event");
  const [purpose] = content.pii_processing.purposes;
  const granted = purpose.pii_information.map((item) => item.pii_attribute_id);
  const grantedAt = inWindow(receipt.key, content.events[0].event_time);
  const ends = startOfDay(content.bhxh.until_on);
  demand(purpose.lawful_basis === "CONSENT" && granted.length > 0, "purpose");
  demand(granted.every((name) => content.bhxh.asked_fields.includes(name)), "more was granted than asked for");
  demand(grantedAt < ends, "it ended before it began");
  const at = options.at ? typed(options.at) : Date.now();
  if (options.disclosure) {
    const { content: data, key } = opened(options.disclosure, TYPES.disclosure, keys);
    const readAt = inWindow(key, data.at);
    demand(data.basis.consent_id === content.receipt_id && data.basis.receipt_sha256 === receipt.digest, "the data rest on another receipt");
    demand(purpose.recipient_third_parties.includes(data.recipient), "the data are for somebody else");
    demand(data.subject === content.pii_principal_id, "the data are somebody else's");
    demand(Object.keys(data.data).every((name) => granted.includes(name)), "the data hold more than was granted");
    demand(grantedAt <= readAt && readAt < ends, "the data were read outside the period");
  }
  let status = "not asked";
  if (options.status) {
    const said = opened(options.status, TYPES.status, keys);
    inWindow(said.key, said.content.as_of);
    demand(said.content.consent_id === content.receipt_id && said.content.receipt_sha256 === receipt.digest, "the status is another consent's");
    status = said.content.status;
    demand(status === "given", `the consent does not stand: ${status}`);
    demand(at < ends, "the consent has expired");
  }
  return { consent: content.receipt_id, recipient: purpose.recipient_third_parties[0], granted, until: content.bhxh.until_on, status };
}

function read(args) {
  const options = {};
  for (let index = 0; index < args.length; index += 1) {
    if (args[index].startsWith("--")) {
      options[args[index].slice(2)] = args[index + 1];
      index += 1;
    } else {
      options.receipt = args[index];
    }
  }
  demand(options.keys && options.receipt, "usage: --keys KEYS RECEIPT [--disclosure FILE] [--status FILE] [--at INSTANT]");
  return options;
}

try {
  console.log(JSON.stringify({ holds: true, ...judge(read(process.argv.slice(2))) }));
} catch (error) {
  console.log(JSON.stringify({ holds: false, why: error instanceof Doubt ? error.message : `cannot be read: ${error.name}` }));
  process.exitCode = 1;
}
