#!/usr/bin/env node
// Verify the tree of a proof from the log without any of our code: that the entry is a leaf below the first head, that the second head's log
// begins with the first one's (RFC 9162, 2.1.3 and 2.1.4), and that published keys sealed both. The time stamp is openssl's part
// (tools/verify_log.py does all of it).
//
//   node tools/verify_log.mjs --keys keys.json log-proof.json
//
// One line of JSON is printed. Exit 0: it holds. 1: it does not, or cannot be found out, which is the same.

import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

class Doubt extends Error {}

function demand(holds, why) {
  if (!holds) throw new Doubt(why);
}

function sha256(...parts) {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

function digests(list) {
  demand(list.every((one) => /^[0-9a-f]{64}$/.test(one)), "a digest is none");
  return list.map((one) => Buffer.from(one, "hex"));
}

// JSON in one spelling: members in order, nothing between.
function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

function leafOf([kind, number, shown]) {
  demand(kind === "entry", "no entry");
  const digest = Array.isArray(shown) ? sha256(Buffer.from(canonical(shown))).toString("hex") : shown;
  return sha256(Buffer.from([0]), Buffer.from(canonical([kind, number, digest])));
}

function node(left, right) {
  return sha256(Buffer.from([1]), left, right);
}

// RFC 9162, 2.1.3.2. Whole numbers below 2^53: halves by division, never by shifting.
function rootByInclusion(leaf, place, size, path) {
  let [index, last, hash] = [place, size - 1, leaf];
  for (const step of path) {
    demand(last > 0, "inclusion: path too long");
    if (index % 2 === 1 || index === last) {
      hash = node(step, hash);
      while (index % 2 === 0 && index !== 0) [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
    } else {
      hash = node(hash, step);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  demand(last === 0, "inclusion: path too short");
  return hash;
}

// RFC 9162, 2.1.4.2.
function grows(first, firstRoot, size, root, path) {
  if (first === size) return path.length === 0 && firstRoot.equals(root);
  const steps = Number.isInteger(Math.log2(first)) ? [firstRoot, ...path] : [...path];
  let [index, last] = [first - 1, size - 1];
  while (index % 2 === 1) [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  let before = steps.shift();
  let after = before;
  for (const step of steps) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      [before, after] = [node(step, before), node(step, after)];
      while (index % 2 === 0 && index !== 0) [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
    } else {
      after = node(after, step);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  return last === 0 && before.equals(firstRoot) && after.equals(root);
}

function headOf({ payload, protected: header, signature }, keys) {
  const said = JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
  demand(said.alg === "ES256" && said.typ === "bhxh-audit-root+json" && Object.keys(said).length === 3, "head: header");
  const [key] = keys.filter((one) => one.kid === said.kid && one.purpose === "audit" && one.crv === "P-256");
  demand(key !== undefined, `key ${said.kid} is not published`);
  const handle = createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x, y: key.y }, format: "jwk" });
  const raw = Buffer.from(signature, "base64url");
  const fits = raw.length === 64 && verify("sha256", Buffer.from(`${header}.${payload}`, "ascii"), { key: handle, dsaEncoding: "ieee-p1363" }, raw);
  demand(fits, "head: the signature does not fit");
  const { root, size, type } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  demand(type === "bhxh-audit-head" && Number.isSafeInteger(size), "head: content");
  return { root: digests([root])[0], size };
}

function judge(file, keysFile) {
  const proof = JSON.parse(readFileSync(file, "utf8"));
  const { keys } = JSON.parse(readFileSync(keysFile, "utf8"));
  const [first, latest] = proof.heads.map((head) => headOf(head, keys));
  const place = proof.leaf_number;
  demand(Number.isSafeInteger(place) && place >= 0 && place < first.size && first.size <= latest.size, "places and sizes");
  const root = rootByInclusion(leafOf(proof.leaf), place, first.size, digests(proof.inclusion));
  demand(root.equals(first.root), "inclusion: another root");
  demand(grows(first.size, first.root, latest.size, latest.root, digests(proof.consistency)), "consistency: another root");
  return { leaf: place, size: first.size, latest: latest.size };
}

const [, keysFile, file] = process.argv[2] === "--keys" ? process.argv.slice(2) : [];
try {
  demand(keysFile && file, "usage: verify_log.mjs --keys keys.json log-proof.json");
  console.log(JSON.stringify({ holds: true, ...judge(file, keysFile) }));
} catch (error) {
  console.log(JSON.stringify({ holds: false, why: error instanceof Doubt ? error.message : `cannot be read: ${error.name}` }));
  process.exitCode = 1;
}
