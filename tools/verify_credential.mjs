#!/usr/bin/env node
// Verify QR codes of health cards and book summaries without any of our code: Node's own cryptography and the published keys.
//
//   node tools/verify_credential.mjs --keys keys.json [--status-list list.json] [--at 2026-11-22T08:00:00Z] qr.txt ...
//
// A file holds one text as a scanner gives it, or several, one on each line. One line of JSON is printed for each text.
// Exit 0: every one holds. 1: something does not, or cannot be found out, which is the same.

import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";

const PREFIX = "VNB1:";
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const MOST_CHARACTERS = 4096;
const FIELDS = ["k", "name", "born", "sex", "card", "from", "until", "level", "clinic", "five"].concat(
  ["book", "version", "sha256", "code", "si", "ui", "hi", "work"],
);
const STATUSES = ["valid", "withdrawn", "suspended", "replaced"];

class Doubt extends Error {}

function demand(holds, why) {
  if (!holds) throw new Doubt(why);
}

function unpack45(text) {
  const values = [...text].map((letter) => LETTERS.indexOf(letter));
  demand(!values.includes(-1) && values.length % 3 !== 1, "no Base45");
  const bytes = [];
  for (let at = 0; at < values.length; at += 3) {
    const [first, second, third] = values.slice(at, at + 3);
    const number = first + 45 * second + 2025 * (third ?? 0);
    demand(number < (third === undefined ? 256 : 65536), "no Base45");
    if (third !== undefined) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return Buffer.from(bytes);
}

// A zlib stream of one block stored as it is; any other spelling of the same bytes is refused.
function unpacked(text) {
  demand(text.length <= MOST_CHARACTERS && text.startsWith(PREFIX), `does not begin with ${PREFIX}, or is too long`);
  const packed = unpack45(text.slice(PREFIX.length));
  const size = packed.length - 11;
  const start = [0x78, 0x01, 0x01, size & 255, size >> 8, (size & 255) ^ 255, (size >> 8) ^ 255];
  demand(size >= 0 && packed.subarray(0, 7).equals(Buffer.from(start)), "packed in another way");
  return inflateSync(packed, { maxOutputLength: MOST_CHARACTERS });
}

// CBOR as credentials use it: whole numbers, bytes, text, lists, maps; shortest spelling, keys in order.
function readCbor(bytes) {
  let at = 0;
  function head() {
    demand(at < bytes.length, "cut off");
    const first = bytes[at++];
    const low = first & 31;
    if (low < 24) return [first >> 5, low];
    demand(low <= 27, "a length that comes later");
    const size = 1 << (low - 24);
    demand(at + size <= bytes.length, "cut off");
    let number = 0n;
    for (let step = 0; step < size; step += 1) number = number * 256n + BigInt(bytes[at++]);
    demand(number >= (size === 1 ? 24n : 1n << BigInt(4 * size)) && number <= BigInt(Number.MAX_SAFE_INTEGER), "a number in a long spelling");
    return [first >> 5, Number(number)];
  }
  function value(depth) {
    demand(depth > 0, "nested too deeply");
    const [major, number] = head();
    if (major === 0) return number;
    if (major === 1) return -1 - number;
    if (major === 2 || major === 3) {
      demand(at + number <= bytes.length, "cut off");
      const part = bytes.subarray(at, (at += number));
      return major === 2 ? part : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(part);
    }
    if (major === 4) {
      const items = [];
      for (let step = 0; step < number; step += 1) items.push(value(depth - 1));
      return items;
    }
    demand(major === 5, "a tag, a float or a simple value");
    const pairs = new Map();
    let before = Buffer.alloc(0);
    for (let step = 0; step < number; step += 1) {
      const start = at;
      const key = value(depth - 1);
      const spelled = bytes.subarray(start, at);
      demand((typeof key === "number" || typeof key === "string") && Buffer.compare(before, spelled) < 0, "a key out of order or twice");
      before = spelled;
      pairs.set(key, value(depth - 1));
    }
    return pairs;
  }
  const read = value(6);
  demand(at === bytes.length, "bytes after the end");
  return read;
}

function writeHead(major, number) {
  if (number < 24) return Buffer.from([(major << 5) | number]);
  if (number < 256) return Buffer.from([(major << 5) | 24, number]);
  return Buffer.from([(major << 5) | 25, number >> 8, number & 255]);
}

function writeBytes(major, bytes) {
  return Buffer.concat([writeHead(major, bytes.length), bytes]);
}

function publicKeyOf(keys, isIt, kid) {
  const found = keys.filter((one) => isIt(one.kid));
  demand(found.length === 1, `key ${kid} is not published`);
  const [key] = found;
  demand(key.kty === "EC" && key.crv === "P-256" && key.purpose === "credential", "the key is for something else");
  return { key, handle: createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x, y: key.y }, format: "jwk" }) };
}

