// Verify a filed document with npm xadesjs, whose makers know nothing of us. Usage: node verify_xades.mjs MODULES document.xml
//
// Two things it does not know are told to it. Canonical XML 1.1 is that of 1.0 wherever no `xml:` attribute stands, and a document with one
// is refused here. An enveloped signature is taken out wherever it stands; xadesjs looks for it right below the root only.
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { DOMParser, XMLSerializer } = require("@xmldom/xmldom");
const { setNodeDependencies } = require("xml-core");
const { CryptoConfig, XmlDsigC14NTransform } = require("xmldsigjs");
const { Application, SignedXml } = require("xadesjs");

const CANONICAL_1_1 = "http://www.w3.org/2006/12/xml-c14n11";
const SIGNATURE = ["http://www.w3.org/2000/09/xmldsig#", "Signature"];

class Canonical11 extends XmlDsigC14NTransform {
  constructor() {
    super();
    this.Algorithm = CANONICAL_1_1;
  }
}

setNodeDependencies({ DOMParser, XMLSerializer, xpath: require("xpath") });
Application.setEngine("node", webcrypto);
CryptoConfig.RegisterTransform(CANONICAL_1_1, Canonical11);

function parsed(text) {
  return new DOMParser().parseFromString(text, "application/xml");
}

async function judge() {
  const text = readFileSync(file, "utf8");
  if (/\sxml:[a-z]/.test(text)) throw new Error("an xml: attribute");
  const whole = parsed(text);
  const found = whole.getElementsByTagNameNS(...SIGNATURE);
  if (found.length !== 1) throw new Error(`${found.length} signatures`);
  const signed = new SignedXml(whole);
  signed.LoadXml(found[0]);
  const without = parsed(text);
  const cut = without.getElementsByTagNameNS(...SIGNATURE)[0];
  cut.parentNode.removeChild(cut);
  const holds = await signed.Verify({ content: without.documentElement });
  const references = signed.XmlSignature.SignedInfo.References.Count;
  return holds ? { holds, why: `${references} references and the signature`, references } : { holds, why: "the signature does not fit" };
}

let said;
try {
  said = await judge();
} catch (error) {
  said = { holds: false, why: error.message };
}
console.log(JSON.stringify(said));
process.exitCode = said.holds ? 0 : 1;
