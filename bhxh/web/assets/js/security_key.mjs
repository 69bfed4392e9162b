// An officer's security key: the server poses a question, the key answers it, the answer goes back. Only a browser can ask a key.
const API = "/api/v1/officers";

class Said extends Error {} // a sentence of ours, to be shown as it is

async function post(form, path, content) {
  const reply = await fetch(API + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": form.dataset.csrf },
    body: JSON.stringify(content),
  });
  const told = await reply.json();
  if (!reply.ok) throw new Said(document.documentElement.lang === "en" ? told.en : told.vi);
  return told;
}

const acts = {
  async show(form) {
    const { publicKey } = await post(form, "/session/challenge", {});
    const answer = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
    await post(form, "/session", answer.toJSON());
  },
  async register(form) {
    const [code, name] = [form.elements.ma.value.trim().toUpperCase(), form.elements.ten.value.trim() || "1"];
    const { publicKey } = await post(form, "/keys/challenge", { code });
    const answer = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
    await post(form, "/keys", { code, name, credential: answer.toJSON() });
  },
};

function inWords(form, error) {
  if (error instanceof Said) return error.message;
  return error instanceof DOMException ? form.dataset.cancelled : form.dataset.failed;
}

export function askKeys() {
  const forms = document.querySelectorAll("form[data-key]");
  if (!forms.length) return;
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    document.querySelector("[data-key-old]").hidden = false;
    return;
  }
  for (const form of forms) {
    form.querySelector("[data-key-act]").hidden = false;
    form.addEventListener("submit", async (event) => {
      if (event.submitter?.hasAttribute("formaction")) return; // the language switch
      event.preventDefault();
      const said = form.querySelector("[data-said]");
      said.textContent = "";
      try {
        await acts[form.dataset.key](form);
        window.location.assign(form.dataset.next);
      } catch (error) {
        said.textContent = inWords(form, error);
      }
    });
  }
}
