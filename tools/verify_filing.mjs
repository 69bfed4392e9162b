#!/usr/bin/env node
// Verify a filing that its filer signed as JSON (flattened JWS with the certificate in its header, JAdES B-B) without any of our code:
// Node's own cryptography, and the authorities' certificates.
//
//   node tools/verify_filing.mjs --root root.pem --issuer issuing.pem filing.json
//
// Revocation is not asked. One line of JSON is printed. Exit 0: it holds. 1: it does not, or cannot be found out, which is the same.

import { createHash, verify, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

const HASHES = { ES256: "sha256", ES384: "sha384", RS256: "sha256", RS384: "sha384", RS512: "sha512" };
const UNDERSTOOD = ["sigT"];

class Doubt extends Error {}

function demand(holds, why) {
  if (!holds) throw new Doubt(why);
}

function unpacked(part, what) {
  const bytes = Buffer.from(part, "base64url");
  demand(bytes.toString("base64url") === part, `${what}: not in its one spelling`);
  return bytes;
}

function issuedBy(certificate, authority, at) {
  demand(certificate.checkIssued(authority) && certificate.verify(authority.publicKey), "the certificate was issued by somebody else");
  for (const one of [certificate, authority]) {
    demand(Date.parse(one.validFrom) <= at && at <= Date.parse(one.validTo), "a certificate was not valid then");
  }
}

function judge(options) {
  demand(options.root && options.issuer && options.file, "usage: --root ROOT.PEM --issuer ISSUER.PEM FILING.JSON");
  const { payload, protected: header, signature } = JSON.parse(readFileSync(options.file, "utf8"));
  const said = JSON.parse(unpacked(header, "header").toString("utf8"));
  demand((said.crit ?? []).every((name) => UNDERSTOOD.includes(name) && name in said), "the header demands what is not understood");
  demand(said.alg in HASHES && Array.isArray(said.x5c), "the header names no certificate, or another algorithm");
  const certificate = new X509Certificate(Buffer.from(said.x5c[0], "base64"));
  demand(said["x5t#S256"] === createHash("sha256").update(certificate.raw).digest("base64url"), "the header names another certificate");
  const key = said.alg.startsWith("ES") ? { key: certificate.publicKey, dsaEncoding: "ieee-p1363" } : certificate.publicKey;
  const signed = Buffer.from(`${header}.${payload}`, "ascii");
  demand(verify(HASHES[said.alg], signed, key, unpacked(signature, "signature")), "the signature does not fit");
  const [issuer, root] = [options.issuer, options.root].map((file) => new X509Certificate(readFileSync(file)));
  const at = Date.parse(said.sigT);
  issuedBy(certificate, issuer, at);
  issuedBy(issuer, root, at);
  demand(!certificate.ca, "an authority's certificate");
  return { subject: certificate.subject, signed_at: said.sigT, payload: JSON.parse(unpacked(payload, "payload").toString("utf8")) };
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