function fits(handle, bytes, signature) {
  return signature.length === 64 && verify("sha256", bytes, { key: handle, dsaEncoding: "ieee-p1363" }, signature);
}

function inWindow(key, at) {
  demand(!key.not_before || Date.parse(key.not_before) <= at, "the key was not in force yet");
  demand(!key.not_after || at < Date.parse(key.not_after), "the key was no longer in force");
}

function opened(text, keys) {
  const message = unpacked(text);
  demand(message[0] === 0xd2, "no COSE_Sign1");
  const parts = readCbor(message.subarray(1));
  demand(Array.isArray(parts) && parts.length === 4 && parts[1] instanceof Map && parts[1].size === 0, "no COSE_Sign1");
  const [header, , payload, signature] = parts;
  const said = readCbor(header);
  demand(said.size === 2 && said.get(1) === -7 && said.get(4) instanceof Uint8Array && said.get(4).length === 8, "header");
  const ending = Buffer.from(said.get(4)).toString("hex");
  const { key, handle } = publicKeyOf(keys, (kid) => kid.endsWith(`-${ending}`), ending);
  const signed = [Buffer.from([0x84]), writeBytes(3, Buffer.from("Signature1")), writeBytes(2, header), writeBytes(2, Buffer.alloc(0))];
  demand(fits(handle, Buffer.concat([...signed, writeBytes(2, payload)]), signature), "the signature does not fit");
  return { claims: readCbor(payload), key };
}

function statusOf(list, place, keys, at) {
  const { payload, protected: header, signature } = JSON.parse(list);
  const said = JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
  demand(said.alg === "ES256" && said.typ === "statuslist+jwt" && Object.keys(said).length === 3, "status list: header");
  const { key, handle } = publicKeyOf(keys, (kid) => kid === said.kid, said.kid);
  demand(fits(handle, Buffer.from(`${header}.${payload}`, "ascii"), Buffer.from(signature, "base64url")), "status list: the signature does not fit");
  const content = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  inWindow(key, content.iat * 1000);
  demand(content.sub === place.get("uri"), "status list: of another number");
  demand(content.iat * 1000 <= at + 300_000 && content.exp - content.iat <= 86_400, "status list: made later than now, or good for more than a day");
  demand(at < content.exp * 1000, "status list: too old");
  demand(content.status_list.bits === 2, "status list: bits");
  const bits = inflateSync(Buffer.from(content.status_list.lst, "base64url"), { maxOutputLength: 1 << 20 });
  const index = place.get("idx");
  demand(index >= 0 && index < bits.length * 4, "status list: too short");
  return { status: STATUSES[(bits[index >> 2] >> (2 * (index & 3))) & 3], reason: content.reasons?.[String(index)] };
}

function plain(value) {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return Array.isArray(value) ? value.map(plain) : value;
}

function judge(text, keys, list, at) {
  const { claims, key } = opened(text, keys);
  const [expires, issued, status, content] = [4, 6, 65535, -70001].map((name) => claims.get(name));
  demand(claims.size === 4 && content instanceof Map && ["HI", "BOOK"].includes(content.get(0)), "neither a card nor a book summary");
  inWindow(key, issued * 1000);
  demand(issued * 1000 <= at + 300_000, "issued later than now");
  demand(at < expires * 1000, "expired");
  const place = status.get("status_list");
  const found = list === undefined ? { status: "not asked" } : statusOf(list, place, keys, at);
  const named = Object.fromEntries([...content].map(([number, value]) => [FIELDS[number] ?? number, plain(value)]));
  return { holds: list === undefined || found.status === "valid", content: named, ...found };
}

const options = { files: [] };
const given = process.argv.slice(2);
while (given.length) {
  const word = given.shift();
  if (word === "--keys") options.keys = given.shift();
  else if (word === "--status-list") options.list = given.shift();
  else if (word === "--at") options.at = given.shift();
  else options.files.push(word);
}
const at = options.at === undefined ? Date.now() : /(Z|[+-]\d\d:\d\d)$/.test(options.at) ? Date.parse(options.at) : Number.NaN;
if (options.keys === undefined || options.files.length === 0 || Number.isNaN(at)) {
  console.error("usage: verify_credential.mjs --keys keys.json [--status-list list.json] [--at INSTANT-WITH-OFFSET] FILE...");
  process.exit(1);
}
const { keys } = JSON.parse(readFileSync(options.keys, "utf8"));
const list = options.list === undefined ? undefined : readFileSync(options.list, "utf8");
let allHold = true;
for (const text of options.files.flatMap((file) => readFileSync(file, "utf8").split(/\r?\n/).filter((line) => line !== ""))) {
  let found;
  try {
    found = judge(text, keys, list, at);
  } catch (error) {
    found = { holds: false, why: error.message };
  }
  allHold &&= found.holds;
  console.log(JSON.stringify(found));
}
process.exit(allHold ? 0 : 1);
